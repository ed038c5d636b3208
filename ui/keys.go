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
	case m.help != nil:
		return m.helpKey(msg, name)
	case m.choice != nil:
		return m.choiceKey(name)
	case m.asked != nil:
		return m.askKey(msg, name)
	}
	return m.command(name)
}

// command looks a key up, after those that began a sequence.
func (m *Model) command(name string) tea.Cmd {
	scope := m.scope()
	action, _, prefix, ok := m.keys.Lookup(scope, m.pending, name)
	switch {
	case prefix:
		m.pending = append(m.pending, name)
		return nil
	case !ok:
		m.pending = nil
		return nil
	}
	m.pending = nil
	return m.act(scope, action)
}

// act runs an action of a scope.
func (m *Model) act(scope keymap.Scope, a keymap.Action) tea.Cmd {
	if cmd, ok := m.actAnywhere(a); ok {
		return cmd
	}
	switch scope {
	case keymap.Queue:
		return m.actQueue(a)
	case keymap.Log:
		return m.actLog(a)
	}
	if m.actMove(a) || m.actMark(a) || m.actView(a) {
		return nil
	}
	return m.actPanes(a)
}

// actAnywhere runs what means the same on every screen.
func (m *Model) actAnywhere(a keymap.Action) (cmd tea.Cmd, ok bool) {
	switch a {
	case keymap.ActHelp:
		m.openHelp()
	case keymap.ActQuit:
		return m.quit(), true
	case keymap.ActInterrupt:
		return m.interrupt(), true
	case keymap.ActRedraw:
		return tea.ClearScreen, true
	case keymap.ActSuspend:
		return tea.Suspend, true
	case keymap.ActQueue:
		m.show(screenQueue)
	case keymap.ActLog:
		m.show(screenLog)
	case keymap.ActClose:
		m.show(screenPanes)
	case keymap.ActAnswer:
		m.answerNext()
	case keymap.ActPauseAll:
		m.pauseAll()
	default:
		return nil, false
	}
	return nil, true
}

func (m *Model) isDeaf() bool { return m.clock().Before(m.deaf) }

// openHelp shows the keys of the screen.
func (m *Model) openHelp() {
	scope := m.scope()
	var rows []dialog.KeyRow
	for _, group := range m.keys.Groups(scope) {
		for _, b := range m.keys.Bindings(scope) {
			if b.Group == group && len(b.Keys) > 0 {
				rows = append(rows, dialog.KeyRow{Group: group, Keys: shownKeys(b), Help: b.Help, Action: string(b.Action)})
			}
		}
	}
	m.help = &helping{keys: dialog.NewKeys(rows), scope: scope}
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

func (m *Model) helpKey(msg tea.KeyPressMsg, name string) tea.Cmd {
	h := m.help
	switch h.keys.Key(name, msg.Text) {
	case dialog.No:
		m.help = nil
	case dialog.Yes:
		m.help = nil
		return m.act(h.scope, keymap.Action(h.keys.Action()))
	}
	return nil
}

// interrupt is ctrl+c: it ends what is open; the second in a row offers to
// quit. It never stops a transfer by itself.
func (m *Model) interrupt() tea.Cmd {
	m.breaks++
	if m.breaks > 1 {
		m.breaks = 0
		m.askQuit()
		return nil
	}
	if m.screen != screenPanes {
		m.show(screenPanes)
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
	case s.connecting != "":
		s.stopConnecting()
		m.say(plain, "Connecting was broken off")
	case s.reading != nil:
		if s.reading.shown {
			s.trouble = "not complete: broken off"
		}
		s.stopReading()
		m.say(plain, "Reading was broken off")
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
