package queue

import (
	"context"
	"time"
)

// widening finds out how many streams serve a download best: it adds some, and
// goes on while the whole grows by it.
type widening struct {
	n     int // streams that are wanted
	base  int // streams before the last step; 0: none was taken
	rate  float64
	since time.Time // the beginning of what is being measured; zero: nothing
	mark  int64
	done  bool
}

// judge decides what rate with n streams means: it returns how many to have.
func (w *widening) judge(rate float64, most int) int {
	if w.base > 0 && !gained(rate, w.n, w.rate, w.base) {
		w.done = true
		w.n = w.base
		return w.n
	}
	w.base, w.rate = w.n, rate
	if w.n = min(2*w.n, most); w.n == w.base {
		w.done = true
	}
	w.since = time.Time{}
	return w.n
}

// hasten begins with several streams where one is known to be held by the
// distance: it moves at most so much for each answer's time, and the file is
// many times that. Nothing has to be measured for it.
func (s *segments) hasten(ctx context.Context) error {
	s.mu.Lock()
	missing := s.missing()
	s.mu.Unlock()
	n, known := s.t.q.streams(s.trip, missing)
	s.ramp.done = known
	if s.ramp.n = n; n < 2 {
		return nil
	}
	s.spread(n)
	return s.widen(ctx, n)
}

// streams returns how many streams a download of n bytes begins with, from a
// server that takes trip to answer, and whether that is their number for good.
func (q *Queue) streams(trip time.Duration, n int64) (int, bool) {
	switch most := int64(q.opt.Segments); {
	case most > 0:
		return int(max(1, min(most, n/leastPiece))), true
	case trip >= farTrip:
		k := int(max(1, min(mostAuto, n/(5*perTrip))))
		return k, k > 1
	}
	return 1, false
}

// spread cuts what is missing into n pieces that are fetched as sessions come.
// The first is longer by what its stream brings while the others log in: that is
// little where they were asked for ahead, and up to as much again elsewhere.
func (s *segments) spread(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) > 1 {
		return // as it was left
	}
	p := s.list[0]
	all := p.end - p.at
	lead := all / int64(n+1)
	if len(s.t.crew.idle) > 0 {
		lead = min(lead, crewTrips*perTrip)
	}
	step := (all - lead) / int64(n)
	if step < leastPiece {
		return
	}
	for i := n - 1; i > 0; i-- {
		s.split(p, p.at+lead+step*int64(i))
	}
}

// widen asks for sessions until n are at work.
func (s *segments) widen(ctx context.Context, n int) error {
	for {
		s.mu.Lock()
		enough, apart := len(s.workers) >= n || s.closed, s.apart
		s.mu.Unlock()
		if enough {
			return nil
		}
		r := s.t.crew.next()
		if r == nil && !s.t.q.extra(s.ep) {
			return nil
		}
		if !apart {
			if err := s.save(ctx); err != nil { // the length of the file says nothing from now on
				s.t.crew.back(r, s.t.q)
				return err
			}
			s.mu.Lock()
			s.apart = true
			s.mu.Unlock()
		}
		s.start(ctx, nil, nil, r)
	}
}

// look does what is due: a stream more or less, and the record.
func (s *segments) look(ctx context.Context, now time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	apart, due := s.apart, s.dirty && now.Sub(s.saved) >= saveEvery
	for g := range s.workers {
		g.pulse.look(now)
	}
	n, lacks := len(s.workers), s.free() != nil && !s.closed
	s.mu.Unlock()
	if apart && due {
		if err := s.save(ctx); err != nil {
			return err
		}
	}
	switch {
	case n > 1 && s.t.q.contested(s.ep):
		s.narrow(n - 1)
		s.ramp.n, s.ramp.done = n-1, true
	case lacks && n < s.ramp.n && s.ramp.done:
		return s.widen(ctx, s.ramp.n) // what somebody left
	case !s.ramp.done && !s.t.q.limit.tight.Load():
		return s.measure(ctx, now)
	}
	return nil
}

// measure takes a step where a rate has been measured for long enough.
func (s *segments) measure(ctx context.Context, now time.Time) error {
	s.mu.Lock()
	n, streaming, bytes := len(s.workers), 0, s.t.run.meter.bytes.Load()
	settled := 8 * s.trip
	for g := range s.workers {
		if g.moved > 0 && now.Sub(g.began) >= settled {
			streaming++
		}
	}
	missing, closed := s.missing(), s.closed
	s.mu.Unlock()
	r := &s.ramp
	switch {
	case closed:
		r.done = true
		return nil
	case streaming < n:
		r.since = time.Time{}
		return nil
	case r.since.IsZero():
		r.since, r.mark = now, bytes
		return nil
	case now.Sub(r.since) < max(lookFor*time.Duration(min(n, 2)), 5*s.trip):
		return nil
	}
	rate := float64(bytes-r.mark) / now.Sub(r.since).Seconds()
	r.since, r.mark = now, bytes
	if r.n = n; rate <= 0 || float64(missing)/rate < max(2, 2*(trips*s.trip).Seconds()) ||
		n == 1 && s.trip < farTrip && rate >= nearRate {
		return nil
	}
	if to := r.judge(rate, s.most); to > n {
		return s.widen(ctx, to)
	} else {
		s.narrow(to)
	}
	return nil
}

// narrow takes sessions back until n are at work, the youngest streams first.
// What they brought stays.
func (s *segments) narrow(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	live := 0
	for g := range s.workers {
		if g.ctx.Err() == nil {
			live++
		}
	}
	for ; live > n; live-- {
		var young *segment
		for g := range s.workers {
			if g.main || g.ctx.Err() != nil {
				continue
			}
			if young == nil || g.began.IsZero() || !young.began.IsZero() && g.began.After(young.began) {
				young = g
			}
		}
		if young == nil {
			return
		}
		young.cancel()
	}
}
