package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
)

// queueCommands returns what the queue's screen does, and what orders the whole
// queue from anywhere.
func queueCommands() []command {
	all := []command{
		{action: keymap.ActAnswer, run: plainly((*Model).answerNext)},
		{action: keymap.ActPauseAll, run: plainly((*Model).pauseAll)},
		{scope: keymap.Queue, action: keymap.ActOpen, run: plainly((*Model).answerNext)},
	}
	for action, f := range map[keymap.Action]func(m *Model){
		keymap.ActRetryAll: func(m *Model) {
			m.engine.Retry()
			m.say(plain, "All that failed is tried again")
		},
		keymap.ActClear: func(m *Model) {
			m.engine.Clear()
			m.say(plain, "Done, skipped and cancelled jobs are forgotten")
		},
		keymap.ActLimit:     (*Model).askLimit,
		keymap.ActMoreConns: func(m *Model) { m.connections(1) },
		keymap.ActLessConns: func(m *Model) { m.connections(-1) },
	} {
		all = append(all, command{scope: keymap.Queue, action: action, run: ordering(f)})
	}
	for _, action := range []keymap.Action{
		keymap.ActPauseJob, keymap.ActRetryJob, keymap.ActCancelJob, keymap.ActJobUp, keymap.ActJobDown, keymap.ActJobTop,
		keymap.ActJobBottom, keymap.ActRunNow, keymap.ActRaise, keymap.ActLower,
	} {
		all = append(all, command{scope: keymap.Queue, action: action, run: ordering(func(m *Model) { m.actJob(action) })})
	}
	return slices.Concat(all, scrolling(keymap.Queue, func(m *Model) scroller { return m.list.view }))
}

// ordering makes a command of an order to the queue: what it changes is seen at
// once.
func ordering(f func(m *Model)) func(*Model, string) tea.Cmd {
	return func(m *Model, _ string) tea.Cmd {
		f(m)
		m.refresh()
		return m.tick()
	}
}
