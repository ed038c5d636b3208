package queue

import (
	"bytes"
	"context"
	"io"
)

// PartHasher is an FS that may compute checksums of parts of its files where
// they are.
type PartHasher interface {
	// SumPart returns the checksum of n bytes from offset on, of a file of size
	// bytes, and its algorithm as [Hasher] names it. The error matches
	// errors.ErrUnsupported where that is not to be had.
	SumPart(ctx context.Context, path string, offset, n, size int64) (by string, sum []byte, err error)
}

// matchSum is match for the last n of size bytes of an upload, without reading
// them back: the server adds them up where they are. It costs less, and works
// where a server shows nobody what it was sent. Equal sums are a proof. Others
// are none of the contrary, since servers differ in what a part is: then, and
// without a sum, it returns nil.
func (t *task) matchSum(ctx context.Context, path string, size, n int64) (io.ReadCloser, error) {
	h, ok := t.to.fs.(PartHasher)
	if !ok || t.to.ep.local || !t.from.ep.local || t.mute || t.sumless(false) {
		return nil, nil
	}
	by, there, err := h.SumPart(ctx, path, size-n, n, size)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && !t.to.fs.Alive():
		t.sumless(true) // it may have been that; the next attempt reads
		return nil, at(t.to, err)
	case err != nil:
		return nil, nil
	}
	sum := newSum(by)
	if sum == nil {
		return nil, nil
	}
	src, err := t.from.fs.Open(ctx, t.src, size-n)
	if err != nil {
		return nil, at(t.from, err)
	}
	if _, err = io.CopyN(sum, src, n); err == nil && bytes.Equal(sum.Sum(nil), there) {
		return src, nil
	}
	t.abandon(src)
	return nil, nil
}

// sumless reports whether the target's server is not asked for checksums of
// parts, from now on if so.
func (t *task) sumless(now bool) bool {
	t.q.mu.Lock()
	defer t.q.mu.Unlock()
	t.to.ep.sumless = t.to.ep.sumless || now
	return t.to.ep.sumless
}
