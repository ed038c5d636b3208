package local

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// startWriting: the system has no call that only begins.
func startWriting(*os.File, int64, int64) {}

// syncData hands a file's bytes to the drive. The drive may keep them in its
// own memory until syncDir, which comes once for all files of a directory: what
// makes a drive empty its memory takes it many milliseconds.
func syncData(f *os.File) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	if cerr := conn.Control(func(fd uintptr) { err = unix.Fsync(int(fd)) }); cerr != nil {
		return cerr
	}
	return err
}

// syncDir brings the names in a directory, and all that the drive holds, to
// the disk: Sync is F_FULLFSYNC here.
func syncDir(d *os.File) error { return d.Sync() }

// setTime sets the time of a file that is open; false: it has to be closed
// before.
func setTime(*os.File, time.Time) bool { return false }

// allocate: nothing is gained by it here.
func allocate(*os.File, int64, int64) error { return errors.ErrUnsupported }
