package journal

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// The names in the directory of a journal.
const (
	nameJournal = "journal"
	nameNew     = "journal.new"     // a new one while it is written
	nameCut     = "journal.cut"     // what was cut off, with a number
	nameDamaged = "journal.damaged" // a damaged one, with a number
	nameLock    = "lock"
)

// file is what a journal asks of a file.
type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Stat() (fs.FileInfo, error)
	Sync() error
	Truncate(size int64) error
}

// files is what a journal asks of its directory.
type files interface {
	open(name string, flag int) (file, error)
	rename(from, to string) error
	syncDir() error
}

// disk is files of a directory.
type disk string

func (d disk) path(name string) string { return filepath.Join(string(d), name) }

func (d disk) open(name string, flag int) (file, error) {
	f, err := os.OpenFile(d.path(name), flag|noFollow, 0o600)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (d disk) rename(from, to string) error { return os.Rename(d.path(from), d.path(to)) }

func (d disk) syncDir() error { return syncDir(string(d)) }

// prepare makes the directory, for its owner alone.
func (d disk) prepare() error {
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return err
	}
	st, err := os.Stat(string(d))
	switch {
	case err != nil:
		return err
	case !ours(st):
		return &fs.PathError{Op: "open", Path: string(d), Err: errOwner}
	case st.Mode().Perm()&0o077 != 0:
		return os.Chmod(string(d), 0o700)
	}
	return nil
}
