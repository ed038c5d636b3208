package ui

import (
	tea "charm.land/bubbletea/v2"

	"portside/keymap"
)

// askJump moves the cursor to the name that is being typed. Its own key goes on to
// the next such name; a movement ends it and is done; nothing is filtered.
func (m *Model) askJump() {
	p := m.active().pane
	from := p.Line()
	m.panes.missed = false
	end := func() tea.Cmd { m.panes.missed = false; return nil }
	m.prompt("Jump:", "", func(string) tea.Cmd { return end() })
	a := m.asked
	a.no = end
	a.edit = func(typed string) { m.panes.missed = !p.Jump(typed, from) }
	a.keys = func(name string) (tea.Cmd, bool) {
		action, _, _, _ := m.keys.Lookup(keymap.Panes, nil, name)
		switch action {
		case keymap.ActJump:
			if p.Line() >= from && !m.panes.missed && a.prompt.Value() != "" {
				from = p.Line() + 1
			}
			a.edit(a.prompt.Value())
			return nil, true
		case keymap.ActUp, keymap.ActDown, keymap.ActPageUp, keymap.ActPageDown, keymap.ActMarkUp, keymap.ActMarkDown:
			if len([]rune(name)) == 1 {
				return nil, false // typed
			}
			m.asked = nil
			end()
			return m.act(keymap.Panes, action, ""), true
		}
		return nil, false
	}
}
