package ui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/config"
)

// placesState is what the panes remember of places.
type placesState struct {
	data      string // the directory that keeps it, "" keeps nothing
	local     queue.Place
	recent    []config.Recent
	bookmarks []config.Bookmark
	found     foundList
}

// rootState is where a side began.
type rootState struct {
	at     queue.Place
	label  string // in place of the name, where the other side has the same
	travel func() // takes the step back or forward that connecting is for
	typed  bool   // the path that it connects for was typed: it may be a file's
}

// rootOf is the directory that the login or the start put a pane into.
func rootOf(s *side) queue.Place { return s.roots.at }

// placesMsg brings what is kept of places.
type placesMsg struct {
	recent    []config.Recent
	bookmarks []config.Bookmark
	err       error
	then      func(m *Model) tea.Cmd // nil: nothing more
}

// loadPlaces reads what is kept of places.
func (m *Model) loadPlaces() tea.Cmd { return m.withPlaces(nil) }

// withPlaces reads what is kept of places and goes on with then.
func (m *Model) withPlaces(then func(m *Model) tea.Cmd) tea.Cmd {
	data := m.places.data
	if data == "" {
		if then == nil {
			return nil
		}
		return then(m)
	}
	return m.do(func(context.Context) tea.Msg {
		msg := placesMsg{then: then}
		msg.recent, msg.err = config.LoadRecent(data)
		bookmarks, err := config.LoadBookmarks(data)
		msg.bookmarks = bookmarks
		if msg.err == nil {
			msg.err = err
		}
		return msg
	})
}

func (e placesMsg) apply(m *Model) tea.Cmd {
	m.places.recent, m.places.bookmarks = e.recent, e.bookmarks
	if e.err != nil {
		m.say(warn, e.err.Error())
	}
	if l, ok := m.layer.(*siteList); ok {
		l.fill(m)
	}
	if e.then != nil {
		return e.then(m)
	}
	return nil
}

// remember keeps a connection of a pane among those of late.
func (m *Model) remember(s *side, path string) tea.Cmd {
	if s.info.Address == queue.Local {
		return nil
	}
	r := config.Recent{Address: s.info.Address, Path: path, Security: s.info.Security, Last: m.clock()}
	m.places.recent = slices.DeleteFunc(m.places.recent, func(old config.Recent) bool { return old.Address == r.Address })
	m.places.recent = slices.Insert(m.places.recent, 0, r)
	data := m.places.data
	if data == "" {
		return nil
	}
	return m.do(func(context.Context) tea.Msg {
		return keptMsg{config.AddRecent(data, r)}
	})
}

// keptMsg says whether something was written.
type keptMsg struct{ err error }

func (e keptMsg) apply(m *Model) tea.Cmd {
	if e.err != nil {
		m.say(warn, "Not kept: "+e.err.Error())
	}
	return nil
}
