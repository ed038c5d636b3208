package ui

import (
	"fmt"
	"strings"

	"portside/keymap"
	"portside/ui/text"
)

// queueHint is what the last row of hints has no room for: the keys that set
// something, with what it is set to, and more of them while they fit.
func (m *Model) queueHint() string {
	if m.w < twoPanesFrom || m.w >= wideFrom {
		return ""
	}
	limit, connections := "none", "automatic"
	if l := m.engine.Limits(); !l.IsZero() {
		limit = text.Middle(l.String(), 20)
	}
	if n := m.engine.Connections(0); n > 0 {
		connections = fmt.Sprint(n)
	}
	labels := map[keymap.Action]string{}
	for _, b := range m.keys.Bindings(keymap.Queue) {
		if len(b.Keys) > 0 {
			labels[b.Action] = b.HintLabel()
		}
	}
	key := func(a keymap.Action) string { k, _, _ := strings.Cut(labels[a], " "); return k }
	out := ""
	for _, more := range []string{
		labels[keymap.ActLimit] + " " + limit,
		key(keymap.ActMoreConns) + " " + key(keymap.ActLessConns) + " connections " + connections,
		labels[keymap.ActPauseAll], labels[keymap.ActClear], labels[keymap.ActAnswer], labels[keymap.ActRunNow],
	} {
		if text.Width(out+"  "+more)+2 > m.w {
			break
		}
		if more != "" { // a person can have taken its key away
			out += "  " + more
		}
	}
	return strings.TrimSpace(out)
}
