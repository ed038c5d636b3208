package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/pane"
)

// readAgain reads the directory of the active pane again.
func (m *Model) readAgain() tea.Cmd {
	s := m.active()
	if s.place.Path == "" {
		return m.goPath(s.info.Home)
	}
	return m.reload(s, "")
}

// enter opens the directory under the cursor.
func (m *Model) enter() tea.Cmd {
	s := m.active()
	switch {
	case s.pane.NoMatch():
		m.say(plain, "Nothing matches the filter: Esc shows all")
		return nil
	case s.pane.OnParent():
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
		return m.view()
	}
	at, ok := m.placeOf(s, row.Name)
	if !ok {
		return nil
	}
	return m.stepInto(s, at, "")
}

// goUp opens the parent, with the cursor on the directory left behind.
func (m *Model) goUp() tea.Cmd {
	s := m.active()
	if s.place.Path == "" {
		return m.goPath(s.info.Home)
	}
	parent := m.engine.Parent(s.place)
	if parent == s.place {
		return nil
	}
	return m.stepInto(s, parent, base(s.place.Path))
}

func (m *Model) goTop() tea.Cmd {
	s := m.active()
	at := queue.Place{Address: s.info.Address, Path: s.place.Path}
	if at.Path == "" {
		at.Path = s.info.Home
	}
	for range 4096 { // deeper than any path that a system takes
		parent := m.engine.Parent(at)
		if parent == at {
			break
		}
		at = parent
	}
	return m.stepInto(s, at, "")
}

// goPath opens a path, as it stands or below this directory.
func (m *Model) goPath(path string) tea.Cmd {
	s := m.active()
	if path == "" {
		return nil
	}
	at, err := resolve(m.engine, m.hereOf(s), s.info.Home, path)
	if err != nil {
		m.say(bad, failureOf(err).Text)
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
	step := func() { // where it cannot be read the way stays
		*from = (*from)[:len(*from)-1]
		if s.place.Path != "" {
			*to = append(*to, s.place)
		}
	}
	if at.Address != s.info.Address {
		cmd := m.connect(s, at.Address, at.Path)
		s.roots.travel = step
		return cmd
	}
	cmd := m.open(s, at, base(s.place.Path))
	s.reading.arrived = step
	return cmd
}

// samePath shows this directory in the other pane too. On another machine that
// is the one as far below where its pane began.
func (m *Model) samePath() tea.Cmd {
	s, o := m.active(), m.other()
	switch {
	case s.place.Path == "":
		m.say(warn, "No directory is shown here yet")
		return nil
	case !o.connected():
		m.say(warn, "Nothing is connected in the other pane")
		return nil
	case o.info.Address == s.place.Address:
		return m.stepInto(o, s.place, "")
	}
	steps, below := m.stepsBelow(rootOf(s), s.place)
	at, err := m.down(rootOf(o), steps)
	if err != nil {
		m.say(bad, failureOf(err).Text)
		return nil
	}
	if !below {
		m.say(plain, "Not below where this pane began: the other one goes to "+at.Path)
	}
	return m.stepInto(o, at, "")
}

// placeOf is what a row of a pane names. It says why where that cannot be.
func (m *Model) placeOf(s *side, name string) (at queue.Place, ok bool) {
	at, err := m.engine.Join(s.place, name)
	if err != nil {
		m.say(bad, failureOf(err).Text)
	}
	return at, err == nil
}

// down goes from at through directories of these names.
func (m *Model) down(at queue.Place, names []string) (queue.Place, error) {
	for _, name := range names {
		below, err := m.engine.Join(at, name)
		if err != nil {
			return at, err
		}
		at = below
	}
	return at, nil
}

// stepsBelow returns the names that lead from root to at, and whether at is
// root or below it.
func (m *Model) stepsBelow(root, at queue.Place) (names []string, below bool) {
	for range 4096 { // deeper than any path that a system takes
		if at == root {
			slices.Reverse(names)
			return names, true
		}
		parent := m.engine.Parent(at)
		if parent == at {
			break
		}
		names = append(names, base(at.Path))
		at = parent
	}
	return nil, false
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
