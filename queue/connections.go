package queue

import "time"

// Connections implements [Engine].
func (q *Queue) Connections(by int) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if by == 0 || q.closed {
		return q.opt.Connections
	}
	n := q.opt.Connections
	if n == 0 { // as many as the automatic number is now, where it is most
		n = rampStart
		for _, s := range q.servers {
			if s.live > 0 {
				n = max(n, min(s.ramp.n, s.limit(time.Now())))
			}
		}
	}
	n = min(max(n+by, 1), mostNamed)
	q.opt.Connections = n
	for _, s := range q.servers {
		s.max, s.ramp = n, ramp{}
	}
	q.schedule()
	return n
}

// mostNamed is the highest number of sessions that keys lead to.
const mostNamed = 64
