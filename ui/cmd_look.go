package ui

import (
	"slices"

	"portside/keymap"
	"portside/queue"
)

// lookState is what looking at files and editing them keeps.
type lookState struct {
	viewer viewer
}

// lookCommands returns what looks at files, edits and compares them.
func lookCommands() []command {
	own := []command{
		{scope: keymap.Panes, action: keymap.ActView, run: starting((*Model).view), why: needsDirectory},
		{scope: keymap.Panes, action: keymap.ActCopyPath, run: copying(func(_ *Model, at queue.Place) string { return at.Path }), why: needsDirectory},
		{scope: keymap.Panes, action: keymap.ActCopyURL, run: copying(func(_ *Model, at queue.Place) string { return urlOf(at) }), why: needsDirectory},
		{scope: keymap.Panes, action: keymap.ActCopyName, run: copying(func(_ *Model, at queue.Place) string { return base(at.Path) }), why: needsDirectory},
		{scope: keymap.View, action: keymap.ActHex, run: plainly(func(m *Model) { m.looks.viewer.pager.ToggleHex() })},
		{scope: keymap.View, action: keymap.ActWrap, run: plainly((*Model).toggleWrap)},
		{scope: keymap.View, action: keymap.ActFind, run: plainly((*Model).askFind)},
		{scope: keymap.View, action: keymap.ActNext, run: plainly(func(m *Model) { m.findAgain(false) })},
		{scope: keymap.View, action: keymap.ActBefore, run: plainly(func(m *Model) { m.findAgain(true) })},
		{scope: keymap.View, action: keymap.ActCopyText, run: starting((*Model).copyShown)},
		{scope: keymap.View, action: keymap.ActShiftLeft, run: plainly(func(m *Model) { m.looks.viewer.pager.Shift(-8) })},
		{scope: keymap.View, action: keymap.ActShiftRight, run: plainly(func(m *Model) { m.looks.viewer.pager.Shift(8) })},
	}
	return slices.Concat(own, scrolling(keymap.View, func(m *Model) scroller { return &m.looks.viewer }))
}
