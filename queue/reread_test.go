package queue

import "testing"

// A directory that had been read is read again where its rows may be lost, and
// only there; one that has ended stays so.
func TestDirectoriesAreReadAgainBehindAHole(t *testing.T) {
	for _, holed := range []bool{false, true} {
		l := newLister()
		m := newMirror(l)
		ids := l.addSpecs(folder("ftp://a", "d"), folder("ftp://a", "e"))
		m.write()
		for _, id := range ids {
			j := l.jobs.get(id)
			l.begin(j, &run{cancel: func() {}}, epoch)
			j.dir().src, j.dir().dst = "/d", "/home/d"
			m.write()
			if id == ids[0] {
				l.addChildren(j, []child{{entry: Entry{Name: "x", Size: 4}}})
			}
			m.write()
			l.list.end(j, result{verdict: vScanned, bytes: -1}, rules{}, epoch)
			m.write()
		}
		m.commits = append(m.commits[:2], m.commits[3:]...) // the row is lost
		n := newLister()
		d := newLoader(n.list, func(r *root) *lane { return n.laneOf([2]string{r.src, r.dst.Address}, n.end) })
		for _, c := range m.commits {
			d.commit(c)
		}
		if d.holed = holed; d.restore() != 0 {
			t.Error("something is lost")
		}
		n.check(t)
		want := map[bool]code{false: done, true: waiting}[holed]
		if s := n.jobs.get(ids[0]).state; s != want {
			t.Errorf("holes %v: %s, want %s", holed, s.state(), want.state())
		}
		if s := n.jobs.get(ids[1]).state; s != done {
			t.Errorf("holes %v: the one that had ended is %s", holed, s.state())
		}
	}
}
