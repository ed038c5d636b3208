package queue

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// mirror is what a Store holds of a list.
type mirror struct {
	l       *lister
	commits [][]byte
}

func newMirror(l *lister) *mirror {
	l.ledger.on, l.ledger.wake = true, func() {}
	return &mirror{l: l}
}

// write takes down what changed.
func (m *mirror) write() {
	var w writer
	m.l.encode(&w)
	m.commits = append(m.commits, bytes.Clone(w.buf))
}

// load makes a list of what is written.
func (m *mirror) load() (*lister, *loader, int) {
	n := newLister()
	d := newLoader(n.list, func(r *root) *lane { return n.laneOf([2]string{r.src, r.dst.Address}, n.end) })
	for _, c := range m.commits {
		d.commit(c)
	}
	d.globals.Hold = m.l.hold
	return n, d, d.restore()
}

// told is what a job is, as far as it outlasts the process.
func (j *job) told() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d batch %d %q for all; %s %s %q -> %s; %s %q verify %q; size %d done %d time %d type %d mode %o %v prec %d level %d flags %b",
		j.id, j.root.batch.id, j.root.batch.exists, j.root.kind, j.root.src, j.source(), j.root.dst, j.state.state(), j.root.exists,
		j.root.verify, j.size, j.done, j.mtime, j.typ, j.mode, j.has(hasMode), j.prec, j.level, j.flags&(isUnfit|isSum|isVerified))
	if j.root.kind != Delete {
		fmt.Fprintf(&b, " %q", j.target())
	}
	if x := j.x; x != nil {
		fmt.Fprintf(&b, "; note %q as %q answer %q attempt %d tries %d best %d stage %d anew %d", x.note, x.as, x.answer, x.attempt,
			x.tries, x.best, x.stage, x.anew)
		for _, t := range x.failed {
			fmt.Fprintf(&b, "; failed %d %q %q", t.At.Unix(), t.Command, t.Text)
		}
		if x.failure != nil {
			fmt.Fprintf(&b, "; failure %v", x.failure.Text)
		}
		if x.question != nil {
			fmt.Fprintf(&b, "; question %+v", *x.question)
		}
		if x.asked != nil {
			fmt.Fprintf(&b, "; asked %+v", *x.asked)
		}
		if x.part != nil {
			fmt.Fprintf(&b, "; part %+v", *x.part)
		}
		if x.dir != nil {
			fmt.Fprintf(&b, "; dir %+v", *x.dir)
		}
	}
	return b.String()
}

// compare loads what is written and compares it with the list, as it would be
// without its process.
func (m *mirror) compare(t interface {
	Helper()
	Fatalf(string, ...any)
}) {
	t.Helper()
	got, d, lost := m.load()
	if lost+d.strange+d.placed > 0 {
		t.Fatalf("%d jobs are lost, %d records strange, %d places lost", lost, d.strange, d.placed)
	}
	got.check(t)
	a, b := m.told(), toldOf(got.list)
	if !slices.Equal(a, b) {
		t.Fatalf("loaded\n%s\ninstead of\n%s", strings.Join(b, "\n"), strings.Join(a, "\n"))
	}
	if got.nextID < m.l.nextID {
		t.Fatalf("next ID %d, was %d", got.nextID, m.l.nextID)
	}
}

// told is what the list's jobs would be to a new process, in order.
func (m *mirror) told() (out []string) {
	m.l.all(func(j *job) {
		copied := *j
		j = &copied
		if x := j.x; x != nil {
			y := *x
			j.x = &y
			if y.asker != nil {
				y.question = nil
			}
			if j.x.asker != nil {
				j.x.question = nil
			}
			if x.dir != nil {
				dir := *x.dir
				j.x.dir = &dir
			}
			j.x.run = nil
		}
		switch {
		case j.state == asking && j.x.question == nil:
			j.state = waiting
		case j.state == running, j.state == finishing, j.state == scanning && !j.read():
			j.state = waiting
		}
		if j.x != nil && j.x.stage == stageRemove && j.state == waiting && j.isDir() {
			j.state = scanning
		}
		if !j.state.ended() {
			j.set(isSum, j.resting())
		}
		if j.x != nil && len(j.x.encode()) == 0 {
			j.x = nil
		}
		out = append(out, j.told())
	})
	return out
}

func toldOf(l *list) (out []string) {
	l.all(func(j *job) { out = append(out, j.told()) })
	return out
}

// What comes twice, as after a snapshot that jobs changed under, changes nothing.
func TestLoadingTwice(t *testing.T) {
	l := newLister()
	m := newMirror(l)
	ids := l.addSpecs(file("ftp://a", "1", 5), folder("ftp://a", "d"), file(Local, "3", 7))
	m.write()
	l.move(ids[0], 2)
	l.cancel(ids[1:2])
	m.write()
	l.clear()
	m.write()
	m.compare(t)
	m.commits = append(m.commits, m.commits...)
	m.compare(t)
}

// Whatever stands in a store, what is loaded makes sense.
func FuzzLoad(f *testing.F) {
	l := newLister()
	m := newMirror(l)
	ids := l.addSpecs(file("ftp://a", "1", 5), folder("ftp://a", "d"), file(Local, "3", 7))
	j := l.jobs.get(ids[1])
	l.begin(j, &run{cancel: func() {}}, epoch)
	l.addChildren(j, []child{{entry: Entry{Name: "x", Size: 4}}, {entry: Entry{Name: "\xff", Size: 4}, skip: "no"}})
	m.write()
	l.list.end(j, result{verdict: vScanned, bytes: -1}, rules{}, epoch)
	l.cancel(ids[:1])
	l.clear()
	m.write()
	f.Add(slices.Concat(m.commits...))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		m := &mirror{l: newLister(), commits: [][]byte{data}}
		got, _, _ := m.load()
		got.check(t)
		got.resume(nil)
		for range 3 {
			if j := got.start(epoch); j != nil {
				got.list.end(j, result{verdict: vDone, bytes: 1}, rules{}, epoch)
			}
		}
		got.cancel(slices.Collect(maps.Keys(idsOf(got.list))))
		got.clear()
		got.check(t)
	})
}

func idsOf(l *list) map[ID]bool {
	out := map[ID]bool{}
	l.all(func(j *job) { out[j.id] = true })
	return out
}
