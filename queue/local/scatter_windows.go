package local

import "io"

// spot writes through the one handle of its sink: a second would be locked out,
// and the system copies nothing by itself that would need a place.
type spot struct {
	s *sink
	w *io.OffsetWriter
}

// beside opens a spot.
func (s *sink) beside(offset int64) (io.WriteCloser, error) {
	return &spot{s: s, w: io.NewOffsetWriter(s.f, offset)}, nil
}

// Write implements [io.Writer].
func (p *spot) Write(b []byte) (int, error) {
	n, err := p.w.Write(b)
	return n, explain("write", p.s.path, err)
}

// Close implements [io.Closer]: only the spot ends.
func (p *spot) Close() error { return nil }
