package queue

import "time"

// schedule starts what can be started and sets the clock for the rest. The
// caller holds the mutex.
func (q *Queue) schedule() {
	defer q.notify()
	if q.closed {
		return
	}
	now := time.Now()
	q.awake(now)
	wake := q.list.wake(now)
	for _, e := range q.ends {
		e.serve(now)
		over, next := e.reap(now)
		for _, fs := range over {
			q.part(e, fs)
		}
		wake = sooner(sooner(wake, next), q.tend(e, now))
		if e.ailing() && e.until.After(now) {
			wake = sooner(wake, e.until)
		}
	}
	wake = sooner(wake, q.lookForRoom(now))
	q.startAll(now)
	for _, s := range q.servers {
		n := s.ramp.n
		wake = sooner(wake, s.ramp.look(now, s.progress(), s.full()))
		if s.ramp.n > n {
			q.startAll(now)
		}
	}
	q.pace(now)
	wake = sooner(wake, q.pulse(now))
	wake = sooner(wake, q.limit.look(len(q.list.runs) > 0, now))
	q.limited(now)
	q.wakeAt(wake, now)
}

// startAll starts what may run.
func (q *Queue) startAll(now time.Time) {
	for {
		j := q.list.next(func(n *lane) bool { return n.open(now) })
		if j == nil {
			return
		}
		q.start(j, now)
	}
}

// pace starts the rate anew after a rest, not after each job.
func (q *Queue) pace(now time.Time) {
	if len(q.list.runs) == 0 {
		if q.rested.IsZero() {
			q.rested = now
		}
		return
	}
	if q.speed.at.IsZero() || !q.rested.IsZero() && now.Sub(q.rested) > time.Second {
		q.speed = speed{last: q.moved.Load(), at: now}
	}
	q.rested = time.Time{}
}

// limited starts all rates anew when the limit is another.
func (q *Queue) limited(now time.Time) {
	rates, _ := q.limit.inForce()
	if rates == q.rates {
		return
	}
	q.rates = rates
	q.speed.anew(q.moved.Load(), now)
	for j := range q.list.runs {
		m := &j.x.run.meter
		m.speed.anew(m.bytes.Load(), now)
	}
}

func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// wakeAt has schedule called at a time.
func (q *Queue) wakeAt(at, now time.Time) {
	q.watch.ring = at
	switch {
	case at.IsZero():
		if q.timer != nil {
			q.timer.Stop()
		}
	case q.timer == nil:
		q.timer = time.AfterFunc(at.Sub(now), func() {
			q.mu.Lock()
			defer q.mu.Unlock()
			q.schedule()
		})
	default:
		q.timer.Reset(at.Sub(now))
	}
}
