package queuetest

import (
	"fmt"
	"io"
	"io/fs"
	"time"

	"portside/queue"
)

var (
	_ queue.Divisible = (*FS)(nil)
	_ queue.Scattered = (*sink)(nil)
)

// Divisible implements queue.Divisible.
func (f *FS) Divisible() (time.Duration, bool) { return f.disk.Trip, f.disk.Whence }

// Sync implements queue.Scattered.
func (s *sink) Sync() error { return s.call("sync", s.path) }

// At implements queue.Scattered.
func (s *sink) At(offset int64) (io.WriteCloser, error) {
	if err := s.call("at", s.path); err != nil {
		return nil, err
	}
	return &spot{s: s, at: offset}, nil
}

// spot is a place in a file that is being written.
type spot struct {
	s  *sink
	at int64
}

// Write implements io.Writer. Room that is passed over is filled with zeros, as
// disks do.
func (p *spot) Write(b []byte) (int, error) {
	d := p.s.fs.disk
	if err := p.s.call("write", p.s.path); err != nil {
		return 0, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.nodes[p.s.path]
	if n == nil {
		return 0, bad("write", p.s.path, fs.ErrNotExist)
	}
	if p.at < n.base {
		return 0, bad("write", p.s.path, fmt.Errorf("byte %d is made up", p.at))
	}
	from := p.at - n.base
	if more := from + int64(len(b)) - int64(len(n.data)); more > 0 {
		n.data = append(n.data, make([]byte, more)...)
	}
	copy(n.data[from:], b)
	p.at += int64(len(b))
	return len(b), nil
}

// Close implements io.Closer.
func (p *spot) Close() error { return nil }
