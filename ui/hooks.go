package ui

import (
	tea "charm.land/bubbletea/v2"

	"portside/queue"
)

// The places where one part of the screen tells the others what has happened.

// listed is called when a directory was read to its end into a pane.
func (m *Model) listed(*side) tea.Cmd { return m.compareAgain() }

// entered is called when a pane shows another directory than from.
func (m *Model) entered(*side, queue.Place) {
	if m.panes.sync == nil {
		m.dropCompare()
	}
}

// connected is called when a pane has a new session.
func (m *Model) connected(*side) {}

// jobChanged is called for every job that has changed.
func (m *Model) jobChanged(queue.Row) {}

// statusWords returns what stands at the right end of a pane's status.
func (m *Model) statusWords(s *side) []string {
	var words []string
	if s.task != nil && s.task.words != "" {
		words = append(words, s.task.words)
	}
	if m.panes.comparing && !m.apart() && s == m.sides[0] {
		words = append(words, "compare")
	}
	return append(words, m.paneWords(s)...)
}
