package ui

import (
	tea "charm.land/bubbletea/v2"

	"portside/ui/theme"
)

// layer is a box over the screen that takes the keys until it is lowered.
type layer interface {
	// Lines draws it for a screen of w by h cells.
	Lines(w, h int, th *theme.Theme) []string
	// Cursor returns where its cursor stands in what Lines drew last.
	Cursor() (x, y int)
	// Key takes a key; name is as the table of keys spells it.
	Key(m *Model, msg tea.KeyPressMsg, name string) tea.Cmd
}

// paster is a layer that takes what is pasted.
type paster interface {
	Paste(m *Model, msg tea.PasteMsg) tea.Cmd
}

// taller is a layer that may cover the message row and the hints.
type taller interface {
	Tall() bool
}

// raise shows a layer, in place of the one that is shown.
func (m *Model) raise(l layer) { m.layer, m.pending = l, nil }

// lower takes the layer away.
func (m *Model) lower() { m.layer = nil }

// paste gives what is pasted to what takes text.
func (m *Model) paste(msg tea.PasteMsg) tea.Cmd {
	switch l, takes := m.layer.(paster); {
	case m.isDeaf():
	case takes:
		return l.Paste(m, msg)
	case m.layer == nil && m.asked != nil:
		m.askTyped(msg)
	}
	return nil
}
