package queue

import "time"

// ledger collects what a list has to tell its Store: which jobs changed is in
// its history, and here is what became of their order. Nothing is collected
// before it is on.
type ledger struct {
	on      bool
	wake    func() // something is to be told
	told    uint64 // the version up to which changes are told
	ops     []op
	batches []*batch // answered for all
	roots   uint32   // ids given
}

// op is a change of the order: n jobs with IDs from id on were put behind a
// job (0: first) and behind each other, or (gone) forgotten.
type op struct {
	id, after ID
	n         uint64
	gone      bool
}

// save takes down that j changed.
func (l *list) save(j *job) {
	l.changes.touch(j)
	if l.ledger.on {
		l.ledger.wake()
	}
}

// place takes down that j stands behind at (nil: first).
func (g *ledger) place(at, j *job) {
	if !g.on {
		return
	}
	after := ID(0)
	if at != nil {
		after = at.id
	}
	g.placeID(after, j.id)
}

// placeID is place by IDs.
func (g *ledger) placeID(after, id ID) {
	if n := len(g.ops); n > 0 {
		if o := &g.ops[n-1]; !o.gone && id == o.id+ID(o.n) && after == id-1 {
			o.n++
			return
		}
	}
	g.ops = append(g.ops, op{id: id, after: after, n: 1})
}

// placeAll takes down that jobs stand behind at (nil: first) and behind each
// other.
func (g *ledger) placeAll(at *job, jobs []*job) {
	for _, j := range jobs {
		g.place(at, j)
		at = j
	}
}

// drop takes down that j is forgotten.
func (g *ledger) drop(j *job) {
	if !g.on {
		return
	}
	if n := len(g.ops); n > 0 {
		if o := &g.ops[n-1]; o.gone && j.id == o.id+ID(o.n) {
			o.n++
			return
		}
	}
	g.ops = append(g.ops, op{id: j.id, n: 1, gone: true})
}

// changed returns the jobs that changed since the last time, oldest change
// first.
func (l *list) changed() []*job {
	var out []*job
	h := &l.changes
	for j := h.newest; j != nil && (j == &h.mark || j.version > l.ledger.told); j = j.older {
		if j != &h.mark {
			out = append(out, j)
		}
	}
	for a, b := 0, len(out)-1; a < b; a, b = a+1, b-1 {
		out[a], out[b] = out[b], out[a]
	}
	return out
}

// skip forgets what is to be told: a snapshot tells it.
func (l *list) skip() {
	l.ledger.ops, l.ledger.batches, l.ledger.told = nil, nil, l.changes.version
}

// answered takes down that an Add was answered for all.
func (g *ledger) answered(b *batch) {
	if g.on {
		g.batches = append(g.batches, b)
	}
}

// begins lets jobs begin whose Add is on disk.
func (l *list) begins(ids []ID) {
	set := func() {
		for _, id := range ids {
			if j := l.jobs.get(id); j != nil {
				j.set(isUnsaved, false)
				if j.set(isReady, j.runnable()); !l.bulk {
					l.fix(j)
				}
			}
		}
	}
	if l.few(len(ids)) {
		set()
	} else {
		l.many(set)
	}
}

// forget takes jobs out as if they had never been added.
func (l *list) forget(ids []ID) {
	for _, id := range ids {
		if j := l.jobs.get(id); j != nil {
			l.wait(j, time.Time{})
			l.drop(j)
			l.remove(j)
		}
	}
	l.changes.version++
}
