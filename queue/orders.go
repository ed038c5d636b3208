package queue

import "time"

// many runs f with the treap's counts made anew once at its end, which is
// cheaper when f changes more than a handful of jobs.
func (l *list) many(f func()) {
	if l.bulk {
		f()
		return
	}
	l.bulk = true
	f()
	l.bulk = false
	recount(l.top)
}

// each calls f for j and all below it, parents first.
func each(j *job, f func(*job)) {
	f(j)
	for c := j.child; c != nil; c = c.sibling {
		each(c, f)
	}
}

// all calls f for every job, in order.
func (l *list) all(f func(*job)) {
	if l.top == nil {
		return
	}
	for j := leftmost(l.top); j != nil; j = next(j) {
		f(j)
	}
}

// apply gives an order to jobs and what is below them.
func (l *list) apply(ids []ID, order func(*job)) {
	for _, id := range ids {
		j := l.jobs.get(id)
		switch {
		case j == nil:
		case j.child == nil:
			order(j)
		default:
			n := 0
			each(j, func(*job) { n++ })
			if l.few(n) {
				each(j, order)
			} else {
				l.many(func() { each(j, order) })
			}
		}
	}
}

// pause stops what waits or runs. No ids means all, and what comes.
func (l *list) pause(ids []ID) {
	if len(ids) > 0 {
		l.apply(ids, l.pauseOne)
		return
	}
	l.hold = true
	l.many(func() { l.all(l.pauseOne) })
}

func (l *list) pauseOne(j *job) {
	switch j.state {
	case waiting, running, scanning, asking:
		l.out(j)
		l.wait(j, time.Time{})
		j.state = paused
		l.stop(j)
		l.in(j)
	}
}

// stop tells j's worker to end.
func (l *list) stop(j *job) {
	if j.x == nil {
		return
	}
	j.x.question, j.x.asker = nil, nil
	if j.x.run != nil {
		j.x.run.cancel()
	}
}

// resume undoes pause; no ids means all, also a stop of the whole queue.
func (l *list) resume(ids []ID) {
	if len(ids) > 0 {
		l.unfill(ids)
		l.apply(ids, l.resumeOne)
		return
	}
	l.hold = false
	l.empty()
	l.many(func() { l.all(l.resumeOne) })
}

func (l *list) resumeOne(j *job) {
	if j.state != paused {
		return
	}
	l.out(j)
	j.state = waiting
	if j.isDir() && j.x != nil && j.x.dir != nil && j.x.dir.scanned {
		j.state = scanning
	}
	l.in(j)
}

// cancel ends jobs, and what is below them.
func (l *list) cancel(ids []ID) { l.apply(ids, l.cancelOne) }

func (l *list) cancelOne(j *job) {
	if j.state.group() == gEnded {
		return
	}
	l.out(j)
	l.wait(j, time.Time{})
	l.stop(j)
	j.state = cancelled
	j.set(isSum, j.isDir() && j.child != nil)
	if x := j.x; x != nil {
		x.parked = ""
		if x.run == nil && x.part != nil {
			x.stage = stageTidy
		}
	}
	l.in(j)
}

// retry puts failed and cancelled jobs back in line; no ids means all failed.
func (l *list) retry(ids []ID) {
	if len(ids) > 0 {
		l.unfill(ids)
		l.apply(ids, l.retryOne)
		return
	}
	l.empty()
	if l.size(gFailed) == 0 {
		return
	}
	l.many(func() {
		l.all(func(j *job) {
			if j.state == failed && (j.x == nil || j.x.faults < 2) { // else only by name
				l.retryOne(j)
			}
		})
	})
}

func (l *list) retryOne(j *job) {
	if j.state != failed && j.state != cancelled {
		return
	}
	l.out(j)
	x := j.more()
	x.failure, x.note, x.tries, x.anew, x.answer = nil, "", 0, 0, ""
	if x.stage == stageTidy {
		x.stage = stageWork
	}
	j.set(isFree|isFresh, false)
	j.state = waiting
	switch {
	case j.isDir() && x.dir != nil && x.dir.scanned:
		j.state = scanning // and so until the last one below has ended
	case l.hold:
		j.state = paused
	}
	l.in(j)
}

// move puts a waiting job by places among those that wait; one that has jobs
// below it takes them along when it goes as far as it can.
func (l *list) move(id ID, by int) {
	j := l.jobs.get(id)
	if by <= -Far || by >= Far {
		l.moveFar(j, by < 0)
		return
	}
	if j == nil || j.state != waiting || by == 0 {
		return
	}
	from := l.rank(j)
	to := min(max(from+by, 0), l.size(gWaiting)-1)
	if to == from {
		return
	}
	at := l.nth(gWaiting, to)
	if by < 0 {
		at = prev(at)
	}
	l.remove(j)
	l.after(at, j)
	l.ledger.place(at, j)
	l.save(j)
}

// clear forgets what is done, skipped or cancelled. Rows of a directory that
// may have to be read again stay: they say what is there already.
func (l *list) clear() {
	gone := 0
	parents := map[*job]bool{}
	forget := func(j *job) bool {
		if j.state.group() != gEnded || j.x != nil && (j.x.run != nil || j.x.stage != stageWork) {
			return false
		}
		p := j.parent
		if p != nil && !p.has(isGone) {
			if !p.dir().scanned && !p.state.ended() {
				return false
			}
			parents[p] = true
		}
		l.drop(j)
		gone++
		return true
	}
	if n := l.size(gEnded); n < 256 {
		for i := 0; i < l.size(gEnded); {
			if j := l.nth(gEnded, i); forget(j) {
				l.remove(j)
			} else {
				i++
			}
		}
	} else {
		l.rebuild(func(j *job) bool { return !forget(j) })
	}
	for p := range parents {
		prune(p)
		if !p.has(isGone) {
			l.save(p)
		}
	}
	if gone > 0 {
		l.changes.version++
	}
}

// drop takes j out of everything but the treap. The counts of the directory
// above keep it.
func (l *list) drop(j *job) {
	l.tally(j, -1)
	l.changes.unlink(j)
	l.jobs.drop(j)
	l.ledger.drop(j)
	if p := j.parent; p != nil {
		d := p.dir()
		d.gone++
		if j.state != done {
			d.goneLeft++
		}
	}
	j.set(isGone, true)
}

// prune takes forgotten jobs out of the chain below p.
func prune(p *job) {
	at := &p.child
	for *at != nil {
		if (*at).has(isGone) {
			*at = (*at).sibling
		} else {
			at = &(*at).sibling
		}
	}
}
