package ui

import (
	tea "charm.land/bubbletea/v2"

	"portside/keymap"
	"portside/ui/wire"
)

// logLines is how much of the log the screen keeps.
const logLines = 2000

// wireView is the connection log as the screen shows it.
type wireView struct {
	view *wire.View
	seen uint64
}

func (v *wireView) init() { v.view = wire.New(logLines) }

// refresh fetches the lines that are new.
func (v *wireView) refresh(m *Model) {
	zone := m.clock().Location()
	for {
		fresh := m.engine.Log(v.seen, logLines)
		lines := make([]wire.Line, len(fresh))
		for i, l := range fresh {
			v.seen = max(v.seen, l.Seq)
			lines[i] = wire.Line{Time: l.Time.In(zone), Conn: l.Conn, Dir: l.Dir, Text: l.Text}
		}
		v.view.Append(lines...)
		if len(fresh) < logLines {
			return
		}
	}
}

// actLog runs an action of the log's screen.
func (m *Model) actLog(a keymap.Action) tea.Cmd {
	v := m.wire.view
	switch a {
	case keymap.ActFollow:
		v.Follow(!v.Following())
	case keymap.ActNextError:
		if !v.NextError() {
			m.say(plain, "There is no error in the log")
		}
	case keymap.ActFilter:
		m.prompt("Filter:", "", func(string) tea.Cmd { return nil })
		m.asked.edit = v.Filter
		m.asked.no = func() tea.Cmd { v.Filter(""); return nil }
	default:
		scroll(v, a, m.layout().full)
	}
	return nil
}
