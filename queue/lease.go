package queue

import (
	"context"
	"errors"
	"time"
)

// session is a borrowed FS. Its slot is the borrower's until give.
type session struct {
	ep     *endpoint
	fs     FS
	used   bool // it was idle before, and may have died meanwhile
	broken bool // never to be used again
}

// heldError says that an endpoint stopped what was asked, and how.
type heldError struct {
	ep      *endpoint
	failure *Failure
	release bool // not counted: another session was not to be had
	counted bool // the endpoint has taken note of it
	final   bool // once too often: the job fails
}

// Error implements error.
func (h *heldError) Error() string {
	if h.failure == nil {
		return "no session is free"
	}
	return h.failure.Text
}

// end returns the endpoint at an address.
func (q *Queue) end(address string) *endpoint {
	e := q.ends[address]
	if e == nil {
		e = &endpoint{
			address: address, local: address == Local, max: q.opt.Connections, shy: q.opt.Interactive,
			turn: make(chan struct{}, 1),
		}
		q.ends[address] = e
	}
	return e
}

// open fills a slot at e with a session: an idle one, or a new one. New ones
// are opened one at a time, and by workers only while nothing is wrong.
func (q *Queue) open(ctx context.Context, e *endpoint, worker bool) (*session, error) {
	if e.local {
		return &session{ep: e, fs: q.opt.Local}, nil
	}
	s, err := q.idle(e)
	if s != nil || err != nil {
		return s, err
	}
	q.mu.Lock()
	given := e.given
	q.mu.Unlock()
	select {
	case e.turn <- struct{}{}:
		defer func() { <-e.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	// While it was somebody else's turn much may have changed.
	if s, err = q.idle(e); s != nil || err != nil {
		return s, err
	}
	q.mu.Lock()
	err = e.barred(given, worker, time.Now())
	q.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return q.dial(ctx, e, worker)
}

// barred says why no session may be opened now.
func (e *endpoint) barred(given int, worker bool, now time.Time) error {
	switch {
	case e.live >= e.limit(now):
		return &heldError{ep: e, release: true}
	case worker && e.given != given:
		return &heldError{ep: e, failure: e.why, counted: true, final: true}
	case worker && now.Before(e.until):
		return &heldError{ep: e, failure: e.why, counted: true}
	}
	return nil
}

// idle returns a living idle session, or the reason why none may be opened.
func (q *Queue) idle(e *endpoint) (*session, error) {
	for {
		q.mu.Lock()
		fs := e.pop()
		var held error
		switch {
		case q.closed:
			held = ErrClosed
		case e.ask != nil:
			held = &heldError{ep: e, failure: e.ask}
		}
		q.mu.Unlock()
		switch {
		case fs == nil:
			return nil, held
		case fs.Alive():
			return &session{ep: e, fs: fs, used: true}, nil
		}
		q.discard(e, fs)
	}
}

// dial opens a session. It is the caller's turn.
func (q *Queue) dial(ctx context.Context, e *endpoint, worker bool) (*session, error) {
	if q.opt.Remote == nil {
		return nil, Fail(ClassJob, e.address+": there are no connections here", nil)
	}
	fs, err := q.opt.Remote.Dial(ctx, e.address)
	q.mu.Lock()
	defer q.mu.Unlock()
	if err == nil {
		e.live++
		e.until = time.Time{}
		e.sample, e.info = fs, fs.Info()
		return &session{ep: e, fs: fs}, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return nil, q.undialled(e, err, worker, time.Now())
}

// undialled lets e learn from a session that could not be opened. The caller
// holds the mutex.
func (q *Queue) undialled(e *endpoint, err error, worker bool, now time.Time) error {
	f := FailureOf(err)
	switch {
	case f.Limit:
		e.learn(now)
		if e.live > 0 {
			return &heldError{ep: e, failure: f, release: true}
		}
	case f.Ask != AskNothing && f.Ask != AskExists:
		e.ask = f
		return &heldError{ep: e, failure: f, counted: true}
	case f.Class != ClassServer && f.Class != ClassAttempt:
		return err
	}
	if f.Class != ClassServer {
		g := *f
		g.Class = ClassServer
		f = &g
	}
	h := &heldError{ep: e, failure: f, counted: true}
	if worker {
		h.final = q.trouble(e, f, now)
	}
	return h
}

// trouble counts a failure of e. Once too often, and everything that waits
// for e fails. The caller holds the mutex.
func (q *Queue) trouble(e *endpoint, f *Failure, now time.Time) (final bool) {
	e.why = f
	if !e.failed(q.rules, now) {
		return false
	}
	e.given++
	for {
		j := q.list.next(func(n *lane) bool { return n.src == e || n.dst == e })
		if j == nil {
			return true
		}
		q.list.refuse(j, f)
	}
}

// put takes a session back: to rest, or out.
func (q *Queue) put(s *session) {
	if s == nil || s.fs == nil || s.ep.local {
		return
	}
	e, fs := s.ep, s.fs
	s.fs = nil
	alive := !s.broken && fs.Alive()
	q.mu.Lock()
	now := time.Now()
	if alive = alive && !q.closed && e.live <= e.limit(now); alive {
		e.idle = append(e.idle, rest{fs: fs, since: now, asked: now})
	}
	q.mu.Unlock()
	if !alive {
		q.discard(e, fs)
	}
}

// discard closes a session in the background: a goodbye may take a while.
// Until it is said the server counts the session, and so do we.
func (q *Queue) discard(e *endpoint, fs FS) {
	bye := func() {
		_ = fs.Close() // nobody can do anything about it
		q.mu.Lock()
		e.live--
		e.going--
		q.schedule()
		q.mu.Unlock()
	}
	q.mu.Lock()
	e.going++
	closed := q.closed
	if !closed {
		q.spawn(bye)
	}
	q.mu.Unlock()
	if closed {
		bye()
	}
}

// give returns a session of borrow and its slot.
func (q *Queue) give(s *session) {
	q.put(s)
	if s.ep.local {
		return
	}
	q.mu.Lock()
	s.ep.slots--
	q.schedule()
	q.mu.Unlock()
}

// borrow gets a session for browsing, ahead of workers that wait for one.
func (q *Queue) borrow(ctx context.Context, address string) (*session, error) {
	for {
		e, err := q.slot(ctx, address)
		if err != nil {
			return nil, err
		}
		s, err := q.open(ctx, e, false)
		if err == nil {
			return s, nil
		}
		q.give(&session{ep: e})
		var held *heldError
		if errors.As(err, &held) && held.release && ctx.Err() == nil {
			continue // wait for one of those that there are
		}
		if held != nil {
			return nil, held.failure
		}
		return nil, err
	}
}

// slot waits for a slot at an address.
func (q *Queue) slot(ctx context.Context, address string) (*endpoint, error) {
	q.mu.Lock()
	e := q.end(address)
	if q.closed {
		q.mu.Unlock()
		return nil, ErrClosed
	}
	if e.local {
		q.mu.Unlock()
		return e, nil
	}
	if len(e.line) == 0 && (e.room(time.Now()) || e.ask != nil) {
		e.slots++
		q.mu.Unlock()
		return e, nil
	}
	b := &browser{ready: make(chan struct{})}
	e.line = append(e.line, b)
	q.mu.Unlock()
	select {
	case <-b.ready:
		return e, nil
	case <-ctx.Done():
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if b.ok {
		e.slots-- // it came just now; let the next one have it
	}
	for i, o := range e.line {
		if o == b {
			e.line = append(e.line[:i], e.line[i+1:]...)
			break
		}
	}
	q.schedule()
	return nil, ctx.Err()
}
