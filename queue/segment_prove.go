package queue

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// inPlaceApart returns the ranges of an earlier attempt's part that prove to be
// the source's. A part that cannot be gone on with is gone.
func (t *task) inPlaceApart(ctx context.Context) ([][2]int64, error) {
	if t.part == nil {
		return nil, nil
	}
	path, err := t.partPath()
	if err != nil {
		return nil, err
	}
	p, err := t.standing(ctx, path)
	switch {
	case err != nil:
		return nil, err
	case p == nil:
		return nil, nil
	case t.part.size != t.entry.Size || !t.part.when(t.entry):
		return nil, t.dropApart(ctx, "started anew: the source changed")
	case p.Type != File || p.Size > t.entry.Size:
		return nil, t.dropApart(ctx, "started anew: the part was longer than the source")
	}
	spans := [][2]int64{}
	for _, s := range t.part.spans {
		proof, err := t.proveSpan(ctx, path, s)
		switch {
		case err != nil:
			return nil, err
		case proof == spanOther:
			return nil, t.dropApart(ctx, "started anew: the part did not match the source")
		case proof == spanProved:
			spans = append(spans, s)
		}
	}
	if len(spans) == 0 || spans[0][0] != 0 { // what begins at 0 makes a file anew
		return nil, t.dropApart(ctx, "started anew: the beginning of its part is not there")
	}
	return spans, nil
}

// spanProof is what the end of a range says about it.
type spanProof uint8

const (
	spanMissing spanProof = iota // nothing was written there, or nobody can tell
	spanProved
	spanOther // it is not the source's
)

// proveSpan compares the end of a range with the source: a stream writes in
// order, so what is before is there as well. Zeros prove nothing, holes are read
// so.
func (t *task) proveSpan(ctx context.Context, path string, span [2]int64) (spanProof, error) {
	n := min(window, span[1]-span[0])
	there, err := t.window(ctx, t.to, path, span[1]-n, n)
	if err != nil {
		return spanMissing, err
	}
	zero := bytes.Count(there, []byte{0}) == len(there)
	if zero || int64(len(there)) < n {
		return spanMissing, nil
	}
	ours, err := t.window(ctx, t.from, t.src, span[1]-n, n)
	if err != nil {
		return spanMissing, err
	}
	if !bytes.Equal(there, ours) {
		return spanOther, nil
	}
	return spanProved, nil
}

// window reads up to n bytes of a file. What that does to a server's session is
// made good.
func (t *task) window(ctx context.Context, s *session, path string, offset, n int64) ([]byte, error) {
	f, err := s.fs.Open(ctx, path, offset)
	if err != nil {
		if neverMidway(err) {
			return nil, nil
		}
		return nil, at(s, err)
	}
	b := make([]byte, n)
	got, err := io.ReadFull(f, b)
	t.abandon(f)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, at(s, err)
	}
	if s == t.to {
		if err := t.revive(ctx); err != nil {
			return nil, err
		}
	}
	return b[:got], nil
}
