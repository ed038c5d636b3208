package journal

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

const noFollow = 0

// lockAt is the byte that is locked: far behind what others read.
const lockAt = 1 << 30

// tryLock takes the file for this process until it is closed.
func tryLock(f *os.File) (free bool, err error) {
	err = windows.LockFileEx(windows.Handle(f.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &windows.Overlapped{Offset: lockAt})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}

// ours: a file in the user's own directory is the user's.
func ours(fs.FileInfo) bool { return true }

// syncDir: Windows keeps names by itself.
func syncDir(string) error { return nil }
