package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/pane"
)

// addedMsg says how putting jobs into the queue went.
type addedMsg struct {
	side  *side
	in    queue.Place // what the pane showed
	kind  queue.Kind
	ids   []queue.ID
	alone bool // a single file: its question may open by itself
	err   error
}

// enqueue puts the rows of the active pane into the queue. change, where there is
// one, adds to each Spec what more is wanted.
func (m *Model) enqueue(kind queue.Kind, rows []pane.Row, to queue.Place, change func(*queue.Spec)) tea.Cmd {
	s := m.active()
	from, engine := s.place, m.engine
	return m.do(func(context.Context) tea.Msg {
		msg := addedMsg{side: s, in: from, kind: kind}
		specs := make([]queue.Spec, 0, len(rows))
		for _, r := range rows {
			src, err := engine.Join(from, r.Name)
			if err != nil {
				msg.err = err
				return msg
			}
			known := entryOf(r)
			spec := queue.Spec{Kind: kind, Src: src, Dst: to, Known: &known}
			if change != nil {
				change(&spec)
			}
			specs = append(specs, spec)
		}
		msg.alone = len(rows) == 1 && rows[0].Type != pane.Dir && kind != queue.Delete
		msg.ids, msg.err = engine.Add(specs)
		return msg
	})
}

func (m *Model) added(msg addedMsg) tea.Cmd {
	if msg.err != nil {
		m.say(bad, failureOf(msg.err).Text)
		return nil
	}
	m.unmarkIn(msg.side, msg.in)
	m.say(plain, count(len(msg.ids), "job", "jobs")+" queued: w shows")
	m.work.watched = 0
	if msg.alone && len(msg.ids) == 1 {
		m.work.watched = msg.ids[0]
	}
	m.refresh()
	return tea.Batch(m.reloadDirty(), m.tick())
}
