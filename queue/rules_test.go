package queue

import (
	"errors"
	"syscall"
	"testing"
	"time"
)

// How often each failure is worth another try, and when (F19).
func TestRetryRules(t *testing.T) {
	ru := rules{retries: 10, backoff: func(n int) time.Duration { return time.Duration(n) * time.Second }}
	code := func(c Class, n int) *Failure { return &Failure{Class: c, Code: n, Text: "no"} }
	for name, c := range map[string]struct {
		failure *Failure
		tries   int // started, until it has failed
	}{
		"a refusal":             {code(ClassJob, 550), 1},
		"a bad name":            {code(ClassJob, 553), 1},
		"no permission to log":  {code(ClassJob, 530), 1},
		"in use":                {code(ClassAttempt, 550), 3},
		"an error there":        {code(ClassAttempt, 451), 3},
		"busy":                  {code(ClassAttempt, 450), 10},
		"cut":                   {code(ClassAttempt, 426), 10},
		"sent away":             {code(ClassAttempt, 421), 10},
		"no answer, or a reset": {code(ClassAttempt, 0), 10},
	} {
		l := newLister()
		l.addSpecs(file("ftp://a", "f", 1000))
		now, tries := epoch, 0
		for l.size(gFailed) == 0 && tries < 50 {
			j := l.start(now)
			if j == nil {
				t.Fatalf("%s: nothing starts", name)
			}
			tries++
			l.list.end(j, result{verdict: vFailed, failure: c.failure, bytes: -1}, ru, now)
			due := l.wake(now)
			if l.size(gFailed) == 0 && !due.Equal(now.Add(time.Duration(tries)*time.Second)) {
				t.Errorf("%s: try %d: waits %v", name, tries, due.Sub(now))
			}
			now = now.Add(time.Hour)
			l.wake(now)
		}
		if tries != c.tries {
			t.Errorf("%s: %d tries, want %d", name, tries, c.tries)
		}
		l.check(t)
	}
}

// Want of open files is nobody's failure, however often it comes.
func TestWantCountsForNothing(t *testing.T) {
	l := newLister()
	l.addSpecs(file("ftp://a", "f", 1000))
	now := epoch
	for range 50 {
		j := l.start(now)
		l.list.end(j, result{verdict: vShort, failure: FailureOf(syscall.EMFILE), bytes: -1}, testRules, now)
		if j.state != waiting || j.x.attempt != 0 || l.start(now) != nil {
			t.Fatalf("%v after %d attempts, or started at once", j.state.state(), j.x.attempt)
		}
		now = now.Add(shortWait)
		l.wake(now)
	}
	for _, err := range []error{syscall.EMFILE, Fail(ClassAttempt, "x", errors.Join(errors.New("y"), syscall.ENFILE)), syscall.EADDRNOTAVAIL} {
		if !scarce(err) {
			t.Errorf("%v is no want", err)
		}
	}
	if scarce(syscall.ECONNREFUSED) {
		t.Error("a refusal is no want")
	}
	s := &server{max: 8, live: 6}
	s.shrink(epoch)
	s.shrink(epoch.Add(time.Millisecond))
	if got := s.limit(epoch); got != 5 {
		t.Errorf("shrinks to %d", got)
	}
	for i := range 10 {
		s.shrink(epoch.Add(time.Duration(i+1) * shortWait))
	}
	if got := s.limit(epoch.Add(11 * shortWait)); got < 1 {
		t.Errorf("shrinks to %d", got)
	}
}
