package queue

import (
	"slices"
	"time"
)

// strip is a range of a file that is sent: what is before at has been given to
// the stream that sends it, what is behind at is still to go.
type strip struct {
	from, at, end int64
	busy          bool // a stream sends it
	extra         bool // one that is not the job's own
	sure          bool // the server has said that it has all of it
	began         time.Time
}

// strips are a file, in order and without gaps. It is pure.
type strips struct {
	list []*strip
	size int64
}

// newStrips makes the strips of a file of which spans are in place.
func newStrips(size int64, spans [][2]int64) strips {
	ss := strips{size: size}
	at := int64(0)
	for _, s := range append(slices.Clone(spans), [2]int64{size, size}) {
		if s[0] > at {
			ss.list = append(ss.list, &strip{from: at, at: at, end: s[0]})
		}
		if s[1] > s[0] {
			ss.list = append(ss.list, &strip{from: s[0], at: s[1], end: s[1], sure: true})
		}
		at = s[1]
	}
	return ss
}

// spans are the ranges that the server should have by now. What was sent last
// may be on its way still: so much of it is left out.
func (ss *strips) spans(onWay int64) [][2]int64 {
	out := [][2]int64{}
	for _, p := range ss.list {
		end := p.end
		if !p.sure {
			end = p.at - onWay
		}
		if end <= p.from {
			continue
		}
		if n := len(out); n > 0 && out[n-1][1] == p.from {
			out[n-1][1] = end
			continue
		}
		out = append(out, [2]int64{p.from, end})
	}
	return out
}

// whole reports that the server has said that it has all.
func (ss *strips) whole() bool {
	return !slices.ContainsFunc(ss.list, func(p *strip) bool { return !p.sure })
}

// free returns the largest strip that nobody sends, nil without one.
func (ss *strips) free() *strip {
	var best *strip
	for _, p := range ss.list {
		if !p.busy && !p.sure && (best == nil || p.end-p.at > best.end-best.at) {
			best = p
		}
	}
	return best
}

// slowest returns the strip that ends last, by the speed of each, of those that
// are worth to be sent by two.
func (ss *strips) slowest(now time.Time) *strip {
	var best *strip
	for _, p := range ss.list {
		if !p.busy || p.end-p.at < 2*leastPiece || len(ss.list) >= mostPieces {
			continue
		}
		if best == nil || p.left(now) > best.left(now) {
			best = p
		}
	}
	return best
}

// split ends p at m, and returns what is behind.
func (ss *strips) split(p *strip, m int64) *strip {
	n := &strip{from: m, at: m, end: p.end}
	p.end = m
	ss.list = slices.Insert(ss.list, slices.Index(ss.list, p)+1, n)
	return n
}

// spread cuts what is missing for n streams. The first of a file of which nothing
// is there is twice as long: it runs while the others log in.
func (ss *strips) spread(n int) {
	if len(ss.list) == 1 && !ss.list[0].sure {
		n := min(int64(n), ss.size/leastPiece)
		step := ss.size / (n + 1)
		for i := n - 1; i > 0; i-- {
			ss.split(ss.list[0], step*(i+1))
		}
		return
	}
	for p := ss.free(); p != nil && p.end-p.at >= 2*leastPiece; p = ss.free() {
		open := 0
		for _, o := range ss.list {
			if !o.sure {
				open++
			}
		}
		if open >= n {
			return
		}
		ss.split(p, p.at+(p.end-p.at)/2)
	}
}

// rate is the bytes a second of a strip's stream.
func (p *strip) rate(now time.Time) float64 {
	if d := now.Sub(p.began).Seconds(); d > 0 {
		return float64(p.at-p.from) / d
	}
	return 0
}

// left is how many seconds a strip has to go; 0 while nobody can tell.
func (p *strip) left(now time.Time) float64 {
	if r := p.rate(now); r > 0 {
		return float64(p.end-p.at) / r
	}
	return 0
}
