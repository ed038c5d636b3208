package queue

// turn works on a job until it has to stop, and returns the worker's next turn
// or nil.
type turn func() turn

// employ gives a turn to the worker that has just ended another one, or to a
// new one: among small files most of what a new goroutine costs is to be given
// a thread. The caller holds the mutex.
func (q *Queue) employ(w turn) {
	if q.heir != nil && *q.heir == nil {
		*q.heir = w
		return
	}
	q.spawn(func() {
		for next := w; next != nil; {
			next = next()
		}
	})
}

// succeed calls f and returns the first turn that it started, which is the
// caller's. After a fault of f nobody returns to it, and another worker takes the
// turn: its job has begun. The caller holds the mutex.
func (q *Queue) succeed(f func()) (heir turn) {
	q.heir = &heir
	whole := false
	defer func() {
		q.heir = nil
		if !whole && heir != nil {
			q.employ(heir)
		}
	}()
	f()
	whole = true
	return heir
}
