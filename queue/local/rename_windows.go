package local

import (
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
	return windows.MoveFileEx(a, b, 0)
}
