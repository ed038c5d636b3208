package queue

import (
	"bytes"
	"encoding/json"
	"iter"
	"time"
)

// snapChunk is how many jobs are taken down in one hold of the mutex.
const snapChunk = 2048

// globals are what is true of the whole queue.
type globals struct {
	NextID  ID                      `json:"next"`
	Hold    bool                    `json:"hold,omitempty"`
	Limits  string                  `json:"limits,omitempty"`
	Named   int                     `json:"connections,omitempty"` // to one server, as a person set them
	Learned map[string]learnedLimit `json:"learned,omitempty"`     // by server
}

// learnedLimit is a limit that a server told.
type learnedLimit struct {
	Sessions int       `json:"sessions"`
	At       time.Time `json:"at"`
}

// encode returns what changed since the last time. The caller holds the mutex.
func (q *Queue) encode(s *saver) []byte {
	var w writer
	q.list.encode(&w)
	q.encodeGlobals(s, &w)
	return w.buf
}

// encode writes what changed since the last time.
func (l *list) encode(w *writer) {
	ghosts := map[*job]bool{}
	for _, j := range l.changed() {
		if j.root.id == 0 {
			w.root(&l.ledger, j.root)
		}
		w.ghosts(j, ghosts)
		w.job(j)
	}
	for _, o := range l.ledger.ops {
		w.op(o)
	}
	for _, b := range l.ledger.batches {
		w.batch(b)
	}
	l.skip()
}

// ghosts writes the directories' jobs above j that are in the list no more, but
// were written already.
func (w *writer) ghosts(j *job, written map[*job]bool) {
	for p := j.parent; p != nil && p.has(isGone) && !written[p]; p = p.parent {
		written[p] = true
		w.job(p)
	}
}

// encodeGlobals writes what is true of the whole queue, if that changed.
func (q *Queue) encodeGlobals(s *saver, w *writer) {
	g := globals{NextID: q.list.nextID, Hold: q.list.hold, Limits: q.limit.keeps(), Named: q.named, Learned: map[string]learnedLimit{}}
	for key, n := range q.learned {
		g.Learned[key] = n
	}
	for key, s := range q.servers {
		if s.learned > 0 {
			g.Learned[key] = learnedLimit{Sessions: s.learned, At: s.refused.UTC()}
		}
	}
	data, err := json.Marshal(g)
	if err != nil || bytes.Equal(data, s.last) {
		return // all of it can be written
	}
	s.last = data
	w.body = append(w.body, data...)
	w.end(recGlobal)
}

// snapshot yields commits that make the whole list.
func (q *Queue) snapshot(s *saver) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		q.mu.Lock()
		var jobs []*job
		q.list.all(func(j *job) { jobs = append(jobs, j) })
		q.list.skip()
		s.last = nil
		var w writer
		q.encodeGlobals(s, &w)
		q.mu.Unlock()
		roots, ghosts := map[*root]bool{}, map[*job]bool{}
		last := ID(0)
		for {
			n := min(snapChunk, len(jobs))
			last = q.snapChunk(&w, jobs[:n], roots, ghosts, last)
			if jobs = jobs[n:]; !yield(w.buf) || len(jobs) == 0 {
				return
			}
			w.buf = w.buf[:0]
		}
	}
}

// snapChunk writes some jobs and that they stand behind the job with ID at. It
// returns the last that is there.
func (q *Queue) snapChunk(w *writer, jobs []*job, roots map[*root]bool, ghosts map[*job]bool, at ID) ID {
	q.mu.Lock()
	defer q.mu.Unlock()
	place := ledger{on: true}
	for _, j := range jobs {
		if j.has(isGone) {
			continue
		}
		if !roots[j.root] {
			roots[j.root] = true
			w.root(&q.list.ledger, j.root)
		}
		w.ghosts(j, ghosts)
		w.job(j)
		place.placeID(at, j.id)
		at = j.id
	}
	for _, o := range place.ops {
		w.op(o)
	}
	return at
}
