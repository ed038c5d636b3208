//go:build unix

package local

import (
	"errors"
	"io"
	"os"
)

// spot is the file of a sink, opened once more with a place of its own, so that
// the kernel can copy to there. The lock is the sink's.
type spot struct{ sink }

// beside opens a spot.
func (s *sink) beside(offset int64) (io.WriteCloser, error) {
	was, err := s.f.Stat()
	if err != nil {
		return nil, err
	}
	f, err := s.fs.disk.OpenFile(s.name, os.O_WRONLY|noFollow|noBlock, 0)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err == nil && !os.SameFile(was, st) {
		err = errors.New("was replaced meanwhile")
	}
	if err == nil {
		_, err = f.Seek(offset, io.SeekStart)
	}
	if err != nil {
		_ = f.Close() // the error before matters
		return nil, err
	}
	return &spot{sink{fs: s.fs, f: f, path: s.path, name: s.name, end: offset, begun: offset}}, nil
}

// Close implements [io.Closer]: only the spot ends.
func (p *spot) Close() error { return explain("close", p.path, p.f.Close()) }
