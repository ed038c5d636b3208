package queue

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
	"unsafe"

	"pgregory.net/rapid"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func anywhere(*lane) bool { return true }

// lister is a list with the endpoints that its lanes need.
type lister struct {
	*list
	ends map[string]*endpoint
}

func newLister() *lister { return &lister{list: newList(), ends: map[string]*endpoint{}} }

func (l *lister) end(address string) *endpoint {
	if l.ends[address] == nil {
		l.ends[address] = &endpoint{address: address, local: address == Local, server: &server{max: 4}}
	}
	return l.ends[address]
}

func (l *lister) addSpecs(specs ...Spec) []ID {
	for i := range specs {
		if err := specs[i].check(); err != nil {
			panic(err)
		}
	}
	return l.add(specs, func(s Spec) *lane {
		return l.laneOf([2]string{s.Src.Address, s.Dst.Address}, l.end)
	}, false)
}

func file(address, name string, size int64) Spec {
	return Spec{
		Kind: Copy, Src: Place{address, "/src/" + name}, Dst: Place{Local, "/dst"},
		Known: &Entry{Name: name, Type: File, Size: size, Time: epoch},
	}
}

func folder(address, name string) Spec {
	return Spec{
		Kind: Copy, Src: Place{address, "/src/" + name}, Dst: Place{Local, "/dst"},
		Known: &Entry{Name: name, Type: Dir, Size: -1},
	}
}

func (l *lister) start(now time.Time) *job {
	j := l.next(anywhere)
	if j != nil {
		l.begin(j, &run{cancel: func() {}}, now)
	}
	return j
}

func (l *lister) names(g group) (out []string) {
	for j := l.nth(g, 0); j != nil; j = follow(j) {
		out = append(out, j.title())
	}
	return out
}

var testRules = rules{retries: 3, backoff: func(n int) time.Duration { return time.Duration(n) * time.Second }}

func TestAJobIsSmall(t *testing.T) {
	if s := unsafe.Sizeof(job{}); s > 208 {
		t.Errorf("a job takes %d bytes", s)
	}
}

func TestTransitions(t *testing.T) {
	fail := func(c Class) result { return result{verdict: vFailed, failure: Fail(c, "no", nil), bytes: -1} }
	asks := result{verdict: vFailed, failure: Fail(ClassJob, "exists", nil), question: &Question{Ask: AskExists}, bytes: -1}
	for _, c := range []struct {
		name   string
		result result
		order  func(l *lister, id ID) // while it runs
		after  func(l *lister, id ID)
		want   State
	}{
		{name: "done", result: result{}, want: Done},
		{name: "skipped", result: result{verdict: vSkipped}, want: Skipped},
		{name: "refused", result: fail(ClassJob), want: Failed},
		{name: "broke", result: fail(ClassAttempt), want: Waiting},
		{name: "full", result: fail(ClassQueue), want: Waiting},
		{name: "asks", result: asks, want: Asking},
		{name: "released", result: result{verdict: vReleased, bytes: -1}, want: Waiting},
		{name: "parked", result: result{verdict: vParked, bytes: -1}, want: Waiting},
		{name: "again", result: result{verdict: vAgain, bytes: -1}, want: Waiting},
		{name: "paused", order: func(l *lister, id ID) { l.pause([]ID{id}) }, result: result{verdict: vReleased, bytes: -1}, want: Paused},
		{name: "paused too late", order: func(l *lister, id ID) { l.pause([]ID{id}) }, result: result{}, want: Done},
		{name: "cancelled", order: func(l *lister, id ID) { l.cancel([]ID{id}) }, result: fail(ClassAttempt), want: Cancelled},
		{name: "cancelled too late", order: func(l *lister, id ID) { l.cancel([]ID{id}) }, result: result{}, want: Done},
		{name: "all paused", order: func(l *lister, id ID) { l.pause(nil) }, result: fail(ClassAttempt), want: Paused},
		{name: "paused and resumed", order: func(l *lister, id ID) { l.pause([]ID{id}); l.resume(nil) }, result: fail(ClassJob), want: Waiting},
		{name: "cancelled and retried", order: func(l *lister, id ID) { l.cancel([]ID{id}); l.retry([]ID{id}) }, result: fail(ClassJob), want: Waiting},
		{name: "retried", result: fail(ClassJob), after: func(l *lister, id ID) { l.retry(nil) }, want: Waiting},
		{name: "retry of the cancelled needs a name", result: result{}, order: func(l *lister, id ID) {}, after: func(l *lister, id ID) { l.retry(nil) }, want: Done},
		{name: "failed and cancelled", result: fail(ClassJob), after: func(l *lister, id ID) { l.cancel([]ID{id}) }, want: Cancelled},
		{name: "asking and paused", result: asks, after: func(l *lister, id ID) { l.pause([]ID{id}) }, want: Paused},
		{name: "asking and cancelled", result: asks, after: func(l *lister, id ID) { l.cancel([]ID{id}) }, want: Cancelled},
		{name: "backing off and paused", result: fail(ClassAttempt), after: func(l *lister, id ID) { l.pause([]ID{id}) }, want: Paused},
		{name: "done stays", result: result{}, after: func(l *lister, id ID) { l.cancel([]ID{id}); l.pause(nil); l.retry([]ID{id}) }, want: Done},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLister()
			id := l.addSpecs(file("ftp://a", "f", 10))[0]
			j := l.start(epoch)
			if c.order != nil {
				c.order(l, id)
			}
			l.list.end(j, c.result, testRules, epoch)
			if c.after != nil {
				c.after(l, id)
			}
			if got := l.row(j, epoch).State; got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			l.check(t)
		})
	}
}

