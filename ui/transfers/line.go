package transfers

import (
	"strings"

	"portside/ui/text"
	"portside/ui/theme"
)

// line puts styled pieces into exactly w cells.
type line struct {
	th    *theme.Theme
	w     int
	used  int
	plain bool // the whole line has one style: pieces have none
	out   strings.Builder
}

func newLine(th *theme.Theme, w int) *line { return &line{th: th, w: max(w, 0)} }

// add appends s in a style, cut to the room that is left.
func (l *line) add(style, s string) {
	width := min(text.Width(s), l.w-l.used)
	if width <= 0 {
		return
	}
	if l.plain {
		style = ""
	}
	l.out.WriteString(l.th.Paint(style, text.Fit(s, width)))
	l.used += width
}

// bar appends a bar of w cells; bars hold no foreign text.
func (l *line) bar(done, total int64, w int) {
	if w <= 0 || l.used+w > l.w {
		return
	}
	l.out.WriteString(l.th.Bar(done, total, w))
	l.used += w
}

// to moves to column col.
func (l *line) to(col int) {
	if n := min(col, l.w) - l.used; n > 0 {
		l.out.WriteString(strings.Repeat(" ", n))
		l.used += n
	}
}

// rule draws a horizontal line up to column col.
func (l *line) rule(col int) {
	if n := min(col, l.w) - l.used; n > 0 {
		l.out.WriteString(l.th.Line(n))
		l.used += n
	}
}

func (l *line) String() string {
	l.to(l.w)
	return l.out.String()
}

// piece is a text with a style.
type piece struct{ style, s string }

func width(ps []piece) int {
	n := 0
	for _, p := range ps {
		n += text.Width(p.s)
	}
	return n
}
