package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
	"portside/queue"
)

// queueCommands returns what the queue's screen does, and what orders the whole
// queue from anywhere.
func queueCommands() []command {
	all := []command{
		{action: keymap.ActAnswer, run: plainly((*Model).answerNext)},
		{action: keymap.ActPauseAll, run: starting((*Model).pauseAll)},
		{scope: keymap.Queue, action: keymap.ActOpen, run: starting((*Model).openJob)},
		{scope: keymap.Queue, action: keymap.ActRetryAll, run: ordering(func(e queue.Engine) string {
			e.Retry()
			return "All that failed is tried again"
		})},
		{scope: keymap.Queue, action: keymap.ActClear, run: ordering(func(e queue.Engine) string {
			e.Clear()
			return "Done, skipped and cancelled jobs are forgotten"
		})},
		{scope: keymap.Queue, action: keymap.ActLimit, run: plainly((*Model).askLimit)},
		{scope: keymap.Queue, action: keymap.ActMoreConns, run: ordering(connections(1))},
		{scope: keymap.Queue, action: keymap.ActLessConns, run: ordering(connections(-1))},
	}
	for _, action := range []keymap.Action{
		keymap.ActPauseJob, keymap.ActRetryJob, keymap.ActCancelJob, keymap.ActJobUp, keymap.ActJobDown, keymap.ActJobTop,
		keymap.ActJobBottom, keymap.ActRunNow, keymap.ActRaise, keymap.ActLower,
	} {
		all = append(all, command{scope: keymap.Queue, action: action, run: starting(func(m *Model) tea.Cmd { return m.actJob(action) })})
	}
	return slices.Concat(all, scrolling(keymap.Queue, func(m *Model) scroller { return m.list.view }))
}

// ordering makes a command of an order to the queue.
func ordering(o order) func(*Model, string) tea.Cmd {
	return func(m *Model, _ string) tea.Cmd { return m.order(o) }
}

// openJob unfolds what has ended, or answers.
func (m *Model) openJob() tea.Cmd {
	if !m.list.view.OnFold() {
		m.answerNext()
		return nil
	}
	m.list.view.Unfold()
	m.refresh()
	return nil
}
