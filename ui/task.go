package ui

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
)

// taskEvery is how often the words of a task change at most.
const taskEvery = 500 * time.Millisecond

// task is work in the background of a pane.
type task struct {
	words  string // what the status says of it
	cancel context.CancelFunc
	done   chan struct{} // closed behind its end
	wait   tea.Cmd       // for the next words

	mu    sync.Mutex
	fresh string
}

// taskMsg brings the newest words of a task.
type taskMsg struct {
	side *side
	task *task
}

// taskEndedMsg brings what came of a task.
type taskEndedMsg struct {
	side   *side
	task   *task
	result event
}

// launch runs f in the background of a pane, in place of what ran there before.
// tell changes the words about it; what f returns is applied at its end, unless
// it was stopped.
func (m *Model) launch(s *side, words string, f func(ctx context.Context, tell func(words string)) event) tea.Cmd {
	s.stopTask()
	ctx, cancel := m.derive()
	t := &task{words: words, fresh: words, cancel: cancel, done: make(chan struct{})}
	s.task = t
	t.wait = func() tea.Msg {
		if !until(t.done, taskEvery) {
			return nil
		}
		return taskMsg{side: s, task: t}
	}
	work := func() tea.Msg {
		defer close(t.done)
		return taskEndedMsg{side: s, task: t, result: f(ctx, t.tell)}
	}
	return tea.Batch(work, t.wait)
}

func (t *task) tell(words string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fresh = words
}

// stopTask ends what runs in the background of a pane.
func (s *side) stopTask() {
	if s.task != nil {
		s.task.cancel()
		s.task = nil
	}
}

func (e taskMsg) apply(*Model) tea.Cmd {
	if e.side.task != e.task {
		return nil
	}
	e.task.mu.Lock()
	defer e.task.mu.Unlock()
	e.task.words = e.task.fresh
	return e.task.wait
}

func (e taskEndedMsg) apply(m *Model) tea.Cmd {
	if e.side.task != e.task {
		return nil // stopped, or in the place of another
	}
	e.side.stopTask()
	if e.result == nil {
		return nil
	}
	return e.result.apply(m)
}
