//go:build unix

package faults

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// sky is what can happen to a server and the way to it.
type sky interface {
	cut(on bool)  // nothing passes, and nobody is told
	full(on bool) // new connections are answered with 421
	dead(on bool) // the server is killed, or started again
	reset()       // some connections break
}

// span is a range of times.
type span struct{ from, to time.Duration }

func (s span) pick(rng *rand.Rand) time.Duration {
	return s.from + time.Duration(rng.Int64N(int64(max(s.to-s.from, 1))))
}

// weather is how often something happens, and for how long.
type weather struct {
	calm, cut, full, dead span
}

// events counts what happened.
type events map[string]int

func (e events) String() string {
	var words []string
	for _, k := range slices.Sorted(maps.Keys(e)) {
		words = append(words, fmt.Sprintf("%d %s", e[k], k))
	}
	return strings.Join(words, ", ")
}

// blow lets things happen until ctx ends. Each kind comes once in a round, so
// that also a short run has them all.
func (w weather) blow(ctx context.Context, s sky, rng *rand.Rand) events {
	seen := events{}
	for {
		for _, kind := range rng.Perm(4) {
			if !wait(time.Now().Add(w.calm.pick(rng)), ctx.Done()) {
				return seen
			}
			var name string
			var turn func(bool)
			var long span
			switch kind {
			case 0:
				name, turn, long = "cuts", s.cut, w.cut
			case 1:
				name, turn, long = "storms of 421", s.full, w.full
			case 2:
				name, turn, long = "deaths of the server", s.dead, w.dead
			default:
				s.reset()
				seen["resets"]++
				continue
			}
			if long.to == 0 {
				continue
			}
			turn(true)
			wait(time.Now().Add(long.pick(rng)), ctx.Done())
			turn(false)
			seen[name]++
		}
	}
}

// over is the sky over a relay.
type over struct{ *relay }

func (o over) cut(on bool) { o.line.cut(on) }

func (o over) full(on bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.relay.full = on
}

func (o over) dead(on bool) {
	o.mu.Lock()
	o.relay.dead = on
	o.mu.Unlock()
	if on {
		o.relay.reset(func(*passage) bool { return true })
	}
}

func (o over) reset() {
	o.relay.reset(func(*passage) bool { return o.rng.Float64() < 0.5 })
}
