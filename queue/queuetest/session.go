package queuetest

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"sync"

	"portside/queue"
)

// FS is one session on a Disk.
type FS struct {
	disk  *Disk
	info  queue.Info
	close func()

	// Lie changes what the session reads at an offset; Deaf lets it begin at the
	// start of a file whatever it is told, and Frail to break after so many bytes
	// of each stream. Set before use.
	Lie   func(b []byte, offset int64)
	Deaf  bool
	Frail int64

	mu   sync.Mutex
	busy string // the operation that goes on
	dead bool
	shut bool
}

var (
	_ queue.FS    = (*FS)(nil)
	_ queue.Batch = (*FS)(nil)
)

// FS opens a session by hand.
func (d *Disk) FS(address string) *FS {
	return &FS{disk: d, info: queue.Info{Address: address, Name: address, Home: "/"}}
}

// begin marks the start of an operation and returns its end. The end takes
// the operation's error: one that says that the session broke breaks it.
func (f *FS) begin(op string) func(error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.shut:
		f.disk.misuse("%s after Close", op)
	case f.dead && f.info.Address != queue.Local:
		f.disk.misuse("%s on a dead session", op)
	case f.busy != "" && f.info.Address != queue.Local:
		f.disk.misuse("%s during %s", op, f.busy)
	}
	f.busy = op
	return func(err error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.busy = ""
		if breaks(err) {
			f.dead = true
		}
	}
}

// breaks reports whether a session survives an error.
func breaks(err error) bool {
	var fail *queue.Failure
	if errors.As(err, &fail) {
		return fail.Class == queue.ClassAttempt || fail.Class == queue.ClassServer
	}
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// Kill makes the session dead.
func (f *FS) Kill() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead = true
}

// Info implements queue.FS.
func (f *FS) Info() queue.Info { return f.info }

// KeepAlive implements queue.Keeper.
func (f *FS) KeepAlive(ctx context.Context) error {
	return f.do(ctx, "keepalive", "/", func(map[string]*node) error { return nil })
}

// Alive implements queue.FS.
func (f *FS) Alive() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.info.Address == queue.Local || !f.dead && !f.shut
}

// Close implements queue.FS.
func (f *FS) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.busy != "" && f.info.Address != queue.Local {
		f.disk.misuse("Close during %s", f.busy)
	}
	if !f.shut {
		f.shut = true
		if f.close != nil {
			f.close()
		}
	}
	return nil
}

func bad(op, p string, err error) error { return &fs.PathError{Op: op, Path: p, Err: err} }

// entry makes the row of a node. The caller holds the mutex.
func (n *node) entry(name string) queue.Entry {
	e := queue.Entry{Name: name, Type: n.kind, Size: -1, Time: n.time, Target: n.target}
	if n.kind == queue.File {
		e.Size = n.size()
	}
	return e
}

// List implements queue.FS.
func (f *FS) List(ctx context.Context, dir string) iter.Seq2[queue.Entry, error] {
	return func(yield func(queue.Entry, error) bool) {
		done := f.begin("list")
		dir := f.disk.real(dir)
		err := f.disk.call(ctx, "list", dir)
		var rows []queue.Entry
		if err == nil {
			rows, err = f.disk.rows(dir)
		}
		for _, e := range rows {
			if err = f.disk.call(ctx, "row", dir); err != nil {
				break
			}
			if !yield(e, nil) {
				done(nil)
				return
			}
		}
		done(err)
		if err != nil {
			yield(queue.Entry{}, err)
		}
	}
}

func (d *Disk) rows(dir string) ([]queue.Entry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.nodes[dir]
	if n == nil {
		return nil, bad("list", dir, fs.ErrNotExist)
	}
	if n.kind != queue.Dir {
		return nil, bad("list", dir, errors.New("is not a directory"))
	}
	var rows []queue.Entry
	for p, n := range d.nodes {
		if p != "/" && path.Dir(p) == dir {
			rows = append(rows, n.entry(path.Base(p)))
		}
	}
	slices.SortFunc(rows, func(a, b queue.Entry) int { return strings.Compare(a.Name, b.Name) })
	return rows, nil
}

