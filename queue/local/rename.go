package local

import (
	"errors"
	"io/fs"
	"syscall"
)

// linkNew moves from to to where the system has no call that refuses to
// replace: a second name, then the first one goes. Directories, and disks
// without links, are looked at first.
func linkNew(d disk, from, to string) error {
	st, err := d.Lstat(from)
	if err != nil {
		return err
	}
	if st.Mode().IsRegular() {
		switch err := d.Link(from, to); {
		case err == nil:
			return d.Remove(from)
		case errors.Is(err, fs.ErrExist), errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.EXDEV):
			return cause(err)
		}
	}
	if _, err := d.Lstat(to); err == nil {
		return fs.ErrExist
	}
	return cause(d.Rename(from, to))
}

// cause is the system's own error: a link error names both paths, and
// explain names the one that matters.
func cause(err error) error {
	for {
		in := errors.Unwrap(err)
		if in == nil {
			return err
		}
		err = in
	}
}

// unsupported reports that the disk cannot do this at all.
func unsupported(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOSYS)
}
