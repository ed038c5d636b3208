package queue

import (
	"maps"
	"slices"
)

// Holed is a [Store] that can tell that it lost commits.
type Holed interface {
	// Holes reports, once all is loaded, whether commits are missing between
	// those that were.
	Holes() bool
}

// strays gives a place to the jobs whose own was lost with a part of the store,
// and returns how many there were.
func (d *loader) strays() (found int) {
	early := map[*job]bool{}
	for _, n := range slices.Sorted(maps.Keys(d.l.jobs.pages)) {
		for _, j := range d.l.jobs.pages[n].jobs {
			switch {
			case j == nil || j.root == nil || j.has(isGone):
			case j.early(early):
				early[j] = true
				j.set(isGone, true)
			case !d.order.holds(j):
				d.order.link(d.near(j), j)
				found++
			}
		}
	}
	return found
}

// early reports whether j is below a directory of which it is not known that it
// was begun: reading it brings j again.
func (j *job) early(early map[*job]bool) bool {
	p := j.parent
	return p != nil && (early[p] || p.x == nil || p.x.dir == nil || p.x.dir.src == "")
}

// near returns the job behind which a stray belongs: the one that came before it
// in the same directory, else the directory's job, else the last.
func (d *loader) near(j *job) *job {
	for id := j.id - 1; id > 0 && j.id-id < maxBlank; id-- {
		if o := d.l.jobs.get(id); o != nil && o.parent == j.parent && d.order.holds(o) {
			return o
		}
	}
	if j.parent != nil && d.order.holds(j.parent) {
		return j.parent
	}
	return d.order.newest
}

// reread lets directories be read once more whose jobs below may be lost. What
// is known of them is not copied again. It reports whether j is such a one.
func (j *job) reread() bool {
	if !j.read() || j.state.ended() || j.x.stage != stageWork {
		return false
	}
	j.x.dir.scanned = false
	return true
}
