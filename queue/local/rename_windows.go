package local

import (
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// renameNew moves from to to unless something is there.
func renameNew(d disk, from, to string) error {
	if _, all := d.(whole); !all {
		return linkNew(d, from, to)
	}
	a, err := windows.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	b, err := windows.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	if err = windows.MoveFileEx(a, b, 0); err == windows.ERROR_NOT_SAME_DEVICE {
		return syscall.EXDEV
	}
	return err
}

// renameBeside is renameNew within dir, which is open.
func renameBeside(d disk, _ *os.File, from, to string) error { return renameNew(d, from, to) }
