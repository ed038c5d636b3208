package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
	"portside/ui/text"
	"portside/ui/transfers"
)

// View draws the screen.
func (m *Model) View() tea.View {
	v := tea.View{AltScreen: true, WindowTitle: m.title(), ReportFocus: m.prefs.Notify}
	if m.w <= 0 || m.h <= 0 {
		return v // the size is not known yet
	}
	if m.tooSmall() {
		v.Content = text.Fit("portside needs 40x10; transfers go on", m.w)
		return v
	}
	var b strings.Builder
	b.Grow(m.w * m.h * 2)
	l := m.layout()
	c := &cursor{}
	if f, ok := m.faces[m.screen]; ok {
		rows, at := f.Draw(m, m.w, l.full)
		lines(&b, rows)
		c.at(0, at)
	} else {
		m.drawPanes(&b, l, c)
	}
	m.drawMessage(&b, c)
	b.WriteByte('\n')
	m.drawHints(&b)
	v.Content = m.overlay(b.String(), c)
	if c.set {
		v.Cursor = tea.NewCursor(min(c.x, m.w-1), min(c.y, m.h-1))
		v.Cursor.Blink = false
	}
	return v
}

// cursor is where the terminal's own cursor stands, so that screen readers
// and braille lines follow what is selected. The last one that asks has it.
type cursor struct {
	x, y int
	set  bool
}

func (c *cursor) at(x, y int) { c.x, c.y, c.set = x, y, true }

// title is the window's: our own words, and numbers.
func (m *Model) title() string {
	t := m.totals
	if t.Active() || t.Asking+t.Failed+t.Paused > 0 {
		return "portside: " + transfers.Summary(t)
	}
	return "portside"
}

func lines(b *strings.Builder, rows []string) {
	for _, r := range rows {
		b.WriteString(r)
		b.WriteByte('\n')
	}
}

// clockTime is how the time of a message is shown.
const clockTime = "15:04:05"

// drawMessage draws the message row: a question, the keys that can follow, or
// the last message.
func (m *Model) drawMessage(b *strings.Builder, c *cursor) {
	switch {
	case m.asked != nil && m.asked.prompt != nil:
		row, x := m.asked.prompt.Draw(m.w, m.theme)
		b.WriteString(row)
		c.at(x, m.h-2)
	case m.asked != nil:
		b.WriteString(m.asked.confirm.Draw(m.w, m.theme))
		c.at(0, m.h-2)
	case len(m.pending) > 0:
		b.WriteString(text.Fit(" "+strings.Join(m.pending, " ")+" ...  Esc leaves it", m.w))
	default:
		style := [...]string{plain: "", good: m.theme.Good, warn: m.theme.Warn, bad: m.theme.Bad}[m.message.level]
		words := shorten(m.message.text, m.w-1)
		if text.Width(words) >= m.w && m.noted() {
			words = "" // it stands whole where the files would be
		}
		when := ""
		if at := m.message.at; !at.IsZero() && words != "" && text.Width(words)+len(clockTime)+3 <= m.w {
			when = at.Format(clockTime) + " "
		}
		b.WriteString(m.theme.Paint(style, text.Fit(" "+words, m.w-len(when))) + m.theme.Paint(m.theme.Faint, when))
	}
}

// noted reports whether an empty pane on the screen says the message too.
func (m *Model) noted() bool {
	shown, _ := m.shown(m.layout())
	for i, s := range m.sides {
		if m.screen == keymap.Panes && shown[i] && s.pane.Len() == 0 && text.Safe(s.trouble) == m.message.text {
			return true
		}
	}
	return false
}

// telling reports whether the message row shows the last message.
func (m *Model) telling() bool { return m.asked == nil && len(m.pending) == 0 }

// following returns rows of the keys that complete a sequence, cut where a word
// ends.
func (m *Model) following(most int) []string {
	begun := strings.Join(m.pending, " ")
	rows := []string{" " + begun}
	for _, b := range m.keys.Following(m.scope(), m.pending) {
		for _, k := range b.Keys {
			rest, ok := strings.CutPrefix(k, begun+" ")
			if !ok {
				continue
			}
			word := b.Help
			if short := strings.ToLower(b.Short); short != "" && m.w < twoPanesFrom {
				word = short
			}
			word = "  " + strings.ReplaceAll(rest, keymap.AnyChar, "a-z") + " " + word
			last := len(rows) - 1
			switch {
			case text.Width(rows[last]+word) <= m.w-5:
				rows[last] += word
			case len(rows) < most:
				rows = append(rows, strings.Repeat(" ", text.Width(" "+begun))+word)
			default:
				rows[last] += " ..."
				return rows
			}
			break
		}
	}
	return rows
}
