package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
)

// ended counts jobs that ended.
type ended struct {
	done, failed, skipped int
	bytes                 int64
}

// afterMsg says how the command after the queue went.
type afterMsg struct{ err error }

// atEnd reports whether the last job has ended. One that asks or is paused has
// not, nor has one that waits for room on the disk.
func atEnd(t queue.Totals) bool { return !t.Active() && t.Asking+t.Paused == 0 && t.Stopped == "" }

// afterQueue does what is to be done when the queue has come to its end, once
// for all jobs that ended since it last did.
func (m *Model) afterQueue() tea.Cmd {
	e := m.work.ended
	if e.done+e.failed+e.skipped == 0 || !atEnd(m.totals) {
		return nil
	}
	m.work.ended = ended{}
	cmds := []tea.Cmd{m.notifyEnd(e)}
	if m.bell {
		cmds = append(cmds, tea.Raw("\a"))
	}
	if after := m.after; after != nil {
		cmds = append(cmds, m.do(func(context.Context) tea.Msg {
			return afterMsg{after(e.done, e.failed, e.skipped, e.bytes)}
		}))
	}
	return tea.Batch(cmds...)
}

// afterEnded says why the command failed.
func (m *Model) afterEnded(msg afterMsg) tea.Cmd {
	if msg.err != nil {
		m.say(bad, msg.err.Error())
	}
	return nil
}
