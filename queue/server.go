package queue

import (
	"sync/atomic"
	"time"
)

const (
	growAfter  = 5 * time.Minute // a learned limit grows by one
	maxLearned = 1 << 10
)

// server is what all addresses share that lead to one host and port, whatever
// their users or settings: its budget of sessions is one, and so are its
// troubles. It is guarded by the queue's mutex and reads no clock.
type server struct {
	max  int  // sessions at most
	shy  bool // workers leave one session to browsing
	ramp ramp // how many of them workers use
	ends []*endpoint

	slots   int // sessions promised: in use or being opened
	live    int // sessions open, also those that are being closed
	going   int // sessions being closed: the server still counts them
	opening int // logins under way

	learned int       // the server's limit; 0 unknown
	refused time.Time // when it was learned
	pace    pace

	fails int       // failures in a row
	trips int       // connections that broke in a row
	until time.Time // no new session before
	why   *Failure  // the last of them
	last  string    // what went wrong last
	given int       // how often it was given up

	line []*browser    // waiting for a slot, ahead of the workers
	turn chan struct{} // holds one: whoever opens a session

	moved atomic.Int64 // bytes, by all sessions
	files int64        // jobs that ended well
}

// progress is what the ramp is fed with.
func (s *server) progress() int64 { return s.moved.Load() + s.files*fileWorth }

// full reports whether workers have all sessions that the ramp gives them.
func (s *server) full() bool { return s.opening == 0 && s.slots >= s.ramp.n && s.live >= s.ramp.n }

// limit returns how many sessions there may be.
func (s *server) limit(now time.Time) int {
	if s.learned == 0 {
		return s.max
	}
	grown := int(min(now.Sub(s.refused)/growAfter, maxLearned))
	return min(s.learned+max(grown, 0), s.max)
}

// learn takes a refusal of one session too many. Logins under way may still
// succeed; each of them that does not teaches anew.
func (s *server) learn(now time.Time) {
	s.learned, s.refused = max(s.live+s.opening, 1), now
}

// share returns how many sessions workers may have.
func (s *server) share(n int, now time.Time) int {
	lim := s.limit(now)
	if s.shy && lim > n {
		lim--
	}
	if s.ramp.n > 0 {
		lim = min(lim, max(s.ramp.n, n))
	}
	switch {
	case !s.ailing():
	case now.Before(s.until):
		lim = min(lim, s.live)
	default:
		lim = min(lim, s.live+1) // one probe
	}
	return lim
}

// room reports whether one more session fits, whatever for.
func (s *server) room(now time.Time) bool { return s.slots+s.going < s.limit(now) }

// failed counts a failure of the whole server and reports whether it was one
// too many.
func (s *server) failed(ru rules, now time.Time) bool {
	if now.Before(s.until) {
		return false // the same trouble, seen by another worker
	}
	if s.fails++; s.fails >= ru.retries {
		s.fails, s.until = 0, time.Time{}
		return true
	}
	s.until = now.Add(ru.backoff(s.fails))
	return false
}

// well forgets the failures: something went well.
func (s *server) well() { s.fails, s.trips, s.until, s.why = 0, 0, time.Time{}, nil }

// ailing reports whether something went wrong since something went well.
func (s *server) ailing() bool { return s.fails+s.trips > 0 }

// stumble takes down that a connection broke. The others may go on, and new
// ones wait a while; that alone never gives the server up. Those that break
// at one time count once, and progress is a sign of life.
func (s *server) stumble(ru rules, why string, progress bool, now time.Time) {
	if now.Before(s.until) {
		return
	}
	s.last = why
	if s.trips++; progress {
		s.trips = 1
	}
	s.until = now.Add(ru.backoff(max(s.trips, s.fails)))
}

// serve gives free slots to those who browse.
func (s *server) serve(now time.Time) {
	for len(s.line) > 0 && (s.room(now) || s.line[0].ep.ask != nil) {
		b := s.line[0]
		s.line = s.line[1:]
		s.slots++
		b.ok = true
		close(b.ready)
	}
}

// spare takes an idle session of another address out, so that e can have one
// in its place.
func (s *server) spare(e *endpoint) (*endpoint, FS) {
	var oldest *endpoint
	for _, o := range s.ends {
		if o != e && len(o.idle) > 0 && (oldest == nil || o.idle[0].since.Before(oldest.idle[0].since)) {
			oldest = o
		}
	}
	if oldest == nil {
		return nil, nil
	}
	fs := oldest.idle[0].fs
	oldest.idle = oldest.idle[1:]
	return oldest, fs
}
