package queuetest

import (
	"path"
	"time"

	"portside/queue"
)

// WriteVast puts a file of size bytes that takes no room: fill makes the bytes
// from an offset on. What is written behind them is kept as usual.
func (d *Disk) WriteVast(p string, size int64, mtime time.Time, fill func(b []byte, offset int64)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mkdirs(path.Dir(p))
	d.nodes[p] = &node{kind: queue.File, base: size, fill: fill, time: mtime, mode: 0o644}
}

// ReadAt fills b with the bytes of a file from an offset on, and returns how
// many there are.
func (d *Disk) ReadAt(p string, b []byte, offset int64) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.nodes[p]
	if n == nil || n.kind != queue.File {
		return 0
	}
	return n.readAt(b, offset)
}

// size is how many bytes the node has.
func (n *node) size() int64 { return n.base + int64(len(n.data)) }

// readAt reads what one call gives: never across the end of what is made up.
func (n *node) readAt(b []byte, offset int64) int {
	if offset >= n.base {
		if offset >= n.size() {
			return 0
		}
		return copy(b, n.data[offset-n.base:])
	}
	b = b[:min(int64(len(b)), n.base-offset)]
	n.fill(b, offset)
	return len(b)
}

// cut leaves size bytes.
func (n *node) cut(size int64) {
	if size < n.base {
		n.base, n.data = size, nil
		return
	}
	n.data = n.data[:size-n.base]
}
