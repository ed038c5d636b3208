package theme

import "strings"

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
}

// New returns the Theme for o.
func New(o Options) *Theme {
	t := &Theme{
		Reset:       "\x1b[m",
		Cursor:      "\x1b[7m",
		CursorOther: "\x1b[4m",
		Header:      "\x1b[7m",
		HeaderOther: "\x1b[4m",
		Mark:        "\x1b[1m",
		CursorMark:  "\x1b[1;7m",
		Faint:       "\x1b[2m",
		Bold:        "\x1b[1m",
		Bad:         "\x1b[1m",
		Warn:        "\x1b[1m",
		Key:         "\x1b[7m",
		Divider:     "│", Rule: "─", BarFull: "█", BarEmpty: "░", More: "…",
		TopLeft: "┌", TopRight: "┐", BottomLeft: "└", BottomRight: "┘", JoinLeft: "├", JoinRight: "┤", Side: "│",
	}
	if !o.NoColor {
		t.Mark = "\x1b[1;33m"
		t.Dir = "\x1b[34m"
		t.Good = "\x1b[32m"
		t.Warn = "\x1b[33m"
		t.Bad = "\x1b[31m"
		t.Move = "\x1b[36m"
	}
	if o.ASCII {
		t.Divider, t.Rule, t.BarFull, t.BarEmpty, t.BarLeft, t.BarRight, t.More = "|", "-", "#", ".", "[", "]", "..."
		t.TopLeft, t.TopRight, t.BottomLeft, t.BottomRight, t.JoinLeft, t.JoinRight, t.Side = "+", "+", "+", "+", "+", "+", "|"
	}
	return t
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
