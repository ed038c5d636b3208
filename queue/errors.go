package queue

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
)

// ErrBelow is inside the Failure of a directory's job that failed because
// some of its files did: their own rows say why.
var ErrBelow = errors.New("some of the directory failed")

// ErrClosed is what a closed Queue answers.
var ErrClosed = errors.New("the queue is closed")

// check says what is wrong with a Spec.
func (s *Spec) check() error {
	switch s.Kind {
	case Copy, Move:
		if s.Dst.Address == "" || s.Dst.Path == "" {
			return fmt.Errorf("%s %s: no target directory", s.Kind, s.Src.Path)
		}
	case Delete:
	default:
		return fmt.Errorf("%q is not something to do with a file", s.Kind)
	}
	if s.Src.Address == "" || s.Src.Path == "" {
		return fmt.Errorf("%s: no source", s.Kind)
	}
	if s.Exists == "" {
		s.Exists = ExistsAsk
	}
	if !s.Verify.Valid() {
		return fmt.Errorf("%q is not a way to verify a copy", s.Verify)
	}
	if !s.Exists.valid() {
		return fmt.Errorf("%q is not something to do with a target that exists", s.Exists)
	}
	return nil
}

func (p Policy) valid() bool {
	switch p {
	case ExistsAsk, ExistsSkip, ExistsResume, ExistsNewer, ExistsSize, ExistsRename, ExistsOverwrite, ExistsFail:
		return true
	}
	return false
}

// joinRemote and parentRemote serve until an endpoint's own FS is known.
func joinRemote(dir, name string) (string, error) {
	if name == "" || name == "." || name == ".." || path.Base(name) != name {
		return "", &fs.PathError{Op: "join", Path: name, Err: fs.ErrInvalid}
	}
	return path.Join(dir, name), nil
}

func parentRemote(p string) string { return path.Dir(path.Clean(p)) }
