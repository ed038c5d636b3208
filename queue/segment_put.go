package queue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	// stripChunk is given to a stream at once.
	stripChunk = 256 << 10
	// onWay is more than the buffers between a process and a server's file hold.
	onWay = 16 << 20
)

// sending are the streams of one upload: the job's own, and as many as were
// asked for besides, while no job that is ready wants their sessions.
type sending struct {
	t    *task
	ep   *endpoint
	path string // that is written
	trip time.Duration

	wg    sync.WaitGroup
	ended chan sentStrips
	over  chan struct{} // closed when nobody listens any more

	mu sync.Mutex
	strips
	most   int // streams
	live   int
	main   bool // the job's own is at work
	leave  int  // extra ones that are to go
	closed bool // no more are begun
	moved  bool // something was sent since it was written down
	saved  time.Time
}

// sentStrips is how a stream ended.
type sentStrips struct {
	extra bool
	err   error
}

// newSending returns the streams for a file of which spans are in place.
func (t *task) newSending(path string, spans [][2]int64) *sending {
	s := &sending{
		t: t, ep: t.to.ep, path: path, ended: make(chan sentStrips), over: make(chan struct{}),
		strips: newStrips(t.entry.Size, spans), most: t.q.opt.Segments, saved: time.Now(),
	}
	s.trip, _ = divides(t.to.fs)
	s.spread(s.most)
	return s
}

// send brings all strips to the server. What is there in the end is written
// down, also after an error.
func (s *sending) send(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	err := s.begin(ctx)
	if err == nil {
		err = s.steer(ctx)
	}
	cancel()
	close(s.over)
	s.wg.Wait()
	s.t.run.segments.Store(0)
	s.save()
	return err
}

// begin opens the first stream. One at the start of the file makes it anew: it
// is open before any other writes.
func (s *sending) begin(ctx context.Context) error {
	var sink Sink
	if p := s.list[0]; p.from == 0 && !p.sure {
		var err error
		if sink, err = s.patch(ctx, s.t.to, 0); err != nil {
			return err
		}
		p.busy, p.began = true, time.Now()
		s.start(ctx, p, sink)
	} else if !s.whole() {
		s.start(ctx, nil, nil)
	}
	s.widen(ctx)
	return nil
}

// patch opens a stream at a place of the file.
func (s *sending) patch(ctx context.Context, session *session, offset int64) (Sink, error) {
	p, ok := session.fs.(Patcher)
	if !ok {
		return nil, Fail(ClassJob, "the target is not written by several", nil)
	}
	sink, err := p.Patch(ctx, s.path, offset)
	return sink, at(session, err)
}

// start puts the job's own session to work.
func (s *sending) start(ctx context.Context, p *strip, sink Sink) {
	s.mu.Lock()
	s.live++
	s.main = true
	s.t.run.segments.Store(int32(s.live))
	s.mu.Unlock()
	session := s.t.to
	// Ends with ctx at the latest; send waits for it.
	s.wg.Go(func() { s.tell(sentStrips{err: s.work(ctx, session, false, p, sink)}) })
}

// widen asks for sessions while there is something for them.
func (s *sending) widen(ctx context.Context) {
	for {
		s.mu.Lock()
		enough := s.live >= s.most || s.closed || s.free() == nil
		s.mu.Unlock()
		if enough || !s.t.q.extra(s.ep) {
			return
		}
		s.mu.Lock()
		s.live++
		s.t.run.segments.Store(int32(s.live))
		s.mu.Unlock()
		// Ends with ctx at the latest; send waits for it.
		s.wg.Go(func() { s.tell(sentStrips{extra: true, err: s.help(ctx)}) })
	}
}

// tell says how a stream ended.
func (s *sending) tell(e sentStrips) {
	select {
	case s.ended <- e:
	case <-s.over:
	}
}

// help works with a session of its own.
func (s *sending) help(ctx context.Context) error {
	q := s.t.q
	own, err := q.open(ctx, s.ep, true)
	if err != nil {
		q.give(&session{ep: s.ep})
		return err
	}
	if err = s.work(ctx, own, true, nil, nil); err != nil {
		own.broken = true
	}
	q.give(own)
	return err
}

// steer lets streams come and go until all is there.
func (s *sending) steer(ctx context.Context) error {
	tick := time.NewTicker(steerTick)
	defer tick.Stop()
	for {
		s.mu.Lock()
		whole := s.whole()
		s.mu.Unlock()
		if whole {
			return nil
		}
		select {
		case e := <-s.ended:
			if err := s.heed(ctx, e); err != nil {
				return err
			}
		case now := <-tick.C:
			if err := ctx.Err(); err != nil {
				return err
			}
			s.look(ctx, now)
		}
	}
}

// heed takes note of the end of a stream. A session that was not to be had is
// no failure: it says how many there can be. Any other error is the end: what
// the server has of the rest has to be looked at.
func (s *sending) heed(ctx context.Context, e sentStrips) error {
	s.mu.Lock()
	s.live--
	s.main = s.main && e.extra
	s.t.run.segments.Store(int32(s.live))
	idle := !s.main && s.free() != nil
	lost := s.live == 0 && !idle && !s.whole()
	var held *heldError
	if e.extra && errors.As(e.err, &held) {
		s.closed, e.err = true, nil
	}
	s.mu.Unlock()
	switch {
	case e.err != nil:
		if side := (*sideError)(nil); e.extra && errors.As(e.err, &side) && side.s != s.t.from {
			return &sideError{s: s.t.to, err: side.err} // for whoever judges: the session itself is gone
		}
		return e.err
	case lost:
		return end(vAgain, "")
	case idle:
		if err := s.t.revive(ctx); err != nil {
			return err
		}
		s.start(ctx, nil, nil)
	}
	return nil
}

