package queue

import "time"

// put takes a session back: to rest, or out.
func (q *Queue) put(s *session) {
	if s == nil || s.fs == nil || s.ep.local {
		return
	}
	e, fs := s.ep, s.fs
	s.fs = nil
	alive := !s.broken && q.lives(fs)
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

// lives reports whether a session can serve another operation. One that faults
// cannot, and must not keep its job from ending.
func (q *Queue) lives(fs FS) (alive bool) {
	defer func() {
		if p := recover(); p != nil {
			_ = q.fault(p) // it stands in the log
			alive = false
		}
	}()
	return fs.Alive()
}

// discard closes a session in the background: a goodbye may take a while.
// Until it is said the server counts the session, and so do we.
func (q *Queue) discard(e *endpoint, fs FS) {
	q.mu.Lock()
	closed := q.closed
	if closed {
		e.going++
	} else {
		q.part(e, fs)
	}
	q.mu.Unlock()
	if closed {
		q.retire(e, fs)
	}
}

// part begins a goodbye. The caller holds the mutex.
func (q *Queue) part(e *endpoint, fs FS) {
	e.going++
	q.spawn(func() { q.retire(e, fs) })
}

// retire says goodbye to an idle session.
func (q *Queue) retire(e *endpoint, fs FS) {
	defer func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		e.live--
		e.own--
		e.going--
		q.schedule()
	}()
	_ = fs.Close() // nobody can do anything about it
}
