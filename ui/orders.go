package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
)

// order is something that the queue is told to do. It returns what there is to
// say of it, or "".
type order func(e queue.Engine) string

// orderedMsg says that the order that was given first is carried out.
type orderedMsg struct{ said string }

// order gives an order in the background: with a million jobs some take a
// moment. They are carried out one at a time, in the order of the keys.
func (m *Model) order(o order) tea.Cmd {
	m.list.orders = append(m.list.orders, o)
	if len(m.list.orders) > 1 {
		return nil
	}
	return m.nextOrder()
}

func (m *Model) nextOrder() tea.Cmd {
	o, e := m.list.orders[0], m.engine
	return m.do(func(context.Context) tea.Msg { return orderedMsg{o(e)} })
}

// apply implements event: what the order changed is seen at once.
func (msg orderedMsg) apply(m *Model) tea.Cmd {
	if msg.said != "" {
		m.say(plain, msg.said)
	}
	var next tea.Cmd
	if m.list.orders = m.list.orders[1:]; len(m.list.orders) > 0 {
		next = m.nextOrder()
	}
	m.refresh()
	return tea.Batch(next, m.tick())
}

// pauseAll pauses everything, or goes on when all that is left is paused.
func (m *Model) pauseAll() tea.Cmd {
	return m.order(func(e queue.Engine) string {
		if t := e.Totals(); t.Paused > 0 && !t.Active() {
			e.Resume()
			return "The queue goes on"
		}
		e.Pause()
		return "The queue is paused: p goes on"
	})
}

// pauseOne pauses a job, or lets it go on.
func pauseOne(e queue.Engine, id queue.ID) string {
	if r, ok := e.Row(id); ok && r.State == queue.Paused {
		e.Resume(id)
	} else if ok {
		e.Pause(id)
	}
	return ""
}

// cancelJob cancels a job, and all that is below it.
func (m *Model) cancelJob(id queue.ID) tea.Cmd {
	return m.order(func(e queue.Engine) string { e.Cancel(id); return "" })
}

// moveJob moves a job in the line.
func (m *Model) moveJob(id queue.ID, by int) tea.Cmd {
	return m.order(func(e queue.Engine) string { e.Move(id, by); return "" })
}

// prioritize gives a job another priority, and says so.
func (m *Model) prioritize(id queue.ID, change func(queue.Priority) queue.Priority) tea.Cmd {
	return m.order(func(e queue.Engine) string {
		r, ok := e.Row(id)
		if !ok {
			return ""
		}
		p := change(r.Priority)
		if e.Prioritize(p, id); p == queue.PriorityNow {
			return name(r) + " runs next"
		}
		return name(r) + " has a " + string(p) + " priority"
	})
}

// askLimit asks for the bytes a second, also by the clock.
func (m *Model) askLimit() {
	value := ""
	if l := m.engine.Limits(); !l.IsZero() {
		value = l.String()
	}
	m.propose("Limit (2M; 02:00-07:00 none, 10M):", value, func(typed string) tea.Cmd {
		l, err := queue.ParseLimits(typed)
		if err != nil {
			m.say(bad, err.Error())
			return nil
		}
		m.engine.Limit(l)
		m.refresh()
		if m.say(plain, "The limit is "+l.String()); l.IsZero() {
			m.say(plain, "There is no limit")
		}
		return m.tick()
	})
}

// connections changes how many connections there may be to one server.
func connections(by int) order {
	return func(e queue.Engine) string {
		n := e.Connections(by)
		if n == 0 {
			return "As many connections to one server as serve best"
		}
		return count(n, "connection", "connections") + " to one server at a time"
	}
}

func raised(p queue.Priority) queue.Priority {
	if p == queue.PriorityLow {
		return queue.PriorityNormal
	}
	return queue.PriorityHigh
}

func lowered(p queue.Priority) queue.Priority {
	if p == queue.PriorityHigh || p == queue.PriorityNow {
		return queue.PriorityNormal
	}
	return queue.PriorityLow
}
