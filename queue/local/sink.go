package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"portside/queue"
)

var _ queue.Sink = (*sink)(nil)

// sink is a file being written.
type sink struct {
	fs   *FS
	f    *os.File
	path string // as the caller named it
	name string // as the disk takes it
	c    queue.Commit

	end    int64 // of what is written
	begun  int64 // up to here the system was told to write
	spoilt error // the disk did not take what was written
}

// Create implements [queue.FS].
func (f *FS) Create(_ context.Context, path string, offset int64, c queue.Commit) (queue.Sink, error) {
	name, err := f.name("create", path)
	if err != nil {
		return nil, err
	}
	if c.Final == path {
		c.Final = ""
	}
	file, err := f.openSink(name, offset)
	if err != nil {
		return nil, explain("create", path, err)
	}
	if err := reserve(file, path, offset, c.Size-offset); err != nil {
		_ = file.Close() // the error before matters
		if offset == 0 {
			_ = f.disk.Remove(name)
		}
		return nil, explain("create", path, err)
	}
	return &sink{fs: f, f: file, path: path, name: name, c: c, end: offset, begun: offset}, nil
}

// openSink opens name for writing from offset on. It never follows a link
// and never opens anything but a plain file.
func (f *FS) openSink(name string, offset int64) (*os.File, error) {
	if offset == 0 {
		file, err := f.disk.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL|noFollow, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f.lock(file, err)
		}
	}
	was, err := f.disk.Lstat(name)
	if err == nil && was.Mode().Type() == fs.ModeSymlink {
		err = errors.New("is a link")
	}
	if err := errors.Join(err, regular(was, err)); err != nil {
		return nil, err
	}
	file, err := f.lock(f.disk.OpenFile(name, os.O_WRONLY|noFollow|noBlock, 0))
	if err != nil {
		return nil, err
	}
	st, err := file.Stat()
	switch {
	case err != nil:
	case !os.SameFile(was, st):
		err = errors.New("was replaced meanwhile")
	case st.Size() < offset:
		err = fmt.Errorf("holds %d bytes, not %d", st.Size(), offset)
	case st.Size() > offset:
		err = file.Truncate(offset)
	}
	if err == nil {
		_, err = file.Seek(offset, io.SeekStart)
	}
	if err != nil {
		_ = file.Close() // the error before matters
		return nil, err
	}
	return file, nil
}

// lock makes sure that no other process writes the file.
func (f *FS) lock(file *os.File, err error) (*os.File, error) {
	if err != nil {
		return nil, err
	}
	if err := lockFile(file); err != nil {
		_ = file.Close() // the error before matters
		return nil, err
	}
	return file, nil
}

// Write implements [io.Writer].
func (s *sink) Write(p []byte) (int, error) {
	n, err := s.f.Write(p)
	s.wrote(int64(n))
	return n, explain("write", s.path, err)
}

// ReadFrom implements [io.ReaderFrom]: between files, and from a TCP
// connection behind an [io.LimitedReader], the kernel copies.
func (s *sink) ReadFrom(r io.Reader) (int64, error) {
	n, err := s.f.ReadFrom(r)
	s.wrote(n)
	return n, s.explainFrom(err)
}

// explainFrom tells what the disk said from what the reader said: the system's
// copy reports both as errors of our file.
func (s *sink) explainFrom(err error) error {
	var pe *fs.PathError
	if !errors.As(err, &pe) || pe.Path != s.f.Name() {
		return err
	}
	for _, ours := range []error{
		syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG, syscall.EROFS, syscall.EIO,
	} {
		if errors.Is(pe.Err, ours) {
			return explain("write", s.path, pe.Err)
		}
	}
	if full(pe.Err) {
		return explain("write", s.path, pe.Err)
	}
	return pe.Err
}

// Resize implements [queue.Resizer].
func (s *sink) Resize(size int64) { s.c.Size = size }

// Abort implements [queue.Sink]. Room that was set aside is given back: the
// part may wait for long.
func (s *sink) Abort() error {
	if s.c.Size-s.end >= reserveFrom {
		if st, err := s.f.Stat(); err == nil {
			_ = s.f.Truncate(st.Size()) // nothing is lost without it
		}
	}
	return explain("close", s.path, s.f.Close())
}

// Close implements [queue.Sink]: it returns once the file and its name would
// outlast a power cut.
func (s *sink) Close() error {
	st, err := s.f.Stat()
	if err == nil && s.c.Size >= 0 && st.Size() != s.c.Size {
		err = queue.Fail(queue.ClassAttempt,
			fmt.Sprintf("%s has %d bytes instead of %d", s.path, st.Size(), s.c.Size), io.ErrUnexpectedEOF)
	}
	if err == nil {
		err = s.stamp(st)
	}
	if err != nil {
		_ = s.f.Close() // the error before matters
		return explain("close", s.path, err)
	}
	return s.fs.landings.land(s)
}

// stamp sets mode and time. A disk that cannot hold them is no reason to
// fail: the bytes are there.
func (s *sink) stamp(st fs.FileInfo) error {
	if s.c.Mode != 0 && st.Mode().Perm() != s.c.Mode.Perm() {
		if err := s.f.Chmod(s.c.Mode.Perm()); err != nil && !errors.Is(err, fs.ErrPermission) && !unsupported(err) {
			return err
		}
	}
	if !s.c.Time.IsZero() && setTime(s.f, s.c.Time) {
		s.c.Time = time.Time{}
	}
	return nil
}

// stampClosed sets the time where that is not done while the file is open.
func (s *sink) stampClosed() error {
	if s.c.Time.IsZero() {
		return nil
	}
	err := s.fs.disk.Chtimes(s.name, time.Time{}, s.c.Time)
	if err != nil && !errors.Is(err, fs.ErrPermission) && !unsupported(err) {
		return explain("close", s.path, err)
	}
	return nil
}

// commit gives the file its final name, in the same directory dir, which is
// open.
func (s *sink) commit(dir *os.File) error {
	final, err := s.fs.name("rename", s.c.Final)
	if err != nil {
		return err
	}
	if !s.c.Replace {
		if filepath.Dir(final) == filepath.Dir(s.name) {
			return explain("rename", s.c.Final, renameBeside(s.fs.disk, dir, s.name, final))
		}
		return explain("rename", s.c.Final, renameNew(s.fs.disk, s.name, final))
	}
	st, err := s.fs.disk.Lstat(final)
	if err == nil && st.Mode().Type() != fs.ModeSymlink {
		err = regular(st, nil)
	}
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		err = s.fs.disk.Rename(s.name, final)
	}
	return explain("rename", s.c.Final, err)
}
