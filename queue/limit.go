package queue

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// limitSlice is the longest that a transfer waits for its next bytes: a
	// server must not take a slow reader for a dead one, and a shown speed is to
	// stand still.
	limitSlice = 50 * time.Millisecond
	// limitLag is how much of what was not used may be made up for: the delays
	// of timers, and no burst.
	limitLag = 100 * time.Millisecond
	// limitLook is how often the clock on the wall is looked at while jobs run:
	// no timer says that it was set.
	limitLook = 15 * time.Second
)

// limiter hands out the bytes that may be moved. It is not a rate.Limiter of
// golang.org/x/time: whoever waits there waits on when the rate is changed, and
// many streams that ask for what they like do not share alike.
//
// Its mutex is taken under the queue's, never the other way round.
type limiter struct {
	tight atomic.Bool // a rate is in force: all that an unlimited copy looks at
	wall  func() time.Time

	mu     sync.Mutex
	limits Limits
	kept   Limits        // what a person set, for the next process as well
	rates  Rates         // in force
	until  time.Time     // others will be; zero: never
	set    chan struct{} // closed when the rates change
	share  [3]bucket     // of all, of what comes, of what goes
}

// bucket is what one rate has handed out.
type bucket struct {
	rate  float64   // bytes a second; 0: no limit
	paid  time.Time // when all that was handed out has had its time
	flows int       // streams that share it
}

func newLimiter() *limiter { return &limiter{wall: time.Now, set: make(chan struct{})} }

// change puts limits into force.
func (l *limiter) change(limits Limits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limits = limits
	l.read()
}

// keep takes down limits that outlast the process, whatever counts in this one.
func (l *limiter) keep(limits Limits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = limits
}

// keeps returns them in words, "" for none.
func (l *limiter) keeps() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept.IsZero() {
		return ""
	}
	return l.kept.String()
}

// read puts the rates of this hour into force. Who waits for bytes of the old
// ones asks again.
func (l *limiter) read() {
	r, until := l.limits.At(l.wall())
	l.until = until
	if r == l.rates {
		return
	}
	l.rates = r
	for i, n := range []int64{r.All, r.Down, r.Up} {
		l.share[i].rate, l.share[i].paid = float64(n), time.Time{}
	}
	l.tight.Store(r != Rates{})
	close(l.set)
	l.set = make(chan struct{})
}

// look reads the timetable again, and says when that has to be done next.
func (l *limiter) look(busy bool, now time.Time) (next time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read()
	if !busy || l.until.IsZero() {
		return next
	}
	return sooner(now.Add(limitLook), now.Add(l.until.Sub(l.wall())))
}

// inForce returns what counts now, and until when.
func (l *limiter) inForce() (Rates, time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read()
	return l.rates, l.until
}

// all returns the limits of all hours.
func (l *limiter) all() Limits {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.limits
}

// flow is one stream that is limited. It belongs to one goroutine; a nil flow
// has no limit.
type flow struct {
	l     *limiter
	on    [3]bool // the rates that it counts for
	timer *time.Timer
}

// join returns a flow for a stream that comes from a server, goes to one, or
// both. What stays on this machine has none. End gives its share to the others.
func (l *limiter) join(down, up bool) *flow {
	if !down && !up {
		return nil
	}
	f := &flow{l: l, on: [3]bool{true, down, up}}
	f.count(1)
	return f
}

func (f *flow) count(by int) {
	f.l.mu.Lock()
	defer f.l.mu.Unlock()
	for i, on := range f.on {
		if on {
			f.l.share[i].flows += by
		}
	}
}

// end is called once, when the stream moves no more bytes.
func (f *flow) end() {
	if f != nil {
		f.count(-1)
	}
}

// tight reports whether a rate is in force.
func (f *flow) tight() bool { return f != nil && f.l.tight.Load() }

// take waits until bytes may be moved, and returns how many: at most want, and
// no more than a slice of time is worth, so that all streams get on.
func (f *flow) take(ctx context.Context, want int64) (int64, error) {
	for f.tight() {
		n, wait, set := f.reserve(want, time.Now())
		if wait <= 0 {
			return n, ctx.Err()
		}
		if f.timer == nil {
			f.timer = time.NewTimer(wait)
		} else {
			f.timer.Reset(wait)
		}
		select {
		case <-f.timer.C:
			return n, nil
		case <-set:
			f.timer.Stop()
		case <-ctx.Done():
			f.timer.Stop()
			f.back(n)
			return 0, ctx.Err()
		}
	}
	return want, ctx.Err()
}

// reserve sets bytes aside, and says from when on they may be moved.
func (f *flow) reserve(want int64, now time.Time) (n int64, wait time.Duration, set chan struct{}) {
	l := f.l
	l.mu.Lock()
	defer l.mu.Unlock()
	n = want
	for i, b := range l.share {
		if f.on[i] && b.rate > 0 {
			n = min(n, max(int64(b.rate*limitSlice.Seconds())/int64(b.flows), 1))
		}
	}
	for i := range l.share {
		b := &l.share[i]
		if !f.on[i] || b.rate == 0 {
			continue
		}
		switch least := now.Add(-limitLag); {
		case b.paid.IsZero(): // nothing was late yet
			b.paid = now
		case b.paid.Before(least):
			b.paid = least
		}
		b.paid = b.paid.Add(b.worth(n)) // before they move: never ahead of the rate
		wait = max(wait, b.paid.Sub(now))
	}
	return n, wait, l.set
}

// back returns bytes that were taken and not moved.
func (f *flow) back(n int64) {
	if f == nil || n <= 0 {
		return
	}
	f.l.mu.Lock()
	defer f.l.mu.Unlock()
	for i := range f.l.share {
		if b := &f.l.share[i]; f.on[i] && b.rate > 0 {
			b.paid = b.paid.Add(-b.worth(n))
		}
	}
}

// worth is how long the rate takes for n bytes.
func (b *bucket) worth(n int64) time.Duration {
	return time.Duration(float64(n) / b.rate * float64(time.Second))
}

// Limit implements [Engine].
func (q *Queue) Limit(l Limits) {
	q.limit.change(l)
	q.limit.keep(l)
	q.order(func(*list) {})
}

// Limits implements [Engine].
func (q *Queue) Limits() Limits { return q.limit.all() }
