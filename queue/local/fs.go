package local

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"portside/queue"
)

// FS is the local disk, or the part of it below one directory.
type FS struct {
	disk  disk
	dir   string // "" is the whole disk
	owner *owners
	// landings is shared by all that New returned leads to.
	landings *landings
}

var (
	_ queue.FS      = (*FS)(nil)
	_ queue.Rooted  = (*FS)(nil)
	_ queue.Lstater = (*FS)(nil)
	_ queue.Samer   = (*FS)(nil)
)

// disk is what [os.Root] can do, and the os package can do as well.
type disk interface {
	Open(name string) (*os.File, error)
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
	Mkdir(name string, perm fs.FileMode) error
	Remove(name string) error
	Rename(from, to string) error
	Link(from, to string) error
	Stat(name string) (fs.FileInfo, error)
	Lstat(name string) (fs.FileInfo, error)
	Readlink(name string) (string, error)
	Chmod(name string, mode fs.FileMode) error
	Chtimes(name string, atime, mtime time.Time) error
	Close() error
}

// whole is the disk without bounds.
type whole struct{}

func (whole) Open(name string) (*os.File, error) { return os.Open(name) }
func (whole) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}
func (whole) Mkdir(name string, perm fs.FileMode) error { return os.Mkdir(name, perm) }
func (whole) Remove(name string) error                  { return os.Remove(name) }
func (whole) Rename(from, to string) error              { return os.Rename(from, to) }
func (whole) Link(from, to string) error                { return os.Link(from, to) }
func (whole) Stat(name string) (fs.FileInfo, error)     { return os.Stat(name) }
func (whole) Lstat(name string) (fs.FileInfo, error)    { return os.Lstat(name) }
func (whole) Readlink(name string) (string, error)      { return os.Readlink(name) }
func (whole) Chmod(name string, mode fs.FileMode) error { return os.Chmod(name, mode) }
func (whole) Chtimes(name string, atime, mtime time.Time) error {
	return os.Chtimes(name, atime, mtime)
}
func (whole) Close() error { return nil }

// New returns the local disk.
func New() *FS {
	return &FS{disk: whole{}, owner: newOwners(), landings: newLandings()}
}

// Under implements [queue.Rooted].
func (f *FS) Under(dir string) (queue.FS, error) {
	if f.dir != "" {
		return nil, &fs.PathError{Op: "open", Path: dir, Err: errors.New("already confined")}
	}
	dir = filepath.Clean(dir)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, explain("open", dir, err)
	}
	return &FS{disk: root, dir: dir, owner: f.owner, landings: f.landings}, nil
}

// name returns path as the disk takes it.
func (f *FS) name(op, path string) (string, error) {
	if strings.IndexByte(path, 0) >= 0 || !filepath.IsAbs(path) {
		return "", &fs.PathError{Op: op, Path: path, Err: fs.ErrInvalid}
	}
	if f.dir == "" {
		return path, nil
	}
	rel, err := filepath.Rel(f.dir, path)
	if err != nil || !filepath.IsLocal(rel) {
		return "", queue.Fail(queue.ClassJob, path+" is outside of "+f.dir, &fs.PathError{Op: op, Path: path, Err: fs.ErrInvalid})
	}
	return rel, nil
}

// Info implements [queue.FS].
func (f *FS) Info() queue.Info {
	home, err := os.Getwd()
	if err != nil {
		home, err = os.UserHomeDir()
	}
	if err != nil {
		home = string(filepath.Separator)
	}
	return queue.Info{Address: queue.Local, Name: "local", Home: home}
}

// Alive implements [queue.FS].
func (f *FS) Alive() bool { return true }

// Close implements [queue.FS].
func (f *FS) Close() error { return f.disk.Close() }

// Mkdir implements [queue.FS].
func (f *FS) Mkdir(_ context.Context, path string) error {
	name, err := f.name("mkdir", path)
	if err != nil {
		return err
	}
	return explain("mkdir", path, f.disk.Mkdir(name, 0o777))
}

// Remove implements [queue.FS].
func (f *FS) Remove(_ context.Context, path string) error {
	return f.remove(path, false)
}

// RemoveDir implements [queue.FS].
func (f *FS) RemoveDir(_ context.Context, path string) error {
	return f.remove(path, true)
}

// remove looks first: the system's call removes whatever stands there.
func (f *FS) remove(path string, dir bool) error {
	name, err := f.name("remove", path)
	if err != nil {
		return err
	}
	st, err := f.disk.Lstat(name)
	switch {
	case err != nil:
		return explain("remove", path, err)
	case st.IsDir() && !dir:
		return &fs.PathError{Op: "remove", Path: path, Err: errors.New("is a directory")}
	case !st.IsDir() && dir:
		return &fs.PathError{Op: "remove", Path: path, Err: errors.New("is not a directory")}
	}
	return explain("remove", path, f.disk.Remove(name))
}

// Rename implements [queue.FS]: it never replaces.
func (f *FS) Rename(_ context.Context, from, to string) error {
	a, err := f.name("rename", from)
	if err != nil {
		return err
	}
	b, err := f.name("rename", to)
	if err != nil {
		return err
	}
	return explain("rename", to, renameNew(f.disk, a, b))
}

// Join implements [queue.FS].
func (f *FS) Join(dir, name string) (string, error) {
	if why := badName(name); why != "" {
		return "", queue.Fail(queue.ClassJob, "this disk cannot hold the name: "+why,
			&fs.PathError{Op: "join", Path: name, Err: fs.ErrInvalid})
	}
	return filepath.Join(dir, name), nil
}

// Parent implements [queue.FS].
func (f *FS) Parent(path string) string { return filepath.Dir(filepath.Clean(path)) }

// SameFile implements [queue.Samer].
func (f *FS) SameFile(a, b string) bool {
	sa, err := os.Stat(a)
	if err != nil {
		return false
	}
	sb, err := os.Stat(b)
	return err == nil && os.SameFile(sa, sb)
}

// Open implements [queue.FS]. The stream is the file itself, from which the
// kernel can send.
func (f *FS) Open(_ context.Context, path string, offset int64) (io.ReadCloser, error) {
	name, err := f.name("open", path)
	if err != nil {
		return nil, err
	}
	if err := regular(f.disk.Stat(name)); err != nil {
		return nil, explain("open", path, err)
	}
	file, err := f.disk.Open(name)
	if err == nil {
		err = regular(file.Stat())
	}
	if err == nil && offset > 0 {
		_, err = file.Seek(offset, io.SeekStart)
	}
	if err != nil {
		if file != nil {
			_ = file.Close() // the error before matters
		}
		return nil, explain("open", path, err)
	}
	return file, nil
}

// regular refuses what is not a plain file.
func regular(st fs.FileInfo, err error) error {
	switch {
	case err != nil:
		return err
	case st.IsDir():
		return errors.New("is a directory")
	case !st.Mode().IsRegular():
		return errors.New("is a device, a pipe or a socket")
	}
	return nil
}
