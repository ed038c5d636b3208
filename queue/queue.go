package queue

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// Queue is an [Engine] in process, with its jobs in memory. One mutex guards
// the jobs and the endpoints; it is never held during I/O.
type Queue struct {
	opt     Options
	rules   rules
	changed chan struct{}
	moved   atomic.Int64 // bytes moved by all jobs ever
	buffers sync.Pool    // of the copy loops
	limit   *limiter     // of the bytes a second
	wg      sync.WaitGroup

	mu      sync.Mutex
	list    *list
	ends    map[string]*endpoint
	landing int // downloads that wait for the disk without a session
	servers map[string]*server
	watch   watch
	due     time.Time        // the next look at the running jobs
	wall    func() time.Time // the clock on the wall
	speed   speed
	rested  time.Time   // since when nothing runs; zero: something does
	timer   *time.Timer // wakes schedule when a wait is over
	closed  bool
	saver   *saver                  // nil: in memory only
	learned map[string]learnedLimit // by server
	ties    map[*tie]bool
	heir    *turn // where a worker that ended its turn finds the next one
}

var _ Engine = (*Queue)(nil)

// New starts a queue. Close ends it.
func New(o Options) *Queue {
	o.Connections = max(o.Connections, 0)
	if o.Retries <= 0 {
		o.Retries = 10
	}
	if o.Backoff == nil {
		o.Backoff = Backoff
	}
	q := &Queue{
		opt: o, rules: rules{retries: o.Retries, backoff: o.Backoff},
		changed: make(chan struct{}, 1), list: newList(), ends: map[string]*endpoint{}, servers: map[string]*server{},
		wall:    func() time.Time { return time.Now().Round(0) },
		buffers: sync.Pool{New: func() any { return new([bufferSize]byte) }},
		ties:    map[*tie]bool{}, limit: newLimiter(),
	}
	q.limit.change(o.Limits)
	return q
}

// Backoff is the usual wait after the nth failed attempt: 1 s, growing by
// 1.6 to 120 s, give or take a fifth.
func Backoff(attempt int) time.Duration {
	s := min(math.Pow(1.6, float64(attempt-1)), 120)
	return time.Duration(s * (0.8 + 0.4*rand.Float64()) * float64(time.Second))
}

// Add implements [Engine].
func (q *Queue) Add(specs []Spec) ([]ID, error) {
	specs = append([]Spec(nil), specs...)
	for i := range specs {
		if specs[i].Verify == "" { // what is asked for today holds for what is added today
			specs[i].Verify = q.opt.Verify
		}
		specs[i].Permissions = specs[i].Permissions || q.opt.Permissions
		if err := specs[i].check(); err != nil {
			return nil, err
		}
	}
	if len(specs) == 0 {
		return nil, nil
	}
	q.separate(specs)
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil, ErrClosed
	}
	ids := q.list.add(specs, q.laneFor, q.saver != nil)
	q.schedule()
	if q.saver == nil {
		return ids, nil
	}
	err := q.persist(ids)
	if err != nil {
		return nil, err
	}
	return ids, nil
}

// laneFor returns the lane of a Spec. What one session can do alone, deleting
// and moving at one place, needs no second one.
func (q *Queue) laneFor(s Spec) *lane {
	key := [2]string{s.Src.Address, s.Dst.Address}
	if s.Kind == Delete || s.Kind == Move && key[0] == key[1] {
		key[1] = ""
	}
	return q.list.laneOf(key, q.end)
}

// order runs f on the list and lets what follows from it happen.
func (q *Queue) order(f func(l *list)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		f(q.list)
		if q.saver != nil {
			q.saver.nudge() // some orders change no job
		}
		q.schedule()
	}
}

// Pause implements [Engine].
func (q *Queue) Pause(ids ...ID) { q.order(func(l *list) { l.pause(ids) }) }

// Resume implements [Engine].
func (q *Queue) Resume(ids ...ID) { q.order(func(l *list) { l.resume(ids) }) }

// Cancel implements [Engine].
func (q *Queue) Cancel(ids ...ID) { q.order(func(l *list) { l.cancel(ids) }) }

// Retry implements [Engine].
func (q *Queue) Retry(ids ...ID) { q.order(func(l *list) { l.retry(ids) }) }

// Move implements [Engine].
func (q *Queue) Move(id ID, by int) { q.order(func(l *list) { l.move(id, by) }) }

// Clear implements [Engine].
func (q *Queue) Clear() { q.order(func(l *list) { l.clear() }) }

// Rows implements [Engine].
func (q *Queue) Rows(from, n int) []Row {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.list.rows(from, n, time.Now())
}

// Row implements [Engine].
func (q *Queue) Row(id ID) (Row, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	j := q.list.jobs.get(id)
	if j == nil {
		return Row{}, false
	}
	return q.list.row(j, time.Now()), true
}

// Updates implements [Engine]. Bytes that move are no change of a job: read
// the rows of running jobs for them.
func (q *Queue) Updates(since uint64, n int) []Row {
	q.mu.Lock()
	defer q.mu.Unlock()
	var out []Row
	now := time.Now()
	q.list.changes.since(since, n, func(j *job) { out = append(out, q.list.row(j, now)) })
	return out
}

