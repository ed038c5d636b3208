package queuetest

import (
	"context"
	"errors"
	"io"
	"path"

	"portside/queue"
)

var _ queue.Patcher = (*FS)(nil)

// Patching is what a Disk does with several sessions that write one file.
type Patching struct {
	Why   string // why it does not let them; "" it does
	Known bool   // nobody has to try
	Tries int    // how often somebody did
}

// Patches implements queue.Patcher.
func (f *FS) Patches() (known bool, why string) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	return f.disk.Patching.Known, f.disk.Patching.Why
}

// TryPatches implements queue.Patcher.
func (f *FS) TryPatches(ctx context.Context, other queue.FS, p string) error {
	s, err := f.Create(ctx, p, 0, queue.Commit{Size: -1})
	if err != nil {
		return err
	}
	err = s.Close()
	if err == nil {
		_, err = other.Stat(ctx, p)
	}
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	f.disk.Patching.Known = err == nil
	f.disk.Patching.Tries++
	return err
}

// patch is a file that is written at a place.
type patch struct {
	*sink
	at, from int64
}

// Patch implements queue.Patcher.
func (f *FS) Patch(ctx context.Context, p string, offset int64) (queue.Sink, error) {
	p = f.disk.real(p)
	done := f.begin("patch")
	err := f.disk.call(ctx, "patch", p)
	if err == nil {
		err = f.disk.openAt(p, offset)
	}
	if err != nil {
		done(err)
		return nil, err
	}
	return &patch{sink: &sink{fs: f, call: f.disk.bound(ctx), path: p, commit: queue.Commit{Size: -1}, done: done}, at: offset, from: offset}, nil
}

// openAt opens a file as a server does that keeps what is behind a place.
func (d *Disk) openAt(p string, offset int64) error {
	if offset == 0 {
		return d.create(p, 0)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch n := d.nodes[p]; {
	case n == nil && d.nodes[path.Dir(p)] != nil:
		d.nodes[p] = &node{kind: queue.File, time: Epoch(), mode: 0o644}
	case n == nil || n.kind != queue.File:
		return bad("patch", p, errors.New("is not a file"))
	}
	return nil
}

// Write implements io.Writer.
func (w *patch) Write(b []byte) (int, error) {
	d := w.fs.disk
	if err := w.call("write", w.path); err != nil {
		w.err = err
		return 0, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.nodes[w.path]
	switch f := w.fs; {
	case n == nil:
		w.err = bad("write", w.path, errors.New("is gone"))
	case f.Frail > 0 && w.at-w.from >= f.Frail:
		w.err = queue.Fail(queue.ClassAttempt, "the connection broke", io.ErrUnexpectedEOF)
	}
	if w.err != nil {
		return 0, w.err
	}
	if lacks := w.at + int64(len(b)) - int64(len(n.data)); lacks > 0 {
		n.data = append(n.data, make([]byte, lacks)...)
	}
	copy(n.data[w.at:], b)
	w.at += int64(len(b))
	return len(b), nil
}

// Finish implements queue.Patcher.
func (f *FS) Finish(ctx context.Context, p string, c queue.Commit) (queue.Sink, error) {
	p = f.disk.real(p)
	return &sink{fs: f, call: f.disk.bound(ctx), path: p, commit: c, done: f.begin("finish")}, nil
}
