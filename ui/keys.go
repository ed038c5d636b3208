package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
	"portside/ui/dialog"
	"portside/ui/text"
)

// key gives a key to what is open: a dialog, a question, else the screen.
func (m *Model) key(msg tea.KeyPressMsg) tea.Cmd {
	name := msg.String()
	if name == "alt+esc" { // Esc twice, fast
		name = "esc"
	}
	if m.isDeaf() {
		return nil
	}
	if name != "ctrl+c" {
		m.breaks = 0
	}
	switch {
	case m.tooSmall():
		if name == "ctrl+c" || name == "q" || name == "0" {
			return m.quit()
		}
		return nil
	case m.layer != nil:
		return m.layer.Key(m, msg, name)
	case m.asked != nil:
		return m.askKey(msg, name)
	}
	return m.command(name)
}

// command looks a key up, after those that began a sequence.
func (m *Model) command(name string) tea.Cmd {
	scope := m.scope()
	action, arg, prefix, ok := m.keys.Lookup(scope, m.pending, name)
	switch {
	case prefix:
		m.pending = append(m.pending, name)
		return nil
	case !ok:
		if len(m.pending) > 0 && name != "esc" {
			m.say(plain, "No command begins with "+strings.Join(append(m.pending, name), " "))
		}
		m.pending = nil
		return nil
	}
	m.pending = nil
	return m.act(scope, action, arg)
}

func (m *Model) isDeaf() bool { return m.clock().Before(m.deaf) }

// openHelp shows the keys of the screen. Neighbours that belong together share
// a line.
func (m *Model) openHelp() {
	scope := m.scope()
	var rows []dialog.KeyRow
	for _, group := range m.keys.Groups(scope) {
		line := ""
		for _, b := range m.keys.Bindings(scope) {
			if _, there := m.find(scope, b.Action); !there || b.Group != group || len(b.Keys) == 0 {
				continue
			}
			row := dialog.KeyRow{Group: group, Keys: shownKeys(b), Help: b.Help, Action: string(b.Action), Off: m.why(scope, b.Action) != ""}
			if b.Line != "" && b.Line == line {
				joinKeys(&rows[len(rows)-1], row, b)
			} else {
				row.First = b.Shown()[0]
				rows = append(rows, row)
			}
			line = b.Line
		}
	}
	m.raise(&helping{Keys: dialog.NewKeys(rows), scope: scope})
}

// joinKeys adds a binding to the line it shares with those before it, with the
// first key of each while there is room: "g p h /" is g p, g h and g /.
func joinKeys(line *dialog.KeyRow, row dialog.KeyRow, b keymap.Binding) {
	if len(line.Parts) == 0 {
		line.Parts = []dialog.KeyRow{*line}
		line.Keys = line.First
	}
	line.Parts, line.Help = append(line.Parts, row), b.Line
	line.Off = line.Off && row.Off
	key := b.Shown()[0]
	if first, rest, ok := strings.Cut(key, " "); ok && strings.HasPrefix(line.Keys, first+" ") {
		key = rest
	}
	if keys := strings.ReplaceAll(line.Keys+" "+key, keymap.AnyChar, "a-z"); text.Width(keys) <= dialog.KeyCells {
		line.Keys = keys
	}
}

// shownKeys is as many keys of a binding as the list has room for.
func shownKeys(b keymap.Binding) string {
	out := ""
	for _, k := range b.Shown() {
		if out != "" && text.Width(out+" "+k) > dialog.KeyCells {
			break
		}
		out = strings.TrimLeft(out+" "+k, " ")
	}
	return out
}

// Key implements layer: Enter runs the marked line.
func (h *helping) Key(m *Model, msg tea.KeyPressMsg, name string) tea.Cmd {
	switch h.Keys.Key(name, msg.Text) {
	case dialog.No:
		m.lower()
	case dialog.Yes:
		m.lower()
		return m.perform(h.scope, keymap.Action(h.Action()))
	}
	return nil
}

// Tall implements taller.
func (h *helping) Tall() bool { return true }

// interrupt is ctrl+c: it ends what is open; the second in a row offers to
// quit. It never stops a transfer by itself.
func (m *Model) interrupt() tea.Cmd {
	m.breaks++
	if m.breaks > 1 {
		m.breaks = 0
		m.askQuit()
		return nil
	}
	if m.screen != keymap.Panes {
		m.show(keymap.Panes)
	} else {
		m.cancel()
	}
	m.say(plain, "Ctrl-C once more offers to quit")
	return nil
}

// cancel ends the nearest thing that goes on: connecting, reading, filter.
func (m *Model) cancel() {
	s := m.active()
	switch {
	case s.pane.Ranging():
		s.pane.EndRange()
	case s.connecting != "":
		s.stopConnecting()
		m.say(plain, "Connecting was broken off")
	case s.reading != nil:
		if s.reading.shown {
			s.trouble = "not complete: broken off"
		}
		s.stopReading()
		m.say(plain, "Reading was broken off")
	case s.task != nil:
		s.stopTask()
		m.say(plain, "Broken off")
	case s.pane.Filter() != "":
		s.pane.SetFilter("")
	default:
		m.say(plain, "")
	}
}

// quit leaves at once when nothing would stop or be lost, else after a question.
func (m *Model) quit() tea.Cmd {
	if !m.totals.Active() && m.totals.Unsaved == "" {
		return tea.Quit
	}
	m.askQuit()
	return nil
}

func (m *Model) askQuit() {
	leave := func() tea.Cmd { return tea.Quit }
	n := m.totals.Waiting + m.totals.Running
	switch {
	case m.kept && m.totals.Unsaved != "":
		m.confirm(true, leave, dialog.Phrase{"The queue is not saved: what has not ended is lost. Quit?"}, dialog.Phrase{"The queue is not saved. Quit?"})
	case m.kept && n > 0:
		stop := count(n, "job stops", "jobs stop")
		if n == 1 {
			stop += ", and goes on at the next start"
		} else {
			stop += ", and go on at the next start"
		}
		m.confirm(true, leave, dialog.Phrase{stop + ". Quit?"}, dialog.Phrase{count(n, "job stops", "jobs stop") + ". Quit?"})
	case m.totals.Active():
		m.confirm(true, leave, dialog.Phrase{"Transfers are not done. Stop them and quit?"}, dialog.Phrase{"Stop the transfers and quit?"})
	default:
		m.confirm(false, leave, dialog.Phrase{"Quit?"})
	}
}

// until is a command that does nothing for a while.
func until(done <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-done:
		return false
	}
}
