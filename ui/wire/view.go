package wire

import (
	"slices"
	"strings"
	"time"

	"portside/ui/text"
	"portside/ui/theme"
)

// Line is one line of the log.
type Line struct {
	Time time.Time // in the zone that is shown
	Conn int       // 1, 2, … in the order of dialling
	Dir  byte      // '>' sent, '<' received, '*' ours, '!' an error reply
	Text string

	Server string // whose it is, as people call it
}

// View is the full screen of the log. It follows the newest line until the
// cursor leaves it.
type View struct {
	limit  int
	lines  []Line
	shown  []int // the lines that pass the filter
	filter string
	cursor int // in shown
	top    int // in shown, the first visible one
	loose  bool
	only   only
	conn   int    // with onlyConn
	server string // its name
	cells  int    // of the widest connection's number
}

// New returns a View that keeps the newest limit lines.
func New(limit int) *View { return &View{limit: max(limit, 1)} }

// Append adds lines, oldest first, and drops the oldest beyond the limit.
func (v *View) Append(lines ...Line) {
	if over := len(lines) - v.limit; over > 0 {
		lines = lines[over:]
	}
	if over := len(v.lines) + len(lines) - v.limit; over > 0 {
		v.drop(over)
	}
	for _, l := range lines {
		v.lines = append(v.lines, l)
		v.widen(l)
		if v.passes(l) {
			v.shown = append(v.shown, len(v.lines)-1)
		}
	}
	v.settle()
}

// drop forgets the n oldest lines.
func (v *View) drop(n int) {
	v.lines = slices.Delete(v.lines, 0, n)
	gone, _ := slices.BinarySearch(v.shown, n)
	v.shown = slices.Delete(v.shown, 0, gone)
	for i := range v.shown {
		v.shown[i] -= n
	}
	v.cursor, v.top = max(v.cursor-gone, 0), max(v.top-gone, 0)
}

// settle keeps the cursor inside, and at the end while following.
func (v *View) settle() {
	if !v.loose {
		v.cursor = len(v.shown) - 1
	}
	v.cursor = max(min(v.cursor, len(v.shown)-1), 0)
}

// Filter shows only lines that hold s, in any case; "" shows all.
func (v *View) Filter(s string) {
	v.filter = strings.ToLower(s)
	v.shown = v.shown[:0]
	for i, l := range v.lines {
		if v.passes(l) {
			v.shown = append(v.shown, i)
		}
	}
	v.loose = false
	v.settle()
}

// Follow stays at the newest line from now on, or stops doing so.
func (v *View) Follow(on bool) {
	v.loose = !on
	v.settle()
}

// Following reports whether the view stays at the newest line.
func (v *View) Following() bool { return !v.loose }

// Move moves the cursor by n lines; at the last line it follows again.
func (v *View) Move(n int) {
	v.cursor += n
	v.loose = v.cursor < len(v.shown)-1
	v.settle()
}

// Page moves the cursor by n times what h rows show.
func (v *View) Page(n, h int) { v.Move(n * max(h-1, 1)) }

// Top moves the cursor to the oldest line.
func (v *View) Top() { v.Move(-len(v.lines)) }

// Bottom moves the cursor to the newest line.
func (v *View) Bottom() { v.Move(len(v.lines)) }

// NextError moves the cursor to the next error, from the top again after the
// last one; without any it reports false.
func (v *View) NextError() bool {
	for i := range v.shown {
		at := (v.cursor + 1 + i) % len(v.shown)
		if v.lines[v.shown[at]].Dir == '!' {
			v.Move(at - v.cursor)
			return true
		}
	}
	return false
}

// Selected returns the line under the cursor.
func (v *View) Selected() (Line, bool) {
	if v.cursor < len(v.shown) {
		return v.lines[v.shown[v.cursor]], true
	}
	return Line{}, false
}

// CursorRow returns the row of the cursor among those that Lines drew last.
func (v *View) CursorRow() int { return 1 + v.cursor - v.top }

// Lines draws the log in h rows of w cells: a header, then the lines.
func (v *View) Lines(w, h int, th *theme.Theme) []string {
	if h <= 0 {
		return nil
	}
	lines := append(make([]string, 0, h), th.Paint(th.Header, v.title(w)))
	v.scroll(h - 1)
	for i := v.top; len(lines) < h; i++ {
		if i < len(v.shown) {
			lines = append(lines, draw(v.lines[v.shown[i]], w, v.cells, i == v.cursor && v.loose, th))
			continue
		}
		lines = append(lines, strings.Repeat(" ", max(w, 0)))
	}
	return lines
}

// scroll moves the window by half of it, so that little has to be redrawn.
func (v *View) scroll(n int) {
	if n <= 0 {
		return
	}
	switch {
	case v.cursor < v.top:
		v.top = max(v.cursor-n/2, 0)
	case v.cursor >= v.top+n && v.loose:
		v.top = v.cursor - n/2
	case v.cursor >= v.top+n:
		v.top = v.cursor - n + 1
	}
	v.top = max(min(v.top, len(v.shown)-n), 0) // the window is full as long as there are lines
}

// Tail draws the newest h lines without a header, for the main screen.
func (v *View) Tail(w, h int, th *theme.Theme) []string {
	lines := make([]string, 0, max(h, 0))
	for _, l := range v.lines[max(len(v.lines)-h, 0):] {
		lines = append(lines, draw(l, w, v.cells, false, th))
	}
	for len(lines) < h {
		lines = append(lines, strings.Repeat(" ", max(w, 0)))
	}
	return lines
}

func draw(l Line, w, cells int, cursor bool, th *theme.Theme) string {
	mark := " "
	if cursor {
		mark = ">"
	}
	row := text.Fit(mark+l.plain(cells), w)
	switch {
	case cursor:
		return th.Paint(th.Cursor, row)
	case l.Dir == '!':
		return th.Paint(th.Bad, row)
	case l.Dir == '*':
		return th.Paint(th.Faint, row)
	default:
		return row
	}
}
