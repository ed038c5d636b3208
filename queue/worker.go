package queue

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"
)

// run is a worker's hold on a job. Its meter is read by everyone; the rest is
// guarded by the queue's mutex.
type run struct {
	cancel  context.CancelFunc
	abort   func(why error) // ends the attempt as failed
	meter   meter
	vigil   vigil
	pouring bool // bytes are on their way
	// segments is how many streams bring them, where they may be several.
	segments atomic.Int32
	key      string // the target it has locked
	stage    stage
}

// task is one turn of a worker with a job: what it knew of the job when it
// began, and what it holds until it ends.
type task struct {
	q   *Queue
	j   *job // touched under the mutex only
	run *run

	kind   Kind
	stage  stage
	lane   *lane
	path   string // of the source, when the job has no directory's job above
	srcDir string // else the directory's source and the name in it
	name   string
	base   string // the directory that local writes never leave
	dstDir string
	as     string // the target's name
	entry  Entry
	told   Entry // the entry as it was when the turn began
	fresh  bool  // entry has just been seen
	free   bool  // nothing is at the target
	first  bool  // attempt
	dir    bool
	text   bool // line ends change between source and target
	depth  uint8
	policy Policy
	verify Verify
	modes  bool   // permission bits are copied
	forAll Policy // the batch's answer, at the beginning
	asked  *Entry // the target that an answer was given for
	part   *part
	anew   int
	best   int64  // bytes that an earlier attempt got to
	grows  string // what a new part is named after; "" the target
	// recorded says that a record may stand beside the part.
	recorded bool
	landing  bool // the source's session was given back before the end
	restored bool // an earlier process may have come further than is known

	from, to *session
	under    FS // to.fs held below base
	src, dst string
	proof    *proof        // nil: no checksums are compared
	mute     bool          // the target's checksum is not asked for again
	spans    [][2]int64    // of the part, that are in place; nil: it is one stream's
	partSize int64         // of its file, where spans is set
	single   string        // why the source comes by one stream
	cut      func()        // ends the stream of the source at once; nil: nothing can
	crew     crew          // sessions for more streams, asked for ahead
	ahead    io.ReadCloser // the source, opened behind what is proved
	aheadAt  int64
	reading  io.Closer // the streams of a copy, for a fault to find
	writing  Sink
}

// sideError says at which end an error came up.
type sideError struct {
	s   *session
	err error
}

// Error implements error.
func (e *sideError) Error() string { return e.err.Error() }

// Unwrap gives the error itself.
func (e *sideError) Unwrap() error { return e.err }

// verdictError ends a task with a result that is not a failure.
type verdictError struct{ result }

// Error implements error.
func (e *verdictError) Error() string { return e.note }

// end stops a task with a verdict.
func end(v verdict, note string) error {
	return &verdictError{result{verdict: v, note: note, bytes: -1}}
}

// leave ends a task on something that is not copied for what it is.
func leave(why string) error {
	return &verdictError{result{verdict: vSkipped, note: why, unfit: true, bytes: -1}}
}

// start gives j to a worker, or tells it what its endpoint waits for. The
// caller holds the mutex.
func (q *Queue) start(j *job, now time.Time) {
	n := j.root.lane
	if e := n.asking(); e != nil {
		q.list.ask(j, e)
		return
	}
	if e := n.narrow(now); e != nil {
		q.list.refuse(j, Fail(ClassJob, e.narrowness(), nil))
		return
	}
	for _, d := range n.needs {
		d.ep.slots += d.n
	}
	if n.filled() {
		n.writes().full.trying = true
	}
	ctx, abort := context.WithCancelCause(context.Background())
	cancel := func() { abort(nil) }
	r := &run{cancel: cancel, abort: abort}
	r.meter.total = []*atomic.Int64{&q.moved}
	for _, d := range n.needs {
		r.meter.total = append(r.meter.total, &d.ep.moved)
	}
	t := q.task(j, r)
	q.list.begin(j, r, now)
	q.employ(func() turn {
		defer cancel()
		return q.finish(t, t.turn(ctx))
	})
}

// task copies what a worker has to know of j. The caller holds the mutex.
func (q *Queue) task(j *job, r *run) *task {
	t := &task{
		q: q, j: j, run: r, kind: j.root.kind, lane: j.root.lane, base: j.root.dst.Path,
		dstDir: j.root.dst.Path, as: j.targetName(), entry: j.entry(), told: j.entry(), dir: j.isDir(), depth: j.depth,
		fresh: j.has(isFresh), free: j.has(isFree), first: true, policy: j.root.exists,
		verify: j.root.verify, modes: j.root.modes, restored: j.has(isRestored),
	}
	if p := j.parent; p != nil {
		t.srcDir, t.dstDir, t.name = p.dir().src, p.dir().dst, j.name
	} else {
		t.path = j.name
		t.entry.Name = baseName(j.root.src, j.name)
	}
	if t.forAll = j.root.batch.exists; t.forAll != "" {
		t.policy = t.forAll
	}
	if x := j.x; x != nil {
		t.mute = x.mute
		t.stage, t.part, t.anew, t.best, t.first = x.stage, x.part, x.anew, x.best, x.attempt == 0
		t.single = x.single
		if x.answer != "" {
			t.policy, t.asked = x.answer, x.asked
		}
	}
	return t
}

// turn does the work, and turns whatever happens into a result.
func (t *task) turn(ctx context.Context) (r result) {
	defer func() {
		if p := recover(); p != nil {
			t.drop()
			r = result{verdict: vFailed, bytes: -1, failure: t.q.fault(p)}
		}
		if t.under != nil {
			_ = t.under.Close() // holds a directory open, no more
		}
	}()
	err := t.prepare(ctx)
	if err == nil {
		err = t.work(ctx)
	}
	if err == nil {
		return result{verdict: vDone, bytes: -1}
	}
	return t.judge(ctx, err)
}

