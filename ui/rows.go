package ui

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
)

// rowsArrived puts rows where they belong: those of another directory at
// once, those of the same one in the place of the old when all are there.
func (m *Model) rowsArrived(msg rowsMsg) tea.Cmd {
	s, r := msg.side, msg.of
	if s.reading != r {
		return nil // broken off
	}
	var follow tea.Cmd
	r.count = msg.count
	failed := msg.ended && msg.err != nil
	switch {
	case !r.fresh:
	case msg.rows.Len() > 0 || msg.ended && !failed:
		follow = m.arrive(s, r)
		s.pane.AppendBatch(msg.rows)
	}
	if !msg.ended {
		return tea.Batch(follow, r.more(nextPause))
	}
	s.reading = nil
	s.read, s.took = m.clock(), m.clock().Sub(r.begun)
	r.cancel()
	if failed {
		return tea.Batch(follow, m.readFailed(msg.side, r, msg.err))
	}
	s.trouble = ""
	if !r.fresh {
		s.pane.ReplaceBatch(msg.rows)
	}
	listed := m.listed(s)
	m.refresh()
	return tea.Batch(follow, listed, m.askRoom(s), m.reloadDirty())
}

// arrive turns the pane over to a directory whose first rows are there. The other
// pane may follow.
func (m *Model) arrive(s *side, r *reading) tea.Cmd {
	if r.shown {
		return nil
	}
	r.shown = true
	if r.step && s.place.Path != "" && s.place != r.at {
		s.back = append(s.back, s.place)
		s.back = s.back[max(len(s.back)-100, 0):]
		s.forward = nil
	}
	if r.arrived != nil {
		r.arrived()
	}
	m.leave(s)
	from := s.place
	s.place, s.trouble = r.at, ""
	s.pane.Begin(m.engine.Parent(r.at) != r.at, r.want)
	m.comeBack(s)
	if from != r.at {
		m.entered(s, from)
	}
	return m.follow(s, from, r)
}

// readFailed says why; what the pane showed stays.
func (m *Model) readFailed(s *side, r *reading, err error) tea.Cmd {
	if errors.Is(err, context.Canceled) {
		s.trouble = ""
		return nil
	}
	m.cannotFollow(r)
	f := failureOf(err)
	s.trouble = f.Text
	if r.shown {
		s.trouble = "not complete: " + f.Text
	}
	m.say(bad, f.Text)
	m.refresh()
	if home := (queue.Place{Address: r.at.Address, Path: s.info.Home}); s.place.Path == "" && r.at != home && f.Ask == queue.AskNothing {
		return m.open(s, home, "") // rather than nothing at all
	}
	if f.Ask == queue.AskPassword || f.Ask == queue.AskTrust || f.Ask == queue.AskPlain {
		return m.askEndpoint(r.at.Address, f, func() tea.Cmd { return m.open(s, r.at, r.want) })
	}
	return nil
}
