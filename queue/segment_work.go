package queue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// segment is one session at work on a file, and its stream. What others read is
// guarded by the mutex of its segments.
type segment struct {
	s       *segments
	session *session // the job's own, or one of its own; nil before it is there
	recruit *recruit // the session is on its way; nil: it has yet to be asked for
	main    bool     // it is the job's
	ctx     context.Context
	cancel  context.CancelFunc
	gone    chan struct{} // closed once it holds no piece and no session

	piece *piece
	pulse
	asked time.Time // when its session was to end one stream and begin another
	src   io.ReadCloser
}

// run fetches pieces until nothing is left that is worth it.
func (g *segment) run(src io.ReadCloser) {
	s := g.s
	defer close(g.gone)
	err := g.guard(src)
	g.leave(err)
	s.mu.Lock()
	if g.piece != nil {
		g.piece.owner, g.piece = nil, nil
	}
	s.mu.Unlock()
	select {
	case s.ended <- ended{g: g, err: err}:
	case <-s.over:
	}
}

// guard is the work of a segment; a fault in it is an error.
func (g *segment) guard(src io.ReadCloser) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = g.s.t.q.fault(p)
			g.cancel()
		}
	}()
	if !g.main {
		if err = g.enlist(); err != nil {
			return err
		}
	}
	for p := g.s.assign(g); p != nil; p = g.s.assign(g) {
		if src == nil {
			if err := g.ready(); err != nil {
				return err
			}
		}
		if err := g.fetch(p, src); err != nil {
			return err
		}
		src = nil
	}
	return nil
}

// enlist gets the session of a segment that has none.
func (g *segment) enlist() (err error) {
	if g.recruit != nil {
		g.session, err = g.recruit.take(g.ctx)
		return err
	}
	if g.session, err = g.s.t.q.open(g.ctx, g.s.ep, true); err != nil {
		g.session = nil
	}
	return err
}

// ready makes sure of a session for the next piece: the last stream may have
// taken it along.
func (g *segment) ready() error {
	if g.src != nil {
		g.asked = time.Now()
		_ = g.src.Close() // before its end: what that does its FS knows
		g.src = nil
	}
	if g.session.fs.Alive() {
		return nil
	}
	if g.main {
		return errEnough // the job keeps its session to the end
	}
	g.s.t.q.put(g.session)
	session, err := g.s.t.q.open(g.ctx, g.s.ep, true)
	g.session = session
	return err
}

// fetch brings a piece in place, and what comes behind its end to agree with
// what is there. A stream that is given stands at the piece's place.
func (g *segment) fetch(p *piece, src io.ReadCloser) error {
	s := g.s
	if src == nil {
		var err error
		if src, err = g.open(p); err != nil {
			return err
		}
		g.opened()
	}
	g.src = src
	out, err := s.disk.At(p.at)
	if err != nil {
		return &sideError{s: s.t.to, err: err}
	}
	w := &pen{g: g, p: p, out: out}
	if g.main && s.single() {
		w.proof = s.t.proof
	}
	s.mu.Lock()
	g.begin(time.Now())
	s.mu.Unlock()
	err = g.pour(w, src)
	if cerr := out.Close(); cerr != nil && (err == nil || errors.Is(err, errEnough)) {
		return &sideError{s: s.t.to, err: cerr}
	}
	switch {
	case errors.Is(err, errEnough):
		s.release(g)
		return nil
	case err != nil:
		return err
	}
	s.mu.Lock()
	came, short := p.at, p.at < p.end || p.end < s.size
	s.mu.Unlock()
	if short {
		return g.short(src, came)
	}
	return g.seal(p, src)
}

// short says why a stream ended too early: as the server does, if it does.
func (g *segment) short(src io.ReadCloser, came int64) error {
	err := src.Close()
	g.s.mu.Lock()
	g.src = nil
	g.s.mu.Unlock()
	if err == nil {
		err = Fail(ClassAttempt, fmt.Sprintf("the source ended after %d of %d bytes", came, g.s.size), io.ErrUnexpectedEOF)
	}
	return at(g.session, err)
}