func TestRetriesBackOff(t *testing.T) {
	l := newLister()
	l.addSpecs(file("ftp://a", "f", 1000))
	now := epoch
	broke := func(bytes int64) result {
		return result{verdict: vFailed, failure: Fail(ClassAttempt, "broke", nil), bytes: bytes}
	}
	l.list.end(l.start(now), broke(10), testRules, now)
	if l.start(now) != nil {
		t.Fatal("started at once again")
	}
	if due := l.wake(now); !due.Equal(now.Add(time.Second)) {
		t.Fatal(due)
	}
	for i := range 5 { // progress resets the count
		now = now.Add(time.Minute)
		l.wake(now)
		l.list.end(l.start(now), broke(int64(20+i)), testRules, now)
	}
	for range 2 {
		now = now.Add(time.Minute)
		l.wake(now)
		l.list.end(l.start(now), broke(20), testRules, now)
	}
	if l.size(gFailed) != 1 {
		t.Error("not failed after three attempts without progress")
	}
}

func TestOrderOfTheScreen(t *testing.T) {
	l := newLister()
	for i := range 7 {
		l.addSpecs(file("ftp://a", fmt.Sprint(i), 10))
	}
	var js []*job
	for range 6 {
		js = append(js, l.start(epoch))
	}
	l.list.end(js[0], result{}, testRules, epoch)
	l.pause([]ID{2})
	l.list.end(js[2], result{verdict: vFailed, failure: Fail(ClassJob, "", nil)}, testRules, epoch)
	l.list.end(js[3], result{verdict: vFailed, failure: Fail(ClassJob, "", nil), question: &Question{Ask: AskExists}}, testRules, epoch)
	l.list.end(js[4], result{verdict: vSkipped}, testRules, epoch)
	var got []string
	for _, r := range l.rows(0, 100, epoch) {
		got = append(got, fmt.Sprint(r.Name, " ", r.State))
	}
	want := []string{"5 running", "3 asking", "2 failed", "1 paused", "6 waiting", "0 done", "4 skipped"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	for from := range 8 {
		if rows := l.rows(from, 2, epoch); len(rows) != min(2, 7-from) || len(rows) > 0 && rows[0].Name != want[from][:1] {
			t.Errorf("from %d: %v", from, rows)
		}
	}
}

func TestMoveAmongTheWaiting(t *testing.T) {
	for _, c := range []struct {
		id   ID
		by   int
		want string
	}{{1, 1, "b a c d e"}, {1, 2, "b c a d e"}, {1, 99, "b c d e a"}, {5, -1, "a b c e d"}, {5, -9, "e a b c d"}, {3, -1, "a c b d e"}, {3, 0, "a b c d e"}, {9, 1, "a b c d e"}} {
		l := newLister()
		l.addSpecs(file("x", "a", 1), file("x", "b", 1), file("x", "c", 1), file("x", "d", 1), file("x", "e", 1))
		l.move(c.id, c.by)
		if got := fmt.Sprint(l.names(gWaiting)); got != "["+c.want+"]" {
			t.Errorf("%d by %d: %s", c.id, c.by, got)
		}
		l.check(t)
	}
}

func TestChildrenStandBehindTheirDirectory(t *testing.T) {
	l := newLister()
	l.addSpecs(folder("x", "d"), file("x", "z", 1))
	d := l.start(epoch)
	rows := func(names ...string) (out []child) {
		for _, n := range names {
			y := File
			if n[0] == 'D' {
				y = Dir
			}
			out = append(out, child{entry: Entry{Name: n, Type: y, Size: 1}})
		}
		return out
	}
	l.addChildren(d, rows("a", "D1"))
	a := l.start(epoch)
	d1 := l.start(epoch)
	if a.name != "a" || d1.name != "D1" {
		t.Fatal(a.name, d1.name)
	}
	l.addChildren(d1, rows("x", "y"))
	l.addChildren(d, rows("b", "c"))
	if got, want := l.names(gWaiting), []string{"d/D1/x", "d/D1/y", "d/b", "d/c", "z"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	l.check(t)
	l.cancel([]ID{d.id})
	if l.addChildren(d, rows("late")) {
		t.Error("a cancelled directory grew")
	}
	if got := l.names(gWaiting); !slices.Equal(got, []string{"z"}) {
		t.Errorf("got %q", got)
	}
	for _, j := range []*job{d, a, d1} {
		l.list.end(j, result{verdict: vReleased, bytes: -1}, testRules, epoch)
	}
	l.check(t)
}

func TestUpdates(t *testing.T) {
	l := newLister()
	for i := range 10 {
		l.addSpecs(file("x", fmt.Sprint(i), 1))
	}
	read := func(since uint64, n int) (out []ID, last uint64) {
		last = since
		l.changes.since(since, n, func(j *job) { out = append(out, j.id); last = j.version })
		return out, last
	}
	got, v := read(0, 4)
	if !slices.Equal(got, []ID{1, 2, 3, 4}) {
		t.Fatal(got)
	}
	l.pause([]ID{6}) // moves behind 10
	l.pause([]ID{2})
	got, v = read(v, 4)
	if !slices.Equal(got, []ID{5, 7, 8, 9}) {
		t.Fatal(got)
	}
	got, v = read(v, 99)
	if !slices.Equal(got, []ID{10, 6, 2}) {
		t.Fatal(got)
	}
	if got, _ = read(v, 99); got != nil {
		t.Fatal(got)
	}
	l.resume([]ID{6})
	if got, _ = read(v, 99); !slices.Equal(got, []ID{6}) {
		t.Fatal(got)
	}
	// A second reader, elsewhere.
	if got, _ = read(3, 2); !slices.Equal(got, []ID{4, 5}) {
		t.Fatal(got)
	}
}

func TestClearForgets(t *testing.T) {
	for _, n := range []int{10, 2000} { // by one, and by building anew
		l := newLister()
		for i := range n {
			l.addSpecs(file("x", fmt.Sprint(i), 1))
		}
		for i := range n {
			j := l.start(epoch)
			r := result{}
			if i%5 == 0 {
				r = result{verdict: vFailed, failure: Fail(ClassJob, "", nil)}
			}
			l.list.end(j, r, testRules, epoch)
		}
		l.clear()
		if got := l.size(gFailed); got != n/5 || l.size(gEnded) != 0 {
			t.Errorf("%d failed, %d ended", got, l.size(gEnded))
		}
		if l.names(gFailed)[1] != "5" {
			t.Error("order is lost")
		}
		l.check(t)
	}
}

// A listing knows the minute, and what is asked for one file the second.
func TestTheSourceOfAPart(t *testing.T) {
	for _, c := range []struct {
		p    part
		now  Entry
		want bool
	}{
		{part{time: epoch, prec: Second}, Entry{Time: epoch}, true},
		{part{time: epoch, prec: Second}, Entry{Time: epoch.Add(time.Second)}, false},
		{part{time: epoch, prec: Minute}, Entry{Time: epoch.Add(6 * time.Second)}, true},
		{part{time: epoch, prec: Minute}, Entry{Time: epoch.Add(time.Minute)}, false},
		{part{time: epoch.Add(6 * time.Second)}, Entry{Time: epoch, Precision: Minute}, true},
		{part{}, Entry{}, true},
		{part{}, Entry{Time: epoch}, false},
	} {
		if got := c.p.when(c.now); got != c.want {
			t.Errorf("%v %v: %v", c.p, c.now, got)
		}
	}
}

func TestDecide(t *testing.T) {
	e := func(size int64, at time.Time, p Precision) Entry { return Entry{Size: size, Time: at, Precision: p} }
	none := time.Time{}
	for _, c := range []struct {
		p        Policy
		src, dst Entry
		want     action
	}{
		{ExistsNewer, e(1, epoch.Add(time.Second), Second), e(1, epoch, Second), actReplace},
		{ExistsNewer, e(1, epoch.Add(time.Second), Second), e(1, epoch, Minute), actSkip},
		{ExistsNewer, e(1, epoch.Add(time.Hour), Day), e(1, epoch, Second), actSkip},
		{ExistsNewer, e(1, none, Second), e(1, epoch, Second), actSkip},
		{ExistsSize, e(-1, epoch, Second), e(1, epoch, Second), actSkip},
		{ExistsSize, e(2, epoch, Second), e(1, epoch, Second), actReplace},
		{ExistsResume, e(2, epoch, Second), e(1, epoch, Second), actResume},
		{ExistsResume, e(1, epoch, Second), e(2, epoch, Second), actAsk},
		{ExistsResume, e(-1, epoch, Second), e(2, epoch, Second), actAsk},
		{ExistsAsk, e(1, epoch, Second), e(1, epoch, Second), actAsk},
		{"", e(1, epoch, Second), e(1, epoch, Second), actAsk},
	} {
		if got, _ := decide(c.p, c.src, c.dst); got != c.want {
			t.Errorf("%s %v %v: %d", c.p, c.src, c.dst, got)
		}
	}
}

func TestNumbered(t *testing.T) {
	for name, want := range map[string]string{"a.mp4": "a-1.mp4", "a": "a-1", ".rc": ".rc-1", "a.tar.gz": "a.tar-1.gz"} {
		if got := numbered(name, 1); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestPartName(t *testing.T) {
	if got := PartName("a.txt"); got != ".a.txt.portside" {
		t.Error(got)
	}
	long := func(b byte) string {
		s := make([]byte, 250)
		for i := range s {
			s[i] = 'x'
		}
		s[249] = b
		return string(s)
	}
	a, b := PartName(long('a')), PartName(long('b'))
	if len(a) > 255 || a == b {
		t.Error(len(a), a == b)
	}
	s := ""
	for len(s) < 250 {
		s += "日"
	}
	if p := PartName(s); len(p) > 255 || slices.Contains([]rune(p), '\uFFFD') {
		t.Error(p)
	}
}

func TestSpeed(t *testing.T) {
	s := speed{at: epoch}
	now := epoch
	for i := range 20 {
		now = now.Add(500 * time.Millisecond)
		s.look(int64(i+1)*500_000, now)
	}
	if s.rate < 990_000 || s.rate > 1_010_000 {
		t.Error(s.rate)
	}
	if got := s.look(99_000_000, now.Add(-time.Hour)); got != s.rate {
		t.Error("a clock that went back made a rate", got)
	}
	if d := left(1<<62, 1); d != -1 {
		t.Error(d)
	}
	if d := left(10, 5); d != 2*time.Second {
		t.Error(d)
	}
}

// The first moment counts no more than any other, be it a burst or a pause.
func TestSpeedAfterABurst(t *testing.T) {
	for first, most := range map[int64]float64{2_000_000: 1_400_000, 0: 1_000_000} {
		s, now, bytes := speed{at: epoch}, epoch, first
		for range 6 {
			now = now.Add(500 * time.Millisecond)
			s.look(bytes, now)
			bytes += 500_000
		}
		if least := most - 200_000; s.rate < least || s.rate > most {
			t.Errorf("%d first: %.0f, want %.0f to %.0f", first, s.rate, least, most)
		}
	}
}

func TestErrorsAreFound(t *testing.T) {
	err := error(&sideError{err: Fail(ClassAttempt, "x", nil)})
	if FailureOf(err).Class != ClassAttempt {
		t.Error("a failure is lost behind its side")
	}
	if FailureOf(&ExistsError{Path: "x"}).Ask != AskExists || !errors.Is(err, FailureOf(err)) {
		t.Error("an existing target does not ask")
	}
}

// check compares everything the list keeps with what it must be.
func (l *lister) check(t interface {
	Helper()
	Fatalf(string, ...any)
}) {
	t.Helper()
	var states [codes]int
	var sum sums
	seen := map[*job]bool{}
	var walk func(j *job)
	walk = func(j *job) {
		if j == nil {
			return
		}
		walk(j.left)
		if !j.has(isSum) {
			states[j.state]++
		}
		s := j.share()
		sum.files, sum.filesDone = sum.files+s.files, sum.filesDone+s.filesDone
		sum.bytes, sum.bytesDone = sum.bytes+s.bytes, sum.bytesDone+s.bytesDone
		seen[j] = true
		if l.jobs.get(j.id) != j || j.has(isGone) {
			t.Fatalf("job %d is not in the table", j.id)
		}
		if j.has(isReady) != j.runnable() {
			t.Fatalf("job %d %s: ready %v", j.id, j.state.state(), j.has(isReady))
		}
		if j.up != nil && j.up.prio < j.prio {
			t.Fatalf("not a heap at %d", j.id)
		}
		count, lanes := j.count, j.lanes
		if j.sum(); count != j.count || lanes != j.lanes {
			t.Fatalf("counts at %d: %v %b, want %v %b", j.id, count, lanes, j.count, j.lanes)
		}
		if d := j.x; d != nil && d.dir != nil && j.child != nil {
			l.checkDir(t, j)
		}
		walk(j.right)
	}
	walk(l.top)
	if states != l.states || sum != l.sums {
		t.Fatalf("sums are %v %+v, must be %v %+v", l.states, l.sums, states, sum)
	}
	n, v := 0, uint64(0)
	for j := l.changes.oldest; j != nil; j = j.newer {
		if j == &l.changes.mark {
			continue
		}
		if !seen[j] || j.version <= v {
			t.Fatalf("history: job %d version %d behind %d", j.id, j.version, v)
		}
		n, v = n+1, j.version
	}
	if n != len(seen) {
		t.Fatalf("%d jobs in the history, %d in the list", n, len(seen))
	}
}

func (l *lister) checkDir(t interface {
	Helper()
	Fatalf(string, ...any)
}, j *job) {
	t.Helper()
	open := 0
	for c := j.child; c != nil; c = c.sibling {
		if !c.state.ended() {
			open++
		}
	}
	d := j.x.dir
	if d.total-d.over != open {
		t.Fatalf("dir %d: %d of %d over, %d open", j.id, d.over, d.total, open)
	}
	if open == 0 && d.scanned && j.state == scanning && j.x.run == nil && j.x.stage == stageWork {
		t.Fatalf("dir %d has nothing left to do, and is not done", j.id)
	}
	if open > 0 && d.scanned && (j.state == done || j.state == failed) {
		t.Fatalf("dir %d ended before what is below", j.id)
	}
}

// F16: whatever happens in whatever order, each job is in one state, the sums
// and counts agree, sessions stay within the limit, and among equals the
// first in line starts first.
func TestModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLister()
		disk := newMirror(l)
		now := epoch
		var running []*job
		ids := []ID{}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			now = now.Add(time.Second)
			l.wake(now)
			pick := func() []ID {
				if len(ids) == 0 || rapid.IntRange(0, 4).Draw(t, "all") == 0 {
					return nil
				}
				return []ID{rapid.SampledFrom(ids).Draw(t, "id")}
			}
			switch rapid.IntRange(0, 12).Draw(t, "event") {
			case 0, 1:
				at := rapid.SampledFrom([]string{"ftp://a", "ftp://b", Local}).Draw(t, "at")
				s := file(at, "f", 10)
				if rapid.Bool().Draw(t, "dir") {
					s = folder(at, "d")
				}
				s.Kind = rapid.SampledFrom([]Kind{Copy, Move, Delete}).Draw(t, "kind")
				if s.Kind == Delete {
					s.Dst = Place{}
				}
				ids = append(ids, l.addSpecs(s)...)
			case 2, 3, 4:
				running = modelStart(t, l, running, now)
			case 5, 6, 7:
				running, ids = modelEnd(t, l, running, ids, now)
			case 8:
				l.pause(pick())
			case 9:
				l.resume(pick())
			case 10:
				l.cancel(pick())
			case 11:
				l.retry(pick())
			case 12:
				switch rapid.IntRange(0, 3).Draw(t, "other") {
				case 0:
					if len(ids) > 0 {
						by := rapid.SampledFrom([]int{-Far, -5, -1, 0, 1, 2, 5, Far}).Draw(t, "by")
						l.move(rapid.SampledFrom(ids).Draw(t, "id"), by)
					}
				case 3:
					all := downwards()
					l.prioritize(rapid.SampledFrom(all[:]).Draw(t, "priority").priority(), pick())
				case 1:
					l.clear()
				case 2:
					if j := l.nth(gAsking, 0); j != nil {
						l.answer(j, Answer{Exists: ExistsSkip, Scope: rapid.SampledFrom([]Scope{ScopeJob, ScopeOpen, ScopeBatch}).Draw(t, "scope")})
					}
				}
			}
			l.check(t)
			if rapid.Bool().Draw(t, "written") {
				disk.write()
				disk.compare(t)
			}
		}
		modelDrain(t, l, running, now)
		disk.write()
		disk.compare(t)
	})
}

