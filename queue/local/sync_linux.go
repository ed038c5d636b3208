package local

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// startWriting has the system begin to bring n bytes from offset on (0: all
// behind it) to the disk, and does not wait for it. It is only a wish.
func startWriting(f *os.File, offset, n int64) {
	_ = onDescriptor(f, func(fd int) error { return unix.SyncFileRange(fd, offset, n, unix.SYNC_FILE_RANGE_WRITE) })
}

// syncData brings a file's bytes, and what is needed to find them, to the disk.
func syncData(f *os.File) error {
	return onDescriptor(f, unix.Fdatasync)
}

// syncDir brings the names in a directory to the disk.
func syncDir(d *os.File) error { return d.Sync() }

// setTime sets the time of a file that is open; false: it has to be closed
// before.
func setTime(f *os.File, t time.Time) bool {
	mtime, err := unix.TimeToTimespec(t)
	if err != nil {
		return false
	}
	ts := []unix.Timespec{{Nsec: unix.UTIME_OMIT}, mtime}
	err = onDescriptor(f, func(fd int) error { return unix.UtimesNanoAt(fd, "", ts, unix.AT_EMPTY_PATH) })
	return err == nil || errors.Is(err, fs.ErrPermission)
}

func onDescriptor(f *os.File, call func(fd int) error) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	cerr := conn.Control(func(fd uintptr) {
		for {
			if err = call(int(fd)); !errors.Is(err, unix.EINTR) {
				return
			}
		}
	})
	if cerr != nil {
		return cerr
	}
	return err
}

// allocate sets aside room behind the end of a file.
func allocate(f *os.File, offset, n int64) error {
	return onDescriptor(f, func(fd int) error { return unix.Fallocate(fd, unix.FALLOC_FL_KEEP_SIZE, offset, n) })
}
