package ui

import (
	"strconv"

	tea "charm.land/bubbletea/v2"
)

// askPattern marks rows by a pattern, or takes their marks.
func (m *Model) askPattern(label string, on bool) {
	p := m.active().pane
	m.propose(label, "*", func(pattern string) tea.Cmd {
		word := " marked"
		if !on {
			word = " unmarked"
		}
		m.say(plain, strconv.Itoa(p.MarkPattern(pattern, on))+word)
		return nil
	})
}

// askFilter filters while it is typed, with the cursor on the first match; Esc
// shows all.
func (m *Model) askFilter() {
	p := m.active().pane
	before := p.Filter()
	m.propose("Filter:", before, func(string) tea.Cmd { return nil })
	m.asked.edit = func(typed string) {
		p.SetFilter(typed)
		p.First()
	}
	m.asked.no = func() tea.Cmd { p.SetFilter(""); return nil }
}

// paneWords is what the status of a pane says of what is going on in it.
func (m *Model) paneWords(s *side) (words []string) {
	if free := m.roomWords(s); free != "" {
		words = append(words, free)
	}
	if y := m.panes.sync; y != nil && (s == m.sides[0] || m.layout().single) {
		words = append(words, map[bool]string{false: "sync", true: "sync paused"}[y.paused])
	}
	switch {
	case m.panes.missed && s == m.active():
		words = append(words, "no such name")
	case s.pane.Ranging():
		words = append(words, "range")
	}
	return words
}
