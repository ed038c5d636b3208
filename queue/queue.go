package queue

import (
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
	rates   Rates       // of the limit, that the speeds were made under
	rested  time.Time   // since when nothing runs; zero: something does
	timer   *time.Timer // wakes schedule when a wait is over
	closed  bool
	saver   *saver                  // nil: in memory only
	learned map[string]learnedLimit // by server
	named   int                     // sessions at one server that a person set, for the next process as well
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
