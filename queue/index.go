package queue

import (
	"container/heap"
	"fmt"
	"time"
)

// table finds jobs by ID: IDs only grow, so pages of pointers do.
type table struct {
	pages map[ID]*page
}

type page struct {
	jobs [1024]*job
	n    int
}

func (t *table) get(id ID) *job {
	if p := t.pages[id/1024]; p != nil {
		return p.jobs[id%1024]
	}
	return nil
}

func (t *table) put(j *job) {
	p := t.pages[j.id/1024]
	if p == nil {
		if t.pages == nil {
			t.pages = map[ID]*page{}
		}
		p = &page{}
		t.pages[j.id/1024] = p
	}
	p.jobs[j.id%1024] = j
	p.n++
}

func (t *table) drop(j *job) {
	p := t.pages[j.id/1024]
	p.jobs[j.id%1024] = nil
	if p.n--; p.n == 0 {
		delete(t.pages, j.id/1024)
	}
}

// chain is jobs in a row, linked by their older and newer.
type chain struct{ oldest, newest *job }

// holds reports whether j is in.
func (c *chain) holds(j *job) bool { return c.oldest == j || j.older != nil }

// link puts j behind at (nil: first).
func (c *chain) link(at, j *job) {
	j.older = at
	if at == nil {
		j.newer, c.oldest = c.oldest, j
	} else {
		j.newer, at.newer = at.newer, j
	}
	if j.newer == nil {
		c.newest = j
	} else {
		j.newer.older = j
	}
}

// unlink takes j out; a job that is not in stays so.
func (c *chain) unlink(j *job) {
	if !c.holds(j) {
		return
	}
	if j.older != nil {
		j.older.newer = j.newer
	} else {
		c.oldest = j.newer
	}
	if j.newer != nil {
		j.newer.older = j.older
	} else {
		c.newest = j.older
	}
	j.older, j.newer = nil, nil
}

// size counts the jobs.
func (c *chain) size() (n int) {
	for j := c.oldest; j != nil; j = j.newer {
		n++
	}
	return n
}

// history holds the jobs in order of their last change. A mark stays where
// its reader stopped, so that reading on costs nothing per job passed.
type history struct {
	chain
	version uint64
	mark    job
}

// touch gives j the newest version.
func (h *history) touch(j *job) {
	h.unlink(j)
	h.version++
	j.version = h.version
	h.link(h.newest, j)
}

// since calls yield for jobs that changed after version v, oldest change
// first, until it has taken n.
func (h *history) since(v uint64, n int, yield func(*job)) {
	j := h.oldest
	switch {
	case v >= h.version:
		return
	case h.mark.version == v && v > 0:
		j = h.mark.newer
	case v > 0:
		j = h.newest
		for j != nil && (j == &h.mark || j.version > v) {
			j = j.older
		}
		if j == nil {
			j = h.oldest
		} else {
			j = j.newer
		}
	}
	last := (*job)(nil)
	for ; j != nil && n > 0; j = j.newer {
		if j == &h.mark {
			continue
		}
		yield(j)
		last = j
		n--
	}
	if last != nil {
		h.unlink(&h.mark)
		h.mark.version = last.version
		h.link(last, &h.mark)
	}
}

// waits is a heap of jobs that back off, the soonest first.
type waits []*job

// Len implements heap.Interface.
func (w waits) Len() int { return len(w) }

// Less implements heap.Interface.
func (w waits) Less(a, b int) bool {
	if !w[a].x.due.Equal(w[b].x.due) {
		return w[a].x.due.Before(w[b].x.due)
	}
	return w[a].id < w[b].id
}

// Swap implements heap.Interface.
func (w waits) Swap(a, b int) {
	w[a], w[b] = w[b], w[a]
	w[a].x.slot, w[b].x.slot = a+1, b+1
}

// Push implements heap.Interface.
func (w *waits) Push(v any) {
	j := v.(*job)
	*w = append(*w, j)
	j.x.slot = len(*w)
}

// Pop implements heap.Interface.
func (w *waits) Pop() any {
	old := *w
	j := old[len(old)-1]
	old[len(old)-1] = nil
	*w = old[:len(old)-1]
	j.x.slot = 0
	return j
}

// wait makes j wait until due; zero: no longer. The caller has taken it out.
func (l *list) wait(j *job, due time.Time) {
	if j.x == nil {
		return
	}
	if j.x.slot > 0 {
		heap.Remove(&l.waits, j.x.slot-1)
	}
	if j.x.due = due; !due.IsZero() {
		heap.Push(&l.waits, j)
	}
}

// lock is a target that a job is writing.
type lock struct {
	holder *job
	line   []*job // parked, first come first
}

// take gives the target to j, or parks j until the holder ends.
func (l *list) take(j *job, key string) bool {
	k := l.locks[key]
	switch {
	case k == nil:
		l.locks[key] = &lock{holder: j}
		return true
	case k.holder == j:
		return true
	default:
		j.more().parked = key
		k.line = append(k.line, j)
		return false
	}
}

// free lets the jobs go on that wait for the target.
func (l *list) free(j *job, key string) {
	k := l.locks[key]
	if k == nil || k.holder != j {
		return
	}
	delete(l.locks, key)
	for _, w := range k.line {
		if w.x == nil || w.x.parked != key || w.has(isGone) {
			continue
		}
		l.out(w)
		w.x.parked = ""
		l.in(w)
	}
}

// plural is "3 of 120 failed".
func plural(n, of int, what string) string { return fmt.Sprintf("%d of %d %s", n, of, what) }
