package queue

import "time"

// extra takes a slot at e for one more session of a running job, when no job
// that is ready wants it. With true the caller calls open (as a worker), and
// gives the session back with give; where open failed, give(&session{ep: e}).
func (q *Queue) extra(e *endpoint) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || e.local || e.ask != nil || q.wanted(e) {
		return false
	}
	e.ramp.urge() // who asks knows that there is work for all
	if !e.admits(1, time.Now()) {
		return false
	}
	e.slots++
	return true
}

// contested reports whether a ready job, or somebody who browses, waits for a
// session at e: whoever has an extra one gives it back.
func (q *Queue) contested(e *endpoint) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(e.line) > 0 || q.wanted(e)
}

// wanted reports whether a job is ready that needs a session at e's server.
// The caller holds the mutex.
func (q *Queue) wanted(e *endpoint) bool {
	return q.list.next(func(n *lane) bool {
		return n.asking() == nil && !n.filled() && (n.src.server == e.server || n.dst != nil && n.dst.server == e.server)
	}) != nil
}
