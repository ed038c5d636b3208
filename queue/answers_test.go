package queue

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// asks makes j ask about its target.
func (l *lister) asks(j *job, choices ...Policy) {
	q := &Question{Ask: AskExists, Choices: choices}
	l.list.end(j, result{verdict: vFailed, failure: Fail(ClassJob, "exists", nil), question: q, bytes: -1, forAll: j.root.batch.exists}, testRules, epoch)
}

func TestScopes(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer Answer
		open   string // still asking
		later  Policy // what a later job of the same batch begins with
	}{
		{"the job", Answer{Exists: ExistsSkip}, "a2 a3 b1 b2", ""},
		{"all open ones", Answer{Exists: ExistsSkip, Scope: ScopeOpen}, "", ""},
		{"all that were seen", Answer{Exists: ExistsSkip, Scope: ScopeOpen, Seen: 1}, "b2", ""},
		{"those that it was offered to", Answer{Exists: ExistsResume, Scope: ScopeOpen}, "a3 b1", ""},
		{"the batch", Answer{Exists: ExistsOverwrite, Scope: ScopeBatch}, "b1 b2", ExistsOverwrite},
		{"the batch, offered", Answer{Exists: ExistsResume, Scope: ScopeBatch}, "a3 b1 b2", ExistsResume},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLister()
			l.addSpecs(file("ftp://x", "a1", 1), file("ftp://x", "a2", 1), file("ftp://x", "a3", 1), file("ftp://x", "a4", 1))
			l.addSpecs(file("ftp://x", "b1", 1), file("ftp://x", "b2", 1))
			l.pause([]ID{4})
			seen := uint64(0)
			for j := l.start(epoch); j != nil; j = l.start(epoch) {
				choices := []Policy{ExistsOverwrite, ExistsSkip}
				if j.name != "/src/a3" && j.name != "/src/b1" {
					choices = append(choices, ExistsResume)
				}
				if l.asks(j, choices...); j.name == "/src/b1" {
					seen = l.changes.version
				}
			}
			if c.answer.Seen > 0 {
				c.answer.Seen = seen
			}
			l.answer(l.jobs.get(1), c.answer)
			l.check(t)
			if got := strings.Join(l.names(gAsking), " "); got != c.open {
				t.Errorf("asking: %s, want %s", got, c.open)
			}
			if got := l.jobs.get(4).root.batch.exists; got != c.later {
				t.Errorf("later ones: %q, want %q", got, c.later)
			}
			if got := l.jobs.get(5).root.batch.exists; got != "" {
				t.Errorf("another batch: %q", got)
			}
		})
	}
}

// An answer is for the target that was shown, not for what stands there later.
func TestEveryAnswerRemembersItsTarget(t *testing.T) {
	l := newLister()
	l.addSpecs(file("ftp://x", "a", 1), file("ftp://x", "b", 1))
	for i := range 2 {
		j := l.start(epoch)
		q := &Question{Ask: AskExists, Target: Entry{Name: j.name, Size: int64(i + 10)}}
		l.list.end(j, result{verdict: vFailed, failure: Fail(ClassJob, "exists", nil), question: q, bytes: -1}, testRules, epoch)
	}
	l.answer(l.jobs.get(2), Answer{Exists: ExistsOverwrite, Scope: ScopeOpen})
	for id := ID(1); id <= 2; id++ {
		if x := l.jobs.get(id).x; x.answer != ExistsOverwrite || x.asked == nil || x.asked.Size != int64(id+9) {
			t.Errorf("%d: %+v", id, x)
		}
	}
}

// F17: five hundred questions among a hundred thousand jobs are answered while
// a key is still down.
func TestManyAnswersAtOnce(t *testing.T) {
	l := newLister()
	var specs []Spec
	for i := range 100_000 {
		specs = append(specs, file("ftp://x", fmt.Sprint(i), 1))
	}
	l.addSpecs(specs...)
	for range 500 {
		l.asks(l.start(epoch), ExistsSkip)
	}
	began := time.Now()
	l.answer(l.jobs.get(250), Answer{Exists: ExistsSkip, Scope: ScopeOpen})
	if took := time.Since(began); l.size(gAsking) != 0 || took > 100*time.Millisecond {
		t.Errorf("%d ask after %v", l.size(gAsking), took)
	}
	if !slices.Contains(l.names(gWaiting), "249") {
		t.Error("not back in line")
	}
}
