package ui

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/pane"
	"portside/ui/text"
)

// holding is what was found in a directory.
type holding struct {
	name  string // the row's
	files int
	bytes int64
	whole bool
}

// holdingsMsg brings what directories of a pane hold.
type holdingsMsg struct {
	side *side
	in   queue.Place // what the pane showed
	all  []holding
	err  error
}

// addUp adds up what the marked directories hold, or the one under the cursor.
func (m *Model) addUp() tea.Cmd {
	s := m.active()
	var names []string
	var places []queue.Place
	for _, r := range s.pane.Chosen() {
		if r.Type != pane.Dir || !r.Usable() {
			continue
		}
		at, ok := m.placeOf(s, r.Name)
		if !ok {
			return nil
		}
		names, places = append(names, r.Name), append(places, at)
	}
	if len(names) == 0 {
		m.say(plain, "No directory is marked or under the cursor")
		return nil
	}
	msg := holdingsMsg{side: s, in: s.place}
	engine, done := m.engine, make(chan struct{})
	launched := m.launch(s, "adding up, Esc stops", func(ctx context.Context, tell func(string)) event {
		defer close(done)
		for i, at := range places {
			h, err := holdingOf(ctx, engine, at, tell)
			h.name = names[i]
			msg.all = append(msg.all, h)
			if msg.err = err; err != nil {
				break
			}
		}
		return nil
	})
	// What there is by then counts also when it was stopped.
	return tea.Batch(launched, func() tea.Msg { <-done; return msg })
}

// holdingOf adds up what a directory holds.
func holdingOf(ctx context.Context, engine queue.Engine, at queue.Place, tell func(string)) (holding, error) {
	var h holding
	w, err := walk(ctx, engine, at, func(_ queue.Place, e queue.Entry) bool {
		if e.Type == queue.File {
			h.files++
			h.bytes += max(e.Size, 0)
			tell(text.Size(h.bytes) + ", Esc stops")
		}
		return true
	})
	h.whole = w.Whole() && err == nil
	return h, err
}

func (e holdingsMsg) apply(m *Model) tea.Cmd {
	if e.side.place != e.in {
		return nil // it shows something else by now
	}
	var sum holding
	sum.whole = true
	for _, h := range e.all {
		e.side.pane.SetSize(h.name, h.bytes, h.whole)
		sum = holding{name: h.name, files: sum.files + h.files, bytes: sum.bytes + h.bytes, whole: sum.whole && h.whole}
	}
	words := " holds "
	if len(e.all) > 1 {
		sum.name, words = count(len(e.all), "directory", "directories"), " hold "
	}
	if !sum.whole {
		words += "at least "
	}
	words = sum.name + words + text.Size(sum.bytes) + " in " + count(sum.files, "file", "files")
	switch {
	case errors.Is(e.err, context.Canceled):
		m.say(plain, words+": broken off")
	case e.err != nil:
		m.say(bad, failureOf(e.err).Text)
	default:
		m.say(good, words)
	}
	return nil
}
