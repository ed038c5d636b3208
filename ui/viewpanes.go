package ui

import (
	"strconv"
	"strings"

	"portside/ui/dialog"
	"portside/ui/pane"
	"portside/ui/text"
	"portside/ui/transfers"
)

// drawPanes draws everything above the message row.
func (m *Model) drawPanes(b *strings.Builder, l layout, c *cursor) {
	shown, widths := m.shown(l)
	m.across(b, shown, func(i int, s *side) { b.WriteString(m.header(i, s, widths[i], l)) })
	columns := [2]pane.Columns{pane.Layout(widths[0]), pane.Layout(widths[1])}
	if m.panes.comparing {
		columns[0], columns[1] = columns[0].WithSigns(), columns[1].WithSigns()
	}
	if l.heads {
		m.across(b, shown, func(i int, s *side) {
			b.WriteString(m.theme.Paint(m.theme.Faint, s.pane.Heads(columns[i])))
		})
	}
	notes := [2][]string{m.notes(m.sides[0], widths[0], l), m.notes(m.sides[1], widths[1], l)}
	now := m.clock()
	for row := range l.files {
		m.across(b, shown, func(i int, s *side) {
			if row > 0 && row <= len(notes[i]) {
				b.WriteString(notes[i][row-1])
				return
			}
			s.pane.Draw(b, row, columns[i], pane.Style{Theme: m.theme, Focus: i == m.focus, Now: now})
		})
	}
	m.across(b, shown, func(i int, s *side) { m.drawStatus(b, s, widths[i]) })
	if l.queue == 1 {
		b.WriteString(transfers.Strip(m.totals, m.list.head, m.w, m.theme))
		b.WriteByte('\n')
	} else {
		lines(b, transfers.Head(m.totals, m.list.head, m.w, l.queue, m.theme))
	}
	if l.log > 0 {
		b.WriteString(m.theme.Line(2) + m.theme.Paint(m.theme.Bold, " Log ") + m.theme.Line(m.w-7) + "\n")
		lines(b, m.wire.view.Tail(m.w, l.log-1, m.theme))
	}
	x := 0
	if m.focus == 1 && !l.single {
		x = l.left + 1
	}
	c.at(x, l.top()+m.active().pane.CursorLine())
}

// shown says which panes are on the screen, and how wide each is.
func (m *Model) shown(l layout) (on [2]bool, widths [2]int) {
	if l.single {
		on[m.focus] = true
		return on, [2]int{l.left, l.right}
	}
	return [2]bool{true, true}, [2]int{l.left, l.right}
}

// across draws one row over the panes that are on the screen.
func (m *Model) across(b *strings.Builder, on [2]bool, draw func(i int, s *side)) {
	for i, s := range m.sides {
		if on[i] {
			draw(i, s)
		}
		if i == 0 && on[0] && on[1] {
			b.WriteString(m.theme.Divider)
		}
	}
	b.WriteByte('\n')
}

func (m *Model) header(i int, s *side, w int, l layout) string {
	h := pane.Header{Label: m.labelOf(s), Path: s.place.Path, Security: s.info.Security, Focus: i == m.focus}
	if l.single {
		h.Page = strconv.Itoa(i+1) + "/2"
	}
	return s.pane.Header(h, w, m.theme)
}

// notes is what an empty pane says instead of files.
func (m *Model) notes(s *side, w int, l layout) []string {
	words := ""
	switch {
	case s.pane.Len() > 0:
		return nil
	case s.connecting != "":
		words = "Connecting to " + s.connecting + "\nEsc breaks off"
	case s.trouble != "":
		words = s.trouble
	case !s.connected():
		words = "Nothing is connected here\n2 connects to a server"
	default:
		return nil
	}
	var rows []string
	for _, row := range dialog.Wrap(words, w-4) {
		if len(rows) == l.files-1 {
			break
		}
		row = text.Fit("  "+row, w)
		if s.trouble != "" && s.connecting == "" {
			row = m.theme.Paint(m.theme.Bad, row)
		}
		rows = append(rows, row)
	}
	return rows
}

// drawStatus draws the row below a pane: what is marked or there, and what is
// not as usual.
func (m *Model) drawStatus(b *strings.Builder, s *side, w int) {
	left := " " + s.pane.Summary()
	right := ""
	switch {
	case s.connecting != "":
		left = " connecting to " + s.connecting
	case s.reading != nil && m.slow(s):
		right = "reading " + strconv.Itoa(s.reading.count) + ", Esc stops"
	case s.trouble != "" && s.pane.Len() == 0:
		left = "" // it is told where the files would be
	case s.trouble != "" && m.telling() && m.message.text != "" && strings.HasSuffix(text.Safe(s.trouble), m.message.text):
		// the message row has room for more of it
		right, _, _ = strings.Cut(strings.TrimSuffix(text.Safe(s.trouble), m.message.text), ":")
	case s.trouble != "":
		b.WriteString(m.theme.Paint(m.theme.Bad, text.Fit(" "+shorten(text.Safe(s.trouble), w-1), w)))
		return
	case !s.connected():
		left = ""
	}
	if f := s.pane.Filter(); f != "" && right == "" {
		right = "filter: " + text.Middle(f, w/3)
	}
	if words := m.statusWords(s); len(words) > 0 && right == "" {
		right = text.Middle(text.Safe(strings.Join(words, "  ")), w/2)
	}
	room := w - text.Width(right)
	if right != "" {
		room--
	}
	b.WriteString(text.Fit(left, room))
	if right != "" {
		b.WriteString(m.theme.Paint(m.theme.Warn, right))
		b.WriteByte(' ')
	}
}

// slow reports whether a reading has gone on so long that it is worth a word.
func (m *Model) slow(s *side) bool {
	return s.reading.shown || s.reading.count > 0 || s.pane.Len() == 0
}
