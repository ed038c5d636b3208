package ui

import (
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

// Scope implements face.
func (v *wireView) Scope() keymap.Scope { return keymap.Log }

// Draw implements face.
func (v *wireView) Draw(m *Model, w, h int) (rows []string, cursorRow int) {
	rows = v.view.Lines(w, h, m.theme)
	return rows, v.view.CursorRow()
}

// Refresh implements face: it fetches the lines that are new.
func (v *wireView) Refresh(m *Model) {
	zone := m.clock().Location()
	for {
		fresh := m.engine.Log(v.seen, logLines)
		lines := make([]wire.Line, len(fresh))
		for i, l := range fresh {
			v.seen = max(v.seen, l.Seq)
			lines[i] = wire.Line{Time: l.Time.In(zone), Conn: l.Conn, Dir: l.Dir, Text: l.Text, Server: hostOf(l.Address)}
		}
		v.view.Append(lines...)
		if len(fresh) < logLines {
			return
		}
	}
}
