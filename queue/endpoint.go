package queue

import "time"

const (
	restFor   = 60 * time.Second // an idle session is kept
	localJobs = 4                // local jobs at a time
)

// endpoint is one address: its sessions, what they told, and what it asks.
// Its server is that of the host and port that it leads to. It is guarded by
// the queue's mutex and reads no clock.
type endpoint struct {
	*server
	address string
	local   bool
	own     int    // sessions of this address, also those that are being closed
	idle    []rest // the newest last

	ask    *Failure // the question that everything here waits for
	proven bool     // the last login succeeded: more may be tried at once

	full    full
	sample  FS // for Join and Parent; perhaps closed
	info    Info
	browsed bool // one idle session is kept for the panes
	sumless bool // a session ended over the checksum of a part: none is asked for again
}

// rest is an idle session.
type rest struct {
	fs    FS
	since time.Time // its last use
	asked time.Time // when it last had to show that it lives
}

// browser is somebody who waits for a slot.
type browser struct {
	ep    *endpoint
	ready chan struct{} // closed when the slot is his
	ok    bool
}

// admits reports whether n workers' sessions may be added.
func (e *endpoint) admits(n int, now time.Time) bool {
	switch {
	case e.local:
		return e.slots+n <= localJobs
	case len(e.line) > 0, e.ailing() && now.Before(e.until) && len(e.idle) < n:
		return false
	}
	return e.slots+e.going+n <= e.share(n, now)
}

// fits reports whether n sessions can ever be had at once.
func (e *endpoint) fits(n int, now time.Time) bool { return e.local || n <= e.limit(now) }

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