// modelStart starts the next job as the queue does.
func modelStart(t *rapid.T, l *lister, running []*job, now time.Time) []*job {
	j := l.next(func(n *lane) bool { return n.open(now) })
	if j == nil {
		return running
	}
	for e := leftmost(l.top); e != j; e = next(e) {
		if e.runnable() && e.root.lane == j.root.lane && !before(j, e) {
			t.Fatalf("%d started before %d", j.id, e.id)
		}
	}
	for e := next(j); e != nil; e = next(e) {
		if e.runnable() && e.root.lane == j.root.lane && before(e, j) {
			t.Fatalf("%d started before %d", j.id, e.id)
		}
	}
	for _, d := range j.root.lane.needs {
		if d.ep.slots += d.n; d.ep.slots > 4 {
			t.Fatalf("%d sessions at %s", d.ep.slots, d.ep.address)
		}
	}
	l.begin(j, &run{cancel: func() {}}, now)
	return append(running, j)
}

// before reports whether j is of a higher priority than o.
func before(j, o *job) bool {
	all := downwards()
	return slices.Index(all[:], j.level) < slices.Index(all[:], o.level)
}

// modelEnd ends a running job in some way, a directory's with children.
func modelEnd(t *rapid.T, l *lister, running []*job, ids []ID, now time.Time) ([]*job, []ID) {
	if len(running) == 0 {
		return running, ids
	}
	i := rapid.IntRange(0, len(running)-1).Draw(t, "which")
	j := running[i]
	r := result{bytes: int64(rapid.IntRange(-1, 10).Draw(t, "bytes"))}
	r.verdict = rapid.SampledFrom([]verdict{vDone, vSkipped, vFailed, vFailed, vAnew, vReleased, vAgain}).Draw(t, "verdict")
	if j.isDir() && r.verdict == vDone && j.x.run.stage == stageWork {
		r.verdict = vScanned
	}
	if j.isDir() && j.x.run.stage == stageWork && j.state == scanning {
		rows := make([]child, rapid.IntRange(0, 3).Draw(t, "children"))
		for k := range rows {
			rows[k].entry = Entry{Name: fmt.Sprint(k), Type: rapid.SampledFrom([]Type{File, Dir}).Draw(t, "type"), Size: 5}
		}
		was := l.nextID
		j.dir().src, j.dir().dst = j.source(), j.target() // as its worker does
		l.addChildren(j, rows)
		for id := was + 1; id <= l.nextID; id++ {
			ids = append(ids, id)
		}
	}
	if r.verdict == vFailed {
		r.failure = Fail(rapid.SampledFrom([]Class{ClassJob, ClassAttempt, ClassQueue}).Draw(t, "class"), "no", nil)
		if rapid.Bool().Draw(t, "asks") {
			r.question = &Question{Ask: AskExists, Why: "cannot be resumed"}
		}
	}
	for _, d := range j.root.lane.needs {
		d.ep.slots -= d.n
	}
	l.list.end(j, r, testRules, now)
	return slices.Delete(running, i, i+1), ids
}

