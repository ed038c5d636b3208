package ui

import (
	tea "charm.land/bubbletea/v2"

	"portside/keymap"
	"portside/queue"
	"portside/ui/dialog"
	"portside/ui/transfers"
)

// headJobs is how many jobs the strip and the head of the queue look at.
const headJobs = 6

// jobList is the queue as the screen shows it: the strip, its head, and the
// full screen.
type jobList struct {
	view *transfers.View
	head []queue.Row
}

func (l *jobList) init() { l.view = &transfers.View{} }

// Scope implements face.
func (l *jobList) Scope() keymap.Scope { return keymap.Queue }

// Draw implements face.
func (l *jobList) Draw(m *Model, w, h int) (rows []string, cursorRow int) {
	rows = l.view.Lines(w, h, m.theme)
	return rows, l.view.CursorRow()
}

// Refresh implements face: it fetches what is in sight.
func (l *jobList) Refresh(m *Model) {
	l.head = m.engine.Rows(0, headJobs)
	if m.screen == keymap.Queue {
		l.view.Update(m.totals, m.engine.Rows, m.layout().full)
	}
}

// actJob runs an action on the selected job.
func (m *Model) actJob(a keymap.Action) {
	r, ok := m.list.view.Selected()
	switch {
	case !ok:
		return
	case hasEnded(r.State) && (a != keymap.ActRetryJob || r.State != queue.Cancelled):
		m.say(plain, name(r)+" has ended: c forgets what has")
		return
	}
	switch a {
	case keymap.ActPauseJob:
		if r.State == queue.Paused {
			m.engine.Resume(r.ID)
			return
		}
		m.engine.Pause(r.ID)
	case keymap.ActRetryJob:
		m.engine.Retry(r.ID)
	case keymap.ActJobUp:
		m.engine.Move(r.ID, -1)
	case keymap.ActJobDown:
		m.engine.Move(r.ID, 1)
	case keymap.ActJobTop:
		m.engine.Move(r.ID, -queue.Far)
	case keymap.ActJobBottom:
		m.engine.Move(r.ID, queue.Far)
	case keymap.ActRunNow:
		m.prioritize(r, queue.PriorityNow)
	case keymap.ActRaise:
		m.prioritize(r, raised(r.Priority))
	case keymap.ActLower:
		m.prioritize(r, lowered(r.Priority))
	case keymap.ActCancelJob:
		m.confirm(true, func() tea.Cmd {
			m.engine.Cancel(r.ID)
			m.refresh()
			return nil
		}, cancelWords(r)...)
	}
}

// hasEnded reports whether nothing is to be done for a job any more.
func hasEnded(s queue.State) bool {
	return s == queue.Done || s == queue.Skipped || s == queue.Cancelled
}

// cancelWords asks whether to cancel a job, and says what is lost: cancelling
// removes the part of a file that has arrived, pausing keeps it.
func cancelWords(r queue.Row) []dialog.Phrase {
	switch {
	case r.Kind == queue.Delete || r.Done <= 0 && !r.Dir:
		return []dialog.Phrase{{"Cancel ", name(r), "?"}}
	case r.Dir:
		return []dialog.Phrase{
			{"Cancel ", name(r), "? Parts of files are removed; pausing keeps them"},
			{"Cancel ", name(r), "? Parts are removed"},
		}
	}
	return []dialog.Phrase{
		{"Cancel ", name(r), "? What arrived is removed; pausing keeps it"},
		{"Cancel ", name(r), "? Its " + amount(r.Done) + " are removed"},
		{"Cancel ", name(r), "? It is removed"},
	}
}

// pauseAll pauses everything, or goes on when all that is left is paused.
func (m *Model) pauseAll() {
	if m.totals.Paused > 0 && !m.totals.Active() {
		m.engine.Resume()
		m.say(plain, "The queue goes on")
	} else {
		m.engine.Pause()
		m.say(plain, "The queue is paused: p goes on")
	}
	m.refresh()
}
