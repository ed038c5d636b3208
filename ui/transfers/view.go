package transfers

import (
	"slices"
	"sort"

	"portside/queue"
)

// View is the full screen of the queue: a cursor in a list of any length, of
// which only the visible window is ever held.
type View struct {
	// Speed is drawn beside the sum, nil not.
	Speed *Speed
	// Hint is drawn in the last row where there are enough, "" not.
	Hint string

	totals queue.Totals
	rows   []queue.Row // the window
	from   int         // place of rows[0]
	cursor int         // place of the selected job
	id     queue.ID    // of the selected job
	bottom bool        // go to the last job at the next Update
	fold   fold
}

// jobRows is how many jobs fit into h rows.
func jobRows(h int) int {
	if h >= detailFrom {
		h -= detailRows(h)
	}
	return max(h-headRows, 1)
}

// above is how many of h rows stand above the hint.
func (v *View) above(h int) int {
	if v.Hint == "" || h < hintFrom {
		return h
	}
	return h - 1
}

const (
	headRows   = 3  // title, sum, names of the columns
	detailFrom = 12 // less than this has no room for the detail
	hintFrom   = 18
	detailTall = 30 // from here on it says more
)

// detailRows is how many of h rows the detail has: a rule, two lines about the
// job, and one to three about what happened.
func detailRows(h int) int {
	if h >= detailTall {
		return 6
	}
	return 4
}

// Update reads the totals and the window of jobs that h rows show. The cursor
// stays on its job while that is in sight, else at its place.
func (v *View) Update(t queue.Totals, rows func(from, n int) []queue.Row, h int) {
	v.totals = t
	v.fold.look(t, rows)
	rows = v.fold.rows(rows)
	n := jobRows(v.above(h))
	if v.bottom {
		v.bottom, v.id = false, 0
		v.cursor = max(last(t, rows), 0)
	}
	v.scroll(n)
	v.rows = rows(v.from, n)
	if i := slices.IndexFunc(v.rows, func(r queue.Row) bool { return r.ID == v.id }); v.id != 0 && i >= 0 {
		v.cursor = v.from + i
	}
	if v.cursor >= v.from+len(v.rows) && len(v.rows) < n {
		v.cursor = max(v.from+len(v.rows)-1, 0)
		if len(v.rows) == 0 && v.from > 0 {
			v.cursor = max(last(t, rows), 0)
		}
		v.scroll(n)
		v.rows = rows(v.from, n)
	}
	if missing := n - len(v.rows); missing > 0 && v.from > 0 { // the window is full as long as there are jobs
		v.from = max(v.from-missing, 0)
		v.rows = rows(v.from, n)
	}
	v.id = 0
	if r, ok := v.current(); ok {
		v.id = r.ID
	}
}

// scroll moves the window by half of it, so that a held key costs little.
func (v *View) scroll(n int) {
	if v.cursor < v.from {
		v.from = v.cursor - n/2
	} else if v.cursor >= v.from+n {
		v.from = v.cursor - n/2
	}
	v.from = max(v.from, 0)
}

// last returns the place of the last job, -1 without jobs.
func last(t queue.Totals, rows func(from, n int) []queue.Row) int {
	sum := t.Waiting + t.Running + t.Asking + t.Paused + t.Failed + t.Cancelled + t.Skipped + t.Done
	high := max(sum, 1)
	for len(rows(high, 1)) > 0 {
		high *= 2
	}
	return sort.Search(high, func(i int) bool { return len(rows(i, 1)) == 0 }) - 1
}

// Selected returns the job under the cursor.
func (v *View) Selected() (queue.Row, bool) {
	if r, ok := v.current(); ok && r.ID != foldID {
		return r, true
	}
	return queue.Row{}, false
}

// current returns the row under the cursor, of a job or not.
func (v *View) current() (queue.Row, bool) {
	if i := v.cursor - v.from; i >= 0 && i < len(v.rows) {
		return v.rows[i], true
	}
	return queue.Row{}, false
}

// Move moves the cursor by n jobs; the next Update keeps it inside the list.
func (v *View) Move(n int) {
	v.cursor = max(v.cursor+n, 0)
	v.id = 0
}

// Page moves the cursor by n times what h rows show.
func (v *View) Page(n, h int) { v.Move(n * jobRows(v.above(h))) }

// Top moves the cursor to the first job.
func (v *View) Top() { v.cursor, v.id = 0, 0 }

// Bottom moves the cursor to the last job.
func (v *View) Bottom() { v.bottom = true }

// CursorRow returns the row of the cursor among the lines that Lines draws,
// where the terminal's own cursor belongs.
func (v *View) CursorRow() int { return headRows + v.cursor - v.from }
