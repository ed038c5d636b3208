package local

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"

	"portside/queue"
)

const (
	noFollow = 0
	noBlock  = 0
)

// lockFile takes the file for this process until it is closed. Windows keeps
// others from reading what is locked, so a byte far behind the end stands for
// the whole. A disk without locks goes without.
func lockFile(f *os.File) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var busy bool
	err = conn.Control(func(h uintptr) {
		at := &windows.Overlapped{OffsetHigh: 1 << 30}
		err := windows.LockFileEx(windows.Handle(h), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, at)
		busy = errors.Is(err, windows.ERROR_LOCK_VIOLATION)
	})
	if err == nil && busy {
		return queue.Fail(queue.ClassJob, f.Name()+": another program is writing this file", nil)
	}
	return err
}

func full(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

// owners: files of Windows have owners that no pane shows.
type owners struct{}

func newOwners() *owners { return &owners{} }

func (o *owners) of(fs.FileInfo) (string, string) { return "", "" }
