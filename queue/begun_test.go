package queue

import (
	"strings"
	"testing"
)

// What an earlier process was at goes on before what stands in front of it, and
// keeps its place. What is to run now goes before that, and what a person has
// paused meanwhile waits for its turn like any other.
func TestWhatWasBegunGoesOnFirst(t *testing.T) {
	for _, c := range []struct {
		name  string
		order func(l *lister) // given to the next process
		want  string
	}{
		{"as it was", nil, "d e a b c"},
		{"run now", func(l *lister) { l.prioritize(PriorityNow, []ID{3}) }, "c d e a b"},
		{"high", func(l *lister) { l.prioritize(PriorityHigh, []ID{3}) }, "d e c a b"},
		{"paused", func(l *lister) { l.pause([]ID{4}); l.next(anywhere); l.resume([]ID{4}) }, "e a b c d"},
		{"cancelled", func(l *lister) { l.cancel([]ID{4}) }, "e a b c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLister()
			m := newMirror(l)
			for _, name := range []string{"a", "b", "c", "d", "e"} {
				l.addSpecs(file("ftp://x", name, 1))
			}
			for _, id := range []ID{4, 5} {
				l.begin(l.jobs.get(id), &run{cancel: func() {}}, epoch)
			}
			m.write()
			n, _, _ := m.load()
			if got := strings.Join(n.names(gWaiting), " "); got != "a b c d e" {
				t.Errorf("the order is %s", got)
			}
			if c.order != nil {
				c.order(n)
			}
			var got []string
			for j := n.start(epoch); j != nil; j = n.start(epoch) {
				if j.state == running {
					got = append(got, j.title())
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("began %s, want %s", got, c.want)
			}
			n.check(t)
		})
	}
}
