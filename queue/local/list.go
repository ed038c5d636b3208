package local

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"portside/queue"
)

// chunk is the number of rows read from a directory at once.
const chunk = 256

// List implements [queue.FS].
func (f *FS) List(ctx context.Context, dir string) iter.Seq2[queue.Entry, error] {
	return func(yield func(queue.Entry, error) bool) {
		name, err := f.name("list", dir)
		if err != nil {
			yield(queue.Entry{}, err)
			return
		}
		d, err := f.openDir(name)
		if err != nil {
			yield(queue.Entry{}, explain("list", dir, err))
			return
		}
		defer d.Close()
		for err == nil {
			var rows []os.DirEntry
			if rows, err = d.ReadDir(chunk); err == nil || len(rows) > 0 {
				if !f.rows(name, rows, yield) {
					return
				}
			}
			if cerr := ctx.Err(); cerr != nil && err == nil {
				err = cerr
			}
		}
		if !errors.Is(err, io.EOF) {
			yield(queue.Entry{}, explain("list", dir, err))
		}
	}
}

// openDir opens a directory and nothing else: opening a pipe would block.
func (f *FS) openDir(name string) (*os.File, error) {
	st, err := f.disk.Stat(name)
	if err != nil {
		return nil, err
	}
	if !st.IsDir() {
		return nil, errors.New("is not a directory")
	}
	return f.disk.Open(name)
}

// rows yields one chunk and reports whether to go on.
func (f *FS) rows(dir string, rows []os.DirEntry, yield func(queue.Entry, error) bool) bool {
	for _, row := range rows {
		st, err := row.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // gone since
		}
		e := queue.Entry{Name: row.Name(), Type: typeOf(row.Type()), Size: -1}
		if err == nil {
			e = f.entry(row.Name(), st)
		}
		if e.Type == queue.Link {
			e.Target, _ = f.disk.Readlink(filepath.Join(dir, row.Name())) // unknown stays ""
		}
		if !yield(e, nil) {
			return false
		}
	}
	return true
}

// Stat implements [queue.FS]. A link that leads nowhere stays a link.
func (f *FS) Stat(ctx context.Context, path string) (queue.Entry, error) {
	name, err := f.name("stat", path)
	if err != nil {
		return queue.Entry{}, err
	}
	st, err := f.disk.Stat(name)
	if err != nil {
		e, lerr := f.Lstat(ctx, path)
		if lerr == nil && e.Type == queue.Link {
			return e, nil
		}
		return queue.Entry{}, explain("stat", path, err)
	}
	return f.entry(filepath.Base(path), st), nil
}

// Lstat implements [queue.Lstater].
func (f *FS) Lstat(_ context.Context, path string) (queue.Entry, error) {
	name, err := f.name("stat", path)
	if err != nil {
		return queue.Entry{}, err
	}
	st, err := f.disk.Lstat(name)
	if err != nil {
		return queue.Entry{}, explain("stat", path, err)
	}
	e := f.entry(filepath.Base(path), st)
	if e.Type == queue.Link {
		e.Target, _ = f.disk.Readlink(name) // unknown stays ""
	}
	return e, nil
}

func (f *FS) entry(name string, st fs.FileInfo) queue.Entry {
	e := queue.Entry{
		Name: name, Type: typeOf(st.Mode()), Size: st.Size(),
		Time: st.ModTime().UTC(), Mode: st.Mode().Perm(), HasMode: true,
	}
	if e.Type != queue.File {
		e.Size = -1
	}
	e.Owner, e.Group = f.owner.of(st)
	return e
}

func typeOf(m fs.FileMode) queue.Type {
	switch m.Type() {
	case 0:
		return queue.File
	case fs.ModeDir:
		return queue.Dir
	case fs.ModeSymlink:
		return queue.Link
	default:
		return queue.Other
	}
}