// work does what the job is at.
func (t *task) work(ctx context.Context) error {
	switch {
	case t.stage == stageTidy:
		return t.tidy(ctx)
	case t.stage == stageRemove:
		return t.removeSource(ctx)
	case t.kind == Delete:
		return t.delete(ctx)
	}
	err := t.copy(ctx)
	if t.remade(ctx, err) {
		return end(vAgain, "")
	}
	return err
}

// prepare gets the sessions and makes the source's path.
func (t *task) prepare(ctx context.Context) error {
	var err error
	q, n := t.q, t.lane
	if t.from, err = q.open(ctx, n.src, true); err != nil {
		return err
	}
	t.to = t.from
	if n.dst != nil && (n.dst != n.src || !n.src.local) {
		if t.to, err = q.open(ctx, n.dst, true); err != nil {
			t.to = nil
			return err
		}
	}
	t.text = translates(t.from.fs) || translates(t.to.fs)
	if t.src = t.path; t.srcDir != "" {
		if t.src, err = t.from.fs.Join(t.srcDir, t.name); err != nil {
			return err
		}
	}
	return nil
}

// spoil keeps the sessions from being used again.
func (t *task) spoil() {
	for _, s := range []*session{t.from, t.to} {
		if s != nil {
			s.broken = true
		}
	}
}

// drop lets go of everything after a fault.
func (t *task) drop() {
	defer func() { _ = recover() }() // one fault may lead to another
	t.spoil()
	if t.reading != nil {
		_ = t.reading.Close()
	}
	if t.writing != nil {
		_ = t.writing.Abort()
	}
}

// at notes at which end err came up.
func at(s *session, err error) error {
	if err == nil {
		return nil
	}
	return &sideError{s: s, err: err}
}

// judge makes a result of an error.
func (t *task) judge(ctx context.Context, err error) result {
	var v *verdictError
	if errors.As(err, &v) && v.verdict == vAnew {
		if worse := t.forsake(ctx); worse != nil {
			v, err = nil, worse
		}
	}
	if v != nil {
		return v.result
	}
	if ctx.Err() != nil {
		t.spoil() // what was cut off in the middle is not reused
		if f := (*Failure)(nil); errors.As(context.Cause(ctx), &f) {
			return result{verdict: vFailed, failure: f, broke: t.remote(), bytes: -1}
		}
		return result{verdict: vReleased, bytes: -1}
	}
	if scarce(err) {
		t.spoil()
		return result{verdict: vShort, failure: FailureOf(err), bytes: -1}
	}
	var held *heldError
	if errors.As(err, &held) {
		if held.release {
			return result{verdict: vReleased, failure: held.failure, bytes: -1}
		}
		return result{verdict: vFailed, failure: held.failure, asker: held.ep, counted: held.counted, final: held.final, bytes: -1}
	}
	if errors.Is(err, ErrClosed) {
		return result{verdict: vReleased, bytes: -1}
	}
	r := result{verdict: vFailed, failure: FailureOf(err), bytes: -1}
	var side *sideError
	if errors.As(err, &side) {
		if r.failure.Class == ClassAttempt || r.failure.Class == ClassServer {
			side.s.broken = true
		}
		switch {
		case side.s.ep.local:
		case r.failure.Class == ClassServer:
			r.asker = side.s.ep
		case r.failure.Class == ClassAttempt && (r.failure.Code/10 == 42 || !side.s.fs.Alive()): // 42x is about connections
			r.broke = side.s.ep
		}
	}
	return r
}

// remote returns an end that is a server's, nil if none is.
func (t *task) remote() *endpoint {
	for _, s := range []*session{t.from, t.to} {
		if s != nil && !s.ep.local {
			return s.ep
		}
	}
	return nil
}

// finish takes the result of a turn, gives back what the worker held, and
// lets the next ones start. It returns the one that the worker goes on with.
func (q *Queue) finish(t *task, r result) turn {
	if r.bytes < 0 && !t.dir && t.stage == stageWork {
		r.bytes = t.run.meter.bytes.Load()
	}
	r.forAll = t.forAll
	q.put(t.from)
	if t.to != t.from {
		q.put(t.to)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	if t.landing {
		q.landing--
	} else {
		q.vacate(t, r.verdict <= vScanned)
	}
	if r.broke != nil {
		r.broke.stumble(q.rules, r.failure.Text, r.bytes > t.best, now)
	}
	if r.verdict == vShort {
		for _, d := range t.lane.needs {
			d.ep.shrink(now)
		}
	}
	if r.asker != nil {
		q.blame(t, &r, now)
	}
	q.list.end(t.j, r, q.rules, now)
	if e := t.lane.writes(); e != nil && !(r.failure != nil && r.failure.Full) {
		e.tried(r.verdict == vDone && t.stage == stageWork, now)
	}
	return q.succeed(q.schedule)
}

// blame lets an endpoint answer for a failure.
func (q *Queue) blame(t *task, r *result, now time.Time) {
	e, f := r.asker, r.failure
	switch {
	case f.Ask != AskNothing && f.Ask != AskExists:
		if e.ask == nil {
			// Answered while this worker still ended: the next turn will see.
			r.verdict = vReleased
			return
		}
		r.question = &Question{Ask: f.Ask}
	case f.Class != ClassServer, r.final:
		r.asker = nil
	case f.Full && t.lane.writes() == e:
		e.fill(t.j, f, now)
	case f.Full:
		r.asker = nil
	case !r.counted && q.trouble(e, f, now):
		r.asker = nil
	}
}
