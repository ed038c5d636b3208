package queue

import (
	"errors"
	"syscall"
	"time"
)

// shortWait is how long a job waits when the system was short of something.
const shortWait = 2 * time.Second

// scarce reports whether an error says that this process, or this machine, has
// used up its open files or its ports. No job and no server is to blame.
func scarce(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.EADDRNOTAVAIL)
}

// shrink takes one session less, for a while: each holds several open files.
// Workers that fail at the same moment count as one.
func (s *server) shrink(now time.Time) {
	if s.learned > 0 && now.Sub(s.refused) < shortWait/2 {
		return
	}
	s.learned, s.refused = max(min(s.live+s.opening, s.limit(now))-1, 1), now
}