// modelDrain lets everything end well: nothing may be left over.
func modelDrain(t *rapid.T, l *lister, running []*job, now time.Time) {
	l.resume(nil)
	for j := l.nth(gAsking, 0); j != nil; j = l.nth(gAsking, 0) {
		l.answer(j, Answer{Exists: ExistsSkip, Scope: ScopeOpen})
	}
	for range 10_000 {
		now = now.Add(time.Hour)
		l.wake(now)
		running = modelStart(t, l, running, now)
		if len(running) == 0 {
			break
		}
		j := running[0]
		running = running[1:]
		r := result{bytes: -1}
		if j.isDir() && j.x.run.stage == stageWork {
			r.verdict = vScanned
		}
		for _, d := range j.root.lane.needs {
			d.ep.slots -= d.n
		}
		l.list.end(j, r, testRules, now)
	}
	l.check(t)
	if tot := l.totals(); tot.Active() || tot.Asking+tot.Paused > 0 {
		t.Fatalf("left over: %+v", tot)
	}
}

const million = 1_000_000

func bigList(n int) *lister {
	l := newLister()
	l.addSpecs(folder("ftp://a", "d"))
	d := l.start(epoch)
	rows := make([]child, 0, 512)
	for i := range n {
		rows = append(rows, child{entry: Entry{Name: fmt.Sprintf("file-%07d.dat", i), Type: File, Size: 1000, Time: epoch}})
		if len(rows) == cap(rows) || i == n-1 {
			l.addChildren(d, rows)
			rows = rows[:0]
		}
	}
	return l
}

