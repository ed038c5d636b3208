package queue

import (
	"testing"
	"time"
)

// F14: limit 3 → 1 → 3.
func TestALearnedLimitGrowsBack(t *testing.T) {
	e := &server{max: 4, live: 1}
	e.learn(epoch)
	for minutes, want := range map[int]int{0: 1, 4: 1, 5: 2, 10: 3, 15: 4, 600: 4, -60: 1} {
		if got := e.limit(epoch.Add(time.Duration(minutes) * time.Minute)); got != want {
			t.Errorf("after %d min: %d, want %d", minutes, got, want)
		}
	}
	e.live = 0
	e.learn(epoch)
	if e.limit(epoch) != 1 {
		t.Error("never below one")
	}
}

func TestAdmission(t *testing.T) {
	later := epoch.Add(time.Minute)
	for name, c := range map[string]struct {
		e    endpoint
		n    int
		want bool
	}{
		"free":                {endpoint{server: &server{max: 4, slots: 3}}, 1, true},
		"full":                {endpoint{server: &server{max: 4, slots: 4}}, 1, false},
		"two at once":         {endpoint{server: &server{max: 4, slots: 3}}, 2, false},
		"one says goodbye":    {endpoint{server: &server{max: 4, slots: 3, going: 1}}, 1, false},
		"somebody browses":    {endpoint{server: &server{max: 4, line: []*browser{{}}}}, 1, false},
		"kept for the panes":  {endpoint{server: &server{max: 4, slots: 3, shy: true}}, 1, false},
		"but not the only":    {endpoint{server: &server{max: 1, shy: true}}, 1, true},
		"backing off":         {endpoint{server: &server{max: 4, fails: 1, until: later}}, 1, false},
		"backing off, alive":  {endpoint{server: &server{max: 4, fails: 1, until: later, live: 1}, idle: []rest{{}}}, 1, true},
		"a probe":             {endpoint{server: &server{max: 4, fails: 1, until: epoch}}, 1, true},
		"one probe":           {endpoint{server: &server{max: 4, fails: 1, until: epoch, slots: 1}}, 1, false},
		"local":               {endpoint{local: true, server: &server{slots: 3}}, 1, true},
		"local, enough of it": {endpoint{local: true, server: &server{slots: 4}}, 1, false},
	} {
		if got := c.e.admits(c.n, epoch); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAnOutageIsCountedOnce(t *testing.T) {
	e := &server{max: 4}
	for range 10 { // ten workers see the same
		if e.failed(testRules, epoch) {
			t.Fatal("given up")
		}
	}
	for i := range 2 {
		if got := e.failed(testRules, e.until); got != (i == 1) {
			t.Errorf("failure %d: %v", i+2, got)
		}
	}
}

func TestMoreLanesThanBits(t *testing.T) {
	l := newLister()
	for i := range 100 {
		l.addSpecs(file("ftp://"+string(rune('a'+i)), "f", 1))
	}
	l.check(t)
	last := l.lanes[99]
	if j := l.next(func(n *lane) bool { return n == last }); j == nil || j.id != 100 {
		t.Error("the job in the last lane is not found")
	}
	for i := range 100 {
		if j := l.start(epoch); j == nil || j.id != ID(i+1) {
			t.Fatal("out of order")
		}
	}
}
