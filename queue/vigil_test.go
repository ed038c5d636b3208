package queue

import (
	"testing"
	"time"
)

func TestVigil(t *testing.T) {
	for name, c := range map[string]struct {
		rate     func(s int) int64 // bytes in place after s seconds
		slow     int               // the second in which it is shown; 0 never
		stalled  int               // the second in which it is given up; 0 never
		expected bool
	}{
		"nothing":             {func(int) int64 { return 0 }, 30, 300, true},
		"a byte a second":     {func(s int) int64 { return int64(s) }, 30, 300, true},
		"four bytes a second": {func(s int) int64 { return int64(4 * s) }, 30, 0, true},
		"plenty":              {func(s int) int64 { return int64(s) << 20 }, 0, 0, true},
		"stops after a while": {func(s int) int64 { return int64(min(s, 100)) << 10 }, 130, 400, true},
		"limited by us":       {func(int) int64 { return 0 }, 0, 0, false},
	} {
		var v vigil
		slow, stalled := 0, 0
		for s := 0; s <= 1000 && stalled == 0; s += 10 {
			if v.look(epoch.Add(time.Duration(s)*time.Second), c.rate(s), c.expected) != nil {
				stalled = s
			}
			if v.slow && slow == 0 {
				slow = s
			}
		}
		if slow != c.slow || stalled != c.stalled {
			t.Errorf("%s: slow in second %d, given up in %d", name, slow, stalled)
		}
	}
}

func TestWatch(t *testing.T) {
	for name, c := range map[string]struct {
		ring       time.Duration // when the timer was to ring; 0: not set
		mono, wall time.Duration // what the clocks say then
		want       bool
	}{
		"in time":                   {10 * time.Second, 10 * time.Second, 10 * time.Second, false},
		"a busy machine":            {10 * time.Second, 35 * time.Second, 35 * time.Second, false},
		"stopped":                   {10 * time.Second, time.Hour, time.Hour, true},
		"nothing to do for long":    {0, time.Hour, time.Hour, false},
		"asleep, and so the clock":  {10 * time.Second, 10 * time.Second, time.Hour, true},
		"asleep with nothing to do": {0, time.Second, time.Hour, true},
		"the wall was set back":     {10 * time.Second, 10 * time.Second, -time.Hour, false},
	} {
		w := watch{}
		w.gap(epoch, epoch)
		if c.ring > 0 {
			w.ring = epoch.Add(c.ring)
		}
		if got := w.gap(epoch.Add(c.mono), epoch.Add(c.wall)); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
		w.ring = time.Time{}
		if w.gap(epoch.Add(c.mono+time.Second), epoch.Add(c.wall+time.Second)) {
			t.Errorf("%s: and again", name)
		}
	}
}

// Connections that break make the next wait, and longer each time, unless
// there is progress.
func TestStumbling(t *testing.T) {
	s := &server{max: 8, live: 3, slots: 3}
	e := &endpoint{server: s}
	now := epoch
	for i, c := range []struct {
		progress bool
		wait     time.Duration
	}{{false, 1}, {false, 2}, {false, 3}, {true, 1}, {false, 2}} {
		s.stumble(testRules, "", c.progress, now)
		s.stumble(testRules, "", c.progress, now) // another one at the same time
		if got := s.until.Sub(now); got != c.wait*time.Second {
			t.Errorf("break %d: %v", i+1, got)
		}
		if e.admits(1, now) {
			t.Errorf("break %d: a new session at once", i+1)
		}
		now = s.until
		if !e.admits(1, now) || e.admits(2, now) {
			t.Errorf("break %d: not one probe", i+1)
		}
	}
	for range 20 {
		s.stumble(testRules, "", false, s.until)
	}
	if s.given > 0 {
		t.Error("given up for what broke")
	}
	if s.well(); !e.admits(5, now) {
		t.Error("not forgiven")
	}
}
