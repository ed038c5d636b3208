package queuetest

import (
	"context"
	"errors"

	"portside/queue"
)

var _ queue.Roomer = (*FS)(nil)

// SetFree says how many bytes are free.
func (d *Disk) SetFree(n int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.free = n
}

// Free returns what SetFree said.
func (d *Disk) Free() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.free
}

// Room implements queue.Roomer.
func (f *FS) Room(context.Context, string) (int64, error) {
	if n := f.disk.Free(); n > 0 {
		return n, nil
	}
	return 0, errors.ErrUnsupported
}
