package transfers

import (
	"fmt"

	"portside/queue"
	"portside/ui/text"
	"portside/ui/theme"
)

// columns are where the parts of a job's row stand.
type columns struct {
	name, size, rest int // the first cells of the columns
	numbers          int // where the bar and the numbers begin, at rest or behind it
	bar              int // cells of the bar, 0 without
	rate, left       bool
}

// maxBar is the longest bar of a job.
const maxBar = 28

func columnsFor(w int) columns {
	c := columns{name: 11, bar: barCells, rate: true, left: true}
	rest := barCells + 1 + 4 + 10 + 8
	switch {
	case w < 50:
		c.bar, c.rate, c.left, rest = 0, false, false, 5
	case w < 72:
		c.bar, rest = 0, 4+10+8
	default: // half of the free room is for what a job suffers, in words
		numbers := rest - barCells
		rest = max(rest, (w-c.name-9)/2)
		c.bar = min(rest-numbers, maxBar)
		c.numbers = w - numbers - c.bar
	}
	c.rest = w - rest
	c.numbers = max(c.numbers, c.rest)
	c.size = c.rest - 9
	return c
}

// jobLine draws one job in w cells. Where they are few, the words of a job
// stand in the detail, or, with none, in the place of its numbers.
func jobLine(r queue.Row, w int, cursor, detail bool, th *theme.Theme) string {
	c := columnsFor(w)
	l := newLine(th, w)
	l.plain = cursor
	l.add("", cursorGlyph(cursor))
	l.add(stateStyle(r.State, th), stateWord(r))
	l.to(8)
	l.add("", arrow(r))
	l.to(c.name)
	words := story(r)
	switch {
	case words == "" || w >= 72:
	case detail:
		words = ""
	default:
		l.add("", text.Middle(name(r), (w-c.name)/2))
		l.add("", " ")
		l.add(stateStyle(r.State, th), text.Fit(words, w-l.used))
		return underCursor(l, cursor, th)
	}
	l.add("", text.FitMiddle(name(r), c.size-c.name))
	if !r.Dir || r.Size > 0 {
		l.add("", text.FitLeft(text.Size(r.Size), 7))
	}
	if words != "" {
		l.to(c.rest)
		l.add(stateStyle(r.State, th), text.Fit(words, w-c.rest))
	} else {
		l.to(c.numbers)
		numbers(l, r, c)
	}
	return underCursor(l, cursor, th)
}

func underCursor(l *line, cursor bool, th *theme.Theme) string {
	if cursor {
		return th.Paint(th.Cursor, l.String())
	}
	return l.String()
}

func cursorGlyph(cursor bool) string {
	if cursor {
		return ">"
	}
	return " "
}

func numbers(l *line, r queue.Row, c columns) {
	switch r.State {
	case queue.Running, queue.Finishing, queue.Paused:
	default:
		return
	}
	if !MovesBytes(r.Kind) || r.State == queue.Paused && r.Done == 0 {
		return
	}
	if c.bar > 0 {
		l.bar(r.Done, r.Size, c.bar)
		l.add("", " ")
	}
	l.add("", text.FitLeft(percent(r.Done, r.Size), 4))
	if r.State == queue.Paused {
		return
	}
	if c.rate {
		l.add("", text.FitLeft(text.Rate(r.Rate), 10))
	}
	if c.left {
		l.add("", text.FitLeft(text.Left(r.Left), 8))
	}
}

// files says how many files are done, in w cells if it can.
func files(t queue.Totals, w int) string {
	words := fmt.Sprintf("%d of %d files", t.FilesDone, t.Files)
	if len(words) > w {
		return fmt.Sprintf("%d/%d", t.FilesDone, t.Files)
	}
	return words
}

// sum draws the whole queue in the columns of a job.
func sum(t queue.Totals, w int, th *theme.Theme) string {
	c := columnsFor(w)
	l := newLine(th, w)
	l.add(th.Bold, " all")
	l.to(c.name)
	if words := trouble(t); words != "" {
		l.add(th.Bad, text.Middle(words, w-c.name))
		return l.String()
	}
	if t.Files > 0 {
		l.add("", text.Fit(files(t, c.size-c.name), c.size-c.name))
		l.add("", text.FitLeft(text.Size(t.Bytes), 7))
		l.to(c.numbers)
		rate := t.Rate
		if !t.Active() {
			rate = -1 // nothing moves, and nothing is meant to
		}
		numbers(l, queue.Row{State: queue.Running, Done: t.BytesDone, Size: t.Bytes, Rate: rate, Left: t.Left}, c)
	}
	return l.String()
}
