package queue

import "time"

const (
	pulseEvery = 10 * time.Second // running jobs are looked at
	slowAfter  = 30 * time.Second // with less than crawl: shown as slow
	stallAfter = 5 * time.Minute  // and then given up
	crawl      = 1 << 10          // bytes
	lifeFor    = 5 * time.Second  // to show life after a sleep
)

// vigil watches whether the bytes of a running job come: some servers, and some
// networks, let one through now and then for ever.
type vigil struct {
	since time.Time // of the last crawl bytes; zero: nothing is watched
	mark  int64     // bytes then
	slow  bool
	life  time.Time // when it has to have shown life; zero: it need not
	alive int64     // bytes when that was asked
}

// look is told the bytes that are in place, and whether they are expected to
// move as fast as they can. It says what is wrong, nil if nothing is.
func (f *vigil) look(now time.Time, bytes int64, expected bool) *Failure {
	if !expected {
		*f = vigil{}
		return nil
	}
	if !f.life.IsZero() && !now.Before(f.life) {
		f.life = time.Time{}
		if bytes == f.alive {
			return Fail(ClassAttempt, "the connection did not outlive the sleep of this machine", nil)
		}
	}
	if f.since.IsZero() || bytes < f.mark || bytes-f.mark >= crawl {
		f.since, f.mark, f.slow = now, bytes, false
		return nil
	}
	d := now.Sub(f.since)
	f.slow = d >= slowAfter
	if d < stallAfter {
		return nil
	}
	return Fail(ClassAttempt, "stalled: less than 1 KiB came in 5 minutes", nil)
}

// woken is told that time stood still: the gap is no stall, but the other end
// may be gone.
func (f *vigil) woken(now time.Time, bytes int64) {
	f.since, f.mark, f.slow = now, bytes, false
	f.life, f.alive = now.Add(lifeFor), bytes
}

// pulse looks at the running jobs when it is due, and returns when it is next.
// The caller holds the mutex.
func (q *Queue) pulse(now time.Time) time.Time {
	if len(q.list.runs) == 0 {
		q.due = time.Time{}
		return q.due
	}
	if now.Before(q.due) {
		return q.due
	}
	q.due = now.Add(pulseEvery)
	limited := q.limit.tight.Load()
	for j := range q.list.runs {
		r := j.x.run
		if why := r.vigil.look(now, r.meter.bytes.Load(), r.pouring && j.state == running && !limited); why != nil {
			r.abort(why)
		}
		q.due = sooner(q.due, r.vigil.life)
	}
	return q.due
}
