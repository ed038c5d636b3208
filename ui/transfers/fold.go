package transfers

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"portside/queue"
	"portside/ui/text"
	"portside/ui/theme"
)

// foldID marks the line for the jobs that have ended among the rows.
const foldID = ^queue.ID(0)

// sumUp is how many ended jobs are added up in the line that stands for them.
const sumUp = 200

// fold keeps the jobs that have ended behind one line, the last of the list
// until they are unfolded.
type fold struct {
	open bool
	from int // where they begin in the queue
	any  bool

	done, skipped, cancelled int // that words say
	words                    string
}

// Ended reports whether nothing is to be done for a job any more. The queue has
// these behind all others.
func Ended(s queue.State) bool {
	return s == queue.Done || s == queue.Skipped || s == queue.Cancelled
}

// look finds where the ended jobs begin: mostly where they did before.
func (f *fold) look(t queue.Totals, rows func(from, n int) []queue.Row) {
	over := func(i int) bool {
		r := rows(i, 1)
		return len(r) == 0 || Ended(r[0].State)
	}
	live := t.Waiting + t.Running + t.Asking + t.Paused + t.Failed
	switch at := f.from; {
	case over(at) && (at == 0 || !over(at-1)):
	case over(live) && (live == 0 || !over(live-1)):
		f.from = live
	default:
		high := max(live, 1) // directories are not all counted
		for !over(high) {
			high *= 2
		}
		f.from = sort.Search(high, over)
	}
	first := rows(f.from, 1)
	if f.any = len(first) > 0; !f.any {
		*f = fold{from: f.from}
		return
	}
	if f.words == "" || f.done != t.Done || f.skipped != t.Skipped || f.cancelled != t.Cancelled {
		f.done, f.skipped, f.cancelled = t.Done, t.Skipped, t.Cancelled
		f.words = endedWords(t, rows(f.from, sumUp+1))
	}
}

// endedWords says what ended: how many jobs, and of a few also their bytes and
// how many more attempts they took.
func endedWords(t queue.Totals, rows []queue.Row) string {
	some := counts(queue.Totals{Done: t.Done, Skipped: t.Skipped, Cancelled: t.Cancelled}, &theme.Theme{})
	slices.Reverse(some) // what was done goes first
	words := join(some)
	if len(rows) > sumUp {
		return words
	}
	bytes, again := int64(0), 0
	for _, r := range rows {
		if r.State == queue.Done && !r.Dir && MovesBytes(r.Kind) {
			bytes += max(r.Done, 0)
		}
		again += max(r.Attempt-1, 0)
	}
	if bytes > 0 {
		words += "  " + text.Size(bytes)
	}
	switch again {
	case 0:
	case 1:
		words += "  1 retry"
	default:
		words += fmt.Sprintf("  %d retries", again)
	}
	return words
}

// rows are those of the queue as the screen has them: the line, and what it
// stands for only when it is unfolded.
func (f *fold) rows(all func(from, n int) []queue.Row) func(from, n int) []queue.Row {
	return func(from, n int) []queue.Row {
		if !f.any {
			return all(from, n)
		}
		var out []queue.Row
		if from < f.from {
			out = slices.Clip(all(from, min(n, f.from-from)))
			from += len(out)
		}
		if from == f.from && len(out) < n {
			out = append(out, queue.Row{ID: foldID, State: queue.Done})
			from++
		}
		if f.open && from > f.from && len(out) < n {
			out = append(out, all(from-1, n-len(out))...)
		}
		return out
	}
}

// OnFold reports whether the cursor stands on the line for what has ended.
func (v *View) OnFold() bool {
	r, ok := v.current()
	return ok && r.ID == foldID
}

// Unfold shows what has ended, or hides it again.
func (v *View) Unfold() { v.fold.open = !v.fold.open }

// Fold hides what has ended.
func (v *View) Fold() { v.fold.open = false }

// foldLine draws the line in w cells.
func (v *View) foldLine(w int, cursor bool, th *theme.Theme) string {
	l := newLine(th, w)
	l.plain = cursor
	l.add("", cursorGlyph(cursor))
	l.add(th.Faint, "ended")
	l.to(8)
	what := "Enter unfolds"
	if v.fold.open {
		what = "Enter folds"
	}
	words := v.fold.words
	for text.Width(words) > w-9-text.Width(what)-2 && strings.Contains(words, "  ") {
		words = words[:strings.LastIndex(words, "  ")] // whole numbers only
	}
	l.add(th.Faint, words)
	if l.used+2+text.Width(what) <= w-1 {
		l.to(w - 1 - text.Width(what))
		l.add(th.Faint, what)
	}
	return underCursor(l, cursor, th)
}
