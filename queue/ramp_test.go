package queue

import (
	"testing"
	"time"
)

// climb feeds a ramp with what a server gives at each number of sessions.
func climb(r *ramp, long time.Duration, speed func(n int) float64) (now time.Time) {
	now = epoch
	progress := 0.0
	for now.Sub(epoch) < long {
		r.look(now, int64(progress), true)
		now = now.Add(50 * time.Millisecond)
		progress += speed(r.n) / 20
	}
	return now
}

func TestRamp(t *testing.T) {
	const mb = 1 << 20
	each := func(most float64) func(int) float64 {
		return func(n int) float64 { return min(float64(n)*4*mb, most) }
	}
	for name, c := range map[string]struct {
		speed func(int) float64
		want  int
		after time.Duration
	}{
		"each brings as much":       {each(1000 * mb), 8, 2 * time.Second},
		"before it was measured":    {each(1000 * mb), 4, 200 * time.Millisecond},
		"more would not help":       {each(17 * mb), 8, 10 * time.Second}, // it was tried, and is kept
		"more makes it slower":      {func(n int) float64 { return 40 * mb / float64(n) }, 4, 10 * time.Second},
		"nothing comes":             {func(int) float64 { return 0 }, 4, 9 * time.Second},
		"small files, far away":     {func(n int) float64 { return float64(n) * 6 * fileWorth }, 8, 2 * time.Second},
		"a trickle says in the end": {func(n int) float64 { return float64(n) * 1000 }, 8, 15 * time.Second},
	} {
		r := newRamp(mostSessions)
		climb(&r, c.after, c.speed)
		if r.n != c.want {
			t.Errorf("%s: %d sessions, want %d", name, r.n, c.want)
		}
	}
}

func TestRampTriesAgain(t *testing.T) {
	r := newRamp(mostSessions)
	now := climb(&r, 5*time.Second, func(n int) float64 { return 4e7 / float64(n) })
	if r.n != 4 {
		t.Fatalf("%d sessions", r.n)
	}
	progress := int64(0)
	for end := now.Add(70 * time.Second); now.Before(end) && r.n == 4; now = now.Add(100 * time.Millisecond) {
		r.look(now, progress, true)
		progress += int64(r.n) * 1 << 20
	}
	if r.n != 8 || now.Sub(epoch) < rampHold {
		t.Errorf("%d sessions after %v", r.n, now.Sub(epoch))
	}
}

func TestRampWaitsForItsSessions(t *testing.T) {
	r := newRamp(mostSessions)
	for i := range 100 {
		if next := r.look(epoch.Add(time.Duration(i)*time.Second), int64(i)<<30, i%2 == 0); i%2 == 1 && !next.IsZero() {
			t.Fatal("looks again though nothing can be said")
		}
	}
	if r.n != 4 {
		t.Errorf("%d sessions", r.n)
	}
	r.urge()
	if r.n != 8 {
		t.Errorf("%d sessions when urged", r.n)
	}
	fixed := ramp{}
	if fixed.urge(); fixed.look(epoch, 0, true) != (time.Time{}) || fixed.n != 0 {
		t.Error("a fixed number moved")
	}
}

// F15: a burst, then one in 300 ms.
func TestPace(t *testing.T) {
	var p pace
	now := epoch
	for i := range 30 {
		wait := p.wait(now)
		if want := i >= paceBurst; want != (wait > 0) {
			t.Errorf("session %d waits %v", i+1, wait)
		}
		if now = now.Add(wait); wait > paceStep {
			t.Errorf("session %d waits %v", i+1, wait)
		}
		p.take(now)
	}
	if got := now.Sub(epoch); got != (30-paceBurst)*paceStep {
		t.Errorf("30 sessions took %v", got)
	}
	if p.wait(now.Add(time.Minute)) != 0 {
		t.Error("nothing is forgiven")
	}
}
