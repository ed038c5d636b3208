package ui

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/transfers"
)

const (
	tickEvery   = 500 * time.Millisecond // while jobs wait or run
	changeEvery = 250 * time.Millisecond // at most, whatever the queue does
	reloadEvery = 3 * time.Second        // while transfers go on into a shown directory of a server
	reloadLocal = time.Second            // and of this machine
	updatesAt   = 500                    // changed jobs that one look takes
	burst       = 10 * time.Second       // questions and failures closer than this ring once
)

// work is what the screen knows of the queue's work.
type work struct {
	seen    uint64 // the version up to which changes were looked at
	ticking bool
	watched queue.ID // a single file just started: its question opens by itself

	done, failed int // since the queue last stood still
	bytes        int64
	last         queue.Row // the last job that ended

	ended ended // since the queue last came to its end

	called bool      // something asks for a person
	call   time.Time // when it last did
}

type (
	changedMsg struct{} // the queue may have changed
	tickMsg    struct{} // time to look at what runs
)

// watch waits for the queue to change; after a pause, so that a thousand
// small files are not a thousand looks.
func (m *Model) watch(pause time.Duration) tea.Cmd {
	changed := m.engine.Changed()
	return m.do(func(ctx context.Context) tea.Msg {
		if pause > 0 && !until(ctx.Done(), pause) {
			return nil
		}
		select {
		case <-changed:
			return changedMsg{}
		case <-ctx.Done():
			return nil
		}
	})
}

// tick looks again soon while jobs wait or run; idle, nothing wakes.
func (m *Model) tick() tea.Cmd {
	if m.work.ticking || !m.totals.Active() {
		return nil
	}
	m.work.ticking = true
	return m.do(func(ctx context.Context) tea.Msg {
		if !until(ctx.Done(), tickEvery) {
			return nil
		}
		return tickMsg{}
	})
}

func (m *Model) changed() tea.Cmd {
	m.refresh()
	return tea.Batch(m.watch(changeEvery), m.tick(), m.reloadDirty(), m.ring(), m.afterQueue())
}

func (m *Model) ticked() tea.Cmd {
	m.work.ticking = false
	m.refresh()
	return tea.Batch(m.tick(), m.reloadDirty(), m.ring(), m.afterQueue())
}

// ring rings the terminal's bell when jobs ask or fail: once for all that do
// so in a row.
func (m *Model) ring() tea.Cmd {
	if !m.work.called {
		return nil
	}
	before := m.work.call
	m.work.called, m.work.call = false, m.clock()
	if m.work.call.Sub(before) < burst {
		return nil
	}
	return m.callPerson()
}

// refresh reads what the screen shows of the queue and of the log.
func (m *Model) refresh() {
	before := m.totals.Unsaved
	m.totals = m.engine.Totals()
	if now := m.totals.Unsaved; now != "" && now != before {
		m.say(bad, "The queue is not saved: "+now)
	}
	for range 20 { // bounded, the next look goes on
		rows := m.engine.Updates(m.work.seen, updatesAt)
		for _, r := range rows {
			m.work.seen = max(m.work.seen, r.Version)
			m.noticed(r)
			m.jobChanged(r)
		}
		if len(rows) < updatesAt {
			break
		}
	}
	m.finished()
	for _, f := range m.faces {
		f.Refresh(m)
	}
}

// noticed takes a changed job: its directories are read again, its end is told.
func (m *Model) noticed(r queue.Row) {
	switch r.State {
	case queue.Asking:
		m.work.called = true
		if r.ID == m.work.watched {
			m.work.watched = 0
			m.openByItself(r)
		} else {
			m.say(warn, m.asks(r))
		}
		return
	case queue.Scanning: // a directory that the queue makes is seen when its files come
		for _, s := range m.sides {
			if s.place.Path != "" && m.engine.Parent(r.Dst) == s.place && !s.pane.Has(base(r.Dst.Path)) {
				s.dirty = true
			}
		}
	case queue.Failed:
		m.touched(r)
		m.work.called = true
		if r.Failure != nil && errors.Is(r.Failure, queue.ErrBelow) {
			return // its files count, and have said why
		}
		m.work.failed++
		m.work.ended.failed++
		if r.Failure != nil {
			m.say(bad, name(r)+": "+r.Trouble())
		}
	case queue.Done:
		m.touched(r)
		if !r.Dir {
			m.work.done++
			m.work.bytes += max(r.Done, 0)
			m.work.ended.done++
			m.work.ended.bytes += max(r.Done, 0)
			m.work.last = r
		}
	case queue.Skipped:
		m.work.ended.skipped++
	case queue.Cancelled:
		m.touched(r)
	}
}

// touched notes which shown directories a job changed.
func (m *Model) touched(r queue.Row) {
	for _, s := range m.sides {
		if s.place.Path == "" {
			continue
		}
		if transfers.MovesBytes(r.Kind) && m.engine.Parent(r.Dst) == s.place ||
			r.Kind != queue.Copy && m.engine.Parent(r.Src) == s.place {
			s.dirty = true
		}
	}
}

// finished says what was done, once, when the queue stands still.
func (m *Model) finished() {
	w := &m.work
	if m.totals.Active() || w.done+w.failed == 0 {
		return
	}
	again := ": w shows why, R there tries all again"
	if w.failed == 1 {
		again = ": w shows why, r there tries again"
	}
	switch {
	case w.failed > 1 && w.done == 0:
		m.say(bad, fmt.Sprintf("%d failed", w.failed)+again)
	case w.failed > 0 && w.done > 0:
		m.say(bad, fmt.Sprintf("%d done, %d failed", w.done, w.failed)+again)
	case w.failed > 0: // its own words stand there
	case w.done == 1:
		m.say(good, name(w.last)+" "+past(w.last.Kind)+sized(w.last))
	default:
		m.say(good, count(w.done, "file", "files")+" done, "+amount(w.bytes))
	}
	if n := m.totals.Asking; n > 0 {
		m.say(warn, fmt.Sprintf("%d done, %s: a answers", w.done, count(n, "asks", "ask")))
	}
	w.done, w.failed, w.bytes = 0, 0, 0
}

// reloadDirty reads directories again that the queue changed: at once when it
// stands still, else seldom, and the more seldom the longer a reading takes.
func (m *Model) reloadDirty() tea.Cmd {
	var cmds []tea.Cmd
	for _, s := range m.sides {
		if !s.dirty || s.reading != nil || !s.connected() {
			continue
		}
		wait := max(reloadEvery, 20*s.took)
		if s.info.Address == queue.Local {
			wait = max(reloadLocal, 20*s.took)
		}
		if m.totals.Active() && m.clock().Sub(s.read) < wait {
			continue
		}
		cmds = append(cmds, m.reload(s, ""))
	}
	return tea.Batch(cmds...)
}

// asks says who asks, or how many.
func (m *Model) asks(r queue.Row) string {
	if n := m.totals.Asking; n > 1 {
		return count(n, "file asks", "files ask") + ": a answers"
	}
	return name(r) + " asks: a answers"
}

func name(r queue.Row) string {
	if r.Name != "" {
		return r.Name
	}
	return base(r.Src.Path)
}

func past(k queue.Kind) string {
	switch k {
	case queue.Move:
		return "is moved"
	case queue.Chmod:
		return "has its permissions"
	case queue.Delete:
		return "is deleted"
	}
	return "is copied"
}

func sized(r queue.Row) string {
	if !transfers.MovesBytes(r.Kind) || r.Size < 0 {
		return ""
	}
	return ", " + amount(r.Size)
}
