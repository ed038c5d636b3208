package queue

import "time"

// mostNamed is the highest number of sessions that keys lead to.
const mostNamed = 64

// Connections implements [Engine].
func (q *Queue) Connections(by int) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if by == 0 || q.closed {
		return q.opt.Connections
	}
	q.allow(q.counted(by))
	q.named = q.opt.Connections
	if q.saver != nil {
		q.saver.nudge()
	}
	q.schedule()
	return q.opt.Connections
}

// counted returns the number that is by more than the one that counts. One
// less than one is automatic: there is no other way back to that.
func (q *Queue) counted(by int) int {
	n := q.opt.Connections
	if n == 1 && by < 0 {
		return 0
	}
	if n == 0 { // as many as the automatic number is now, where it is most
		n = rampStart
		for _, s := range q.servers {
			if s.live > 0 {
				n = max(n, min(s.ramp.n, s.limit(time.Now())))
			}
		}
	}
	return min(max(n+by, 1), mostNamed)
}

// allow has n sessions at one server from now on; 0: automatic. The caller
// holds the mutex.
func (q *Queue) allow(n int) {
	q.opt.Connections = n
	for key, s := range q.servers {
		s.allow(n, key != Local)
	}
}

// allow has n sessions at most; 0: as many as serve best.
func (s *server) allow(n int, remote bool) {
	s.max, s.ramp = n, ramp{}
	if n > 0 || !remote {
		return
	}
	s.max, s.ramp = mostSessions, newRamp(mostSessions)
	if s.shy {
		s.ramp.top-- // the rest is for browsing
	}
}

// recall takes over the number that a person set in an earlier process. One
// that this process was started with counts before it, and is not kept. The
// caller holds the mutex.
func (q *Queue) recall(n int) {
	q.named = min(max(n, 0), mostNamed)
	if q.opt.Connections == 0 {
		q.allow(q.named)
	}
}

// narrowness says why a copy within a server cannot be made, and what helps. A
// number that a person set is no word of the server's.
func (e *endpoint) narrowness() string {
	if e.max == 1 {
		return e.address + ": a copy within one server takes two connections, and one is allowed here; + in the queue, or --connections 2, allows more"
	}
	return e.address + " allows one connection only; copying within it takes two; copy to this machine first, and from here back, or try again in a few minutes"
}