func BenchmarkAdd100k(b *testing.B) {
	specs := make([]Spec, 100_000)
	for i := range specs {
		specs[i] = file("ftp://a", fmt.Sprintf("file-%07d.dat", i), 1000)
	}
	b.ReportAllocs()
	for b.Loop() {
		newLister().addSpecs(specs...)
	}
}

func BenchmarkAddMillion(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		bigList(million)
	}
}

func BenchmarkRows(b *testing.B) {
	l := bigList(million)
	i := 0
	for b.Loop() {
		i = (i + 7919) % million
		l.rows(i, 30, epoch)
	}
}

func BenchmarkNext(b *testing.B) {
	l := bigList(million)
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			l.next(anywhere)
		}
	})
	b.Run("behind a saturated lane", func(b *testing.B) {
		l.addSpecs(file("ftp://b", "last", 1))
		full := l.lanes[0]
		for b.Loop() {
			if l.next(func(n *lane) bool { return n != full }) == nil {
				b.Fatal("nothing")
			}
		}
	})
}

func BenchmarkStartAndEnd(b *testing.B) {
	l := bigList(million)
	for b.Loop() {
		j := l.start(epoch)
		if j == nil {
			l = bigList(million)
			continue
		}
		l.list.end(j, result{bytes: 1000}, testRules, epoch)
	}
}

