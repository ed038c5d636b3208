package local

import (
	"io"

	"portside/queue"
)

var _ queue.Scattered = (*sink)(nil)

// Sync implements [queue.Scattered]. Once the disk has not taken something it is
// not believed again.
func (s *sink) Sync() error {
	if s.spoilt == nil {
		if err := s.fs.landings.sync(s.f); err != nil && !unsupported(err) {
			s.spoilt = explain("write", s.path, err)
		}
	}
	return s.spoilt
}

// At implements [queue.Scattered].
func (s *sink) At(offset int64) (io.WriteCloser, error) {
	w, err := s.beside(offset)
	if err != nil {
		return nil, explain("write", s.path, err)
	}
	return w, nil
}
