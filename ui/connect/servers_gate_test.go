//go:build servers

package connect_test

import (
	"context"
	"io"
	"sync/atomic"

	"portside/queue"
	"portside/queue/local"
)

// gateAt is how many bytes pass a gate that is shut: more than are compared
// before a copy goes on.
const gateAt = 1 << 20

// gate stops a copy in the middle, at the local disk.
type gate struct {
	shut    atomic.Bool
	passed  atomic.Int64
	arrived chan struct{} // takes one value when the copy stands at the gate
	opened  chan struct{} // and goes on when this gives one
}

func newGate() *gate {
	return &gate{arrived: make(chan struct{}, 1), opened: make(chan struct{}, 1)}
}

// close shuts the gate for the next copy.
func (g *gate) close() {
	g.passed.Store(0)
	g.shut.Store(true)
}

// pass counts n bytes, and waits once at a gate that is shut.
func (g *gate) pass(n int) {
	if g.passed.Add(int64(n)) >= gateAt && g.shut.CompareAndSwap(true, false) {
		g.arrived <- struct{}{}
		<-g.opened
	}
}

// gatedDisk is the local disk with a gate. As long as it is open, the kernel
// copies as ever.
type gatedDisk struct {
	*local.FS
	gate *gate
}

func (d gatedDisk) Under(dir string) (queue.FS, error) {
	under, err := d.FS.Under(dir)
	return gatedDir{under, d.gate}, err
}

func (d gatedDisk) Open(ctx context.Context, path string, offset int64) (io.ReadCloser, error) {
	r, err := d.FS.Open(ctx, path, offset)
	if err == nil && d.gate.shut.Load() {
		r = gatedReader{r, d.gate}
	}
	return r, err
}

// gatedDir is a directory below which the queue writes.
type gatedDir struct {
	queue.FS
	gate *gate
}

func (d gatedDir) Create(ctx context.Context, path string, offset int64, c queue.Commit) (queue.Sink, error) {
	s, err := d.FS.Create(ctx, path, offset, c)
	if err == nil && d.gate.shut.Load() {
		s = gatedSink{s, d.gate}
	}
	return s, err
}

type gatedReader struct {
	io.ReadCloser
	gate *gate
}

func (r gatedReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.gate.pass(n)
	return n, err
}

type gatedSink struct {
	queue.Sink
	gate *gate
}

func (s gatedSink) Write(p []byte) (int, error) {
	n, err := s.Sink.Write(p)
	s.gate.pass(n)
	return n, err
}