// do runs a short operation on the tree.
func (f *FS) do(ctx context.Context, op, p string, work func(nodes map[string]*node) error) error {
	done := f.begin(op)
	err := f.disk.call(ctx, op, p)
	if err == nil {
		f.disk.mu.Lock()
		err = work(f.disk.nodes)
		f.disk.mu.Unlock()
	}
	done(err)
	return err
}

// Stat implements queue.FS.
func (f *FS) Stat(ctx context.Context, p string) (queue.Entry, error) {
	p = f.disk.real(p)
	var e queue.Entry
	err := f.do(ctx, "stat", p, func(nodes map[string]*node) error {
		n := nodes[p]
		for i := 0; n != nil && n.kind == queue.Link && nodes[n.target] != nil && i < 8; i++ {
			n = nodes[n.target]
		}
		if n == nil {
			return bad("stat", p, fs.ErrNotExist)
		}
		e = n.entry(path.Base(p))
		return nil
	})
	return e, err
}

// Mkdir implements queue.FS.
func (f *FS) Mkdir(ctx context.Context, p string) error {
	p = f.disk.real(p)
	return f.do(ctx, "mkdir", p, func(nodes map[string]*node) error {
		if nodes[p] != nil {
			return bad("mkdir", p, fs.ErrExist)
		}
		if up := nodes[path.Dir(p)]; up == nil || up.kind != queue.Dir {
			return bad("mkdir", p, fs.ErrNotExist)
		}
		nodes[p] = &node{kind: queue.Dir, time: Epoch(), mode: 0o755}
		return nil
	})
}

// Remove implements queue.FS.
func (f *FS) Remove(ctx context.Context, p string) error {
	p = f.disk.real(p)
	return f.do(ctx, "remove", p, func(nodes map[string]*node) error {
		switch n := nodes[p]; {
		case n == nil:
			return bad("remove", p, fs.ErrNotExist)
		case n.kind == queue.Dir:
			return bad("remove", p, errors.New("is a directory"))
		}
		delete(nodes, p)
		return nil
	})
}

// RemoveDir implements queue.FS.
func (f *FS) RemoveDir(ctx context.Context, p string) error {
	p = f.disk.real(p)
	return f.do(ctx, "rmdir", p, func(nodes map[string]*node) error {
		switch n := nodes[p]; {
		case n == nil:
			return bad("rmdir", p, fs.ErrNotExist)
		case n.kind != queue.Dir:
			return bad("rmdir", p, errors.New("is not a directory"))
		}
		for q := range nodes {
			if q != "/" && path.Dir(q) == p {
				return bad("rmdir", p, errors.New("directory not empty"))
			}
		}
		delete(nodes, p)
		return nil
	})
}

// RemoveAll implements queue.Batch. A removal whose error breaks the session
// ends it, and is not told of.
func (f *FS) RemoveAll(ctx context.Context, removals []queue.Removal, each func(i int, err error)) error {
	for i, r := range removals {
		remove := f.Remove
		if r.Dir {
			remove = f.RemoveDir
		}
		err := remove(ctx, r.Path)
		if breaks(err) {
			return err
		}
		each(i, err)
	}
	return nil
}

// Rename implements queue.FS.
func (f *FS) Rename(ctx context.Context, from, to string) error {
	from, to = f.disk.real(from), f.disk.real(to)
	return f.do(ctx, "rename", from, func(nodes map[string]*node) error {
		return rename(nodes, from, to, false)
	})
}

func rename(nodes map[string]*node, from, to string, replace bool) error {
	switch up := nodes[path.Dir(to)]; {
	case nodes[from] == nil:
		return bad("rename", from, fs.ErrNotExist)
	case nodes[to] != nil && (!replace || nodes[to].kind == queue.Dir):
		return bad("rename", to, fs.ErrExist)
	case up == nil || up.kind != queue.Dir:
		return bad("rename", to, fs.ErrNotExist)
	}
	for p, n := range nodes {
		if p == from || strings.HasPrefix(p, from+"/") {
			delete(nodes, p)
			nodes[to+p[len(from):]] = n
		}
	}
	return nil
}

// Join implements queue.FS.
func (f *FS) Join(dir, name string) (string, error) {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00\r\n") {
		return "", bad("join", name, fs.ErrInvalid)
	}
	return path.Join(dir, name), nil
}

// Parent implements queue.FS.
func (f *FS) Parent(p string) string { return path.Dir(path.Clean(p)) }
