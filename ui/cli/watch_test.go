package cli

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"

	"portside/queue"
)

// fakeEngine is a queue whose jobs stand still.
type fakeEngine struct {
	queue.Engine
	rows      []queue.Row
	totals    queue.Totals
	changed   chan struct{}
	cancelled []queue.ID
}

func (e *fakeEngine) Totals() queue.Totals     { return e.totals }
func (e *fakeEngine) Changed() <-chan struct{} { return e.changed }
func (e *fakeEngine) Updates(since uint64, n int) []queue.Row {
	var out []queue.Row
	for _, r := range e.rows {
		if r.Version > since && len(out) < n {
			out = append(out, r)
		}
	}
	return out
}

func (e *fakeEngine) Cancel(ids ...queue.ID) {
	e.cancelled = append(e.cancelled, ids...)
	for _, id := range ids {
		r := e.rows[id-1]
		r.Version, r.State = uint64(len(e.rows)+1), queue.Cancelled
		e.rows = append(e.rows, r)
		e.totals = queue.Totals{Cancelled: 1}
	}
	e.changed <- struct{}{}
}

func follow(ctx context.Context, e *fakeEngine) (string, error) {
	var errs bytes.Buffer
	e.changed = make(chan struct{}, 1)
	w := &watcher{engine: e, quiet: true, reporters: []reporter{&words{screen: &screen{w: &errs}}}}
	err := w.run(ctx)
	return errs.String(), err
}

func TestAFullLocalDiskEndsTheRun(t *testing.T) {
	full := queue.FailureOf(&queue.Failure{Class: queue.ClassQueue, Text: "the local disk is full"})
	_, err := follow(t.Context(), &fakeEngine{
		rows:   []queue.Row{{ID: 1, Version: 1, State: queue.Waiting, Attempt: 1, Name: "a", Failure: full}, {ID: 2, Version: 2, State: queue.Waiting, Name: "b"}},
		totals: queue.Totals{Waiting: 2, Stopped: "the local disk is full", Stuck: true},
	})
	var p *problem
	if !errors.As(err, &p) || p.status != statusFailed || !strings.Contains(p.what, "disk is full") {
		t.Errorf("%v", err)
	}
	f := queue.FailureOf(syscall.ENOSPC)
	if statusOf(f) != statusFailed {
		t.Error("a full disk has a status of its own")
	}
}

func TestStatusOfFailures(t *testing.T) {
	fail := func(f queue.Failure) queue.Row {
		return queue.Row{ID: 1, Version: 1, State: queue.Failed, Attempt: 1, Name: "evil\x1b[2J", Failure: &f}
	}
	lost := fail(queue.Failure{Class: queue.ClassServer, Text: "gone"})
	exists := fail(queue.Failure{Class: queue.ClassJob, Ask: queue.AskExists, Text: "exists"})
	exists.ID, exists.Version = 2, 2
	below := queue.Row{ID: 3, Version: 3, State: queue.Failed, Dir: true, Attempt: 1, Failure: queue.Fail(queue.ClassJob, "1 of 2", queue.ErrBelow)}
	for _, tt := range []struct {
		name   string
		rows   []queue.Row
		status int
	}{
		{"nothing", nil, 0},
		{"lost", []queue.Row{lost}, 3},
		{"exists, in a directory", []queue.Row{exists, below}, 6},
		{"two kinds", []queue.Row{lost, exists}, 1},
		{"login", []queue.Row{fail(queue.Failure{Class: queue.ClassServer, Ask: queue.AskPassword})}, 4},
		{"certificate", []queue.Row{fail(queue.Failure{Class: queue.ClassServer, Ask: queue.AskTrust})}, 5},
		{"plain", []queue.Row{fail(queue.Failure{Class: queue.ClassServer, Ask: queue.AskPlain})}, 5},
		{"the server's disk is full", []queue.Row{fail(queue.Failure{Class: queue.ClassServer, Code: 452})}, 1},
		{"too many connections", []queue.Row{fail(queue.Failure{Class: queue.ClassServer, Code: 421, Limit: true})}, 3},
		{"cancelled by nobody", []queue.Row{{ID: 1, Version: 1, State: queue.Cancelled}}, 1},
		{"skipped", []queue.Row{{ID: 1, Version: 1, State: queue.Skipped}}, 0},
	} {
		said, err := follow(t.Context(), &fakeEngine{rows: tt.rows})
		checkSafe(t, said)
		status := 0
		var p *problem
		if errors.As(err, &p) {
			status = p.status
		}
		if status != tt.status {
			t.Errorf("%s: %d, want %d", tt.name, status, tt.status)
		}
	}
}

// Without somebody to answer, a question ends its job with the status of its
// kind.
func TestQuestionsWithoutATerminal(t *testing.T) {
	for ask, status := range map[queue.Ask]int{queue.AskExists: 6, queue.AskPassword: 4, queue.AskTrust: 5, queue.AskPlain: 5} {
		e := &fakeEngine{
			rows:   []queue.Row{{ID: 1, Version: 1, State: queue.Asking, Attempt: 1, Name: "a", Question: &queue.Question{Ask: ask}}},
			totals: queue.Totals{Asking: 1},
		}
		said, err := follow(t.Context(), e)
		var p *problem
		if !errors.As(err, &p) || p.status != status || len(e.cancelled) != 1 || !strings.HasPrefix(said, "portside: a: ") {
			t.Errorf("%s: %v %q", ask, err, said)
		}
	}
}

// A server that is waited for is spoken of, also without a terminal, but not
// each time.
func TestWaitingForAServer(t *testing.T) {
	var errs bytes.Buffer
	w := &watcher{reporters: []reporter{&words{screen: &screen{w: &errs}}, &words{screen: &screen{w: &errs}, quiet: true}}}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for s := range 60 {
		now := start.Add(time.Duration(s) * time.Second)
		w.wait(queue.Outage{Server: "demo@a", Why: "evil\x1b[2J", Until: now.Add(12 * time.Second)}, now)
	}
	w.wait(queue.Outage{}, start.Add(time.Hour))
	w.wait(queue.Outage{Why: "refused", Until: start}, start.Add(time.Minute))
	checkSafe(t, errs.String())
	lines := strings.Split(errs.String(), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "portside: demo@a: evil") || !strings.HasSuffix(lines[0], ": trying again in 12 s") ||
		lines[1] != lines[0] || lines[2] != "portside: refused: trying again in 1 s" {
		t.Errorf("%q", lines)
	}
}

func TestRetriesAreToldOnce(t *testing.T) {
	row := queue.Row{ID: 1, Version: 1, State: queue.Waiting, Attempt: 1, Name: "a", Failure: &queue.Failure{Text: "cut\noff"}}
	again, done := row, row
	again.Version = 2
	done.Version, done.State, done.Attempt, done.Failure = 3, queue.Done, 2, nil
	var errs, out bytes.Buffer
	e := &fakeEngine{rows: []queue.Row{row, again, done, done}, changed: make(chan struct{})}
	w := &watcher{engine: e, quiet: true, reporters: []reporter{&words{screen: &screen{w: &errs}, chatty: true}, newEvents(&out)}}
	if err := w.run(t.Context()); err != nil {
		t.Error(err)
	}
	if got := errs.String(); got != "retry    a  cut off\ndone     a  0\n" {
		t.Errorf("%q", got)
	}
	if strings.Count(out.String(), `"event":"retry"`) != 1 || strings.Count(out.String(), `"event":"done"`) != 1 {
		t.Errorf("%s", out.String())
	}
}
