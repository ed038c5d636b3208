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
	view   *transfers.View
	head   []queue.Row
	speed  transfers.Speed
	calm   calm
	orders []order // that wait for the first of them to be carried out
}

func (l *jobList) init() { l.view = &transfers.View{Speed: &l.speed} }

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
	if m.totals.Running > 0 { // else it stands, and costs nothing
		l.speed.Add(m.totals.Rate, m.clock())
	}
	if m.screen != keymap.Queue {
		l.view.Fold() // whoever comes again looks for what is left to do
	} else {
		l.view.Hint = m.queueHint()
		l.view.Update(l.calm.totals(m.totals, m.clock()), l.calm.rows(m.engine.Rows), m.layout().full)
	}
}

// actJob runs an action on the selected job.
func (m *Model) actJob(a keymap.Action) tea.Cmd {
	r, ok := m.list.view.Selected()
	switch {
	case !ok && m.list.view.OnFold():
		m.say(plain, "Enter shows what has ended; c forgets it")
		return nil
	case !ok:
		return nil
	case hasEnded(r.State) && (a != keymap.ActRetryJob || r.State != queue.Cancelled):
		m.say(plain, name(r)+" has ended: c forgets what has")
		return nil
	case a == keymap.ActCancelJob:
		m.confirm(true, func() tea.Cmd { return m.cancelJob(r.ID) }, cancelWords(r)...)
		return nil
	}
	id := r.ID
	switch a {
	case keymap.ActPauseJob:
		return m.order(func(e queue.Engine) string { return pauseOne(e, id) })
	case keymap.ActRetryJob:
		return m.order(func(e queue.Engine) string { e.Retry(id); return "" })
	case keymap.ActJobUp:
		return m.moveJob(id, -1)
	case keymap.ActJobDown:
		return m.moveJob(id, 1)
	case keymap.ActJobTop:
		return m.moveJob(id, -queue.Far)
	case keymap.ActJobBottom:
		return m.moveJob(id, queue.Far)
	case keymap.ActRunNow:
		return m.prioritize(id, func(queue.Priority) queue.Priority { return queue.PriorityNow })
	case keymap.ActRaise:
		return m.prioritize(id, raised)
	case keymap.ActLower:
		return m.prioritize(id, lowered)
	}
	return nil
}

// hasEnded reports whether nothing is to be done for a job any more.
func hasEnded(s queue.State) bool { return transfers.Ended(s) }

// cancelWords asks whether to cancel a job, and says what is lost: cancelling
// removes the part of a file that has arrived, pausing keeps it.
func cancelWords(r queue.Row) []dialog.Phrase {
	switch {
	case !transfers.MovesBytes(r.Kind) || r.Done <= 0 && !r.Dir:
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
