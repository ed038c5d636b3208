package queue

import (
	"context"
	"slices"
	"time"
)

const (
	keepEvery = 50 * time.Second // servers end sessions that are silent for a minute or more
	keepFor   = 30 * time.Minute // after that nobody is coming back soon, and the slot is somebody else's
)

// tend looks after the one idle session that is kept for the panes: it is kept
// alive for a while after its last use, and then closed; whoever comes back
// later waits for a new login. tend returns when it has to be called again. The
// caller holds the mutex.
func (q *Queue) tend(e *endpoint, now time.Time) time.Time {
	if !e.browsed || len(e.idle) != 1 {
		return time.Time{}
	}
	r := e.idle[0]
	end := r.since.Add(keepFor)
	if !end.After(now) {
		fs := e.pop()
		q.part(e, fs)
		return time.Time{}
	}
	k, ok := r.fs.(Keeper)
	if !ok {
		return end
	}
	if due := r.asked.Add(keepEvery); due.After(now) {
		return sooner(due, end)
	}
	e.pop()
	e.slots++ // it is in use for a moment
	q.spawn(func() { q.keep(e, r, k) })
	return time.Time{}
}

// keep lets an idle session say something, and puts it back to rest: it was not
// used by that.
func (q *Queue) keep(e *endpoint, r rest, k Keeper) {
	alive := false
	defer func() {
		q.mu.Lock()
		e.slots--
		if alive = alive && !q.closed; alive {
			r.asked = time.Now()
			e.idle = slices.Insert(e.idle, 0, r) // others were used after it
		} else {
			e.going++
		}
		q.schedule()
		q.mu.Unlock()
		if !alive {
			q.retire(e, r.fs)
		}
	}()
	ctx, untie := q.tied(context.Background())
	defer untie()
	alive = r.fs.Alive() && k.KeepAlive(ctx) == nil && r.fs.Alive()
}
