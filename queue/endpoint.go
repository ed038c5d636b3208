package queue

import (
	"time"
)

const (
	restFor    = 60 * time.Second // an idle session is kept
	growAfter  = 5 * time.Minute  // a learned limit grows by one
	localJobs  = 4                // local jobs at a time
	maxLearned = 1 << 10
)

// endpoint is one address: its sessions, what was learned about it, and what
// stops it. It is guarded by the queue's mutex and reads no clock.
type endpoint struct {
	address string
	local   bool
	max     int
	shy     bool // workers leave one session to browsing

	slots int    // sessions promised: in use or being opened
	live  int    // sessions open, also those that are being closed
	going int    // sessions being closed: the server still counts them
	idle  []rest // the newest last

	learned int       // the server's limit; 0 unknown
	refused time.Time // when it was learned

	ask   *Failure  // the question that everything here waits for
	fails int       // failures in a row
	until time.Time // no new session before
	why   *Failure  // the last of them
	given int       // how often it was given up

	line    []*browser    // waiting for a slot, ahead of the workers
	turn    chan struct{} // holds one: whoever opens a session
	sample  FS            // for Join and Parent; perhaps closed
	info    Info
	browsed bool // one idle session is kept for the panes
}

// rest is an idle session.
type rest struct {
	fs    FS
	since time.Time // its last use
	asked time.Time // when it last had to show that it lives
}

// browser is somebody who waits for a slot.
type browser struct {
	ready chan struct{} // closed when the slot is his
	ok    bool
}

// limit returns how many sessions there may be.
func (e *endpoint) limit(now time.Time) int {
	if e.learned == 0 {
		return e.max
	}
	grown := int(min(now.Sub(e.refused)/growAfter, maxLearned))
	if e.learned+max(grown, 0) >= e.max {
		return e.max
	}
	return e.learned + max(grown, 0)
}

// learn takes a refusal of one session too many.
func (e *endpoint) learn(now time.Time) {
	e.learned, e.refused = max(e.live, 1), now
}

// admits reports whether n workers' sessions may be added.
func (e *endpoint) admits(n int, now time.Time) bool {
	if e.local {
		return e.slots+n <= localJobs
	}
	if len(e.line) > 0 {
		return false
	}
	lim := e.limit(now)
	if e.shy && lim > n {
		lim--
	}
	switch {
	case e.fails == 0:
	case now.Before(e.until):
		lim = min(lim, e.live)
	default:
		lim = min(lim, e.live+1) // one probe
	}
	return e.slots+e.going+n <= lim
}

// room reports whether one more session fits, whatever for.
func (e *endpoint) room(now time.Time) bool { return e.slots+e.going < e.limit(now) }

// fits reports whether n sessions can ever be had at once.
func (e *endpoint) fits(n int, now time.Time) bool { return e.local || n <= e.limit(now) }

// failed counts a failure of the whole endpoint and reports whether it was
// one too many.
func (e *endpoint) failed(ru rules, now time.Time) bool {
	if now.Before(e.until) {
		return false // the same trouble, seen by another worker
	}
	if e.fails++; e.fails >= ru.retries {
		e.fails, e.until = 0, time.Time{}
		return true
	}
	e.until = now.Add(ru.backoff(e.fails))
	return false
}

// pop takes the newest idle session.
func (e *endpoint) pop() FS {
	n := len(e.idle)
	if n == 0 {
		return nil
	}
	fs := e.idle[n-1].fs
	e.idle[n-1] = rest{}
	e.idle = e.idle[:n-1]
	return fs
}

// reap takes out the idle sessions whose rest is over, and returns when the
// next one's will be.
func (e *endpoint) reap(now time.Time) (over []FS, next time.Time) {
	keep := 0
	if e.browsed {
		keep = 1
	}
	for len(e.idle) > keep {
		end := e.idle[0].since.Add(restFor)
		if end.After(now) {
			return over, end
		}
		over = append(over, e.idle[0].fs)
		e.idle = e.idle[1:]
	}
	return over, time.Time{}
}

// serve gives free slots to those who browse.
func (e *endpoint) serve(now time.Time) {
	for len(e.line) > 0 && (e.room(now) || e.ask != nil) {
		b := e.line[0]
		e.line = e.line[1:]
		e.slots++
		b.ok = true
		close(b.ready)
	}
}
