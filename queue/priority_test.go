package queue

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// started returns the names of jobs in the order in which they start.
func (l *lister) started() string {
	var names []string
	for j := l.start(epoch); j != nil; j = l.start(epoch) {
		names = append(names, j.title())
	}
	return strings.Join(names, " ")
}

func TestPriorities(t *testing.T) {
	type order = func(l *lister, id func(name string) ID)
	first := func(p Priority, names ...string) order {
		return func(l *lister, id func(string) ID) {
			for _, n := range names {
				l.prioritize(p, []ID{id(n)})
			}
		}
	}
	for _, c := range []struct {
		name   string
		orders []order
		start  string
		screen string // of those that wait
	}{
		{"none", nil, "a b c d e", "a b c d e"},
		{"one high", []order{first(PriorityHigh, "d")}, "d a b c e", "a b c d e"},
		{"equals in order", []order{first(PriorityHigh, "d", "b")}, "b d a c e", "a b c d e"},
		{"low last", []order{first(PriorityLow, "a"), first(PriorityHigh, "e")}, "e b c d a", "a b c d e"},
		{"and back", []order{first(PriorityLow, "a", "b"), first(PriorityNormal, "a")}, "a c d e b", "a b c d e"},
		{"now", []order{first(PriorityHigh, "b"), first(PriorityNow, "d")}, "d b a c e", "d a b c e"},
		{"the last now is first", []order{first(PriorityNow, "b", "d")}, "d b a c e", "d b a c e"},
		{"several at once", []order{func(l *lister, id func(string) ID) { l.prioritize(PriorityNow, []ID{id("e"), id("c")}) }}, "e c a b d", "e c a b d"},
		{"to the top", []order{func(l *lister, id func(string) ID) { l.move(id("d"), -Far) }}, "d a b c e", "d a b c e"},
		{"to the bottom", []order{func(l *lister, id func(string) ID) { l.move(id("b"), Far) }}, "a c d e b", "a c d e b"},
		{"the top within a priority", []order{first(PriorityHigh, "a", "d"), func(l *lister, id func(string) ID) { l.move(id("d"), -Far) }},
			"d a b c e", "d a b c e"},
		{"now undoes pause", []order{func(l *lister, id func(string) ID) { l.pause([]ID{id("c")}); l.prioritize(PriorityNow, []ID{id("c")}) }},
			"c a b d e", "c a b d e"},
		{"high does not", []order{func(l *lister, id func(string) ID) { l.pause([]ID{id("c")}); l.prioritize(PriorityHigh, []ID{id("c")}) }},
			"a b d e", "a b d e"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLister()
			id := func(name string) ID { return ID(strings.Index("abcde", name) + 1) }
			for _, n := range strings.Split("abcde", "") {
				l.addSpecs(file("ftp://a", n, 1))
			}
			for _, o := range c.orders {
				o(l, id)
				l.check(t)
			}
			if got := strings.Join(l.names(gWaiting), " "); got != c.screen {
				t.Errorf("on the screen: %s, want %s", got, c.screen)
			}
			if got := l.started(); got != c.start {
				t.Errorf("started: %s, want %s", got, c.start)
			}
			l.check(t)
		})
	}
}

// What a directory's job is given, all below it gets, also what is found later.
func TestPriorityOfADirectory(t *testing.T) {
	l := newLister()
	l.addSpecs(file("ftp://a", "first", 1), folder("ftp://a", "d"), file("ftp://a", "last", 1))
	l.prioritize(PriorityHigh, []ID{2})
	d := l.start(epoch)
	row := func(n string) child { return child{entry: Entry{Name: n, Type: File, Size: 1}} }
	l.addChildren(d, []child{row("x"), row("y")})
	l.list.end(d, result{verdict: vScanned, bytes: -1}, testRules, epoch)
	l.check(t)
	x := l.start(epoch)
	if x.title() != "d/x" || l.row(x, epoch).Priority != PriorityHigh {
		t.Errorf("%s %s", x.title(), l.row(x, epoch).Priority)
	}
	l.prioritize(PriorityLow, []ID{2})
	l.check(t)
	l.move(2, -Far)
	l.check(t)
	if got := l.names(gWaiting); !slices.Equal(got, []string{"d/y", "first", "last"}) {
		t.Error(got)
	}
	l.move(2, Far)
	if got := l.names(gWaiting); !slices.Equal(got, []string{"first", "last", "d/y"}) {
		t.Error(got)
	}
	if got := l.started(); got != "first last d/y" {
		t.Error(got)
	}
	l.prioritize(PriorityNow, []ID{2, 99}) // there is no 99
	l.check(t)
}

