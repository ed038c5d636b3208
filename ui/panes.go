package ui

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
	"portside/queue"
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
	m.prompt(label, "*", func(pattern string) tea.Cmd {
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

// askFilter filters while it is typed; Esc brings back what was there.
func (m *Model) askFilter() {
	p := m.active().pane
	before := p.Filter()
	m.prompt("Filter:", before, func(string) tea.Cmd { return nil })
	m.asked.edit = p.SetFilter
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

// actGo goes to another directory, or reads this one again.
func (m *Model) actGo(a keymap.Action) (tea.Cmd, bool) {
	s := m.active()
	switch a {
	case keymap.ActOpen:
		return m.enter(), true
	case keymap.ActParent:
		return m.goUp(), true
	case keymap.ActReload:
		return m.reload(s, ""), true
	case keymap.ActGoHome:
		return m.goPath(s.info.Home), true
	case keymap.ActGoRoot:
		return m.goTop(), true
	case keymap.ActGoPath:
		m.prompt("Go to:", s.place.Path, m.goPath)
		return nil, true
	case keymap.ActBack:
		return m.goBack(&s.back, &s.forward), true
	case keymap.ActForward:
		return m.goBack(&s.forward, &s.back), true
	case keymap.ActSamePath:
		return m.samePath(), true
	}
	return nil, false
}

// enter opens the directory under the cursor.
func (m *Model) enter() tea.Cmd {
	s := m.active()
	if s.pane.OnParent() {
		return m.goUp()
	}
	row, ok := s.pane.Current()
	switch {
	case !ok:
		return nil
	case !row.Usable():
		m.say(warn, "This row cannot be used: "+row.Reason)
		return nil
	case row.Type == pane.File || row.Type == pane.Other:
		m.say(plain, row.Name+" is a file: 5 copies it to the other pane")
		return nil
	}
	at, err := m.engine.Join(s.place, row.Name)
	if err != nil {
		m.say(bad, queue.FailureOf(err).Text)
		return nil
	}
	return m.stepInto(s, at, "")
}

// goUp opens the parent, with the cursor on the directory left behind.
func (m *Model) goUp() tea.Cmd {
	s := m.active()
	parent := m.engine.Parent(s.place)
	if parent == s.place {
		return nil
	}
	return m.stepInto(s, parent, base(s.place.Path))
}

func (m *Model) goTop() tea.Cmd {
	s := m.active()
	at := s.place
	for range 4096 { // deeper than any path that a system takes
		parent := m.engine.Parent(at)
		if parent == at {
			break
		}
		at = parent
	}
	return m.stepInto(s, at, "")
}

// goPath opens a path that was typed, as it stands or below this directory.
func (m *Model) goPath(path string) tea.Cmd {
	s := m.active()
	if path == "" {
		return nil
	}
	at, err := resolve(m.engine, s.place, s.info.Home, path)
	if err != nil {
		m.say(bad, queue.FailureOf(err).Text)
		return nil
	}
	return m.stepInto(s, at, "")
}

func (m *Model) goBack(from, to *[]queue.Place) tea.Cmd {
	if len(*from) == 0 {
		m.say(plain, "There is no directory before this one")
		return nil
	}
	s := m.active()
	at := (*from)[len(*from)-1]
	*from = (*from)[:len(*from)-1]
	*to = append(*to, s.place)
	return m.open(s, at, "")
}

// samePath shows this directory in the other pane too.
func (m *Model) samePath() tea.Cmd {
	s, o := m.active(), m.other()
	if !o.connected() || o.place.Address != s.place.Address {
		m.say(warn, "The other pane is somewhere else")
		return nil
	}
	return m.stepInto(o, s.place, "")
}

// base is the last part of a path of either kind of system.
func base(path string) string {
	path = strings.TrimRight(path, `/`)
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[i+1:]
	}
	if i := strings.LastIndexByte(path, '\\'); i >= 0 {
		return path[i+1:]
	}
	return path
}
