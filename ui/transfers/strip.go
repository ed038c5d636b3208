package transfers

import (
	"fmt"
	"strings"

	"portside/queue"
	"portside/ui/text"
	"portside/ui/theme"
)

// barCells is the length of a job's bar: every cell that changes is paid for
// on a slow line.
const barCells = 10

// Strip draws the queue in one row of w cells: what runs at the left, how much
// is left and what needs a person at the right.
func Strip(t queue.Totals, head []queue.Row, w int, th *theme.Theme) string {
	l := newLine(th, w)
	l.add("", " ")
	right := stripRight(t, w, th)
	room := w - 2 - width(right)
	if len(right) > 0 {
		room -= 2
	}
	switch row, ok := moving(head); {
	case t.Stopped != "" && (t.Stuck || !ok): // else it can wait until what goes on has ended
		l.add(th.Bad, text.Middle("stopped: "+t.Stopped, room))
	case ok:
		stripJob(l, row, room, w >= 60)
	case t.Waiting > 0 && t.Outage.Why != "":
		l.add(th.Warn, text.Middle("waiting: "+t.Outage.Why, room))
	case t.Waiting > 0:
		l.add(th.Faint, text.Middle("waiting", room))
	case len(right) == 0:
		l.add(th.Faint, text.Middle(Summary(t), room))
	}
	l.to(w - width(right) - 1)
	for _, p := range right {
		l.add(p.style, p.s)
	}
	return l.String()
}

// moving returns the first job that runs. A directory does while it is read,
// not while it waits for its files.
func moving(rows []queue.Row) (queue.Row, bool) {
	var scan *queue.Row
	for i, r := range rows {
		switch r.State {
		case queue.Running, queue.Finishing:
			return r, true
		case queue.Scanning:
			if scan == nil && !r.Listed {
				scan = &rows[i]
			}
		}
	}
	if scan != nil {
		return *scan, true
	}
	return queue.Row{}, false
}

func stripJob(l *line, r queue.Row, room int, bar bool) {
	numbers := " " + percent(r.Done, r.Size) + " " + text.Rate(r.Rate)
	switch {
	case r.State == queue.Scanning:
		numbers, bar = " is being read", false
	case !MovesBytes(r.Kind):
		numbers, bar = "", false
	case r.Size < 0:
		numbers, bar = " "+text.Size(r.Done)+" "+text.Rate(r.Rate), false
	}
	numbers = strings.TrimRight(numbers, " ")
	need := 3 + text.Width(numbers)
	if bar {
		need += 1 + barCells
	}
	if room < need+6 && bar {
		bar = false
		need -= 1 + barCells
	}
	l.add(l.th.Move, arrow(r)+" ")
	l.add("", text.Middle(name(r), room-need))
	if bar {
		l.add("", " ")
		l.bar(r.Done, r.Size, barCells)
	}
	if room >= need {
		l.add("", numbers)
	}
}

// stripRight returns the numbers and words at the right end, as many as w has
// room for.
func stripRight(t queue.Totals, w int, th *theme.Theme) []piece {
	var ps []piece
	gap := "  "
	if w < 70 {
		gap = " "
	}
	if t.Active() {
		if t.Files > 0 && w >= 50 {
			ps = append(ps, piece{"", fmt.Sprintf("%d/%d", t.FilesDone, t.Files)})
		}
		left := text.Left(t.Left)
		if rest := t.Bytes - t.BytesDone; rest > 0 && w >= 70 {
			left = text.Size(rest) + " left " + left
		}
		ps = append(ps, piece{"", left})
	}
	if t.Unsaved != "" {
		ps = append(ps, piece{th.Bad, "not saved"})
	}
	for _, c := range counts(t, th) {
		if c.word == "paused" || c.word == "ask" || c.word == "failed" {
			ps = append(ps, piece{c.style, c.String()})
		}
	}
	var out []piece
	for _, p := range ps {
		if p.s == "" {
			continue
		}
		if len(out) > 0 {
			out = append(out, piece{"", gap})
		}
		out = append(out, p)
	}
	for len(out) > 1 && width(out) > w-22 {
		out = out[2:]
	}
	return out
}

// Head draws the upper end of the queue in h rows, for screens that are tall
// enough: a line with the counts, the sum, and the jobs.
func Head(t queue.Totals, rows []queue.Row, w, h int, th *theme.Theme) []string {
	if h <= 0 {
		return nil
	}
	lines := make([]string, 0, h)
	title := newLine(th, w)
	title.rule(2)
	title.add(th.Bold, " Queue ")
	summary := fitting(counts(t, th), w-15)
	var right []piece
	for _, c := range summary {
		right = append(right, piece{c.style, c.String()}, piece{"", "  "})
	}
	if len(right) == 0 {
		right = []piece{{th.Faint, "empty"}, {"", " "}}
	}
	right[len(right)-1].s = " "
	title.rule(w - width(right) - 3)
	title.add("", " ")
	for _, p := range right {
		title.add(p.style, p.s)
	}
	title.rule(w)
	lines = append(lines, title.String())
	if h > 1 {
		lines = append(lines, sum(t, w, th))
	}
	for _, r := range rows {
		if len(lines) == h {
			break
		}
		lines = append(lines, jobLine(r, w, false, false, th))
	}
	for len(lines) < h {
		lines = append(lines, newLine(th, w).String())
	}
	return lines
}

// trouble says what is wrong with the whole queue, "" nothing.
func trouble(t queue.Totals) string {
	switch {
	case t.Stopped != "":
		return "stopped: " + t.Stopped
	case t.Unsaved != "":
		return "not saved: " + t.Unsaved
	}
	return ""
}
