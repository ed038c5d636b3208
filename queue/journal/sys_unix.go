//go:build unix

package journal

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

const noFollow = unix.O_NOFOLLOW

// tryLock takes the file for this process until it is closed.
func tryLock(f *os.File) (free bool, err error) {
	conn, err := f.SyscallConn()
	if err != nil {
		return false, err
	}
	cerr := conn.Control(func(fd uintptr) {
		for {
			if err = unix.Flock(int(fd), unix.LOCK_EX|unix.LOCK_NB); !errors.Is(err, unix.EINTR) {
				return
			}
		}
	})
	switch {
	case cerr != nil:
		return false, cerr
	case errors.Is(err, unix.EWOULDBLOCK):
		return false, nil
	}
	return err == nil, err
}

// ours reports whether a file belongs to the user that portside runs as.
func ours(st fs.FileInfo) bool {
	sys, ok := st.Sys().(*syscall.Stat_t)
	return !ok || int64(sys.Uid) == int64(os.Geteuid())
}

// syncDir brings the names in a directory to the disk.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) {
		err = nil // a file system that keeps names by itself
	}
	return errors.Join(err, d.Close())
}
