package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"portside/queue"
)

const (
	// reserveFrom is how many bytes a file has to have before it for room to be
	// set aside: what is smaller the system places well by itself.
	reserveFrom = 1 << 20
	// stride is after how many bytes of a growing file the system is told to
	// begin to write them, so that little is left to wait for in the end.
	stride = 16 << 20
)

// reserve sets aside room for n bytes from offset on, where the system can: the
// file is written in one piece then, with less work, and what does not fit is
// said before the first byte comes. The file stays as long as its content is.
func reserve(f *os.File, path string, offset, n int64) error {
	if n < reserveFrom {
		return nil
	}
	err := allocate(f, offset, n)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), full(err):
		free, total, _ := roomIn(filepath.Dir(path)) // 0 is not known
		return noRoom(path, n, free, total, err)
	case errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		return err
	}
	// It cannot be set aside here. Whether it is there can be asked all the same.
	// Some disks have no size, and say 0.
	if free, total, rerr := roomIn(filepath.Dir(path)); rerr == nil && total > 0 && n > free {
		return noRoom(path, n, free, total, syscall.ENOSPC)
	}
	return nil
}

// noRoom says that n more bytes do not fit. Where they never can, that is the
// matter of one file; else no other should be begun either.
func noRoom(path string, n, free, total int64, err error) error {
	cause := &fs.PathError{Op: "write", Path: path, Err: err}
	if total > 0 && n > total {
		return queue.Fail(queue.ClassJob, fmt.Sprintf("%s: needs %s, and the whole disk has %s", path, amount(n), amount(total)), cause)
	}
	return queue.Fail(queue.ClassQueue, fmt.Sprintf("the local disk is full: %s needs %s, and %s is free", path, amount(n), amount(free)), cause)
}

// amount is a number of bytes for people.
func amount(n int64) string {
	f, unit := float64(n)/(1<<20), 0
	for f >= 999.5 && unit < 3 {
		f /= 1024
		unit++
	}
	return fmt.Sprintf("%.1f%c", f, "MGTP"[unit])
}

// wrote counts n bytes that were written, and lets the system begin to bring
// them to the disk when they are many.
func (s *sink) wrote(n int64) {
	s.end += n
	if s.end-s.begun >= stride {
		startWriting(s.f, s.begun, s.end-s.begun)
		s.begun = s.end
	}
}
