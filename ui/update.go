package ui

import (
	tea "charm.land/bubbletea/v2"
)

// event is a message that knows what it changes: what a new part of the screen
// has commands bring is one, and Update need not know it.
type event interface {
	apply(m *Model) tea.Cmd
}

// Update takes a message and says what to do next. It only routes.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
	case tea.KeyPressMsg:
		return m, m.key(msg)
	case tea.PasteMsg:
		return m, m.paste(msg)
	case tea.FocusMsg, tea.BlurMsg:
		m.focused(msg)
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
	case event:
		return m, msg.apply(m)
	}
	return m, nil
}
