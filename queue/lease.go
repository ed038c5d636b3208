package queue

import (
	"context"
	"sync"
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
		e = &endpoint{address: address, local: address == Local, server: q.server(address)}
		e.server.ends = append(e.server.ends, e)
		q.ends[address] = e
	}
	return e
}

// server returns the server that an address leads to.
func (q *Queue) server(address string) *server {
	key := address
	if g, ok := q.opt.Remote.(Grouper); ok && address != Local {
		key = "\x00" + g.Server(address)
	}
	s := q.servers[key]
	if s == nil {
		s = &server{shy: q.opt.Interactive, turn: make(chan struct{}, 1)}
		s.allow(q.opt.Connections, address != Local)
		s.remember(q.learned[key])
		q.servers[key] = s
	}
	return s
}

// open fills a slot at e with a session: an idle one, or a new one. The first
// is opened alone; once its login succeeded several are at once, paced. By
// workers only while nothing is wrong.
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
	for {
		s, wait, err := q.take(ctx, e, given, worker)
		if wait == 0 {
			return s, err
		}
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// take is one try of open, when it is the caller's turn. It may have to wait
// before the next.
func (q *Queue) take(ctx context.Context, e *endpoint, given int, worker bool) (*session, time.Duration, error) {
	select {
	case e.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	free := sync.OnceFunc(func() { <-e.turn })
	defer free()
	// While it was somebody else's turn much may have changed.
	if s, err := q.idle(e); s != nil || err != nil {
		return s, 0, err
	}
	wait, alone, err := q.permit(e, given, worker)
	if err != nil || wait > 0 {
		return nil, wait, err
	}
	if !alone {
		free()
	}
	s, err := q.dial(ctx, e, worker)
	return s, 0, err
}

// permit says whether a session may be opened now, or how long that has to
// wait, and whether it is to be opened alone. It is the caller's turn.
func (q *Queue) permit(e *endpoint, given int, worker bool) (wait time.Duration, alone bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	if err := e.barred(given, worker, now); err != nil {
		if o, fs := e.spare(e); fs != nil && e.live+e.opening >= e.limit(now) {
			q.part(o, fs)
		}
		return 0, false, err
	}
	if wait = e.pace.wait(now); worker && wait > 0 {
		return wait, false, nil
	}
	e.pace.take(now)
	e.opening++
	return 0, !e.proven || e.ailing() || e.live == 0, nil
}

// sleep waits, unless ctx ends before.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// barred says why no session may be opened now.
func (e *endpoint) barred(given int, worker bool, now time.Time) error {
	switch {
	case e.live+e.opening >= e.limit(now):
		return &heldError{ep: e, release: true}
	case worker && e.given != given && e.why != nil:
		return &heldError{ep: e, failure: e.why, counted: true, final: true}
	case worker && now.Before(e.until) && e.why == nil:
		return &heldError{ep: e, release: true}
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

// dial opens a session, as permitted.
func (q *Queue) dial(ctx context.Context, e *endpoint, worker bool) (*session, error) {
	fs, err := q.login(ctx, e.address)
	q.mu.Lock()
	defer q.mu.Unlock()
	e.opening--
	e.proven = err == nil
	if err == nil {
		e.live++
		e.own++
		e.until = time.Time{}
		e.sample, e.info = fs, fs.Info()
		return &session{ep: e, fs: fs}, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return nil, q.undialled(e, err, worker, time.Now())
}

// login opens a session. A fault is an error like any other here: whoever
// waits for the login has to hear of its end.
func (q *Queue) login(ctx context.Context, address string) (fs FS, err error) {
	defer func() {
		if p := recover(); p != nil {
			fs, err = nil, q.fault(p)
		}
	}()
	if q.opt.Remote == nil {
		return nil, Fail(ClassJob, address+": there are no connections here", nil)
	}
	return q.opt.Remote.Dial(ctx, address)
}

// undialled lets e learn from a session that could not be opened. The caller
// holds the mutex.
func (q *Queue) undialled(e *endpoint, err error, worker bool, now time.Time) error {
	if scarce(err) {
		return err
	}
	f := FailureOf(err)
	switch {
	case f.Limit && e.live+e.opening > 0:
		e.learn(now)
		return &heldError{ep: e, failure: f, release: true}
	case f.Limit: // with no session of ours it tells nothing about how many we may have
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
	e.why, e.last = f, f.Text
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
