package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
)

// logCommands returns what the log's screen does.
func logCommands() []command {
	return slices.Concat([]command{
		{scope: keymap.Log, action: keymap.ActFollow, run: plainly(func(m *Model) { m.wire.view.Follow(!m.wire.view.Following()) })},
		{scope: keymap.Log, action: keymap.ActNextError, run: plainly(func(m *Model) {
			if !m.wire.view.NextError() {
				m.say(plain, "There is no error in the log")
			}
		})},
		{scope: keymap.Log, action: keymap.ActFilter, run: plainly((*Model).filterLog)},
		{scope: keymap.Log, action: keymap.ActConnFilter, run: plainly(func(m *Model) { m.say(plain, "The log shows "+m.wire.view.Narrow()) })},
		{scope: keymap.Log, action: keymap.ActCopyLine, run: starting((*Model).copyLogLine)},
		{scope: keymap.Log, action: keymap.ActSaveLog, run: plainly((*Model).askSaveLog)},
	}, scrolling(keymap.Log, func(m *Model) scroller { return m.wire.view }))
}

// filterLog filters the log while it is typed; Esc shows all.
func (m *Model) filterLog() {
	v := m.wire.view
	m.prompt("Filter:", "", func(string) tea.Cmd { return nil })
	m.asked.edit = v.Filter
	m.asked.no = func() tea.Cmd { v.Filter(""); return nil }
}
