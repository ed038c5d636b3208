package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
	"portside/ui/dialog"
)

// recentCommands is how many commands the menu keeps on top.
const recentCommands = 5

// palette is the menu of all commands of a screen.
type palette struct {
	*dialog.Menu
	scope keymap.Scope
}

// openPalette shows the menu: those used of late first, then in the order of
// the table of keys.
func (m *Model) openPalette() {
	scope := m.scope()
	var rows []dialog.MenuRow
	seen, moves := map[keymap.Action]bool{keymap.ActPalette: true}, map[string]bool{}
	for _, b := range m.keys.Bindings(scope) {
		if _, there := m.find(scope, b.Action); !there || seen[b.Action] || b.Help == "" {
			continue
		}
		seen[b.Action], moves[string(b.Action)] = true, b.Group == "MOVE"
		rows = append(rows, dialog.MenuRow{Words: b.Help, Keys: strings.ReplaceAll(strings.Join(b.Shown(), " "), keymap.AnyChar, "a-z"), Why: m.why(scope, b.Action), Action: string(b.Action)})
	}
	late := func(r dialog.MenuRow) int {
		if i := slices.Index(m.frame.late, keymap.Action(r.Action)); i >= 0 {
			return i
		}
		if moves[r.Action] {
			return recentCommands + 1 // nobody opens a menu for them
		}
		return recentCommands
	}
	slices.SortStableFunc(rows, func(a, b dialog.MenuRow) int { return late(a) - late(b) })
	m.raise(&palette{Menu: dialog.NewMenu(rows), scope: scope})
}

// Key implements layer: Enter runs the marked command as its key would.
func (p *palette) Key(m *Model, msg tea.KeyPressMsg, name string) tea.Cmd {
	switch p.Menu.Key(name, msg.Text) {
	case dialog.No:
		m.lower()
	case dialog.Yes:
		m.lower()
		return m.perform(p.scope, keymap.Action(p.Row().Action))
	}
	return nil
}

// Paste implements paster.
func (p *palette) Paste(_ *Model, msg tea.PasteMsg) tea.Cmd {
	p.Menu.Paste(msg.Content)
	return nil
}

// Tall implements taller.
func (p *palette) Tall() bool { return true }

// perform runs a command by its name. One that takes a character waits for it,
// as behind its first key.
func (m *Model) perform(scope keymap.Scope, a keymap.Action) tea.Cmd {
	m.frame.late = slices.DeleteFunc(m.frame.late, func(b keymap.Action) bool { return a == b })
	m.frame.late = slices.Insert(m.frame.late, 0, a)
	m.frame.late = m.frame.late[:min(len(m.frame.late), recentCommands)]
	for _, b := range m.keys.Bindings(scope) {
		if b.Action != a {
			continue
		}
		for _, k := range b.Keys {
			if first, ok := strings.CutSuffix(k, " "+keymap.AnyChar); ok {
				m.pending = strings.Fields(first)
				return nil
			}
		}
	}
	return m.act(scope, a, "")
}
