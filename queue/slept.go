package queue

import "time"

// sleptFor is a gap that no busy machine explains.
const sleptFor = 30 * time.Second

// watch notices that this process stood still, or the whole machine: the
// clock for waiting goes on in the first case and may stand still in the
// second, while the one on the wall never does. That somebody set the clock on
// the wall looks the same; it costs a few logins.
type watch struct {
	ring       time.Time // when the timer was to ring; zero: it is not set
	mono, wall time.Time // the last look
}

// gap reports whether time stood still since the last look.
func (w *watch) gap(mono, wall time.Time) bool {
	late := !w.ring.IsZero() && mono.Sub(w.ring) > sleptFor
	ahead := !w.mono.IsZero() && wall.Sub(w.wall)-mono.Sub(w.mono) > sleptFor
	w.mono, w.wall = mono, wall
	return late || ahead
}

// awake deals with a sleep: idle sessions are taken for dead, and running jobs
// have to show life. The caller holds the mutex.
func (q *Queue) awake(now time.Time) {
	if !q.watch.gap(now, q.wall()) {
		return
	}
	for _, e := range q.ends {
		e.proven = false
		for fs := e.pop(); fs != nil; fs = e.pop() {
			q.part(e, fs)
		}
	}
	for j := range q.list.runs {
		j.x.run.vigil.woken(now, j.x.run.meter.bytes.Load())
	}
	q.due = now
}
