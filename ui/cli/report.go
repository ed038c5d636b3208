package cli

import (
	"fmt"
	"strings"
	"time"

	"portside/queue"
	"portside/ui/text"
)

// words tells a person what happens: on a terminal each end and a line of
// progress, elsewhere errors only.
type words struct {
	screen *screen
	chatty bool   // a terminal, and not --quiet
	quiet  bool   // --quiet
	advice string // the last that was given: a tree that fails for one reason needs it once
}

// tell writes what became of a job, and what to do about it.
func (w *words) tell(what string, f *queue.Failure) {
	todo := advice(f)
	if todo == w.advice {
		todo = ""
	} else {
		w.advice = todo
	}
	w.screen.tell(what, todo)
}

func (w *words) queued(queue.Row)  {}
func (w *words) started(queue.Row) {}
func (w *words) asking(queue.Row)  {}
func (w *words) stopped(queue.Row) {}

func (w *words) retrying(r queue.Row) {
	if w.chatty {
		w.screen.line("retry    " + text.Safe(r.Name) + "  " + oneLine(failureOf(r).Text))
	}
}

func (w *words) waiting(o queue.Outage, left time.Duration) {
	if w.quiet || w.chatty { // there each retry is told, and the line below tells the time
		return
	}
	what := o.Why
	if o.Server != "" {
		what = o.Server + ": " + what
	}
	w.screen.tell(fmt.Sprintf("%s: trying again in %d s", what, max(1, int(left.Round(time.Second).Seconds()))), "")
}

func (w *words) ended(r queue.Row) {
	switch r.State {
	case queue.Failed:
		if !belowFailed(r) {
			f := failureOf(r)
			w.tell(r.Name+": "+f.Text, f)
		}
	case queue.Cancelled:
		w.cancelled(r)
	default:
		if w.chatty && !r.Dir {
			w.screen.line(strings.TrimRight(text.Fit(string(r.State), 9)+text.Safe(r.Name)+"  "+text.Size(r.Done)+"  "+oneLine(r.Remark()), " "))
		}
	}
}

// cancelled tells of a job whose question got no answer.
func (w *words) cancelled(r queue.Row) {
	what := r.Name + ": cancelled"
	f := &queue.Failure{}
	if r.Question != nil {
		f.Ask = r.Question.Ask
		if f.Ask == queue.AskExists {
			what = r.Name + ": it exists already"
		}
	}
	if r.Failure != nil {
		what = r.Name + ": " + r.Failure.Text
	}
	w.tell(what, f)
}

func (w *words) progress(t queue.Totals, running []queue.Row) {
	if !w.chatty {
		return
	}
	parts := []string{fmt.Sprintf("%d/%d files", t.FilesDone, t.Files)}
	if t.Bytes > 0 {
		parts = append(parts, text.Size(t.BytesDone)+" of "+text.Size(t.Bytes), fmt.Sprintf("%d%%", int(float64(t.BytesDone)/float64(t.Bytes)*100)))
	}
	parts = append(parts, text.Rate(t.Rate))
	if left := text.Left(t.Left); left != "" {
		parts = append(parts, left+" left")
	}
	if t.Outage.Why != "" {
		parts = append(parts, fmt.Sprintf("next try in %d s", max(1, int(time.Until(t.Outage.Until).Round(time.Second).Seconds()))))
	}
	if t.Asking > 0 {
		parts = append(parts, fmt.Sprintf("%d ask", t.Asking))
	}
	if t.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", t.Failed))
	}
	for _, r := range running {
		if !r.Dir {
			parts = append(parts, text.Safe(r.Name))
			break
		}
	}
	w.screen.update(strings.Join(parts, "  "))
}

func (w *words) summary(t tally) {
	w.screen.clear()
	for _, u := range t.unfit {
		if !w.quiet {
			w.screen.tell(u.String(), "")
		}
	}
	if !w.chatty || t.done+t.skipped+t.failed+t.stopped < 2 {
		return
	}
	said := []string{fmt.Sprintf("%d done", t.done)}
	if t.skipped > 0 {
		said = append(said, fmt.Sprintf("%d skipped", t.skipped))
	}
	if t.failed > 0 {
		said = append(said, fmt.Sprintf("%d failed", t.failed))
	}
	if t.stopped > 0 {
		said = append(said, fmt.Sprintf("%d not finished", t.stopped))
	}
	w.screen.line(strings.Join(said, ", ") + ", " + text.Size(t.bytes))
}
