package pane

import (
	"fmt"
	"strings"
	"time"

	"portside/ui/text"
	"portside/ui/theme"
)

// Style is what the drawing of a pane needs to know about the screen.
type Style struct {
	Theme *theme.Theme
	Focus bool      // the keys go to this pane
	Now   time.Time // and its zone
}

// Columns are the widths of a row's columns, each with the blank before it; 0
// leaves a column out.
type Columns struct {
	Width, Name, Sign, Size, Mode, Time int
}

// Layout divides w cells: the size always, the time from 36 cells on, the mode
// and the whole time from 64 on.
func Layout(w int) Columns {
	c := Columns{Width: w, Size: 7}
	switch {
	case w >= 64:
		c.Mode, c.Time = 10, 17
	case w >= 36:
		c.Time = 12
	}
	c.Name = max(w-2-c.Size-c.Mode-c.Time, 1)
	return c
}

// Draw writes row i of the window, exactly as wide as c says.
func (p *Pane) Draw(b *strings.Builder, i int, c Columns, s Style) {
	line := p.top + i
	here := s.Focus && line == p.cursor
	if line >= p.lines() {
		if here { // an empty pane has a cursor too
			b.WriteString(s.Theme.Cursor)
			b.WriteString(text.Fit(">", c.Width))
			b.WriteString(s.Theme.Reset)
			return
		}
		blank(b, c.Width)
		return
	}
	n, ok := p.at(line)
	if !ok {
		p.drawParent(b, c, s, here)
		return
	}
	it := &p.items[n]
	open, mark := it.style(s.Theme), byte(' ')
	if it.mark {
		mark = '*'
	}
	if it.Name == "" || it.Reason != "" {
		mark = '?'
	}
	if here {
		b.WriteString(it.cursorStyle(s.Theme))
		b.WriteByte('>')
	} else {
		b.WriteByte(' ')
		b.WriteString(open)
	}
	b.WriteByte(mark)
	b.WriteString(text.FitMiddle(it.label(), c.Name))
	if open != "" && !here {
		b.WriteString(s.Theme.Reset)
	}
	it.details(b, c, s.Now)
	if here {
		b.WriteString(s.Theme.Reset)
	}
}

func (p *Pane) drawParent(b *strings.Builder, c Columns, s Style, here bool) {
	if !here {
		b.WriteString(text.Fit("  ..", c.Width))
		return
	}
	b.WriteString(s.Theme.Cursor)
	b.WriteString(text.Fit("> ..", c.Width))
	b.WriteString(s.Theme.Reset)
}

// label is the name as it is shown, with the sign of its type.
func (it *item) label() string {
	if it.Name == "" {
		return text.Safe(it.Raw)
	}
	return text.Safe(it.Name) + it.suffix()
}

func (it *item) style(th *theme.Theme) string {
	switch {
	case it.mark:
		return th.Mark
	case it.Name == "" || it.Reason != "" || it.Type == Other:
		return th.Faint
	case it.Type == Dir:
		return th.Dir
	}
	return ""
}

func (it *item) cursorStyle(th *theme.Theme) string {
	if it.mark {
		return th.CursorMark
	}
	return th.Cursor
}

// details writes the columns behind the name.
func (it *item) details(b *strings.Builder, c Columns, now time.Time) {
	size := it.holds
	if it.Type != Dir && it.Name != "" {
		size = text.Size(it.Size)
	}
	if c.Sign > 0 {
		b.WriteByte(' ')
		b.WriteByte(max(byte(it.sign), ' '))
	}
	b.WriteString(text.FitLeft(size, c.Size))
	if c.Mode > 0 {
		b.WriteByte(' ')
		mode := ""
		if it.HasMode {
			mode = it.Mode.Perm().String()[1:]
		}
		b.WriteString(text.Fit(mode, c.Mode-1))
	}
	if c.Time > 0 {
		b.WriteByte(' ')
		b.WriteString(text.Fit(it.when(c.Time-1, now), c.Time-1))
	}
}

// when is the time in the cells that there are, never more exact than known.
func (it *item) when(w int, now time.Time) string {
	if it.Time.IsZero() {
		return ""
	}
	if it.Precision == Day { // a date without a clock has no zone to be moved to
		date := it.Time.UTC().Format(time.DateOnly)
		if w < 16 {
			date = " " + date // where the times' years stand
		}
		return date
	}
	t := it.Time.In(now.Location())
	if w < 16 {
		return text.Time(t, now)
	}
	return t.Format("2006-01-02 15:04")
}

// Heads is the row that names the columns.
func (p *Pane) Heads(c Columns) string {
	label := p.SortLabel()
	head := func(name string) string {
		if strings.HasPrefix(label, name) {
			name = label
		}
		return strings.ToUpper(name[:1]) + name[1:]
	}
	var b strings.Builder
	b.WriteString("  " + text.Fit(head("name"), c.Name+c.Sign))
	b.WriteString(text.FitLeft(head("size"), c.Size))
	if c.Mode > 0 {
		b.WriteString(text.Fit(" Mode", c.Mode))
	}
	if c.Time > 0 {
		b.WriteString(text.Fit(" "+head("time"), c.Time))
	}
	return b.String()
}

// Summary says what is shown and what is marked: "4 marked 184.2M of 16".
func (p *Pane) Summary() string {
	n := len(p.items) - p.dots
	switch shown := len(p.view); {
	case p.marks > 0:
		return fmt.Sprintf("%d marked %s of %d", p.marks, text.Size(p.markedBytes), n)
	case shown < n:
		return fmt.Sprintf("%d of %d items %s", shown, n, text.Size(p.bytes))
	}
	out := count(n) + " " + text.Size(p.bytes)
	if p.dots > 0 {
		out += fmt.Sprintf(", %d hidden", p.dots)
	}
	if p.unread > 0 {
		out += fmt.Sprintf(", %d unreadable", p.unread)
	}
	return out
}

func count(n int) string {
	if n == 1 {
		return "1 item"
	}
	return fmt.Sprintf("%d items", n)
}

func blank(b *strings.Builder, w int) {
	for range w {
		b.WriteByte(' ')
	}
}
