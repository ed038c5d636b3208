package look

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"portside/ui/text"
	"portside/ui/theme"
)

// Pager shows the beginning of a file.
type Pager struct {
	data  []byte
	total int64    // bytes of the file, -1 unknown
	lines []string // of the text, safe to print

	hex, cut  bool // cut: long lines are cut, not wrapped
	top, left int

	rows   []string // as they were laid out for width
	first  []int    // the row at which a line begins
	width  int
	hit    int // the row that was found, -1 none
	wanted string
}

// New returns a pager of the first bytes of a file of total bytes, -1 where
// that is not known. What holds NUL is shown in hexadecimal first.
func New(data []byte, total int64) *Pager {
	return &Pager{data: data, total: total, lines: linesOf(decode(data)), hex: isBinary(data), hit: -1}
}

// Hex reports whether the bytes are shown in hexadecimal.
func (p *Pager) Hex() bool { return p.hex }

// ToggleHex turns between text and hexadecimal.
func (p *Pager) ToggleHex() { p.hex = !p.hex; p.again() }

// Wrapped reports whether long lines go on in the next row.
func (p *Pager) Wrapped() bool { return !p.cut }

// ToggleWrap turns between wrapping long lines and cutting them.
func (p *Pager) ToggleWrap() { p.cut = !p.cut; p.again() }

func (p *Pager) again() { p.top, p.left, p.width, p.hit = 0, 0, 0, -1 }

// Move moves the window by rows.
func (p *Pager) Move(rows int) { p.top = max(p.top+rows, 0) }

// Page moves the window by pages of height rows.
func (p *Pager) Page(pages, height int) { p.Move(pages * max(height-2, 1)) }

// Top goes to the beginning.
func (p *Pager) Top() { p.top = 0 }

// Bottom goes to the end.
func (p *Pager) Bottom() { p.top = len(p.data) + len(p.lines) }

// Shift moves the window sideways, where long lines are cut.
func (p *Pager) Shift(cells int) {
	if p.cut && !p.hex {
		p.left = max(p.left+cells, 0)
	}
}

// Text is what is shown between the window's first row and height rows on.
func (p *Pager) Text(height int) string {
	end := min(p.top+height, len(p.rows))
	return strings.Join(p.rows[min(p.top, end):end], "\n")
}

// Lines draws h rows of w cells.
func (p *Pager) Lines(w, h int, th *theme.Theme) []string {
	p.layout(w)
	p.top = max(min(p.top, len(p.rows)-h), 0)
	out := make([]string, h)
	for i := range out {
		row := p.top + i
		switch {
		case row >= len(p.rows):
			out[i] = text.Fit("", w)
		case row == p.hit:
			out[i] = th.Paint(th.Cursor, text.Fit(p.row(row), w))
		default:
			out[i] = text.Fit(p.row(row), w)
		}
	}
	return out
}

// row is the part of a row that the window shows.
func (p *Pager) row(i int) string {
	if p.left == 0 {
		return p.rows[i]
	}
	// A character that the edge cuts through is left out, and leaves a blank.
	at := 0
	for from, r := range p.rows[i] {
		if at >= p.left {
			return strings.Repeat(" ", at-p.left) + p.rows[i][from:]
		}
		at += text.Width(string(r))
	}
	return ""
}

// layout cuts the file into rows for w cells.
func (p *Pager) layout(w int) {
	if p.width == w {
		return
	}
	p.rows, p.first, p.width, p.hit = nil, nil, w, -1
	if p.hex {
		p.rows = dump(p.data, w)
		return
	}
	for _, l := range p.lines {
		p.first = append(p.first, len(p.rows))
		if p.cut || len(l) <= w {
			p.rows = append(p.rows, l)
			continue
		}
		p.rows = append(p.rows, strings.Split(ansi.HardwrapWc(l, max(w, 1), true), "\n")...)
	}
}

// dump writes 16 bytes a row, or 8 where the screen is narrow.
func dump(data []byte, w int) (rows []string) {
	n := 16
	if w < 76 {
		n = 8
	}
	for at := 0; at < len(data); at += n {
		part := data[at:min(at+n, len(data))]
		letters := make([]byte, len(part))
		for i, c := range part {
			if letters[i] = c; c < ' ' || c > '~' {
				letters[i] = '.'
			}
		}
		rows = append(rows, fmt.Sprintf("%08x  %-*s  %s", at, 3*n-1, spaced(part), letters))
	}
	return rows
}

func spaced(b []byte) string {
	digits := hex.EncodeToString(b)
	var out strings.Builder
	for i := 0; i < len(digits); i += 2 {
		if i > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(digits[i : i+2])
	}
	return out.String()
}

// Status says how much of the file is here and what of it is shown:
// "first 64K of 184.2M  text  1-22 of 310".
func (p *Pager) Status(h int) string {
	kind := "text"
	if p.hex {
		kind = "hex"
	}
	size := text.Size(int64(len(p.data)))
	switch {
	case p.total < int64(len(p.data)): // not known, or of old
		size = "first " + size
	case p.total > int64(len(p.data)):
		size = "first " + size + " of " + text.Size(p.total)
	}
	if len(p.rows) == 0 {
		return size + "  empty"
	}
	return fmt.Sprintf("%s  %s  %d-%d of %d", size, kind, p.top+1, min(p.top+h, len(p.rows)), len(p.rows))
}
