package queue

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

const (
	segmentFrom = 16 << 20 // bytes to come that more streams may be worth
	mostAuto    = 8        // streams of one file, where nobody named a number
	// farTrip is the time of an answer from which on one stream is held by the
	// distance: no more than about perTrip are under way at a time.
	farTrip = 20 * time.Millisecond
	perTrip = 4 << 20
	// trips is how many answers a new stream waits for, with its login.
	trips = 10
	// crewTrips is how many of its answers a first stream is ahead of others whose
	// sessions were asked for before it began.
	crewTrips = 3
	// nearRate is so much that one stream of a server nearby is held by the
	// network or the machine.
	nearRate  = 64 << 20
	steerTick = 100 * time.Millisecond
	lookFor   = 500 * time.Millisecond // a rate is measured over no less
	saveEvery = 2 * time.Second
	mostLost  = 8 // streams that broke, before no more are begun
)

// ended is how a segment ended.
type ended struct {
	g   *segment
	err error
}

// segments are the streams of one download. The job's own begins; others come
// while they make the whole faster, and are given back when a job that is ready
// wants their sessions.
type segments struct {
	t    *task
	ep   *endpoint
	sink Sink
	disk Scattered
	path string // of the part
	trip time.Duration
	most int  // streams
	told bool // somebody named the number
	ramp widening

	wg    sync.WaitGroup
	ended chan ended
	over  chan struct{} // closed when nobody listens any more

	mu sync.Mutex
	pieces
	workers map[*segment]bool
	apart   bool // there was more than one piece: the record says what is in place
	last    io.ReadCloser
	lost    int           // streams that broke
	slow    time.Duration // what the last stream took to begin behind another
	closed  bool          // no more are begun
	err     error         // the last that broke
	saved   time.Time
	dirty   bool
}

// segments returns the streams for a download that several may be worth; nil
// where one will do, or can be all.
func (t *task) segments(sink Sink, offset int64) *segments {
	disk, ok := sink.(Scattered)
	if !ok || !t.divisible(t.entry.Size-t.inPlace(offset)) {
		return nil
	}
	path, err := t.partPath()
	if err != nil {
		return nil
	}
	spans := t.spans
	if spans == nil && offset > 0 {
		spans = [][2]int64{{0, offset}}
	}
	s := &segments{
		t: t, ep: t.from.ep, sink: sink, disk: disk, path: path, most: t.q.opt.Segments, told: t.q.opt.Segments > 0,
		ended: make(chan ended), over: make(chan struct{}), workers: map[*segment]bool{},
		pieces: *newPieces(t.entry.Size, spans), apart: t.spans != nil, saved: time.Now(),
	}
	if s.most == 0 {
		s.most = mostAuto
	}
	s.trip, _ = divides(t.from.fs)
	return s
}

// divisible reports whether several streams may be worth it for n bytes, and
// may be had.
func (t *task) divisible(n int64) bool {
	least := int64(segmentFrom)
	if t.q.opt.Segments > 1 {
		least = 2 * leastPiece
	}
	if t.q.opt.Segments == 1 || t.single != "" || n < least || t.from.ep.local || t.recorder() == nil {
		return false
	}
	_, ok := divides(t.from.fs)
	return ok
}

// divides returns how long an answer of a server takes, and whether its files
// may be read in pieces.
func divides(f FS) (time.Duration, bool) {
	d, ok := f.(Divisible)
	if !ok {
		return 0, false
	}
	return d.Divisible()
}

// count counts bytes that were written, or that have to come again.
func (s *segments) count(n int64) {
	s.dirty = s.dirty || n != 0
	if n < 0 {
		s.t.run.meter.bytes.Add(n)
		return
	}
	s.t.run.meter.add(n)
}

// single reports whether there has never been more than one piece.
func (s *segments) single() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.apart
}

