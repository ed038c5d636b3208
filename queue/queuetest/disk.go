package queuetest

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"portside/queue"
)

// Disk is a tree in memory that sessions share.
type Disk struct {
	// Delay is how long each read and write takes.
	Delay time.Duration
	// Chunk is the most that one read gives; 0: 16 KiB.
	Chunk int
	// Sums are the checksums that sessions compute.
	Sums Sums
	// Sturdy sessions live on when a stream is broken off.
	Sturdy bool
	// Fold makes names that differ in upper and lower case one name.
	Fold bool
	// Whence lets several sessions read a file, each from another place on; Trip
	// is what they say of the distance.
	Whence bool
	Trip   time.Duration
	// Shared, when set, holds one: reads and writes take turns with their Delay.
	Shared chan struct{}
	// Patching is whether several sessions may write one file.
	Patching Patching
	// Hook is asked before every call and may fail it.
	Hook func(Call) error

	mu    sync.Mutex
	nodes map[string]*node
	calls int
	fail  map[int]error
	gates []*Gate
	wrong []string
	free  int64 // for Room; 0: nobody knows
	hook  sync.Mutex
}

// Call is one call of a session.
type Call struct {
	N    int    // from 1, over all sessions
	Op   string // stat list row open read create write commit close mkdir remove rmdir rename keepalive readsmall writesmall patch
	Path string
}

type node struct {
	kind   queue.Type
	data   []byte
	base   int64                        // bytes before data that fill makes up
	fill   func(b []byte, offset int64) //
	time   time.Time
	mode   fs.FileMode
	target string
}

// NewDisk returns a tree with an empty root.
func NewDisk() *Disk {
	return &Disk{nodes: map[string]*node{"/": {kind: queue.Dir}}, fail: map[int]error{}}
}

// Epoch is the time of files that were given none.
func Epoch() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC) }

// WriteFile puts a file and the directories above it.
func (d *Disk) WriteFile(p string, data []byte, mtime time.Time) {
	if mtime.IsZero() {
		mtime = Epoch()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mkdirs(path.Dir(p))
	d.nodes[p] = &node{kind: queue.File, data: slices.Clone(data), time: mtime, mode: 0o644}
}

// Mkdir puts a directory and those above it.
func (d *Disk) Mkdir(p string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mkdirs(p)
}

// Link puts a link.
func (d *Disk) Link(p, target string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mkdirs(path.Dir(p))
	d.nodes[p] = &node{kind: queue.Link, target: target, time: Epoch()}
}

// Special puts something that is neither file nor directory.
func (d *Disk) Special(p string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.nodes[p] = &node{kind: queue.Other, time: Epoch()}
}

// Remove takes away what is at p and below.
func (d *Disk) Remove(p string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	maps.DeleteFunc(d.nodes, func(k string, _ *node) bool { return k == p || strings.HasPrefix(k, p+"/") })
}

// ReadFile returns a file's bytes.
func (d *Disk) ReadFile(p string) ([]byte, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.nodes[p]
	if n == nil || n.kind != queue.File {
		return nil, false
	}
	return slices.Clone(n.data), true
}

// Paths returns everything that is there but the root, sorted; directories
// end in a slash.
func (d *Disk) Paths() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []string
	for p, n := range d.nodes {
		switch {
		case p == "/":
		case n.kind == queue.Dir:
			out = append(out, p+"/")
		default:
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}

// Calls returns how many calls there were.
func (d *Disk) Calls() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.calls
}

// FailAt makes call n (from 1) fail with err.
func (d *Disk) FailAt(n int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail[n] = err
}

// Wrong returns how sessions were used against the rules of queue.FS.
func (d *Disk) Wrong() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.wrong)
}

func (d *Disk) mkdirs(p string) {
	for ; d.nodes[p] == nil; p = path.Dir(p) {
		d.nodes[p] = &node{kind: queue.Dir, time: Epoch(), mode: 0o755}
	}
}

// Gate holds calls back.
type Gate struct {
	op, path string
	arrived  chan Call
	open     chan struct{}
	once     sync.Once
}

// Gate holds back calls of op at path ("" is any) until it is opened.
func (d *Disk) Gate(op, path string) *Gate {
	g := &Gate{op: op, path: path, arrived: make(chan Call, 1024), open: make(chan struct{})}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.gates = append(d.gates, g)
	return g
}

// Arrived receives each call that reached the gate.
func (g *Gate) Arrived() <-chan Call { return g.arrived }

// Open lets all calls pass, from now on.
func (g *Gate) Open() { g.once.Do(func() { close(g.open) }) }

// call is before every call: it counts, holds and fails.
func (d *Disk) call(ctx context.Context, op, p string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	d.mu.Lock()
	d.calls++
	c := Call{N: d.calls, Op: op, Path: p}
	err := d.fail[c.N]
	gates := slices.Clone(d.gates)
	hook := d.Hook
	d.mu.Unlock()
	for _, g := range gates {
		if g.op != "" && g.op != op || g.path != "" && g.path != p {
			continue
		}
		select {
		case g.arrived <- c:
		default:
		}
		select {
		case <-g.open:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if d.Delay > 0 && (op == "read" || op == "write") {
		if d.Shared != nil {
			select {
			case d.Shared <- struct{}{}:
				defer func() { <-d.Shared }()
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		t := time.NewTimer(d.Delay)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		}
	}
	if err == nil && hook != nil {
		d.hook.Lock()
		defer d.hook.Unlock()
		err = hook(c)
	}
	return err
}

// bound is call for a stream, which ends with the ctx of its operation.
func (d *Disk) bound(ctx context.Context) func(op, path string) error {
	return func(op, path string) error { return d.call(ctx, op, path) }
}

// misuse notes a breach of the rules of queue.FS.
func (d *Disk) misuse(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wrong = append(d.wrong, fmt.Sprintf(format, args...))
}
