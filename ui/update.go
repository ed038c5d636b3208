package ui

import (
	tea "charm.land/bubbletea/v2"
)

// Update takes a message and says what to do next. It only routes.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case tea.KeyPressMsg:
		return m, m.key(msg)
	case tea.PasteMsg:
		if m.asked != nil && !m.isDeaf() {
			m.askTyped(msg)
		}
	case tea.ResumeMsg:
		return m, tea.ClearScreen
	case rowsMsg:
		return m, m.rowsArrived(msg)
	case connectedMsg:
		return m, m.connectEnded(msg)
	case answeredMsg:
		return m, m.answered(msg)
	case changedMsg:
		return m, m.changed()
	case tickMsg:
		return m, m.ticked()
	case addedMsg:
		return m, m.added(msg)
	case filedMsg:
		return m, m.filed(msg)
	case afterMsg:
		return m, m.afterEnded(msg)
	}
	return m, nil
}
