package queue

import (
	"strings"
	"time"
)

// list is the state machine of the queue: jobs in one order, their states,
// and the sums. It is pure: it does no I/O, starts nothing and reads no clock.
// Its Queue guards it.
//
// Every change of a job goes through out (take its shares from the sums),
// the change itself, and in (put them back, renew what follows from them).
type list struct {
	tree
	jobs    table
	changes history
	waits   waits
	lanes   []*lane
	lane    map[[2]string]*lane
	granted int // bits of lanes
	locks   map[string]*lock
	runs    map[*job]bool // those with a worker
	nextID  ID
	states  [codes]int // but those that isSum
	sums    sums
	hold    bool // all is paused, also what comes
	bulk    bool // the treap's counts are made anew at the end
	ledger  ledger
	begun   begun
}

// sums are totals that follow from the jobs one by one.
type sums struct {
	files, filesDone int
	bytes, bytesDone int64
}

// lane is the pair of endpoints that jobs go between. Ready jobs are found by
// the lane's bits, which grant gives.
type lane struct {
	bits     [levels]uint64 // by the priority of jobs; 0: there were none yet
	src, dst *endpoint      // dst is nil when one session of src does it all
	needs    []need
}

// need is a number of slots at an endpoint.
type need struct {
	ep  *endpoint
	n   int
	all int // at its server, for the whole lane
}

// needed returns the slots that a job of the lane takes: one at each remote
// end, one of the local ones only when all is local.
func (n *lane) needed() []need {
	switch {
	case n.dst == nil, n.src.local && n.dst.local:
		return []need{{n.src, 1, 1}}
	case n.src == n.dst:
		return []need{{n.src, 2, 2}}
	case n.src.local:
		return []need{{n.dst, 1, 1}}
	case n.dst.local:
		return []need{{n.src, 1, 1}}
	case n.src.server == n.dst.server:
		return []need{{n.src, 1, 2}, {n.dst, 1, 2}}
	default:
		return []need{{n.src, 1, 1}, {n.dst, 1, 1}}
	}
}

// open reports whether a job of the lane may start, or be told why not.
func (n *lane) open(now time.Time) bool {
	if n.asking() != nil || n.narrow(now) != nil {
		return true
	}
	if n.stopped(now) {
		return false
	}
	for _, d := range n.needs {
		if !d.ep.admits(d.all, now) {
			return false
		}
	}
	return true
}

// asking returns the end that waits for an answer.
func (n *lane) asking() *endpoint {
	for _, d := range n.needs {
		if d.ep.ask != nil {
			return d.ep
		}
	}
	return nil
}

// narrow returns the end that can never serve as many sessions as needed.
func (n *lane) narrow(now time.Time) *endpoint {
	for _, d := range n.needs {
		if !d.ep.fits(d.all, now) {
			return d.ep
		}
	}
	return nil
}

// newLanes is how many pairs of a lane and a priority have a bit of their own.
const newLanes = 63

func newList() *list {
	return &list{
		tree: tree{rand: 0x9e3779b97f4a7c15}, lane: map[[2]string]*lane{},
		locks: map[string]*lock{}, runs: map[*job]bool{},
	}
}

// share is what j adds to the sums.
func (j *job) share() (s sums) {
	if j.root.kind == Delete || j.isDir() || j.state == skipped || j.state == cancelled {
		return s
	}
	s.files, s.bytesDone = 1, j.done
	if j.state == done {
		s.filesDone, s.bytesDone = 1, max(j.size, j.done)
	}
	s.bytes = max(j.size, s.bytesDone)
	return s
}

// tally adds j's shares to the sums, or takes them away.
func (l *list) tally(j *job, by int) {
	if !j.has(isSum) {
		l.states[j.state] += by
	}
	s := j.share()
	l.sums.files += by * s.files
	l.sums.filesDone += by * s.filesDone
	l.sums.bytes += int64(by) * s.bytes
	l.sums.bytesDone += int64(by) * s.bytesDone
}

// out takes j's shares away before it changes.
func (l *list) out(j *job) {
	l.tally(j, -1)
	l.count(j, -1)
}

// in puts j's shares back after it changed.
func (l *list) in(j *job) {
	if !j.state.ended() {
		j.set(isSum, j.resting())
	}
	l.tally(j, 1)
	l.count(j, 1)
	j.set(isReady, j.runnable())
	if !l.bulk {
		l.fix(j)
	}
	l.save(j)
	l.settle(j)
	if p := j.parent; p != nil && !p.has(isGone) {
		l.follow(p, j)
	}
}

// count keeps the counts of the directory above.
func (l *list) count(j *job, by int) {
	p := j.parent
	if p == nil {
		return
	}
	d := p.dir()
	d.total += by
	if !j.state.ended() {
		return
	}
	d.over += by
	switch j.state {
	case failed:
		d.failed += by
	case skipped, cancelled:
		d.left += by
	}
}

// follow lets a directory's job follow a change of its child.
func (l *list) follow(p, child *job) {
	if !child.state.ended() && p.state.ended() && p.dir().scanned {
		l.out(p)
		p.state = scanning
		p.x.failure, p.x.note = nil, ""
		p.x.stage = stageWork
		l.in(p)
		return
	}
	l.settle(p)
}

