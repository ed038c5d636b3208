package ui

import (
	tea "charm.land/bubbletea/v2"

	"portside/queue"
)

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
func (m *Model) connections(by int) {
	n := m.engine.Connections(by)
	if n == 0 {
		m.say(plain, "As many connections to one server as serve best")
		return
	}
	m.say(plain, count(n, "connection", "connections")+" to one server at a time")
}

// prioritize gives a job a priority, and says so.
func (m *Model) prioritize(r queue.Row, p queue.Priority) {
	m.engine.Prioritize(p, r.ID)
	if p == queue.PriorityNow {
		m.say(plain, name(r)+" runs next")
		return
	}
	m.say(plain, name(r)+" has a "+string(p)+" priority")
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
