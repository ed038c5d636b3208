package ui

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
	"portside/ui/pane"
)

// actMove moves the cursor of the pane, or to the other pane.
func (m *Model) actMove(a keymap.Action) bool {
	p := m.active().pane
	switch a {
	case keymap.ActUp:
		p.Move(-1)
	case keymap.ActDown:
		p.Move(1)
	case keymap.ActPageUp:
		p.Page(-1)
	case keymap.ActPageDown:
		p.Page(1)
	case keymap.ActTop:
		p.Home()
	case keymap.ActBottom:
		p.End()
	case keymap.ActOtherPane:
		m.focus = 1 - m.focus
	case keymap.ActLeftPane:
		m.focus = 0
	case keymap.ActRightPane:
		m.focus = 1
	default:
		return false
	}
	return true
}

// actMark changes marks.
func (m *Model) actMark(a keymap.Action) bool {
	p := m.active().pane
	switch a {
	case keymap.ActMark, keymap.ActMarkDown:
		p.Toggle()
		p.Move(1)
	case keymap.ActMarkUp:
		p.Toggle()
		p.Move(-1)
	case keymap.ActMarkAll:
		p.MarkAll()
	case keymap.ActMarkNone:
		p.Unmark()
	case keymap.ActInvert:
		p.Invert()
	case keymap.ActMarkPattern:
		m.askPattern("Mark:", true)
	case keymap.ActDropPattern:
		m.askPattern("Unmark:", false)
	default:
		return false
	}
	return true
}

func (m *Model) askPattern(label string, on bool) {
	p := m.active().pane
	m.propose(label, "*", func(pattern string) tea.Cmd {
		word := " marked"
		if !on {
			word = " unmarked"
		}
		m.say(plain, strconv.Itoa(p.MarkPattern(pattern, on))+word)
		return nil
	})
}

// actView changes what the pane shows and in which order.
func (m *Model) actView(a keymap.Action) bool {
	p := m.active().pane
	switch a {
	case keymap.ActSortName:
		p.SetSort(pane.ByName)
	case keymap.ActSortExt:
		p.SetSort(pane.ByExt)
	case keymap.ActSortTime:
		p.SetSort(pane.ByTime)
	case keymap.ActSortSize:
		p.SetSort(pane.BySize)
	case keymap.ActSortReverse:
		p.Reverse()
	case keymap.ActHidden:
		p.SetHidden(!p.Hidden())
	case keymap.ActFilter:
		m.askFilter()
	case keymap.ActCancel:
		m.cancel()
	case keymap.ActSwap:
		m.sides[0], m.sides[1] = m.sides[1], m.sides[0]
	default:
		return false
	}
	return true
}

// askFilter filters while it is typed, with the cursor on the first match; Esc
// shows all.
func (m *Model) askFilter() {
	p := m.active().pane
	before := p.Filter()
	m.propose("Filter:", before, func(string) tea.Cmd { return nil })
	m.asked.edit = func(typed string) {
		p.SetFilter(typed)
		p.First()
	}
	m.asked.no = func() tea.Cmd { p.SetFilter(""); return nil }
}

// actPanes runs what reads directories or changes files.
func (m *Model) actPanes(a keymap.Action) tea.Cmd {
	if a == keymap.ActConnect {
		m.askConnect()
		return nil
	}
	if !m.active().connected() {
		m.say(warn, "Nothing is connected here: 2 connects")
		return nil
	}
	if cmd, ok := m.actGo(a); ok {
		return cmd
	}
	if m.active().place.Path == "" {
		m.say(warn, "No directory is shown here yet")
		return nil
	}
	switch a {
	case keymap.ActCopy:
		return m.askCopy()
	case keymap.ActMove:
		return m.askMove()
	case keymap.ActMkdir:
		return m.askMkdir()
	case keymap.ActDelete:
		return m.askDelete()
	case keymap.ActRename:
		return m.askRename()
	}
	return nil
}
