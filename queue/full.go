package queue

import (
	"context"
	"strings"
	"time"
)

const (
	fullProbe = 3 * time.Minute  // then one job tries whether there is room again
	fullLook  = 10 * time.Second // the local disk is asked how much is free
	fullRoom  = 1 << 20          // bytes: less is no room
)

// full is an endpoint that takes no more bytes. What writes there waits;
// everything else goes on.
type full struct {
	why    *Failure  // nil: there is room
	until  time.Time // then one job tries
	trying bool

	path string    // where bytes were to go; for the local disk
	need int64     // how many
	free int64     // how many were free at the first look; -1: not looked yet
	look time.Time // the next one; zero: looking does not help
}

// writes returns the endpoint that a job of the lane adds bytes to, nil if
// none: what one session does alone frees them, or moves names.
func (n *lane) writes() *endpoint { return n.dst }

// stopped reports whether a job of the lane would write where no room is.
func (n *lane) stopped(now time.Time) bool {
	e := n.writes()
	return e != nil && e.full.why != nil && (e.full.trying || now.Before(e.full.until))
}

// fill takes down that e takes no more; j was to write there.
func (e *endpoint) fill(j *job, f *Failure, now time.Time) {
	if e.full.why != nil {
		e.full.trying, e.full.until = false, now.Add(fullProbe)
		return
	}
	e.full = full{why: f, until: now.Add(fullProbe), path: j.root.dst.Path, need: fullRoom + max(j.size-j.done, 0), free: -1}
	if e.local {
		e.full.look = now
	}
}

// tried takes what came of the one job that tried.
func (e *endpoint) tried(good bool, now time.Time) {
	switch {
	case e.full.why == nil || !e.full.trying:
	case good:
		e.full = full{}
	default:
		e.full.trying, e.full.until = false, now
	}
}

// roomy takes a look at what is free, and reports whether there is room again.
// Where much was free when the disk was full, what is free says nothing: it
// was a quota that was used up.
func (f *full) roomy(free int64, now time.Time) bool {
	f.look = now.Add(fullLook)
	switch {
	case f.free < 0 && free >= f.need:
		f.look = time.Time{}
	case f.free < 0:
		f.free = free
	}
	return free >= f.need && !f.look.IsZero()
}

// word is what a screen says about e while it is full.
func (e *endpoint) word() string {
	if e.local {
		return e.full.why.Text
	}
	name := e.info.Name
	if name == "" {
		name = e.address
	}
	return name + " takes no more: " + e.full.why.Text
}

// stops says what stands still because an end is full, "" if nothing does.
func (l *list) stops() string {
	var words []string
	seen := map[*endpoint]bool{}
	for _, n := range l.lanes {
		if e := n.writes(); e != nil && e.full.why != nil && !seen[e] {
			seen[e] = true
			words = append(words, e.word())
		}
	}
	return strings.Join(words, "; ")
}

// stuck reports whether jobs are ready and none of them can start before there
// is room again.
func (l *list) stuck(now time.Time) bool {
	return len(l.runs) == 0 && len(l.waits) == 0 && l.next(anyLane) != nil &&
		l.next(func(n *lane) bool { return !n.stopped(now) && !n.filled() }) == nil
}

func anyLane(*lane) bool { return true }

// filled reports whether the lane's target is full, also while one job tries.
func (n *lane) filled() bool { return n.writes() != nil && n.writes().full.why != nil }

// unfill lets what waits for room where jobs write try again.
func (l *list) unfill(ids []ID) {
	for _, id := range ids {
		if j := l.jobs.get(id); j != nil && j.root.lane.writes() != nil {
			j.root.lane.writes().full = full{}
		}
	}
}

// empty lets everything that waits for room try again.
func (l *list) empty() {
	for _, n := range l.lanes {
		if e := n.writes(); e != nil {
			e.full = full{}
		}
	}
}

// lookForRoom asks the local disk, as often as it is due, whether there is room
// again. It returns when to call it next. The caller holds the mutex.
func (q *Queue) lookForRoom(now time.Time) time.Time {
	var next time.Time
	for _, e := range q.ends {
		f := &e.full
		if f.why == nil {
			continue
		}
		if s, ok := q.opt.Local.(Roomer); ok && e.local && !f.look.IsZero() {
			if !f.look.After(now) {
				f.look = now.Add(fullLook)
				path := f.path
				q.spawn(func() { q.measure(e, s, path) })
			}
			next = sooner(next, f.look)
		}
		if !f.trying {
			next = sooner(next, f.until)
		}
	}
	return next
}

// measure asks the local disk once.
func (q *Queue) measure(e *endpoint, s Roomer, path string) {
	ctx, untie := q.tied(context.Background())
	free, err := s.Room(ctx, path)
	untie()
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case err != nil || e.full.why == nil:
	case e.full.roomy(free, time.Now()):
		e.full = full{}
		q.schedule()
	}
}
