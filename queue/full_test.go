package queue

import (
	"strings"
	"testing"
	"time"
)

func full552() *Failure {
	return &Failure{Class: ClassServer, Code: 552, Text: "552 quota", Full: true}
}

// A full target stops what writes there, and only that; one job tries later.
func TestFullEnds(t *testing.T) {
	up := func(to, name string) Spec {
		return Spec{Kind: Copy, Src: Place{Local, "/" + name}, Dst: Place{to, "/dst"}, Known: &Entry{Name: name, Type: File, Size: 10}}
	}
	l := newLister()
	l.addSpecs(up("ftp://a", "1"), up("ftp://a", "2"), file("ftp://a", "3", 10), up("ftp://b", "4"))
	now := epoch
	open := func(n *lane) bool { return n.open(now) }
	first := l.next(open)
	e := first.root.lane.dst
	e.fill(first, full552(), now)
	if j := l.next(open); j == nil || j.root.src != "ftp://a" {
		t.Fatal("a download from the server waits too")
	}
	if got := l.stops(); strings.Count(got, "552") != 1 || !strings.Contains(got, "ftp://a takes no more") {
		t.Errorf("says %q", got)
	}
	if l.stuck(now) {
		t.Error("stuck, with a download to come")
	}
	l.cancel([]ID{3, 4})
	if j := l.next(open); j != nil || !l.stuck(now) {
		t.Errorf("job %v runs, stuck %v", j, l.stuck(now))
	}
	now = now.Add(fullProbe)
	if l.next(open) != first {
		t.Fatal("nobody tries")
	}
	e.full.trying = true
	if l.next(open) != nil {
		t.Error("two try at once")
	}
	e.fill(first, full552(), now)
	if l.next(open) != nil || l.next(func(n *lane) bool { return n.open(now.Add(fullProbe)) }) == nil {
		t.Error("a try in vain is not followed by a wait")
	}
	e.full.trying = true
	e.tried(true, now)
	if l.next(open) != first || l.stops() != "" {
		t.Error("room is not believed")
	}
	for name, order := range map[string]func(){"resume": func() { l.resume(nil) }, "retry": func() { l.retry(nil) },
		"resume one": func() { l.resume([]ID{2}) }, "retry one": func() { l.retry([]ID{2}) }} {
		e.fill(first, full552(), now)
		if order(); l.next(open) != first {
			t.Errorf("%s does not go on", name)
		}
	}
}

func TestRoomy(t *testing.T) {
	for name, c := range map[string]struct {
		looks []int64
		want  bool
	}{
		"never enough":            {[]int64{0, 10, 99}, false},
		"enough after a while":    {[]int64{0, 10, 100}, true},
		"a quota, not the disk":   {[]int64{500, 500, 500}, false},
		"at the first look again": {[]int64{50, 100}, true},
	} {
		f := full{why: full552(), need: 100, free: -1, look: epoch}
		got := false
		for i, free := range c.looks {
			if f.look.IsZero() {
				break
			}
			got = got || f.roomy(free, epoch.Add(time.Duration(i)*fullLook))
		}
		if got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