// settle ends a directory's job when nothing below is left to do.
func (l *list) settle(j *job) {
	if !j.resting() || j.x.dir.over < j.x.dir.total {
		return
	}
	d := j.x.dir
	l.out(j)
	switch {
	case d.failed > 0:
		j.state = failed
		j.set(isSum, true)
		j.x.failure = Fail(ClassJob, plural(d.failed, d.total, "failed"), ErrBelow)
	case j.root.kind == Move && d.left == 0:
		j.x.stage = stageRemove // a worker removes the empty source
	default:
		j.state = done
		j.set(isSum, true)
		if d.left > 0 {
			j.x.note = plural(d.left, d.total, "left out")
		}
	}
	l.in(j)
}

// resting reports whether j is a directory's job that only waits for what is
// below it.
func (j *job) resting() bool {
	return j.state == scanning && j.x != nil && j.x.dir != nil && j.x.dir.scanned &&
		j.x.run == nil && j.x.stage == stageWork
}

// runnable reports whether a worker may take j.
func (j *job) runnable() bool {
	x := j.x
	if j.has(isUnsaved) {
		return false
	}
	if x == nil {
		return j.state == waiting
	}
	if x.run != nil || !x.due.IsZero() || x.parked != "" {
		return false
	}
	switch j.state {
	case waiting:
		return true
	case scanning:
		return x.stage == stageRemove
	case cancelled:
		return x.stage == stageTidy
	default:
		return false
	}
}

// insert puts a new job behind at (nil: first).
func (l *list) insert(at, j *job) {
	l.nextID++
	j.id = l.nextID
	j.state = waiting
	if l.hold {
		j.state = paused
	}
	l.grant(j.root.lane, j.level)
	l.jobs.put(j)
	l.tally(j, 1)
	l.count(j, 1)
	j.set(isReady, j.runnable())
	l.after(at, j)
	l.ledger.place(at, j)
	l.save(j)
}

// add puts the jobs of one Add at the end. The specs have been checked.
func (l *list) add(specs []Spec, laneOf func(Spec) *lane, unsaved bool) []ID {
	b := &batch{}
	ids := make([]ID, 0, len(specs))
	var r *root
	for i := range specs {
		s := &specs[i]
		if r == nil || r.kind != s.Kind || r.src != s.Src.Address || r.dst != s.Dst || r.exists != s.Exists || r.verify != s.Verify || r.modes != s.Permissions {
			r = &root{batch: b, lane: laneOf(*s), kind: s.Kind, src: s.Src.Address, dst: s.Dst, exists: s.Exists, verify: s.Verify, modes: s.Permissions}
		}
		j := &job{root: r, name: s.Src.Path, size: -1}
		j.set(isUnsaved, unsaved)
		if s.Known != nil {
			j.learn(*s.Known)
			j.set(isFresh, true)
		}
		if s.As != "" {
			j.more().as = s.As
		}
		l.insert(l.last(), j)
		if b.id == 0 {
			b.id = j.id
		}
		ids = append(ids, j.id)
	}
	return ids
}

// child is a row of a scanned directory.
type child struct {
	entry Entry
	free  bool   // nothing stands at its target
	skip  string // why it is not copied, or ""
	as    string // the target's name, when it is not the source's
}

// addChildren puts jobs behind dir and what is below it. It reports false
// when dir is no longer being scanned.
func (l *list) addChildren(dir *job, rows []child) bool {
	if dir.state != scanning {
		return false
	}
	at := dir
	for at.child != nil {
		at = at.child
	}
	for i := range rows {
		r := &rows[i]
		j := &job{root: dir.root, parent: dir, name: strings.Clone(r.entry.Name), depth: dir.depth + 1, level: dir.level, size: -1}
		j.learn(r.entry)
		j.set(isFresh, true)
		j.set(isFree, r.free)
		j.set(isRestored, dir.has(isRestored))
		j.sibling, dir.child = dir.child, j
		l.insert(at, j)
		if r.as != "" {
			j.more().as = r.as
		}
		if r.skip != "" {
			l.out(j)
			j.set(isUnfit, true)
			j.state = skipped
			j.more().note = r.skip
			l.in(j)
		}
		at = j
	}
	l.save(dir) // its counts grew
	return true
}

// laneOf returns the lane of a pair of endpoints.
func (l *list) laneOf(key [2]string, ends func(string) *endpoint) *lane {
	n := l.lane[key]
	if n == nil {
		n = &lane{src: ends(key[0])}
		if key[1] != "" {
			n.dst = ends(key[1])
		}
		n.needs = n.needed()
		l.lane[key] = n
		l.lanes = append(l.lanes, n)
	}
	return n
}

// wake makes jobs ready whose wait is over, and returns when the next one is.
func (l *list) wake(now time.Time) (next time.Time) {
	for len(l.waits) > 0 && !l.waits[0].x.due.After(now) {
		j := l.waits[0]
		l.out(j)
		l.wait(j, time.Time{})
		l.in(j)
	}
	if len(l.waits) > 0 {
		next = l.waits[0].x.due
	}
	return next
}
