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
	all := h
	h = v.above(h)
	lines := append(make([]string, 0, all), v.title(w, th), v.total(w, th), heading(w, th))
	jobs := jobRows(h)
	for i := range jobs {
		if i < len(v.rows) {
			lines = append(lines, v.rowLine(i, w, h >= detailFrom, th))
			continue
		}
		lines = append(lines, newLine(th, w).String())
	}
	if h >= detailFrom {
		lines = append(lines, v.detail(w, detailRows(h), th)...)
	}
	if lines = lines[:h]; h < all {
		lines = append(lines, text.Fit(" "+v.Hint, w))
	}
	return lines
}

// rowLine draws row i of the window.
func (v *View) rowLine(i, w int, detail bool, th *theme.Theme) string {
	cursor := v.from+i == v.cursor
	if v.rows[i].ID == foldID {
		return v.foldLine(w, cursor, th)
	}
	return jobLine(v.rows[i], w, cursor, detail, th)
}

func (v *View) title(w int, th *theme.Theme) string {
	const name = " QUEUE "
	l := newLine(th, w)
	l.plain = true
	l.add("", name)
	words := "Queue empty"
	room := w - len(name) - 1
	if short := limit(queue.Totals{Limit: v.totals.Limit}, room/2); w >= 60 && short != "" {
		room -= text.Width(short) + 2 // what slows all down is said before what is over
	}
	if some := fitting(counts(v.totals, th), room); len(some) > 0 {
		words = join(some)
	}
	l.add("", limit(v.totals, w-len(name)-text.Width(words)-3))
	if c := connections(v.totals.Connections); c != "" && l.used+text.Width(c+words)+4 <= w {
		words = c + "  " + words
	}
	l.to(w - text.Width(words) - 1)
	l.add("", words)
	return th.Paint(th.Header, l.String())
}

// connections says how many there are to servers.
func connections(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 connection"
	default:
		return fmt.Sprintf("%d connections", n)
	}
}

// limit says which limit of the rate is in force, and until when, in w cells;
// "" where there is none, or no room.
func limit(t queue.Totals, w int) string {
	words, short := "", ""
	if t.Limit != (queue.Rates{}) {
		short = " limit " + t.Limit.String()
	}
	if words = short; !t.LimitUntil.IsZero() {
		if words == "" {
			words = " no limit"
		}
		words += " until " + t.LimitUntil.Format("15:04")
	}
	switch {
	case text.Width(words) <= w:
		return words
	case text.Width(short) <= w:
		return short
	}
	return ""
}

// total draws the sum of the queue. Where the room is short whole parts are
// left out: a number that is cut is another number.
func (v *View) total(w int, th *theme.Theme) string {
	t := v.totals
	l := newLine(th, w)
	l.add("", " ")
	if words := trouble(t); words != "" {
		hint := ""
		if t.Stopped != "" {
			hint = "; R tries again"
		}
		l.add(th.Bad, text.Middle(words, w-2-text.Width(hint))+hint)
		return l.String()
	}
	if t.Files == 0 {
		return l.String()
	}
	room := w - 2
	if w >= 60 {
		l.bar(t.BytesDone, t.Bytes, 2*barCells)
		l.add("", " ")
		room -= 2*barCells + 1
	}
	left, right := totals(t, room, v.Speed.bars(w, th))
	l.add("", left)
	l.to(w - text.Width(right) - 1)
	l.add("", right)
	return l.String()
}

// totals returns the numbers of the sum for both ends of w cells; the speed of
// late takes the place of the number of files where not both have room.
func totals(t queue.Totals, w int, speed string) (left, right string) {
	share := text.FitLeft(percent(t.BytesDone, t.Bytes), 4)
	size := "  " + text.Size(t.BytesDone) + " of " + text.Size(t.Bytes)
	var rate, wait string
	if t.Active() {
		rate = text.Rate(t.Rate)
		if wait = text.Left(t.Left); wait != "" {
			wait += " left"
		}
	}
	var forms [][3]string
	if speed != "" && rate != "" {
		course := rate + "  " + speed
		forms = append(forms, [3]string{"  " + files(t, w) + size, course, wait}, [3]string{size, course, wait})
	}
	short := fmt.Sprintf("  %d/%d", t.FilesDone, t.Files)
	for _, form := range append(forms, [][3]string{
		{"  " + files(t, w) + size, rate, wait}, {short + size, rate, wait}, {"  " + files(t, w), rate, wait},
		{short, rate, wait}, {short, "", wait}, {short, "", ""},
	}...) {
		left, right = share+form[0], strings.TrimSpace(form[1]+"  "+form[2])
		if text.Width(left)+2+text.Width(right) <= w {
			return left, right
		}
	}
	return share, ""
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
	l.to(c.numbers)
	if c.bar > 0 {
		l.add("", text.Fit("progress", c.bar+1))
	}
	if c.rate {
		l.add("", "    "+text.FitLeft("speed", 10)+text.FitLeft("left", 8))
	}
	return th.Paint(th.Faint, l.String())
}
