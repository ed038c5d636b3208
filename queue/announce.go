package queue

import "time"

// announced is how big a file may be that is announced: if it is not wanted in
// the end, it is read in vain.
const announced = 256 << 10

// announce tells the source's session which download comes next, where that is
// known: this worker is the only one at a server that allows no other, and
// nothing about the next job has to be looked at or asked before.
func (t *task) announce() {
	a, ok := t.from.fs.(Announcer)
	if !ok || !t.to.ep.local || t.proof != nil {
		return
	}
	if src := t.next(); src != nil {
		if path, err := t.from.fs.Join(src.dir, src.name); err == nil {
			a.Announce(path)
		}
	}
}

// upcoming is the source of a job that comes next.
type upcoming struct{ dir, name string }

// next returns the source of the next job, if it is an easy one of this
// worker's.
func (t *task) next() *upcoming {
	t.q.mu.Lock()
	defer t.q.mu.Unlock()
	if t.from.ep.limit(time.Now()) > 1 {
		return nil
	}
	j := t.q.list.next(func(n *lane) bool { return n == t.lane })
	if j == nil || j.parent == nil || j.isDir() || j.x != nil || !j.has(isFree) || !j.has(isFresh) ||
		j.root.kind != Copy || j.entry().Type != File || j.size < 0 || j.size > announced {
		return nil
	}
	return &upcoming{j.parent.dir().src, j.name}
}
