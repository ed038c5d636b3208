package ui

import (
	tea "charm.land/bubbletea/v2"

	"portside/keymap"
)

// face is what fills the screen in place of the panes.
type face interface {
	// Scope says where keys count while it is shown.
	Scope() keymap.Scope
	// Draw returns h rows of w cells, and the row that is selected.
	Draw(m *Model, w, h int) (rows []string, cursorRow int)
	// Refresh fetches what may have changed. It is called for all faces, also for
	// those that are not shown: what is dear they leave out then.
	Refresh(m *Model)
}

// show turns to a face, or to the panes.
func (m *Model) show(to keymap.Scope) {
	if to == keymap.Queue && m.screen != to {
		m.list.view.Top() // where the work is
	}
	m.screen, m.pending = to, nil
	m.refresh()
}

// scroller is a face with a cursor.
type scroller interface {
	Move(rows int)
	Page(pages, height int)
	Top()
	Bottom()
}

// scrolling returns the commands that move the cursor of a face.
func scrolling(scope keymap.Scope, of func(m *Model) scroller) []command {
	var all []command
	for action, f := range map[keymap.Action]func(v scroller, height int){
		keymap.ActUp:       func(v scroller, _ int) { v.Move(-1) },
		keymap.ActDown:     func(v scroller, _ int) { v.Move(1) },
		keymap.ActPageUp:   func(v scroller, height int) { v.Page(-1, height) },
		keymap.ActPageDown: func(v scroller, height int) { v.Page(1, height) },
		keymap.ActTop:      func(v scroller, _ int) { v.Top() },
		keymap.ActBottom:   func(v scroller, _ int) { v.Bottom() },
	} {
		all = append(all, command{scope: scope, action: action, run: func(m *Model, _ string) tea.Cmd {
			f(of(m), m.layout().full)
			m.refresh()
			return m.tick()
		}})
	}
	return all
}
