package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/text"
)

const (
	roomEvery = 10 * time.Second // how often the room of a disk is asked for at most
	roomCells = 64               // how wide a pane is that has a word for it
)

// room is what is free on the disk of a directory.
type room struct {
	at    queue.Place
	free  int64 // -1 not known
	asked time.Time
}

// askRoom asks what is free where a pane of this machine shows a directory. Servers
// are not asked: few know it, and browsing would wait for the answer.
func (m *Model) askRoom(s *side) tea.Cmd {
	known, now := m.panes.rooms[s], m.clock()
	if s.place.Address != queue.Local || known.at == s.place && now.Sub(known.asked) < roomEvery {
		return nil
	}
	if m.panes.rooms == nil {
		m.panes.rooms = map[*side]room{}
	}
	if known.at != s.place {
		known = room{at: s.place, free: -1}
	}
	known.asked = now
	m.panes.rooms[s] = known
	engine, msg := m.engine, roomMsg{side: s, at: s.place}
	return m.do(func(ctx context.Context) tea.Msg {
		var err error
		if msg.free, err = engine.Room(ctx, msg.at); err != nil {
			msg.free = -1
		}
		return msg
	})
}

// roomMsg brings what is free.
type roomMsg struct {
	side *side
	at   queue.Place
	free int64
}

func (r roomMsg) apply(m *Model) tea.Cmd {
	if known := m.panes.rooms[r.side]; known.at == r.at {
		known.free = r.free
		m.panes.rooms[r.side] = known
	}
	return nil
}

// roomWords says in a wide pane what is free on its disk.
func (m *Model) roomWords(s *side) string {
	l := m.layout()
	w := l.right
	if s == m.sides[0] {
		w = l.left
	}
	known := m.panes.rooms[s]
	if w < roomCells || known.at != s.place || known.free < 0 || s.place.Path == "" {
		return ""
	}
	return "free " + text.Size(known.free)
}