func BenchmarkPauseAll(b *testing.B) {
	l := bigList(million)
	for b.Loop() {
		l.pause(nil)
		l.resume(nil)
	}
}

// An answer for all also holds for a worker that was looking at a target when
// it was given: its question is not put any more.
func TestAnAnswerForAllOvertakesAWorker(t *testing.T) {
	l := newLister()
	l.addSpecs(file("ftp://a", "one", 1), file("ftp://a", "two", 1))
	asks := func() result {
		return result{verdict: vFailed, failure: Fail(ClassJob, "exists", nil), question: &Question{Ask: AskExists}, bytes: -1}
	}
	one, two := l.start(epoch), l.start(epoch)
	l.list.end(one, asks(), testRules, epoch)
	l.answer(one, Answer{Exists: ExistsResume, Scope: ScopeBatch})
	l.list.end(two, asks(), testRules, epoch)
	if two.state != waiting {
		t.Fatalf("two is %v", two.state)
	}
	for j := l.start(epoch); j != nil; j = l.start(epoch) {
		r := asks() // the answer does not do, and asking is all that is left
		r.forAll = ExistsResume
		l.list.end(j, r, testRules, epoch)
	}
	if one.state != asking || two.state != asking {
		t.Errorf("one is %v, two is %v", one.state, two.state)
	}
}
