package theme

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// Theme is one set of styles and glyphs. Styles are escape sequences that
// [Theme.Reset] ends; without colour some are empty.
type Theme struct {
	Reset string

	Cursor      string // the row under the cursor: one style for the whole row
	CursorOther string // the same in the pane without the focus
	Header      string // of the pane with the focus, and of full screens
	HeaderOther string // of the other pane
	Mark        string // a marked row
	CursorMark  string // a marked row under the cursor
	Dir         string // a directory
	Good        string // secure, done
	Warn        string // needs a person
	Bad         string // failed, PLAIN
	Move        string // moving
	Faint       string // waiting, done, equal
	Bold        string
	Key         string // a key in the footer

	Divider  string // between the panes
	Rule     string // a horizontal line, one cell
	BarFull  string // one cell of a bar
	BarEmpty string
	BarLeft  string // the ends of a bar, empty where the cells show them
	BarRight string
	// The corners and joints of a dialog: top left, top right, bottom left,
	// bottom right, left joint, right joint, and its sides.
	TopLeft, TopRight, BottomLeft, BottomRight, JoinLeft, JoinRight, Side string
	More                                                                  string // stands for what is left out in our own words
}

// Options say what the terminal can do.
type Options struct {
	NoColor bool // no colours; bold, reverse, underline and faint stay
	ASCII   bool // no line or block glyphs
	Plain   bool // no lines, boxes and bars: nothing that a screen reader reads out as a character of its own
}

// New returns the Theme for o.
func New(o Options) *Theme {
	plain := lipgloss.NewStyle()
	bold, reverse, underline := plain.Bold(true), plain.Reverse(true), plain.Underline(true)
	t := &Theme{
		Reset:       "\x1b[m",
		Cursor:      begin(reverse),
		CursorOther: begin(underline),
		Header:      begin(reverse),
		HeaderOther: begin(underline),
		Mark:        begin(bold),
		CursorMark:  begin(bold.Reverse(true)),
		Faint:       begin(plain.Faint(true)),
		Bold:        begin(bold),
		Bad:         begin(bold),
		Warn:        begin(bold),
		Key:         begin(reverse),
		Divider:     "│", Rule: "─", BarFull: "█", BarEmpty: "░", More: "…",
		TopLeft: "┌", TopRight: "┐", BottomLeft: "└", BottomRight: "┘", JoinLeft: "├", JoinRight: "┤", Side: "│",
	}
	if !o.NoColor {
		t.Mark = begin(bold.Foreground(lipgloss.Yellow))
		t.Dir = begin(plain.Foreground(lipgloss.Blue))
		t.Good = begin(plain.Foreground(lipgloss.Green))
		t.Warn = begin(plain.Foreground(lipgloss.Yellow))
		t.Bad = begin(plain.Foreground(lipgloss.Red))
		t.Move = begin(plain.Foreground(lipgloss.Cyan))
	}
	if o.ASCII {
		t.Divider, t.Rule, t.BarFull, t.BarEmpty, t.BarLeft, t.BarRight, t.More = "|", "-", "#", ".", "[", "]", "..."
		t.TopLeft, t.TopRight, t.BottomLeft, t.BottomRight, t.JoinLeft, t.JoinRight, t.Side = "+", "+", "+", "+", "+", "+", "|"
	}
	if o.Plain {
		t.Divider, t.Rule, t.BarFull, t.BarEmpty, t.BarLeft, t.BarRight, t.More = " ", " ", " ", " ", "", "", "..."
		t.TopLeft, t.TopRight, t.BottomLeft, t.BottomRight, t.JoinLeft, t.JoinRight, t.Side = " ", " ", " ", " ", " ", " ", " "
	}
	return t
}

// begin returns the escape sequence that begins a style. Rows are put together
// from such pieces, made once: rendering each cell anew costs some hundred
// times as much.
func begin(s lipgloss.Style) string {
	sequence, _, _ := strings.Cut(s.Render("x"), "x")
	return sequence
}

// Paint returns s in a style.
func (t *Theme) Paint(style, s string) string {
	if style == "" || s == "" {
		return s
	}
	return style + s + t.Reset
}

// Line returns a horizontal line of w cells.
func (t *Theme) Line(w int) string { return strings.Repeat(t.Rule, max(w, 0)) }

// Bar returns a bar of w cells, its ends included, for done of total. It is
// full only when done has reached total, and blank when total is not known.
func (t *Theme) Bar(done, total int64, w int) string {
	inner := w - len(t.BarLeft) - len(t.BarRight)
	if inner < 1 {
		return strings.Repeat(" ", max(w, 0))
	}
	if total < 0 {
		return strings.Repeat(" ", w)
	}
	full := inner
	if done < total {
		full = min(int(float64(max(done, 0))/float64(total)*float64(inner)), inner-1)
	}
	return t.BarLeft + strings.Repeat(t.BarFull, full) + strings.Repeat(t.BarEmpty, inner-full) + t.BarRight
}
