package queue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// save brings what is in place to the disk, and then writes down that it is.
func (s *segments) save(ctx context.Context) error {
	s.mu.Lock()
	spans := s.spans()
	s.dirty, s.saved = false, time.Now()
	s.mu.Unlock()
	if err := s.disk.Sync(); err != nil {
		return at(s.t.to, err)
	}
	return s.record(ctx, spans)
}

// record writes down which spans are in place for certain.
func (s *segments) record(ctx context.Context, spans [][2]int64) error {
	t := s.t
	r := newRecord(t.origin(), t.part)
	r.Spans = spans
	t.recorded = true
	return t.writeRecord(ctx, t.partOf(), r)
}

// keep ends a download that is not whole so that the next attempt can go on.
// Where the streams do not agree, or a server does not serve several, that is
// by one stream, behind what the first had brought.
func (s *segments) keep(ctx context.Context, err error) error {
	ctx = context.WithoutCancel(ctx)
	single := errors.Is(err, errDisagree) || errors.Is(err, errSurplus) || errors.Is(err, errRefused)
	s.mu.Lock()
	apart, prefix := s.apart, s.prefix()
	s.mu.Unlock()
	if !single {
		if apart {
			if worse := s.save(ctx); worse != nil && ctx.Err() == nil {
				return worse
			}
		}
		return err
	}
	if worse := s.cutBack(ctx, prefix); worse != nil {
		return worse
	}
	why := "one stream: " + err.Error()
	s.t.with(func(*list) { s.t.j.more().single = why })
	return end(vAgain, why)
}

// cutBack leaves the file as one stream would have left it: first the record
// says that no more than that is in place, then it is so.
func (s *segments) cutBack(ctx context.Context, size int64) error {
	t := s.t
	if err := s.record(ctx, [][2]int64{{0, size}}[:min(size, 1)]); err != nil {
		return err
	}
	t.run.meter.bytes.Store(size)
	return nil
}

// reprove makes the checksum of a file that came in pieces, from the disk.
func (s *segments) reprove(ctx context.Context) error {
	t := s.t
	if t.proof == nil || s.single() {
		return nil
	}
	if err := t.plan(); err != nil {
		return err
	}
	if !t.from.fs.Alive() {
		t.q.put(t.from)
		session, err := t.q.open(ctx, s.ep, true)
		if err != nil {
			return err
		}
		t.from = session
	}
	return t.catchUp(ctx, s.path, s.size)
}

// scattered finds out whether the part of an earlier attempt is in pieces, and
// which are in place. A part without a record, which all have that are not
// small, may have holes: nothing of it is trusted.
func (t *task) scattered(ctx context.Context, size int64) error {
	t.spans = nil
	if t.recorder() == nil || t.part.size < recordFrom {
		return nil
	}
	r, err := t.readRecord(ctx, t.partOf())
	if err != nil {
		return err
	}
	if r == nil || r.Source != sourceName(t.origin()) {
		return end(vAnew, "started anew: nothing says what its part holds")
	}
	if r.Spans == nil {
		return nil
	}
	t.spans, t.partSize = [][2]int64{}, size
	for _, s := range r.Spans {
		if s[1] = min(s[1], size); s[0] < s[1] {
			t.spans = append(t.spans, s)
		}
	}
	return nil
}

// goOn opens the source behind the first of the spans, which has to agree with
// it. The others are looked at when a stream comes to them.
func (t *task) goOn(ctx context.Context, path string) (io.ReadCloser, int64, error) {
	from := int64(0)
	if len(t.spans) > 0 && t.spans[0][0] == 0 {
		from = t.spans[0][1]
	}
	if !t.divisible(t.entry.Size - t.inPlace(0)) {
		t.spans = nil // one stream: what is behind from goes
		if err := t.catchUp(ctx, path, from); err != nil {
			return nil, 0, err
		}
	}
	n := min(from, window)
	f, err := t.disk().Open(ctx, path, from-n)
	if err != nil {
		return nil, 0, at(t.to, err)
	}
	tail := make([]byte, n)
	_, err = io.ReadFull(f, tail)
	_ = f.Close() // only read
	if err != nil {
		return nil, 0, at(t.to, fmt.Errorf("%s: %w", path, err))
	}
	src, err := t.match(ctx, tail, from-n)
	return src, from, err
}

// inPlace is how many bytes a part holds: offset, if it is one stream's.
func (t *task) inPlace(offset int64) int64 {
	if t.spans == nil {
		return offset
	}
	n := int64(0)
	for _, s := range t.spans {
		n += s[1] - s[0]
	}
	return n
}

// length is where the file of a part is opened for writing: behind all that may
// be in place.
func (t *task) length(offset int64) int64 {
	if t.spans == nil {
		return offset
	}
	return t.partSize
}

// kept are the spans as a record keeps them.
func (t *task) kept() [][2]int64 { return slices.Clone(t.spans) }
