package queue

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The last attempts that failed are kept, and outlast the process.
func TestTheLastTriesAreKept(t *testing.T) {
	l := newLister()
	m := newMirror(l)
	id := l.addSpecs(file("ftp://a", "f", 1000))[0]
	now := epoch
	for i := range 5 {
		now = now.Add(time.Minute)
		l.wake(now)
		j := l.start(now)
		f := Fail(ClassAttempt, fmt.Sprint(j.target(), ": ", i, " broke ", strings.Repeat("é", 400)), nil)
		f.Command = "RETR"
		l.list.end(j, result{verdict: vFailed, failure: f, bytes: int64(i + 1)}, testRules, now)
	}
	m.write()
	m.compare(t)
	loaded, _, _ := m.load()
	for _, l := range []*lister{l, loaded} {
		tries := l.row(l.jobs.get(id), now).Tries
		if len(tries) != 3 || !tries[2].At.Equal(now) || !strings.HasPrefix(tries[0].Text, "2 broke éé") || len(tries[0].Text) > 310 || tries[1].Command != "RETR" {
			t.Errorf("%d tries: %+v", len(tries), tries)
		}
	}
}

// A question is no attempt that failed, and what succeeds at once keeps nothing.
func TestQuestionsAreNoTries(t *testing.T) {
	l := newLister()
	id := l.addSpecs(file("ftp://a", "f", 10))[0]
	l.list.end(l.start(epoch), result{verdict: vFailed, failure: Fail(ClassJob, "exists", nil), question: &Question{Ask: AskExists}, bytes: -1}, testRules, epoch)
	if r := l.row(l.jobs.get(id), epoch); r.State != Asking || len(r.Tries) > 0 {
		t.Errorf("%+v", r)
	}
}
