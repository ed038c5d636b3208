package ui

import (
	tea "charm.land/bubbletea/v2"

	"portside/keymap"
)

// frameState is what the frame keeps between two keys.
type frameState struct {
	late []keymap.Action // run from the menu, the last one first
}

// frameCommands returns what means the same on every screen, and copying.
func frameCommands() []command {
	turn := func(to keymap.Scope) func(*Model, string) tea.Cmd {
		return plainly(func(m *Model) { m.show(to) })
	}
	return []command{
		{action: keymap.ActHelp, run: plainly((*Model).openHelp)},
		{action: keymap.ActPalette, run: plainly((*Model).openPalette)},
		{action: keymap.ActQuit, run: starting((*Model).quit)},
		{action: keymap.ActInterrupt, run: starting((*Model).interrupt)},
		{action: keymap.ActRedraw, run: starting(func(*Model) tea.Cmd { return tea.ClearScreen })},
		{action: keymap.ActSuspend, run: starting(func(*Model) tea.Cmd { return tea.Suspend })},
		{action: keymap.ActQueue, run: turn(keymap.Queue)},
		{action: keymap.ActLog, run: turn(keymap.Log)},
		{action: keymap.ActClose, run: turn(keymap.Panes)},
		{scope: keymap.Panes, action: keymap.ActCancel, run: plainly((*Model).cancel)},
		{scope: keymap.Panes, action: keymap.ActCopy, run: starting((*Model).askCopy), why: needsDirectory},
		{scope: keymap.Panes, action: keymap.ActMove, run: starting((*Model).askMove), why: needsDirectory},
	}
}
