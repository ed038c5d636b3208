package queue

import (
	"time"
)

// verdict is how a worker's turn with a job ended.
type verdict uint8

const (
	vDone verdict = iota
	vSkipped
	vScanned  // a directory is read; its end follows from what is below
	vFailed   // by the failure's class and question
	vAnew     // at once again, from the start; see note
	vReleased // back in line: no session to be had, or stopped from outside
	vParked   // another job writes the target
	vShort    // after a moment again: the system ran short of something
	vAgain    // at once again: the world is not as it was thought to be
)

// result is what a worker leaves behind.
type result struct {
	verdict  verdict
	failure  *Failure
	question *Question
	broke    *endpoint // whose connection broke under the job
	asker    *endpoint // whose failure or question it is; nil: the job's
	counted  bool      // the asker has taken note
	final    bool      // and has been given up
	unfit    bool      // skipped for what it is
	note     string
	bytes    int64  // in place now; -1 as before
	forAll   Policy // the answer for all that the worker began with
}

// rules are the limits of trying again.
type rules struct {
	retries int
	backoff func(int) time.Duration
}

// limit is the number of attempts that a failure is worth. A server that
// calls a local error (451) hardly thinks better of it, nor does one that
// refuses a file (550) because it is in use.
func (ru rules) limit(f *Failure) int {
	if f.Code == 451 || f.Code == 550 {
		return min(ru.retries, 3)
	}
	return ru.retries
}

// begin hands j to a worker.
func (l *list) begin(j *job, r *run, now time.Time) {
	l.out(j)
	x := j.more()
	x.run, x.start, x.question, x.asker = r, now, nil, nil
	r.stage = x.stage
	switch {
	case x.stage == stageTidy:
	case x.stage == stageRemove && !j.isDir():
		j.state = finishing
	case j.isDir():
		j.state = scanning
	default:
		j.state = running
	}
	if x.stage == stageWork {
		x.attempt++
	}
	r.meter.start(j.done, now)
	l.runs[j] = true
	l.begun.drop(j)
	l.in(j)
}

// end takes j back from its worker. What a person ordered meanwhile stands,
// unless the work was done before the order reached it.
func (l *list) end(j *job, r result, ru rules, now time.Time) {
	l.out(j)
	x := j.x
	run := x.run
	x.run = nil
	delete(l.runs, j)
	if r.bytes >= 0 {
		j.done = r.bytes
	}
	if j.done > x.best {
		x.tries, x.best = 0, j.done
	}
	if r.verdict != vReleased {
		j.set(isFree|isFresh, false)
	}
	ordered := j.state == paused || j.state == cancelled || j.state == waiting
	switch {
	case run.stage == stageTidy:
		x.part, x.stage, j.done = nil, stageWork, 0
	case !ordered || r.verdict <= vScanned:
		l.judge(j, r, ru, now)
	}
	if j.state == cancelled && x.part != nil {
		x.stage = stageTidy
	}
	if l.hold && j.state == waiting {
		j.state = paused
	}
	l.in(j)
	if run.key != "" {
		l.free(j, run.key)
	}
	j.slim()
}

// judge gives j the state that a worker's result means.
func (l *list) judge(j *job, r result, ru rules, now time.Time) {
	x := j.x
	if r.note != "" {
		x.note = r.note
	}
	switch r.verdict {
	case vDone:
		j.state, x.failure, x.part, x.stage = done, nil, nil, stageWork
	case vSkipped:
		j.state, x.failure, x.part = skipped, nil, nil
		j.set(isUnfit, r.unfit)
	case vScanned:
		x.failure = nil
		j.dir().scanned = true
		if j.state != paused && j.state != cancelled {
			j.state = scanning
		}
	case vFailed:
		x.failure = r.failure
		if r.question == nil {
			x.failedTry(r.failure, now)
		}
		l.fail(j, r, ru, now)
	case vAnew:
		j.state, j.done = waiting, 0 // what was sent once already is no progress
		if x.part != nil && !x.part.void {
			x.part = nil
		}
	case vAgain:
		j.state = waiting
	case vReleased:
		j.state = waiting
		x.attempt = max(x.attempt-1, 0)
		if r.failure != nil {
			x.failure = r.failure
		}
	case vShort:
		j.state, x.failure = waiting, r.failure
		x.attempt = max(x.attempt-1, 0)
		l.wait(j, now.Add(shortWait))
	case vParked:
		j.state = waiting
		x.attempt = max(x.attempt-1, 0)
	}
}

// fail decides what follows from a failure.
func (l *list) fail(j *job, r result, ru rules, now time.Time) {
	x := j.x
	f := r.failure
	switch {
	case r.question != nil && r.asker == nil && j.root.batch.exists != r.forAll:
		j.state, x.failure = waiting, nil // answered for all while the worker looked
	case r.question != nil:
		j.state, x.question, x.asker = asking, r.question, r.asker
	case f.Class == ClassQueue && j.root.lane.writes() != nil:
		j.state = waiting
		j.root.lane.writes().fill(j, f, now)
	case f.Class == ClassServer && r.asker != nil:
		j.state = waiting // its endpoint decides when
	case f.Class == ClassAttempt && x.tries+1 < ru.limit(f):
		x.tries++
		j.state = waiting
		l.wait(j, now.Add(ru.backoff(x.tries)))
	default:
		j.state = failed
		if f.Fault {
			x.faults++
		}
	}
}

// slim gives back the memory that an ended job no longer needs.
func (j *job) slim() {
	x := j.x
	if j.state.group() == gEnded && x != nil && x.run == nil && x.stage == stageWork && x.dir == nil &&
		x.note == "" && x.failure == nil && x.as == "" && x.attempt <= 1 && x.failed == nil {
		j.x = nil
	}
}

// learn renews what is known of the source; its worker has just seen it.
func (l *list) learn(j *job, e Entry) {
	l.out(j)
	j.learn(e)
	if j.isDir() && j.state == running {
		j.state = scanning
	}
	l.in(j)
}

// ask lets a job that would start ask what its endpoint asks.
func (l *list) ask(j *job, e *endpoint) {
	l.out(j)
	x := j.more()
	if j.state == cancelled {
		x.stage, x.part = stageWork, nil // nobody to tidy up with
	} else {
		j.state, x.failure, x.asker = asking, e.ask, e
		x.question = &Question{Ask: e.ask.Ask}
	}
	l.in(j)
	j.slim()
}

// refuse fails a job that would start.
func (l *list) refuse(j *job, f *Failure) {
	l.out(j)
	x := j.more()
	if j.state == cancelled {
		x.stage, x.part = stageWork, nil
	} else {
		j.state, x.failure = failed, f
	}
	l.in(j)
}

// reply puts an asking job back in line.
func (l *list) reply(j *job) {
	l.out(j)
	j.x.question, j.x.asker, j.x.failure = nil, nil, nil
	j.state = waiting
	if l.hold {
		j.state = paused
	}
	l.in(j)
}

// finishing says that all bytes are there and the verdict is not.
func (l *list) finishing(j *job) {
	if j.state == running {
		l.out(j)
		j.state = finishing
		l.in(j)
	}
}

// copied says that the target is whole: nothing is left to resume, and the
// source of a move may go.
func (l *list) copied(j *job) {
	x := j.more()
	x.part = nil
	if j.root.kind == Move {
		x.stage = stageRemove
	}
}

// named gives j's target another name.
func (l *list) named(j *job, as string) {
	l.out(j)
	j.more().as = as
	l.in(j)
}
