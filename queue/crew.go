package queue

import "context"

// crew are the sessions that a download asks for before its first byte: while
// its own stream begins they log in, so that the others begin soon behind it.
type crew struct {
	ep   *endpoint
	idle []*recruit // that no segment has taken
}

// recruit is a session of a crew, on its way.
type recruit struct {
	cancel  context.CancelFunc
	done    chan struct{} // closed when session or err is there
	session *session
	err     error
}

// muster asks for the sessions of a download that begins anew, where it is known
// beforehand how many serve it. Whoever calls it calls disband at its end.
func (t *task) muster(ctx context.Context) {
	t.crew.ep = t.from.ep
	if t.part != nil || t.ahead != nil || !t.to.ep.local || t.entry.Type != File || !t.divisible(t.entry.Size) {
		return
	}
	trip, _ := divides(t.from.fs)
	n, _ := t.q.streams(trip, t.entry.Size)
	for range n - 1 {
		if !t.q.extra(t.crew.ep) {
			return
		}
		t.crew.hire(ctx, t.q)
	}
}

// hire begins to open a session, whose slot is taken.
func (c *crew) hire(ctx context.Context, q *Queue) {
	r := &recruit{done: make(chan struct{})}
	ctx, r.cancel = context.WithCancel(ctx)
	c.idle = append(c.idle, r)
	// Ends with the login, which cancel breaks off; awaited by take.
	go func() {
		defer close(r.done)
		r.session, r.err = q.open(ctx, c.ep, true)
	}()
}

// next hands over a recruit, nil when there is none.
func (c *crew) next() *recruit {
	if len(c.idle) == 0 {
		return nil
	}
	r := c.idle[0]
	c.idle = c.idle[1:]
	return r
}

// disband gives back who was not needed.
func (c *crew) disband(q *Queue) {
	for _, r := range c.idle {
		r.cancel()
	}
	for r := c.next(); r != nil; r = c.next() {
		c.back(r, q)
	}
}

// back gives back the session of r and its slot; r may be nil: the slot alone.
func (c *crew) back(r *recruit, q *Queue) {
	s := &session{ep: c.ep}
	if r != nil {
		r.cancel()
		if came, _ := r.take(context.Background()); came != nil { // who is not needed may not have come
			s = came
		}
	}
	q.give(s)
}

// take waits for the session. When ctx ends before, it is not opened any more.
func (r *recruit) take(ctx context.Context) (*session, error) {
	defer r.cancel()
	select {
	case <-r.done:
	case <-ctx.Done():
		r.cancel()
		<-r.done
	}
	return r.session, r.err
}
