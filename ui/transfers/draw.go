package transfers

import (
	"fmt"
	"strings"

	"portside/queue"
	"portside/ui/text"
	"portside/ui/theme"
)

// Lines draws the view in h rows of w cells: the counts, the sum, the jobs,
// and at the bottom the story of the selected one.
func (v *View) Lines(w, h int, th *theme.Theme) []string {
	if h <= 0 {
		return nil
	}
	lines := append(make([]string, 0, h), v.title(w, th), v.total(w, th), heading(w, th))
	jobs := jobRows(h)
	for i := range jobs {
		if i < len(v.rows) {
			lines = append(lines, jobLine(v.rows[i], w, v.from+i == v.cursor, th))
			continue
		}
		lines = append(lines, newLine(th, w).String())
	}
	if h >= detailFrom {
		lines = append(lines, v.detail(w, th)...)
	}
	return lines[:h]
}

func (v *View) title(w int, th *theme.Theme) string {
	l := newLine(th, w)
	l.plain = true
	l.add("", " QUEUE ")
	words := Summary(v.totals)
	l.to(w - text.Width(words) - 1)
	l.add("", words)
	return th.Paint(th.Header, l.String())
}

// total draws the sum of the queue.
func (v *View) total(w int, th *theme.Theme) string {
	t := v.totals
	l := newLine(th, w)
	l.add("", " ")
	if t.Stopped != "" {
		l.add(th.Bad, text.Middle("stopped: "+t.Stopped, w-2))
		return l.String()
	}
	if t.Files == 0 {
		return l.String()
	}
	if w >= 60 {
		l.bar(t.BytesDone, t.Bytes, 2*barCells)
		l.add("", " ")
	}
	l.add("", fmt.Sprintf("%s  %d of %d files", text.FitLeft(percent(t.BytesDone, t.Bytes), 4), t.FilesDone, t.Files))
	l.add("", "  "+text.Size(t.BytesDone)+" of "+text.Size(t.Bytes))
	if t.Active() {
		right := text.Rate(t.Rate)
		if left := text.Left(t.Left); left != "" {
			right += "  " + left + " left"
		}
		l.to(max(w-text.Width(right)-1, l.used+2))
		l.add("", right)
	}
	return l.String()
}

func heading(w int, th *theme.Theme) string {
	c := columnsFor(w)
	l := newLine(th, w)
	l.plain = true
	l.add("", " state")
	l.to(c.name)
	l.add("", "name")
	l.to(c.size)
	l.add("", text.FitLeft("size", 7))
	l.to(c.rest)
	if c.bar > 0 {
		l.add("", text.Fit("progress", c.bar+1))
	}
	if c.rate {
		l.add("", "    "+text.FitLeft("speed", 10)+text.FitLeft("left", 8))
	}
	return th.Paint(th.Faint, l.String())
}

// detail draws a line and three rows about the selected job: who, from where
// to where, and what happened.
func (v *View) detail(w int, th *theme.Theme) []string {
	lines := []string{th.Line(w)}
	r, ok := v.Selected()
	if ok {
		who := " " + text.Middle(name(r), w/2)
		if r.Attempt > 1 {
			who += fmt.Sprintf("   attempt %d", r.Attempt)
		}
		lines = append(lines, styled(th, "", who, w))
		lines = append(lines, styled(th, th.Faint, " "+route(r, w-1), w))
		style, what := happened(r, th)
		lines = append(lines, styled(th, style, " "+what, w))
	}
	for len(lines) < detailRows {
		lines = append(lines, newLine(th, w).String())
	}
	return lines
}

func styled(th *theme.Theme, style, s string, w int) string {
	return th.Paint(style, text.Fit(s, w))
}

// route says from where to where a job goes.
func route(r queue.Row, w int) string {
	if r.Kind == queue.Delete {
		return "delete " + text.Middle(place(r.Src), w-8)
	}
	half := (w - 4) / 2
	return text.Middle(place(r.Src), half) + " -> " + text.Middle(place(r.Dst), half)
}

func place(p queue.Place) string {
	if p.Address == queue.Local || p.Address == "" {
		return p.Path
	}
	return strings.TrimSuffix(withoutSettings(p.Address), "/") + p.Path
}

// withoutSettings leaves out the part of an address that is not for people.
func withoutSettings(address string) string {
	before, _, _ := strings.Cut(address, "?")
	return before
}

func happened(r queue.Row, th *theme.Theme) (style, what string) {
	switch {
	case r.State == queue.Asking && r.Question != nil:
		return th.Warn, question(*r.Question)
	case r.Failure != nil:
		return th.Bad, strings.ReplaceAll(r.Failure.Text, "\n", " ")
	default:
		return "", r.Note
	}
}
