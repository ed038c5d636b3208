package queuetest

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"portside/queue"
)

var _ queue.Recorder = (*FS)(nil)

// ReadSmall implements queue.Recorder.
func (f *FS) ReadSmall(ctx context.Context, p string, limit int) (data []byte, err error) {
	p = f.disk.real(p)
	err = f.do(ctx, "readsmall", p, func(nodes map[string]*node) error {
		switch n := nodes[p]; {
		case n == nil:
			return bad("read", p, fs.ErrNotExist)
		case n.kind != queue.File || len(n.data) > limit:
			return bad("read", p, errors.New("is not a small file"))
		default:
			data = slices.Clone(n.data)
			return nil
		}
	})
	return data, err
}

// WriteSmall implements queue.Recorder.
func (f *FS) WriteSmall(ctx context.Context, p string, data []byte) error {
	p = f.disk.real(p)
	return f.do(ctx, "writesmall", p, func(nodes map[string]*node) error {
		if n := nodes[p]; n != nil && n.kind != queue.File {
			return bad("write", p, errors.New("is not a file"))
		}
		nodes[p] = &node{kind: queue.File, data: slices.Clone(data), time: Epoch(), mode: 0o600}
		return nil
	})
}
