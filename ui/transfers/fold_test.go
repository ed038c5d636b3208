package transfers

import (
	"fmt"
	"strings"
	"testing"

	"portside/queue"
	"portside/ui/theme"
)

// line returns jobs in the order of the queue, with n of each state.
func inLine(n int, states ...queue.State) []queue.Row {
	var rows []queue.Row
	for _, s := range states {
		for range n {
			rows = append(rows, queue.Row{ID: queue.ID(len(rows) + 1), Kind: queue.Copy, State: s, Name: fmt.Sprint(s, len(rows)), Size: 1024, Done: 1024, Attempt: 1})
		}
	}
	return rows
}

func TestWhatHasEndedIsOneLine(t *testing.T) {
	rows := inLine(3, queue.Waiting, queue.Done, queue.Skipped)
	rows[3].Attempt = 3
	tot := queue.Totals{Waiting: 3, Done: 3, Skipped: 3}
	th := theme.New(theme.Options{})
	var v View
	see := func() string { v.Update(tot, window(rows), 24); return shot(v.Lines(80, 24, th)...) }
	v.Bottom()
	got := see()
	if !strings.Contains(got, "\n>ended  3 done  3 skipped  3.0K  2 retries                        Enter unfolds") || strings.Contains(got, "done3") {
		t.Error(got)
	}
	if _, ok := v.Selected(); ok || !v.OnFold() {
		t.Error("a line is no job")
	}
	v.Unfold()
	if got = see(); !strings.Contains(got, "done3") || !strings.Contains(got, "skipped8") || !strings.Contains(got, "Enter folds") || !v.OnFold() {
		t.Error(got)
	}
	v.Bottom()
	see()
	if r, _ := v.Selected(); r.ID != 9 {
		t.Errorf("at job %d", r.ID)
	}
	v.Fold()
	if see(); !v.OnFold() {
		t.Error("the cursor is nowhere")
	}
}

// A job that ends leaves the cursor where it was, on the job that follows.
func TestAJobEndsUnderTheCursor(t *testing.T) {
	rows := inLine(2, queue.Running, queue.Waiting)
	var v View
	v.Update(queue.Totals{Running: 2, Waiting: 2}, window(rows), 24)
	v.Move(1)
	v.Update(queue.Totals{Running: 2, Waiting: 2}, window(rows), 24)
	rows = []queue.Row{rows[0], rows[2], rows[3], rows[1]}
	rows[3].State = queue.Done
	v.Update(queue.Totals{Running: 1, Waiting: 2, Done: 1}, window(rows), 24)
	if r, _ := v.Selected(); r.ID != 3 {
		t.Errorf("at job %d", r.ID)
	}
	rows = inLine(4, queue.Done)
	v.Update(queue.Totals{Done: 4}, window(rows), 24)
	if !v.OnFold() {
		t.Error("the cursor is nowhere")
	}
	v.Update(queue.Totals{}, window(nil), 24)
	if v.OnFold() {
		t.Error("nothing has ended")
	}
}

// A million jobs cost a look as little as a hundred.
func TestTheFoldOfALongQueueAsksLittle(t *testing.T) {
	const half = 500_000
	asked := 0
	rows := func(from, n int) (out []queue.Row) {
		asked++
		for i := from; i < min(from+n, 2*half); i++ {
			r := queue.Row{ID: queue.ID(i + 1), State: queue.Waiting}
			if i >= half {
				r.State = queue.Done
			}
			out = append(out, r)
		}
		return out
	}
	var v View
	tot := queue.Totals{Waiting: half - 3, Done: half} // directories are not all counted
	v.Update(tot, rows, 24)
	if v.fold.from != half || asked > 60 {
		t.Errorf("from %d, after %d questions", v.fold.from, asked)
	}
	asked = 0
	for range 10 {
		v.Update(tot, rows, 24)
	}
	if asked > 60 {
		t.Errorf("%d questions", asked)
	}
}

// What changes permissions moves no bytes, and says so.
func TestPermissionsHaveNoBytes(t *testing.T) {
	rows := inLine(1, queue.Running)
	rows[0].Kind, rows[0].Size, rows[0].Src = queue.Chmod, -1, queue.Place{Address: queue.Local, Path: "/home/me/x"}
	var v View
	v.Update(queue.Totals{Running: 1}, window(rows), 24)
	got := shot(v.Lines(80, 24, theme.New(theme.Options{}))...)
	if !strings.Contains(got, ">run    ch running0") || !strings.Contains(got, " permissions of /home/me/x") || strings.Contains(got, "%") || strings.Contains(got, "->") {
		t.Error(got)
	}
}