// revive makes sure that the target's session lives.
func (t *task) revive(ctx context.Context) error {
	if t.to.fs.Alive() {
		return nil
	}
	ep := t.to.ep
	t.q.put(t.to)
	session, err := t.q.open(ctx, ep, true)
	if err == nil {
		t.to = session
	}
	return err
}

// look does what is due: a stream more or less, and what is there is written
// down.
func (s *sending) look(ctx context.Context, now time.Time) {
	s.mu.Lock()
	due, live := s.moved && now.Sub(s.saved) >= saveEvery, s.live
	s.mu.Unlock()
	if due {
		s.save()
	}
	if live > 1 && s.t.q.contested(s.ep) {
		s.narrow(live)
		return
	}
	s.widen(ctx)
}

// save writes down what the server should have.
func (s *sending) save() {
	s.mu.Lock()
	spans := s.spans(onWay)
	s.moved, s.saved = false, time.Now()
	s.mu.Unlock()
	s.t.keepApart(spans)
}

// narrow lets an extra stream end where it is. What it was to send is free.
func (s *sending) narrow(live int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.leave > 0 {
		return // one is on its way out
	}
	s.most = min(s.most, live-1)
	var best *strip
	for _, p := range s.list {
		if p.busy && p.extra && p.at > p.from && p.at < p.end && (best == nil || p.end-p.at > best.end-best.at) {
			best = p
		}
	}
	if best != nil {
		s.split(best, best.at)
		s.leave++
	}
}

// assign gives a stream its next strip: one that nobody sends, or half of the
// one that would end last, while that is worth the time that it takes to begin.
func (s *sending) assign(extra bool) *strip {
	s.mu.Lock()
	defer s.mu.Unlock()
	if extra && s.leave > 0 {
		s.leave--
		return nil
	}
	now := time.Now()
	p := s.free()
	if cost := max(12*s.trip, 100*time.Millisecond).Seconds(); p == nil {
		slow := s.slowest(now)
		if slow == nil || slow.left(now) <= cost {
			return nil
		}
		half := slow.at + (slow.end-slow.at+int64(slow.rate(now)*cost))/2
		p = s.split(slow, min(max(half, slow.at+leastPiece), slow.end-leastPiece))
	}
	p.busy, p.extra, p.began = true, extra, now
	return p
}

// work sends strips until none is left that is worth it. A strip and a stream
// that are given belong together, and come first.
func (s *sending) work(ctx context.Context, session *session, extra bool, p *strip, sink Sink) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = s.t.q.fault(v)
		}
	}()
	if p == nil {
		p = s.assign(extra)
	}
	for p != nil {
		if sink == nil {
			if sink, err = s.patch(ctx, session, p.from); err != nil {
				return err
			}
		}
		if err = s.pour(ctx, session, p, sink); err != nil {
			_ = sink.Abort() // the first error matters
			return err
		}
		if err = sink.Close(); err != nil {
			return at(session, err)
		}
		s.mu.Lock()
		p.sure, p.busy, s.moved, sink = true, false, true, nil
		s.mu.Unlock()
		if p = nil; session.fs.Alive() {
			p = s.assign(extra)
		}
	}
	return nil
}

// pour gives a strip to its stream.
func (s *sending) pour(ctx context.Context, session *session, p *strip, sink Sink) error {
	t := s.t
	src, err := t.from.fs.Open(ctx, t.src, p.from)
	if err != nil {
		return at(t.from, err)
	}
	defer func() { _ = src.Close() }() // only read
	buf := t.q.buffers.Get().(*[bufferSize]byte)
	defer t.q.buffers.Put(buf)
	flow := t.q.limit.join(false, true)
	defer flow.end()
	for {
		want, err := flow.take(ctx, stripChunk)
		if err != nil {
			return err
		}
		n := s.reserve(p, want)
		flow.back(want - n)
		if n == 0 {
			return nil
		}
		got, err := feed(sink, io.LimitedReader{R: src, N: n}, buf[:])
		t.run.meter.add(got)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return at(session, err)
		case got < n:
			return at(t.from, Fail(ClassAttempt, fmt.Sprintf("the source ended before its %d bytes", s.size), io.ErrUnexpectedEOF))
		}
	}
}

// reserve takes bytes of a strip, at most n; none where it ends.
func (s *sending) reserve(p *strip, n int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	n = min(n, p.end-p.at)
	p.at += n
	s.moved = s.moved || n > 0
	return n
}

// feed gives all of src to a sink, by the kernel where it can.
func feed(sink Sink, src io.LimitedReader, buf []byte) (int64, error) {
	if r, ok := sink.(io.ReaderFrom); ok {
		return r.ReadFrom(&src)
	}
	total := int64(0)
	for src.N > 0 {
		n, err := src.Read(buf)
		if n > 0 {
			wrote, werr := sink.Write(buf[:n])
			if total += int64(wrote); werr != nil {
				return total, werr
			}
		}
		if errors.Is(err, io.EOF) {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
	return total, nil
}
