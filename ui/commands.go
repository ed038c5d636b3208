package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
)

// command is what an action does on a screen. There is one for every binding of
// the table of keys; the list of keys and the menu run the same.
type command struct {
	scope  keymap.Scope // "" is every screen; what a screen has of its own goes first
	action keymap.Action
	run    func(m *Model, arg string) tea.Cmd
	why    func(m *Model) string // why it cannot run now, "" it can; nil: it always can
}

// commandKey finds a command.
type commandKey struct {
	scope  keymap.Scope
	action keymap.Action
}

// commands returns all commands.
func commands() []command {
	return slices.Concat(
		frameCommands(), paneCommands(), placeCommands(), lookCommands(), workCommands(), queueCommands(), logCommands(), prefCommands(),
	)
}

// index is where act finds them; of two that are the same the first counts.
func index(all []command) map[commandKey]command {
	found := make(map[commandKey]command, len(all))
	for _, c := range all {
		key := commandKey{c.scope, c.action}
		if _, taken := found[key]; !taken {
			found[key] = c
		}
	}
	return found
}

// find returns the command of an action on a screen.
func (m *Model) find(scope keymap.Scope, a keymap.Action) (command, bool) {
	c, ok := m.commands[commandKey{scope, a}]
	if !ok {
		c, ok = m.commands[commandKey{"", a}]
	}
	return c, ok
}

// why says why an action cannot run on a screen now, "" if it can.
func (m *Model) why(scope keymap.Scope, a keymap.Action) string {
	c, ok := m.find(scope, a)
	switch {
	case !ok:
		return "not there yet"
	case c.why == nil:
		return ""
	}
	return c.why(m)
}

// act runs an action of a screen, or says why it cannot run.
func (m *Model) act(scope keymap.Scope, a keymap.Action, arg string) tea.Cmd {
	if why := m.why(scope, a); why != "" {
		m.say(warn, why)
		return nil
	}
	c, _ := m.find(scope, a)
	return c.run(m, arg)
}

// plainly makes a command of what needs no argument and starts nothing.
func plainly(f func(m *Model)) func(*Model, string) tea.Cmd {
	return func(m *Model, _ string) tea.Cmd {
		f(m)
		return nil
	}
}

// starting makes a command of what needs no argument.
func starting(f func(m *Model) tea.Cmd) func(*Model, string) tea.Cmd {
	return func(m *Model, _ string) tea.Cmd { return f(m) }
}

// needsPlace says that nothing is connected in the active pane.
func needsPlace(m *Model) string {
	if !m.active().connected() {
		return "Nothing is connected here: 2 connects"
	}
	return ""
}

// needsDirectory says that the active pane shows no directory.
func needsDirectory(m *Model) string {
	if why := needsPlace(m); why != "" {
		return why
	}
	if m.active().place.Path == "" {
		return "No directory is shown here yet"
	}
	return ""
}
