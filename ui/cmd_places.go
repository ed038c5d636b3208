package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
)

// placeCommands returns what goes to other places.
func placeCommands() []command {
	own := []command{
		{action: keymap.ActOpen, run: starting((*Model).enter), why: needsPlace},
		{action: keymap.ActParent, run: starting((*Model).goUp), why: needsPlace},
		{action: keymap.ActReload, run: starting((*Model).readAgain), why: needsPlace},
		{action: keymap.ActGoHome, run: starting(func(m *Model) tea.Cmd { return m.goPath(m.active().info.Home) }), why: needsPlace},
		{action: keymap.ActGoRoot, run: starting((*Model).goTop), why: needsPlace},
		{action: keymap.ActGoPath, run: plainly((*Model).askPath), why: needsPlace},
		{action: keymap.ActBack, run: starting(func(m *Model) tea.Cmd { return m.goBack(&m.active().back, &m.active().forward) }), why: needsPlace},
		{action: keymap.ActForward, run: starting(func(m *Model) tea.Cmd { return m.goBack(&m.active().forward, &m.active().back) }), why: needsPlace},
		{action: keymap.ActSamePath, run: starting((*Model).samePath), why: needsPlace},
		{action: keymap.ActConnect, run: starting(func(m *Model) tea.Cmd { return m.openSites(m.remoteSide()) })},
		{action: keymap.ActSiteLeft, run: starting(func(m *Model) tea.Cmd { return m.openSites(0) })},
		{action: keymap.ActSiteRight, run: starting(func(m *Model) tea.Cmd { return m.openSites(1) })},
		{action: keymap.ActGoLocal, run: starting((*Model).goLocal)},
		{action: keymap.ActBookmarkSet, run: (*Model).setBookmark, why: needsDirectory},
		{action: keymap.ActBookmarkGo, run: (*Model).goBookmark},
		{action: keymap.ActBookmarks, run: starting((*Model).openBookmarks)},
		{action: keymap.ActDirSize, run: starting((*Model).addUp), why: needsDirectory},
		{action: keymap.ActSearch, run: plainly((*Model).askSearch), why: needsDirectory},
	}
	for i := range own {
		own[i].scope = keymap.Panes
	}
	found := []command{
		{scope: keymap.Found, action: keymap.ActOpen, run: starting((*Model).goFound)},
		{scope: keymap.Found, action: keymap.ActClose, run: plainly((*Model).leaveFound)},
		{scope: keymap.Found, action: keymap.ActInterrupt, run: plainly((*Model).leaveFound)},
	}
	return slices.Concat(own, found, scrolling(keymap.Found, func(m *Model) scroller { return &m.places.found }))
}
