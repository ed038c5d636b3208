package local

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// renameNew moves from to to unless something is there.
func renameNew(d disk, from, to string) error {
	a, err := d.Open(filepath.Dir(from))
	if err != nil {
		return err
	}
	defer a.Close()
	b := a
	if filepath.Dir(to) != filepath.Dir(from) {
		if b, err = d.Open(filepath.Dir(to)); err != nil {
			return err
		}
		defer b.Close()
	}
	return renameOpen(d, a, from, b, to)
}

// renameBeside is renameNew within dir, which is open.
func renameBeside(d disk, dir *os.File, from, to string) error {
	return renameOpen(d, dir, from, dir, to)
}

func renameOpen(d disk, a *os.File, from string, b *os.File, to string) error {
	err := renameAt(a, filepath.Base(from), b, filepath.Base(to))
	if err != nil && (unsupported(err) || err == unix.EPERM) {
		return linkNew(d, from, to)
	}
	return err
}

func renameAt(a *os.File, from string, b *os.File, to string) error {
	ca, err := a.SyscallConn()
	if err != nil {
		return err
	}
	cb, err := b.SyscallConn()
	if err != nil {
		return err
	}
	var result error
	err = ca.Control(func(fa uintptr) {
		err := cb.Control(func(fb uintptr) {
			result = unix.Renameat2(int(fa), from, int(fb), to, unix.RENAME_NOREPLACE)
		})
		if err != nil {
			result = err
		}
	})
	if err != nil {
		return err
	}
	return result
}