// seal hears what the server says about the end of the file.
func (g *segment) seal(p *piece, src io.ReadCloser) error {
	s := g.s
	err := src.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	g.src = nil
	if err != nil { // the end of it may have to come once more
		n := min(window, p.at-p.from)
		p.at -= n
		s.count(-n)
		return at(g.session, err)
	}
	s.last = src
	s.sealed = true
	p.owner, g.piece = nil, nil
	return nil
}

// open opens the source for a piece. Where some of the piece is in place the
// stream begins within that, and has to agree with it.
func (g *segment) open(p *piece) (io.ReadCloser, error) {
	s := g.s
	s.mu.Lock() // who fetches the piece before may join the two meanwhile
	from := max(p.at-window, p.from)
	n := p.at - from
	s.mu.Unlock()
	src, err := g.session.fs.Open(g.ctx, s.t.src, from)
	if err != nil {
		if neverMidway(err) {
			return nil, errRefused
		}
		return nil, at(g.session, err)
	}
	g.src = src
	if n == 0 {
		return src, nil
	}
	there, err := s.read(g.ctx, from, int(n))
	if err != nil {
		return nil, at(s.t.to, err)
	}
	got := make([]byte, n)
	if _, err := io.ReadFull(src, got); err != nil {
		return nil, at(g.session, err)
	}
	if !bytes.Equal(there, got) {
		return nil, errDisagree
	}
	return src, nil
}

// errRefused says that a session does not begin in the middle of the file.
var errRefused = errors.New("the server does not let this connection begin in the middle")

// pour moves the bytes of one stream.
func (g *segment) pour(w *pen, src io.ReadCloser) error {
	q := g.s.t.q
	buf := q.buffers.Get().(*[bufferSize]byte)
	defer q.buffers.Put(buf)
	o := &gauge{stop: g.ctx.Err, sink: w, meter: &meter{}, buf: buf[:], flow: q.limit.join(true, false)}
	defer o.flow.end()
	if r, ok := w.out.(io.ReaderFrom); ok && w.proof == nil {
		w.into, o.into = r, w
	}
	err := o.move(g.ctx, src)
	for w.err == nil && (errors.Is(err, errLimit) || o.limited) { // a limit was set meanwhile
		o.err, o.limited = nil, false
		err = o.move(g.ctx, src)
	}
	switch {
	case errors.Is(w.err, errEnough), errors.Is(w.err, errDisagree), errors.Is(w.err, errSurplus), errors.Is(w.err, errTaken):
		return w.err
	case g.ctx.Err() != nil:
		return g.ctx.Err()
	case w.err != nil:
		return at(g.s.t.to, w.err)
	case o.err != nil:
		return at(g.s.t.to, o.err)
	case err != nil:
		return at(g.session, err)
	}
	return nil
}

// leave gives back what the segment had. A stream in the middle is asked to
// stop where that saves somebody a login, and cut off otherwise: what comes of
// it nobody needs.
func (g *segment) leave(err error) {
	q := g.s.t.q
	if g.session == nil {
		if !g.main {
			q.give(&session{ep: g.s.ep})
		}
		return
	}
	src := g.src
	if err != nil && !errors.Is(err, errRefused) {
		g.session.broken = true
	}
	kept := err == nil && (q.contested(g.s.ep) || q.opt.Interactive || g.main && g.s.t.proof != nil)
	if !kept || g.main {
		if src != nil && !kept {
			g.cut()
		}
		if src != nil {
			_ = src.Close() // before its end
		}
		if !g.main {
			q.give(g.session)
		}
		return
	}
	q.background(func() {
		if src != nil {
			_ = src.Close() // before its end
		}
		q.give(g.session)
	})
}

// cut ends the context of the stream, so that its session does not wait for a
// server to stop.
func (g *segment) cut() {
	g.cancel()
	if g.main && g.s.t.cut != nil {
		g.s.t.cut()
	}
}

// background runs f, which Close waits for; at once when the queue is closed.
func (q *Queue) background(f func()) {
	q.mu.Lock()
	closed := q.closed
	if !closed {
		q.spawn(f)
	}
	q.mu.Unlock()
	if closed {
		f()
	}
}