// fetch brings all pieces in place, beginning with src, the job's own stream.
func (s *segments) fetch(ctx context.Context, src io.ReadCloser) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancel(ctx)
	s.start(ctx, s.t.from, src, nil)
	err := s.hasten(ctx)
	if err == nil {
		err = s.steer(ctx)
	}
	cancel()
	close(s.over)
	s.wg.Wait()
	s.t.run.segments.Store(0)
	if err == nil {
		return s.last, s.reprove(context.WithoutCancel(ctx))
	}
	return nil, s.keep(ctx, err)
}

// start puts a session to work; nil: one that is on its way, or that it opens itself.
func (s *segments) start(ctx context.Context, session *session, src io.ReadCloser, r *recruit) {
	g := &segment{s: s, session: session, recruit: r, main: session != nil, gone: make(chan struct{})}
	g.ctx, g.cancel = context.WithCancel(ctx)
	s.mu.Lock()
	s.workers[g] = true
	if g.main {
		g.piece = s.list[0]
		g.piece.owner = g
	}
	s.t.run.segments.Store(int32(len(s.workers)))
	s.mu.Unlock()
	// Ends with ctx at the latest; fetch waits for it.
	s.wg.Go(func() { g.run(src) })
}

// steer lets segments come and go until all is in place.
func (s *segments) steer(ctx context.Context) error {
	tick := time.NewTicker(steerTick)
	defer tick.Stop()
	for {
		select {
		case e := <-s.ended:
			if over, err := s.heed(e); over {
				return err
			}
		case now := <-tick.C:
			if err := s.look(ctx, now); err != nil {
				return err
			}
		}
	}
}

// heed takes note of the end of a segment, and says whether it is that of all.
func (s *segments) heed(e ended) (over bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.workers, e.g)
	s.t.run.segments.Store(int32(len(s.workers)))
	switch {
	case s.whole():
		return true, nil
	case errors.Is(e.err, errDisagree), errors.Is(e.err, errSurplus):
		return true, e.err
	case errors.Is(e.err, errRefused):
		s.closed = true
	case e.err != nil && !errors.Is(e.err, errEnough) && !errors.Is(e.err, context.Canceled):
		s.note(e)
	}
	if side := (*sideError)(nil); errors.As(s.err, &side) && side.s == s.t.to {
		return true, s.err // the disk is the same for all
	}
	if len(s.workers) > 0 {
		return false, nil
	}
	switch {
	case s.err != nil:
		return true, s.err
	case errors.Is(e.err, errRefused):
		return true, errRefused
	}
	return true, end(vAgain, "") // the last was taken back while others left
}

// note remembers how a segment broke. A session that was not to be had is no
// failure; it says how many there can be.
func (s *segments) note(e ended) {
	var held *heldError
	if errors.As(e.err, &held) {
		s.closed = true
		if s.err == nil && !held.release {
			s.err = e.err
		}
		return
	}
	if s.err = e.err; !e.g.main {
		if side := (*sideError)(nil); errors.As(e.err, &side) && side.s != s.t.to {
			s.err = &sideError{s: s.t.from, err: side.err} // for whoever judges: the session itself is gone
		}
	}
	if s.lost++; s.lost >= mostLost || e.g.moved == 0 {
		s.closed = true
	}
}

// assign gives g its next piece: one that nobody fetches, or half of the one
// that would end last, while that is worth the time that a new stream takes.
func (s *segments) assign(g *segment) *piece {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g.piece != nil {
		return g.piece // it was begun with
	}
	p := s.free()
	if p == nil && g.ctx.Err() == nil {
		now := time.Now()
		left := func(p *piece) float64 { return p.owner.seconds(now) }
		if slow := s.slowest(left); slow != nil && left(slow) > s.cost(g.src != nil) {
			ahead := slow.owner.speed(now) * s.cost(g.src != nil)
			half := slow.at + min((slow.end-slow.at+int64(ahead))/2, slow.end-slow.at-leastPiece)
			p = s.split(slow, max(half, slow.at+leastPiece))
			s.apart = true
		}
	}
	if p != nil {
		p.owner, g.piece = g, p
	}
	return p
}

// release takes the piece of g back.
func (s *segments) release(g *segment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g.piece = nil
}
