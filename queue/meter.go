package queue

import (
	"math"
	"sync/atomic"
	"time"
)

// meter counts the bytes of one running job. Its worker adds, anyone reads;
// the smoothed rate is made when it is read, so that nothing ticks.
type meter struct {
	bytes atomic.Int64    // in place
	speed speed           // guarded by the queue's mutex
	total []*atomic.Int64 // sums that it is part of
}

// start sets the meter to the bytes that are in place already.
func (m *meter) start(at int64, now time.Time) {
	m.bytes.Store(at)
	m.speed = speed{last: at, at: now}
}

// add counts n more bytes moved.
func (m *meter) add(n int64) {
	m.bytes.Add(n)
	for _, t := range m.total {
		t.Add(n)
	}
}

// speed is a rate smoothed over a few seconds. Until as much has been seen, it
// is the mean of what has: the first moment, which may be a burst or a slow
// start, counts no more than any other.
type speed struct {
	last int64
	at   time.Time
	sum  float64 // of the samples, the older the less
	seen float64 // how much of a whole they are, 0 to 1
	rate float64 // sum by seen
}

const (
	speedStep = 200 * time.Millisecond // shorter looks are not samples
	speedGap  = 30 * time.Second       // nobody looked, or the machine slept
	speedOver = 3 * time.Second        // smoothing
)

// look takes a sample and returns bytes a second.
func (s *speed) look(bytes int64, now time.Time) float64 {
	dt := now.Sub(s.at)
	if dt < speedStep {
		return s.rate
	}
	moved := float64(max(bytes-s.last, 0)) / dt.Seconds()
	if dt > speedGap {
		s.sum, s.seen = 0, 0
	}
	share := 1 - math.Exp(-dt.Seconds()/speedOver.Seconds())
	s.sum += share * (moved - s.sum)
	s.seen += share * (1 - s.seen)
	s.last, s.at = bytes, now
	if s.rate = s.sum / s.seen; s.rate < 1 {
		s.rate = 0
	}
	return s.rate
}

// known reports whether there is a rate: what has just begun has none.
func (s *speed) known() bool { return s.seen > 0 || s.rate > 0 }

// anew forgets what was, when it says nothing of what comes; the rate stands
// until there is another.
func (s *speed) anew(bytes int64, now time.Time) {
	*s = speed{last: bytes, at: now, rate: s.rate}
}

// left returns how long bytes take at a rate; -1 when nobody can say.
func left(bytes int64, rate float64) time.Duration {
	if rate <= 0 || bytes < 0 {
		return -1
	}
	s := float64(bytes) / rate
	if s > (1000 * time.Hour).Seconds() {
		return -1
	}
	return time.Duration(s * float64(time.Second))
}
