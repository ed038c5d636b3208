package ui

import (
	"context"
	"errors"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/pane"
)

const (
	firstPause = 30 * time.Millisecond  // what the first rows wait for company
	nextPause  = 100 * time.Millisecond // and the later ones
	maxRows    = 1_000_000              // what a server can make us keep
)

var errTooMany = errors.New("the directory has more than 1,000,000 entries; the rest is not shown")

// reading is a directory on its way into a pane.
type reading struct {
	at       queue.Place
	fresh    bool      // another directory than the one shown
	followed bool      // a step that the other pane made first
	step     bool      // the way back leads to the directory before
	arrived  func()    // called before the pane turns to it; nil: nothing is
	sort     pane.Sort // what the rows are prepared for
	reverse  bool
	want     string // the name that the cursor goes to
	begun    time.Time
	shown    bool // rows of a fresh one stand in the pane
	count    int
	cancel   context.CancelFunc
	inbox    *inbox
	more     func(pause time.Duration) tea.Cmd // waits for the next rows
}

// inbox is where the command that reads puts rows and the one that waits
// takes them: as many as there are, not one at a time.
type inbox struct {
	mu    sync.Mutex
	rows  []pane.Row
	taken int // how many rows were here before
	err   error
	ready chan struct{} // one slot
	done  chan struct{} // closed behind the last row
}

// rowsMsg brings rows of a reading.
type rowsMsg struct {
	side  *side
	of    *reading
	rows  pane.Batch
	count int // how many are there so far
	ended bool
	err   error
}

// open shows the directory at in a pane, once its first rows are there.
func (m *Model) open(s *side, at queue.Place, want string) tea.Cmd {
	return m.read(s, at, want, true)
}

// stepInto opens a directory and remembers the way back.
func (m *Model) stepInto(s *side, at queue.Place, want string) tea.Cmd {
	cmd := m.read(s, at, want, true)
	s.reading.step = true
	return cmd
}

// reload reads the directory of a pane again.
func (m *Model) reload(s *side, want string) tea.Cmd {
	if !s.connected() {
		return nil
	}
	if want != "" {
		s.pane.Want(want)
	}
	return m.read(s, s.place, want, false)
}

func (m *Model) read(s *side, at queue.Place, want string, fresh bool) tea.Cmd {
	s.stopReading()
	ctx, cancel := m.derive()
	r := &reading{at: at, fresh: fresh, want: want, begun: m.clock(), cancel: cancel,
		inbox: &inbox{ready: make(chan struct{}, 1), done: make(chan struct{})}}
	r.sort, r.reverse = s.pane.Order()
	s.reading, s.dirty = r, false
	engine := m.engine
	fill := func() tea.Msg { r.inbox.fill(ctx, engine, at); return nil }
	r.more = func(pause time.Duration) tea.Cmd { return r.next(ctx, s, pause) }
	return tea.Batch(fill, r.more(firstPause))
}

// stopReading breaks a reading off.
func (s *side) stopReading() {
	if s.reading != nil {
		s.reading.cancel()
		s.reading = nil
	}
}

// fill reads the directory; it blocks until the end or until ctx ends.
func (b *inbox) fill(ctx context.Context, engine queue.Engine, at queue.Place) {
	defer close(b.done)
	n := 0
	for e, err := range engine.List(ctx, at) {
		if err == nil && n == maxRows {
			err = errTooMany
		}
		if err != nil {
			b.put(nil, err)
			return
		}
		n++
		row := rowOf(e)
		b.put(&row, nil)
	}
}

func (b *inbox) put(r *pane.Row, err error) {
	b.mu.Lock()
	if r != nil {
		b.rows = append(b.rows, *r)
	}
	b.err = err
	b.mu.Unlock()
	select {
	case b.ready <- struct{}{}:
	default:
	}
}

// next waits for rows and a moment more, so that they come in batches.
func (r *reading) next(ctx context.Context, s *side, pause time.Duration) tea.Cmd {
	return func() tea.Msg {
		select {
		case <-r.inbox.ready:
		case <-r.inbox.done:
		case <-ctx.Done():
			return nil
		}
		timer := time.NewTimer(pause)
		defer timer.Stop()
		ended := false
		select {
		case <-r.inbox.done:
			ended = true
		case <-timer.C:
		case <-ctx.Done():
			return nil
		}
		msg := rowsMsg{side: s, of: r, ended: ended}
		msg.rows, msg.count, msg.err = r.take(ended)
		return msg
	}
}

// take returns the rows that are there, prepared. Those of a reload stay until all
// are there, to be sorted as one.
func (r *reading) take(all bool) (b pane.Batch, count int, err error) {
	r.inbox.mu.Lock()
	rows := r.inbox.rows
	count, err = r.inbox.taken+len(rows), r.inbox.err
	if !r.fresh && !all {
		r.inbox.mu.Unlock()
		return b, count, err
	}
	r.inbox.rows, r.inbox.taken = nil, count
	r.inbox.mu.Unlock()
	return pane.Prepare(rows, r.sort, r.reverse), count, err
}