// Run now: what failed is tried again, what waits for its next attempt has it.
func TestRunNowDoesNotWait(t *testing.T) {
	l := newLister()
	l.addSpecs(file("ftp://a", "broke", 1), file("ftp://a", "refused", 1), file("ftp://a", "gone", 1))
	for _, c := range []Class{ClassAttempt, ClassJob} {
		l.list.end(l.start(epoch), result{verdict: vFailed, failure: Fail(c, "no", nil), bytes: -1}, testRules, epoch)
	}
	l.cancel([]ID{3})
	l.prioritize(PriorityNow, []ID{1, 2, 3})
	l.check(t)
	if got := l.started(); got != "broke refused" {
		t.Error(got)
	}
}

func TestMorePrioritiesThanBits(t *testing.T) {
	l := newLister()
	for i := range 50 {
		for range levels {
			l.addSpecs(file(fmt.Sprintf("ftp://%d", i), "f", 1))
		}
	}
	for id := ID(1); id <= 200; id++ {
		l.prioritize(downwards()[id%4].priority(), []ID{id})
	}
	l.check(t)
	last := -1000
	for range 200 {
		j := l.start(epoch)
		if j == nil {
			t.Fatal("nothing starts")
		}
		all := downwards()
		at := slices.Index(all[:], j.level)*1000 + int(j.id)
		if j.level == urgent {
			at = -at // the one that was ordered last goes first
		}
		if at <= last {
			t.Fatalf("%d of %s out of order", j.id, j.level.priority())
		}
		last = at
	}
	l.check(t)
}

// A million jobs of mixed priorities between five servers, of which the one
// with the highest is busy.
func BenchmarkNextOfMixedPriorities(b *testing.B) {
	l := newLister()
	for i := range 5 {
		l.addSpecs(folder(fmt.Sprintf("ftp://%d", i), "d"))
	}
	rows := make([]child, 500)
	var dirs []*job
	for d := l.start(epoch); d != nil; d = l.start(epoch) {
		dirs = append(dirs, d)
	}
	for _, d := range dirs {
		for n := range million / 5 / len(rows) {
			for i := range rows {
				rows[i] = child{entry: Entry{Name: fmt.Sprintf("file-%03d-%03d", n, i), Type: File, Size: 1000, Time: epoch}}
			}
			l.addChildren(d, rows)
		}
	}
	all := downwards()
	l.many(func() {
		i := 0
		l.all(func(j *job) {
			i++
			l.out(j)
			if j.level = all[i*7919%len(all)]; j.root.lane == l.lanes[0] {
				j.level = urgent
			}
			l.grant(j.root.lane, j.level)
			l.in(j)
		})
	})
	full := l.lanes[0]
	b.Run("next", func(b *testing.B) {
		for b.Loop() {
			if l.next(func(n *lane) bool { return n != full }) == nil {
				b.Fatal("nothing")
			}
		}
	})
	b.Run("prioritize one", func(b *testing.B) {
		id := ID(1000)
		for b.Loop() {
			id = id%900_000 + 6
			l.prioritize(all[id%3+1].priority(), []ID{id})
		}
	})
	b.Run("to the top", func(b *testing.B) {
		id := ID(1000)
		for b.Loop() {
			id = id%900_000 + 6
			l.move(id, -Far)
		}
	})
	b.Run("a directory to the top", func(b *testing.B) {
		for b.Loop() {
			l.move(3, -Far)
		}
	})
}
