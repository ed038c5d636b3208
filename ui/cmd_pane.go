package ui

import (
	"portside/keymap"
	"portside/ui/pane"
)

// paneState is what both panes share.
type paneState struct {
	comparing bool // the signs of a comparison are shown
	missed    bool // no name is as what was typed to jump to
	kept      keptMarks
	rooms     map[*side]room // what is free on the disks shown
	sync      *syncing       // nil: each pane goes its own way
}

// paneCommands returns what moves, marks and sorts in the panes.
func paneCommands() []command {
	var all []command
	for action, f := range map[keymap.Action]func(m *Model, p *pane.Pane){
		keymap.ActUp:       func(_ *Model, p *pane.Pane) { p.Move(-1) },
		keymap.ActDown:     func(_ *Model, p *pane.Pane) { p.Move(1) },
		keymap.ActPageUp:   func(_ *Model, p *pane.Pane) { p.Page(-1) },
		keymap.ActPageDown: func(_ *Model, p *pane.Pane) { p.Page(1) },
		keymap.ActHalfUp:   func(_ *Model, p *pane.Pane) { p.HalfPage(-1) },
		keymap.ActHalfDown: func(_ *Model, p *pane.Pane) { p.HalfPage(1) },
		keymap.ActTop:      func(_ *Model, p *pane.Pane) { p.Home() },
		keymap.ActBottom:   func(_ *Model, p *pane.Pane) { p.End() },

		keymap.ActOtherPane: func(m *Model, _ *pane.Pane) { m.focus = 1 - m.focus },
		keymap.ActLeftPane:  func(m *Model, _ *pane.Pane) { m.focus = 0 },
		keymap.ActRightPane: func(m *Model, _ *pane.Pane) { m.focus = 1 },
		keymap.ActSwap:      func(m *Model, _ *pane.Pane) { m.sides[0], m.sides[1] = m.sides[1], m.sides[0] },

		keymap.ActMark:        func(_ *Model, p *pane.Pane) { p.Toggle(); p.Move(1) },
		keymap.ActMarkDown:    func(_ *Model, p *pane.Pane) { p.Extend(1) },
		keymap.ActMarkUp:      func(_ *Model, p *pane.Pane) { p.Extend(-1) },
		keymap.ActRange:       func(_ *Model, p *pane.Pane) { p.ToggleRange() },
		keymap.ActMarkAll:     func(_ *Model, p *pane.Pane) { p.MarkAll() },
		keymap.ActMarkNone:    func(_ *Model, p *pane.Pane) { p.Unmark() },
		keymap.ActInvert:      func(_ *Model, p *pane.Pane) { p.Invert() },
		keymap.ActMarkPattern: func(m *Model, _ *pane.Pane) { m.askPattern("Mark:", true) },
		keymap.ActDropPattern: func(m *Model, _ *pane.Pane) { m.askPattern("Unmark:", false) },

		keymap.ActSortName:    func(_ *Model, p *pane.Pane) { p.SetSort(pane.ByName) },
		keymap.ActSortExt:     func(_ *Model, p *pane.Pane) { p.SetSort(pane.ByExt) },
		keymap.ActSortTime:    func(_ *Model, p *pane.Pane) { p.SetSort(pane.ByTime) },
		keymap.ActSortSize:    func(_ *Model, p *pane.Pane) { p.SetSort(pane.BySize) },
		keymap.ActSortReverse: func(_ *Model, p *pane.Pane) { p.Reverse() },
		keymap.ActHidden:      func(_ *Model, p *pane.Pane) { p.SetHidden(!p.Hidden()) },
		keymap.ActJump:        func(m *Model, _ *pane.Pane) { m.askJump() },
		keymap.ActFilter:      func(m *Model, _ *pane.Pane) { m.askFilter() },
	} {
		all = append(all, command{scope: keymap.Panes, action: action, run: plainly(func(m *Model) { f(m, m.active().pane) })})
	}
	return append(all,
		command{scope: keymap.Panes, action: keymap.ActSyncBrowse, run: plainly((*Model).toggleSync), why: needsPair},
		command{scope: keymap.Panes, action: keymap.ActCompare, run: starting((*Model).compare), why: needsTwo},
		command{scope: keymap.Panes, action: keymap.ActMarkDiffer, run: plainly((*Model).markDiffering), why: needsComparison},
	)
}
