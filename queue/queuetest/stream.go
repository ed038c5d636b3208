package queuetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"portside/queue"
)

// reader is a file being read.
type reader struct {
	fs   *FS
	call func(op, path string) error
	path string
	at   int64
	from int64
	end  bool
	err  error
	done func(error)
}

// Open implements queue.FS.
func (f *FS) Open(ctx context.Context, p string, offset int64) (io.ReadCloser, error) {
	p = f.disk.real(p)
	done := f.begin("open")
	err := f.disk.call(ctx, "open", p)
	if err == nil {
		f.disk.mu.Lock()
		switch n := f.disk.nodes[p]; {
		case n == nil:
			err = bad("open", p, fs.ErrNotExist)
		case n.kind == queue.Link && f.disk.nodes[n.target] != nil:
			p = n.target
		case n.kind != queue.File:
			err = bad("open", p, errors.New("is not a file"))
		}
		f.disk.mu.Unlock()
	}
	if err != nil {
		done(err)
		return nil, err
	}
	if f.Deaf {
		offset = 0
	}
	return &reader{fs: f, call: f.disk.bound(ctx), path: p, at: offset, from: offset, done: done}, nil
}

// Read implements io.Reader.
func (r *reader) Read(b []byte) (int, error) {
	d := r.fs.disk
	if err := r.call("read", r.path); err != nil {
		r.err = err
		return 0, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.nodes[r.path]
	if n == nil || r.at >= n.size() {
		r.end = true
		return 0, io.EOF
	}
	chunk := d.Chunk
	if chunk == 0 {
		chunk = 16 << 10
	}
	if f := r.fs; f.Frail > 0 && r.at-r.from >= f.Frail {
		r.err = queue.Fail(queue.ClassAttempt, "the connection broke", nil)
		return 0, r.err
	}
	got := n.readAt(b[:min(len(b), chunk)], r.at)
	if r.fs.Lie != nil {
		r.fs.Lie(b[:got], r.at)
	}
	r.at += int64(got)
	return got, nil
}

// Close implements io.Closer.
func (r *reader) Close() error {
	if r.done == nil {
		return nil
	}
	err := r.err
	if err == nil && r.end {
		err = r.call("close", r.path)
	}
	r.done(err)
	r.done = nil
	if !r.end && !r.fs.disk.Sturdy {
		r.fs.Kill()
	}
	return err
}

// sink is a file being written.
type sink struct {
	fs     *FS
	call   func(op, path string) error
	path   string
	commit queue.Commit
	expect *expected
	err    error
	done   func(error)
}

// Create implements queue.FS.
func (f *FS) Create(ctx context.Context, p string, offset int64, c queue.Commit) (queue.Sink, error) {
	p = f.disk.real(p)
	done := f.begin("create")
	err := f.disk.call(ctx, "create", p)
	if err == nil {
		err = f.disk.create(p, offset)
	}
	if err != nil {
		done(err)
		return nil, err
	}
	return &sink{fs: f, call: f.disk.bound(ctx), path: p, commit: c, done: done}, nil
}

func (d *Disk) create(p string, offset int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	up := d.nodes[path.Dir(p)]
	n := d.nodes[p]
	switch {
	case up == nil || up.kind != queue.Dir:
		return bad("create", p, fs.ErrNotExist)
	case n != nil && n.kind != queue.File:
		return bad("create", p, errors.New("is not a file"))
	case n == nil && offset > 0 || n != nil && n.size() < offset:
		return bad("create", p, fmt.Errorf("has no byte %d", offset))
	case n == nil:
		d.nodes[p] = &node{kind: queue.File, time: Epoch(), mode: 0o644}
	default:
		n.cut(offset)
	}
	return nil
}

// Write implements io.Writer.
func (s *sink) Write(b []byte) (int, error) {
	d := s.fs.disk
	if err := s.call("write", s.path); err != nil {
		s.err = err
		return 0, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.nodes[s.path]
	if n == nil {
		s.err = bad("write", s.path, fs.ErrNotExist)
		return 0, s.err
	}
	n.data = append(n.data, b...)
	return len(b), nil
}

// Resize implements queue.Resizer.
func (s *sink) Resize(size int64) { s.commit.Size = size }

// Close implements queue.Sink.
func (s *sink) Close() error {
	err := s.err
	if err == nil {
		err = s.call("commit", s.path)
	}
	if err == nil {
		err = s.compare()
	}
	if err == nil {
		err = s.fs.disk.finish(s.path, s.commit)
	}
	s.done(err)
	return err
}

func (d *Disk) finish(p string, c queue.Commit) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.nodes[p]
	switch {
	case n == nil:
		return bad("close", p, fs.ErrNotExist)
	case c.Size >= 0 && n.size() != c.Size:
		return queue.Fail(queue.ClassAttempt, fmt.Sprintf("%s has %d bytes instead of %d", p, n.size(), c.Size), io.ErrUnexpectedEOF)
	}
	if !c.Time.IsZero() {
		n.time = c.Time
	}
	c.Final = d.landing(c.Final)
	if c.Final == "" || c.Final == p {
		return nil
	}
	return rename(d.nodes, p, c.Final, c.Replace)
}

// Abort implements queue.Sink.
func (s *sink) Abort() error {
	s.done(s.err)
	if s.fs.info.Address != queue.Local && !s.fs.disk.Sturdy {
		s.fs.Kill()
	}
	return nil
}
