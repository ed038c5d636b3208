package queue

import (
	"slices"
	"time"
)

// Priority says which of the jobs that are ready go first. Among equals the
// order of the list counts.
type Priority string

// The priorities. Now is that of jobs that a person wants before all others.
const (
	PriorityNow    Priority = "now"
	PriorityHigh   Priority = "high"
	PriorityNormal Priority = "normal"
	PriorityLow    Priority = "low"
)

// level is a [Priority] in one byte.
type level uint8

const (
	normal level = iota
	high
	urgent
	low
	levels
)

// downwards are the levels, the first to go first.
func downwards() [levels]level { return [levels]level{urgent, high, normal, low} }

func (v level) priority() Priority {
	return [levels]Priority{PriorityNormal, PriorityHigh, PriorityNow, PriorityLow}[v]
}

func (p Priority) level() level {
	for v := range levels {
		if v.priority() == p {
			return v
		}
	}
	return normal
}

// Far in [Engine].Move, or minus Far, is as far as it goes.
const Far = 1 << 30

// bit marks the ready jobs of j's lane that go as early as j does.
func (j *job) bit() uint64 { return j.root.lane.bits[j.level] }

// grant gives a lane a bit for its jobs of a level. The pairs of a lane and a
// level that come after the 63rd share the last bit.
func (l *list) grant(n *lane, v level) {
	if n.bits[v] == 0 {
		n.bits[v] = 1 << min(l.granted, newLanes)
		l.granted++
	}
}

// next returns the first job of the highest priority that may start in a lane
// that open takes. What is to run now goes before what an earlier process was at,
// and that before all others.
func (l *list) next(open func(*lane) bool) *job {
	if l.top == nil {
		return nil
	}
	for _, v := range downwards() {
		if v != urgent {
			if j := l.begun.next(open); j != nil {
				return j
			}
		}
		mask := uint64(0)
		for _, n := range l.lanes {
			if n.bits[v]&l.top.lanes != 0 && open(n) {
				mask |= n.bits[v]
			}
		}
		if mask == 0 {
			continue
		}
		ok := func(j *job) bool { return j.bit() != 1<<newLanes || j.level == v && open(j.root.lane) }
		if j := ready(l.top, mask, ok); j != nil {
			return j
		}
	}
	return nil
}

// prioritize gives jobs and what is below them a priority. What is to run now
// goes before what was to run now before, and whatever kept it is over: it was
// paused, had failed, or waited for its next attempt.
func (l *list) prioritize(p Priority, ids []ID) {
	v := p.level()
	if v == urgent {
		for i := len(ids) - 1; i >= 0; i-- {
			l.moveFar(l.jobs.get(ids[i]), true)
		}
	}
	l.apply(ids, func(j *job) {
		if v == urgent {
			if j.state == failed {
				l.retryOne(j)
			}
			l.resumeOne(j)
		}
		if j.state.group() == gEnded || j.level == v && v != urgent {
			return
		}
		l.out(j)
		if j.level = v; v == urgent && j.state == waiting {
			l.wait(j, time.Time{})
		}
		l.grant(j.root.lane, v)
		l.in(j)
	})
}

// moveFar puts j and all below it before or behind all other jobs.
func (l *list) moveFar(j *job, first bool) {
	if j == nil || j.state.ended() && j.child == nil {
		return
	}
	n := 0
	each(j, func(*job) { n++ })
	var family []*job
	if l.few(n) {
		family = l.family(j)
		l.carry(family, first)
	} else {
		var rest []*job
		l.all(func(o *job) {
			if o.within(j) {
				family = append(family, o)
			} else {
				rest = append(rest, o)
			}
		})
		if first {
			l.arrange(slices.Concat(family, rest))
		} else {
			l.arrange(slices.Concat(rest, family))
		}
		l.ledger.placeAll(prev(family[0]), family)
	}
	for _, o := range family {
		l.save(o)
	}
}

// carry puts jobs before or behind all others, one by one.
func (l *list) carry(family []*job, first bool) {
	for _, o := range family {
		l.remove(o)
	}
	at := l.last()
	if first {
		at = nil
	}
	for _, o := range family {
		l.after(at, o)
		l.ledger.place(at, o)
		at = o
	}
}

// within reports whether j is dir or below it.
func (j *job) within(dir *job) bool {
	for ; j != nil; j = j.parent {
		if j == dir {
			return true
		}
	}
	return false
}

// few reports whether n changes one by one cost less than counting anew.
func (l *list) few(n int) bool {
	return n <= l.top.below()/32+1
}

// family returns j and all below it, in their order.
func (l *list) family(j *job) []*job {
	type at struct {
		j     *job
		place int
	}
	var found []at
	each(j, func(o *job) { found = append(found, at{o, l.place(o)}) })
	slices.SortFunc(found, func(a, b at) int { return a.place - b.place })
	out := make([]*job, len(found))
	for i, f := range found {
		out[i] = f.j
	}
	return out
}

// place returns how many jobs stand before j.
func (t *tree) place(j *job) int {
	n := j.left.below()
	for ; j.up != nil; j = j.up {
		if j.up.right == j {
			n += j.up.left.below() + 1
		}
	}
	return n
}

// below returns how many jobs there are from j down.
func (j *job) below() int {
	n := 0
	if j != nil {
		for _, c := range j.count {
			n += int(c)
		}
	}
	return n
}

// Prioritize implements [Engine].
func (q *Queue) Prioritize(p Priority, ids ...ID) {
	q.order(func(l *list) { l.prioritize(p, ids) })
}
