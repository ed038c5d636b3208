package queue

// maxAshore is how many downloads may wait for the disk without a session. It
// bounds the files that are open, and what a disk that is slower than the
// network has before it.
const maxAshore = 32

// ashore gives the session of a download and its slot back as soon as the
// server has said all that it has to say: what is left is between us and the
// disk, and the next job need not wait for that. Where too many wait already,
// the session waits too.
func (t *task) ashore() {
	if t.from.ep.local || !t.to.ep.local || t.kind != Copy {
		return
	}
	q := t.q
	q.mu.Lock()
	t.landing = q.landing < maxAshore && !q.closed
	if t.landing {
		q.landing++
	}
	q.mu.Unlock()
	if !t.landing {
		return
	}
	q.put(t.from)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.vacate(t, true)
	q.schedule()
}

// vacate gives back the slots that a task took. The caller holds the mutex.
func (q *Queue) vacate(t *task, good bool) {
	for _, d := range t.lane.needs {
		d.ep.slots -= d.n
		if good {
			d.ep.well()
			d.ep.files++
		}
	}
}
