package cli

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"portside/queue"
)

// reporter tells somebody what happens to jobs.
type reporter interface {
	queued(r queue.Row)
	started(r queue.Row)
	retrying(r queue.Row)
	asking(r queue.Row)
	ended(r queue.Row)
	waiting(o queue.Outage, left time.Duration)
	stopped(r queue.Row) // it has not ended, but the run has
	progress(t queue.Totals, running []queue.Row)
	summary(t tally)
}

// watcher follows the jobs of a run to their end.
type watcher struct {
	engine    queue.Engine
	reporters []reporter
	asker     *asker // nil: nobody can be asked
	quiet     bool   // nobody looks at progress
	since     uint64
	outage    string    // the last one that was told
	told      time.Time // when
	seen      map[queue.ID]sighting
	tally     tally
}

// sighting is what was last told about a job that has not ended.
type sighting struct {
	state   queue.State
	started bool
	retries int // attempts whose end was told
	refused int // the exit status of a question that got no answer
}

const updatesAtOnce = 256

// run returns when no job can go on. It ends early with ctx.
func (w *watcher) run(ctx context.Context) error {
	w.seen = map[queue.ID]sighting{}
	var tick <-chan time.Time
	if !w.quiet {
		ticker := time.NewTicker(500 * time.Millisecond)
		defer ticker.Stop()
		tick = ticker.C
	}
	began := time.Now()
	for {
		w.drain()
		t := w.engine.Totals()
		if over(t) {
			w.drain()
			return w.end(t)
		}
		w.wait(t.Outage, time.Now())
		select {
		case <-ctx.Done():
			w.breakOff()
			return interrupted("what has arrived is kept under names like .NAME.portside")
		case <-w.engine.Changed():
			w.rest(ctx, time.Since(began))
		case <-tick:
			for _, r := range w.reporters {
				r.progress(t, w.engine.Rows(0, max(t.Running, 1)))
			}
		case r := <-w.asker.replies():
			w.answer(r)
		}
	}
}

// rest waits a moment, so that many changes are told at once: the more of it the
// longer the run lasts, and never so long that anybody would notice.
func (w *watcher) rest(ctx context.Context, soFar time.Duration) {
	pause := time.NewTimer(min(soFar/100, 20*time.Millisecond))
	defer pause.Stop()
	select {
	case <-ctx.Done():
	case <-pause.C:
	}
}

// breakOff tells how far the run came: every job has an end, and so has the
// output.
func (w *watcher) breakOff() {
	w.drain()
	for _, id := range slices.Sorted(maps.Keys(w.seen)) {
		if ended(w.seen[id].state) {
			continue
		}
		r, ok := w.engine.Row(id)
		switch {
		case ok && ended(r.State):
			w.see(r)
		case ok:
			if !r.Dir || r.State == queue.Waiting { // else its files count
				w.tally.stopped++
			}
			w.each(func(to reporter) { to.stopped(r) })
		}
	}
	w.tally.broken = true
	w.each(func(to reporter) { to.summary(w.tally) })
}

// over reports whether nothing goes on without a person.
func over(t queue.Totals) bool {
	if t.Stuck && t.Asking == 0 {
		return true
	}
	return t.Waiting+t.Running+t.Asking+t.Paused == 0
}

// againAfter is when a server that is still waited for is spoken of again.
const againAfter = 30 * time.Second

// wait tells of a server that is waited for, now and then.
func (w *watcher) wait(o queue.Outage, now time.Time) {
	key := o.Server + "\x00" + o.Why
	if o.Why == "" || key == w.outage && now.Sub(w.told) < againAfter {
		return
	}
	w.outage, w.told = key, now
	w.each(func(to reporter) { to.waiting(o, o.Until.Sub(now)) })
}

// drain tells what changed.
func (w *watcher) drain() {
	for {
		rows := w.engine.Updates(w.since, updatesAtOnce)
		for _, r := range rows {
			w.since = r.Version
			w.see(r)
		}
		if len(rows) < updatesAtOnce {
			return
		}
	}
}

// see tells what has happened to a job since it was last seen. What was too
// fast to be seen is told too, so that every job has a beginning.
func (w *watcher) see(r queue.Row) {
	s, known := w.seen[r.ID]
	if known && s.state == r.State && ended(r.State) {
		return
	}
	if !known {
		w.each(func(to reporter) { to.queued(r) })
	}
	if !s.started && r.Attempt > 0 {
		s.started = true
		w.each(func(to reporter) { to.started(r) })
	}
	switch r.State {
	case queue.Waiting:
		if r.Failure != nil && r.Attempt > s.retries {
			s.retries = r.Attempt
			w.each(func(to reporter) { to.retrying(r) })
		}
	case queue.Asking:
		if s.state != queue.Asking {
			w.each(func(to reporter) { to.asking(r) })
			w.ask(r, &s)
		}
	}
	if ended(r.State) {
		w.count(r, s)
		w.each(func(to reporter) { to.ended(r) })
	}
	s.state = r.State
	w.seen[r.ID] = s
}

func ended(s queue.State) bool {
	return s == queue.Done || s == queue.Skipped || s == queue.Failed || s == queue.Cancelled
}

func (w *watcher) each(f func(reporter)) {
	for _, r := range w.reporters {
		f(r)
	}
}

// ask hands a question to the asker, or ends the job where that has no answer.
func (w *watcher) ask(r queue.Row, s *sighting) {
	if w.asker.takes(r) {
		return
	}
	s.refused = statusFailed
	if r.Question != nil {
		s.refused = statusOf(&queue.Failure{Ask: r.Question.Ask})
	}
	w.engine.Cancel(r.ID)
}

// answer gives the engine what was typed.
func (w *watcher) answer(r reply) {
	row, a, ok := w.asker.read(r)
	switch {
	case !ok: // it is asked again
	case a == nil:
		s := w.seen[row.ID]
		s.refused = statusExists
		w.seen[row.ID] = s
		w.engine.Cancel(row.ID)
	default:
		if err := w.engine.Answer(row.ID, *a); err != nil {
			w.asker.again(row, err.Error())
			return
		}
	}
	w.asker.next(w.engine)
}

// count adds the end of a job to the tally. A directory's job that only failed
// because of its files is none of its own.
func (w *watcher) count(r queue.Row, s sighting) {
	switch r.State {
	case queue.Done:
		if !r.Dir {
			w.tally.done++
			w.tally.bytes += max(r.Done, 0)
		}
	case queue.Skipped:
		w.tally.skipped++
		if r.Unfit {
			w.tally.leave(r.Name, r.Note)
		}
	case queue.Cancelled:
		if s.refused != 0 {
			w.tally.fail(s.refused)
			return
		}
		w.tally.fail(statusFailed)
	case queue.Failed:
		if belowFailed(r) {
			return
		}
		w.tally.fail(statusOf(failureOf(r)))
	}
}

// belowFailed reports whether a job failed for those below it alone: they were
// told and counted themselves.
func belowFailed(r queue.Row) bool {
	return r.Failure != nil && errors.Is(r.Failure, queue.ErrBelow)
}

func failureOf(r queue.Row) *queue.Failure {
	if r.Failure != nil {
		return r.Failure
	}
	return &queue.Failure{Class: queue.ClassJob, Text: "failed"}
}

// end returns how the run ended.
func (w *watcher) end(t queue.Totals) error {
	for _, r := range w.reporters {
		r.summary(w.tally)
	}
	if t.Stuck {
		return &problem{status: statusFailed, what: t.Stopped}
	}
	return w.tally.problem()
}
