package queue

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// restore makes the list of what was loaded: the jobs that remain, in their
// order, each in the state in which a new process finds it. It returns how many
// jobs were left out because what they belong to is missing.
func (d *loader) restore() (lost int) {
	l := d.l
	d.placed = d.strays()
	jobs := make([]*job, 0, d.order.size()) // grown, it would take four times that
	for j := d.order.oldest; j != nil; {
		newer := j.newer
		j.older, j.newer = nil, nil
		switch {
		case j.root == nil || j.has(isGone):
		case j.orphan():
			lost++
			j.set(isGone, true)
		default:
			jobs = append(jobs, j)
		}
		j = newer
	}
	l.forgetAbsent(jobs)
	for _, j := range jobs {
		if j.prio = l.prio(); d.holed && j.reread() {
			d.again++
		}
		l.begun.add(j)
		j.revive()
	}
	var resting []*job
	for _, j := range jobs {
		l.enter(j)
		if j.resting() {
			resting = append(resting, j)
		}
	}
	l.arrange(jobs)
	l.hold = d.globals.Hold
	if len(resting) > 0 {
		l.many(func() {
			for i := len(resting) - 1; i >= 0; i-- { // those below come later
				l.settle(resting[i])
			}
		})
	}
	return lost
}

// orphan reports whether the directory's job that j belongs to is not known.
func (j *job) orphan() bool {
	for p := j.parent; p != nil; p = p.parent {
		if p.root == nil || p.root != j.root {
			return true
		}
	}
	return false
}

// forgetAbsent makes the table of the jobs that are in the list alone. Gone
// directories' jobs live on in those below them.
func (l *list) forgetAbsent(jobs []*job) {
	l.jobs = table{}
	for _, j := range jobs {
		l.jobs.put(j)
	}
}

// revive gives a job the state that it has without the process that had it. A
// worker, a wait and a session's question are gone with that; what a person
// ordered and what was asked about a target stand.
func (j *job) revive() {
	x := j.x
	ended := j.state.ended()
	switch {
	case j.state == asking && (x == nil || x.question == nil):
		j.state = waiting
	case j.state == running, j.state == finishing, j.state == scanning && !j.read():
		j.state = waiting
	}
	if x != nil && x.stage == stageRemove && j.state == waiting && j.isDir() {
		j.state = scanning
	}
	if j.depth = 0; !ended {
		j.set(isRestored, true)
	}
	for p := j.parent; p != nil; p = p.parent {
		j.depth++
	}
	if x != nil && x.dir != nil {
		d := x.dir
		d.total, d.over, d.left = d.gone, d.gone, d.goneLeft
	}
}

// read reports whether j is a directory's job whose directory has been read.
func (j *job) read() bool {
	return j.isDir() && j.x != nil && j.x.dir != nil && j.x.dir.scanned
}

// enter puts a loaded job into everything but the treap.
func (l *list) enter(j *job) {
	if !j.state.ended() {
		j.set(isSum, j.resting())
	}
	l.grant(j.root.lane, j.level)
	l.tally(j, 1)
	if p := j.parent; p != nil {
		l.count(j, 1)
		j.sibling, p.child = p.child, j
	}
	j.set(isReady, j.runnable())
	l.changes.touch(j)
}

// staleLimit is how long it is remembered how many sessions a server takes.
const staleLimit = 12 * time.Hour

// remember takes over what another process learned.
func (s *server) remember(n learnedLimit) {
	if n.Sessions > 0 {
		s.learned, s.refused = n.Sessions, n.At
	}
}

// Open starts a queue with the jobs of a Store, which is the queue's from then
// on: Close closes it. Jobs that were running go on. Words, if any, say what is
// wrong with what was found.
func Open(o Options, store Store) (q *Queue, words string, err error) {
	q = New(o)
	q.learned = map[string]learnedLimit{}
	d := newLoader(q.list, func(r *root) *lane { return q.laneFor(Spec{Kind: r.kind, Src: Place{r.src, ""}, Dst: r.dst}) })
	err = store.Load(func(part []byte, more bool) error {
		d.part(part, more)
		return nil
	})
	if err != nil {
		return nil, "", errors.Join(err, q.Close())
	}
	if h, ok := store.(Holed); ok {
		d.holed = h.Holes()
	}
	words = d.words(d.restore() + d.strange)
	q.adopt(d, store)
	return q, words, nil
}

// words say what is wrong with what was loaded.
func (d *loader) words(lost int) string {
	var out []string
	if lost > 0 {
		out = append(out, plural(lost, d.records, "records of the queue made no sense and were left out"))
	}
	if d.placed > 0 {
		out = append(out, plural(d.placed, int(d.l.top.below()), "jobs had lost their places in the queue, and were given new ones"))
	}
	if d.again > 0 {
		out = append(out, fmt.Sprintf("directories are read again, because jobs below them may be lost: %d", d.again))
	}
	return strings.Join(out, "; ")
}

// adopt begins to work on what was loaded, and to tell the store.
func (q *Queue) adopt(d *loader, store Store) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.saver = newSaver(store)
	q.saver.snapped = store.Size()
	if limits, err := ParseLimits(d.globals.Limits); err == nil {
		if q.limit.keep(limits); q.opt.Limits.IsZero() {
			q.limit.change(limits)
		}
	}
	q.recall(d.globals.Named)
	for key, n := range d.globals.Learned {
		if n.Sessions > 0 && time.Since(n.At) < staleLimit {
			q.learned[key] = n
		}
	}
	for key, s := range q.servers {
		s.remember(q.learned[key])
	}
	l := q.list
	l.ledger.on, l.ledger.wake = true, q.saver.nudge
	l.skip()
	if d.records > 1000+3*len(d.roots)+3*l.top.below() || d.strange+d.placed > 0 {
		q.saver.behind = true // much of the store is of no use
		q.saver.nudge()
	}
	// Close ends it and waits for it.
	go q.saver.run(q)
	q.schedule()
}