// Totals implements [Engine].
func (q *Queue) Totals() Totals {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := q.list.totals()
	for _, s := range q.servers {
		t.Connections += s.live
	}
	if q.saver != nil {
		t.Unsaved = q.saver.unsaved
	}
	t.Outage = q.outage(time.Now())
	t.Stuck = t.Stopped != "" && q.list.stuck(time.Now())
	t.Limit, t.LimitUntil = q.limit.inForce()
	if len(q.list.runs) == 0 {
		return t
	}
	t.Rate = q.speed.look(q.moved.Load(), time.Now())
	t.Left = left(t.Bytes-t.BytesDone, t.Rate)
	return t
}

// Changed implements [Engine].
func (q *Queue) Changed() <-chan struct{} { return q.changed }

// Log implements [Engine].
func (q *Queue) Log(after uint64, n int) []Line {
	if q.opt.Log == nil {
		return nil
	}
	return q.opt.Log.Lines(after, n)
}

// notify tells the reader that something changed; one that has not looked
// since the last time will see this as well.
func (q *Queue) notify() {
	select {
	case q.changed <- struct{}{}:
	default:
	}
}

// schedule starts what can be started and sets the clock for the rest. The
// caller holds the mutex.
func (q *Queue) schedule() {
	defer q.notify()
	if q.closed {
		return
	}
	now := time.Now()
	q.awake(now)
	wake := q.list.wake(now)
	for _, e := range q.ends {
		e.serve(now)
		over, next := e.reap(now)
		for _, fs := range over {
			q.part(e, fs)
		}
		wake = sooner(sooner(wake, next), q.tend(e, now))
		if e.ailing() && e.until.After(now) {
			wake = sooner(wake, e.until)
		}
	}
	wake = sooner(wake, q.lookForRoom(now))
	q.startAll(now)
	for _, s := range q.servers {
		n := s.ramp.n
		wake = sooner(wake, s.ramp.look(now, s.progress(), s.full()))
		if s.ramp.n > n {
			q.startAll(now)
		}
	}
	q.pace(now)
	wake = sooner(wake, q.pulse(now))
	wake = sooner(wake, q.limit.look(len(q.list.runs) > 0, now))
	q.wakeAt(wake, now)
}

// startAll starts what may run.
func (q *Queue) startAll(now time.Time) {
	for {
		j := q.list.next(func(n *lane) bool { return n.open(now) })
		if j == nil {
			return
		}
		q.start(j, now)
	}
}

// pace starts the rate anew after a rest, not after each job.
func (q *Queue) pace(now time.Time) {
	if len(q.list.runs) == 0 {
		if q.rested.IsZero() {
			q.rested = now
		}
		return
	}
	if q.speed.at.IsZero() || !q.rested.IsZero() && now.Sub(q.rested) > time.Second {
		q.speed = speed{last: q.moved.Load(), at: now}
	}
	q.rested = time.Time{}
}

func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// wakeAt has schedule called at a time.
func (q *Queue) wakeAt(at, now time.Time) {
	q.watch.ring = at
	switch {
	case at.IsZero():
		if q.timer != nil {
			q.timer.Stop()
		}
	case q.timer == nil:
		q.timer = time.AfterFunc(at.Sub(now), func() {
			q.mu.Lock()
			defer q.mu.Unlock()
			q.schedule()
		})
	default:
		q.timer.Reset(at.Sub(now))
	}
}

// retire says goodbye to an idle session.
func (q *Queue) retire(e *endpoint, fs FS) {
	defer func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		e.live--
		e.own--
		e.going--
		q.schedule()
	}()
	_ = fs.Close() // nobody can do anything about it
}

// spawn is the one place where goroutines start. The caller holds the mutex
// and the queue is not closed. What a fault leaves behind is the business of
// f; here it only must not take the program down.
func (q *Queue) spawn(f func()) {
	// Close cancels what f waits for, and waits for f.
	q.wg.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				_ = q.fault(p) // it stands in the log
			}
		}()
		f()
	})
}

// tie is a browsing call that Close has to end.
type tie struct{ cancel context.CancelFunc }

// tied returns a ctx that Close ends as well, and what to call in the end.
func (q *Queue) tied(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	t := &tie{cancel: cancel}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		cancel()
	}
	q.ties[t] = true
	return ctx, func() {
		cancel()
		q.mu.Lock()
		defer q.mu.Unlock()
		delete(q.ties, t)
	}
}

// Close implements [Engine].
func (q *Queue) Close() error {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return nil
	}
	q.closed = true
	if q.timer != nil {
		q.timer.Stop()
	}
	for j := range q.list.runs {
		j.x.run.cancel()
	}
	for t := range q.ties {
		t.cancel()
	}
	q.mu.Unlock()
	q.wg.Wait()

	q.mu.Lock()
	var bye sync.WaitGroup
	for _, e := range q.ends {
		for fs := e.pop(); fs != nil; fs = e.pop() {
			// Ends by the FS's own limit on goodbyes; awaited below.
			bye.Go(func() {
				defer func() { _ = recover() }() // a fault must not keep the others open
				_ = fs.Close()
			})
		}
	}
	q.mu.Unlock()
	bye.Wait()
	q.notify()
	return q.saver.close(q)
}
