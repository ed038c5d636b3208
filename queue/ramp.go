package queue

import "time"

const (
	mostSessions = 8 // at one server, where nobody named a number
	rampStart    = 4
	rampLook     = 300 * time.Millisecond // what is shorter says little
	rampLong     = 10 * time.Second       // what is longer says enough
	rampHold     = time.Minute            // before another step is tried
	fileWorth    = 128 << 10              // bytes: what a file counts beyond its own
	rampLittle   = 8 * fileWorth          // what is less says little
)

// ramp finds out how many sessions serve best. It starts small and doubles
// while that makes the whole faster, holds where it does not help, and goes
// back where it hurts. Speed is progress over time; progress is bytes and a
// fixed number of them for every file, so that one measure serves many small
// files and few big ones.
type ramp struct {
	n     int       // sessions that workers may have; 0: as many as there may be
	top   int       // never more
	since time.Time // the beginning of what is being measured; zero: nothing
	mark  int64     // the progress then
	base  int       // sessions before the last step; 0: none was taken
	rate  float64   // the speed with them
	next  time.Time // no step before
}

// newRamp returns a ramp to at most top sessions.
func newRamp(top int) ramp { return ramp{n: min(rampStart, top), top: top} }

// look is told the progress, and whether all n sessions are at work. It
// returns when to look again; zero: whenever something changes.
func (r *ramp) look(now time.Time, progress int64, full bool) time.Time {
	if r.n == 0 || !full {
		r.since = time.Time{}
		return time.Time{}
	}
	if now.Before(r.next) {
		r.since = time.Time{}
		return r.next
	}
	took, made := now.Sub(r.since), progress-r.mark
	switch {
	case r.since.IsZero() || took < 0:
		r.since, r.mark = now, progress
		return now.Add(rampLook)
	case took < rampLook:
		return r.since.Add(rampLook)
	case made < rampLittle && took < rampLong:
		return now.Add(rampLook)
	}
	r.since, r.mark = now, progress
	r.judge(float64(made)/took.Seconds(), now)
	return now.Add(rampLook)
}

// judge decides what a speed with n sessions means.
func (r *ramp) judge(rate float64, now time.Time) {
	tried := r.base > 0 && r.n > r.base
	switch {
	case tried && rate < 0.9*r.rate:
		r.n = r.base
		r.hold(rate, now)
	case tried && !gained(rate, r.n, r.rate, r.base) || r.n >= r.top:
		r.hold(rate, now)
	default:
		r.base, r.rate = r.n, rate
		r.n = min(2*r.n, r.top)
		r.since = time.Time{}
	}
}

// gained reports whether a rate with n streams is worth them, where base of them
// made the rate before: they bring a quarter of what as many had brought.
func gained(rate float64, n int, before float64, base int) bool {
	return rate >= before*(1+0.25*float64(n-base)/float64(base))
}

// hold keeps the number for a while.
func (r *ramp) hold(rate float64, now time.Time) {
	r.base, r.rate = r.n, rate
	r.next = now.Add(rampHold)
}

// urge takes all steps at once: for work that is known to be worth it.
func (r *ramp) urge() {
	if r.n > 0 && r.base == 0 {
		r.n = r.top
	}
}
