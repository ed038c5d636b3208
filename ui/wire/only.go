package wire

import (
	"fmt"
	"strconv"
	"strings"

	"portside/ui/text"
)

// only is what the log is narrowed to, beside the filter.
type only uint8

const (
	onlyAll only = iota
	onlyConn
	onlyErrors
)

// Narrow shows one connection in place of all, that of the selected line; then
// only errors; then all again. It returns what is shown, in words.
func (v *View) Narrow() string {
	l, ok := v.Selected()
	v.only = (v.only + 1) % (onlyErrors + 1)
	if v.only == onlyConn && !ok {
		v.only = onlyErrors
	}
	if v.only == onlyConn {
		v.conn, v.server = l.Conn, l.Server
	}
	v.Filter(v.filter)
	return v.narrowed()
}

// narrowed says what is shown.
func (v *View) narrowed() string {
	switch v.only {
	case onlyConn:
		return strings.TrimSpace(fmt.Sprintf("connection %d %s", v.conn, text.Middle(v.server, 30)))
	case onlyErrors:
		return "only errors"
	}
	return "all connections"
}

// passes reports whether a line is shown.
func (v *View) passes(l Line) bool {
	switch {
	case v.only == onlyConn && l.Conn != v.conn, v.only == onlyErrors && l.Dir != '!':
		return false
	}
	return v.filter == "" || strings.Contains(strings.ToLower(l.Text), v.filter)
}

// Shown returns the lines that pass the filter, as a file has them: with the
// date, a line each, and nothing in them that a terminal obeys.
func (v *View) Shown() string {
	var b strings.Builder
	for _, i := range v.shown {
		l := v.lines[i]
		fmt.Fprintf(&b, "%s %s\n", l.Time.Format("2006-01-02"), l.plain(1))
	}
	return b.String()
}

// String is the line as it can be copied.
func (l Line) String() string { return l.plain(1) }

// plain is the line with its connection's number in at least cells cells.
func (l Line) plain(cells int) string {
	return fmt.Sprintf("%s %*d %c  %s", l.Time.Format("15:04:05"), cells, l.Conn, l.Dir, text.Safe(l.Text))
}

// widen makes room for a connection's number; it stays, so that the columns do
// not move to and fro.
func (v *View) widen(l Line) { v.cells = max(v.cells, len(strconv.Itoa(l.Conn))) }

// title names what is shown, and leaves out whole words where they have no room.
func (v *View) title(w int) string {
	const left = " LOG "
	words := []string{"follow on", v.narrowed(), "passwords hidden"}
	if v.loose {
		words[0] = "follow off"
	}
	if v.only != onlyAll {
		words[0], words[1] = words[1], words[0] // that lines are missing goes last
	}
	if v.filter != "" {
		words = append([]string{"filter: " + text.Middle(v.filter, 20), strconv.Itoa(len(v.shown)) + " of " + strconv.Itoa(len(v.lines))}, words...)
	}
	right := strings.Join(words, "   ") + " "
	for len(words) > 1 && text.Width(right) > w-len(left) {
		words = words[:len(words)-1]
		right = strings.Join(words, "   ") + " "
	}
	return text.Fit(left+text.FitLeft(right, max(w-len(left), 0)), w)
}
