package queue

import "time"

// rateOver is what the speed of a stream is measured over: its first round trips
// are slow, and say little about what is to come.
const rateOver = 500 * time.Millisecond

// pulse is the speed of a stream lately. The mutex of its segments guards it.
type pulse struct {
	began time.Time // of the stream; zero: none yet
	moved int64     // bytes by it
	since time.Time // the beginning of what is being measured
	mark  int64     // the bytes then
	rate  float64   // bytes a second, when last measured; 0: not yet
}

// begin is told of a new stream.
func (p *pulse) begin(now time.Time) { *p = pulse{began: now, since: now} }

// look measures, where it is time to.
func (p *pulse) look(now time.Time) {
	if took := now.Sub(p.since); !p.began.IsZero() && took >= rateOver {
		p.rate = float64(p.moved-p.mark) / took.Seconds()
		p.since, p.mark = now, p.moved
	}
}

// speed is the bytes a second of the stream.
func (p *pulse) speed(now time.Time) float64 {
	d := now.Sub(p.began).Seconds()
	switch {
	case p.rate > 0:
		return p.rate
	case p.began.IsZero() || d <= 0:
		return 0
	}
	return float64(p.moved) / d
}

// seconds is how long a stream has to go; 0 while it is too young to tell.
func (g *segment) seconds(now time.Time) float64 {
	r := g.speed(now)
	if r == 0 || now.Sub(g.began) < max(4*g.s.trip, 100*time.Millisecond) {
		return 0
	}
	return float64(g.piece.end-g.piece.at) / r
}

// cost is what a new stream costs before it brings anything, in seconds: its
// round trips, and twice what the last one took where that is more. On a full
// link each answer waits behind the data of the others.
func (s *segments) cost(again bool) float64 {
	n := time.Duration(4)
	if again {
		n = 6
	}
	return max(2*n*s.trip, 2*s.slow, 100*time.Millisecond).Seconds()
}

// opened takes down how long the session of g took to end one stream and begin
// another.
func (g *segment) opened() {
	if g.asked.IsZero() {
		return
	}
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	g.s.slow = time.Since(g.asked)
	g.asked = time.Time{}
}
