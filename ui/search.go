package ui

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
	"portside/queue"
	"portside/ui/pane"
	"portside/ui/text"
)

// maxFound is how many results a search brings.
const maxFound = 10_000

// hit is one result of a search.
type hit struct {
	dir   queue.Place
	entry queue.Entry
}

// search is one search and what it has found so far.
type search struct {
	pattern string
	root    queue.Place
	side    *side
	task    *task

	mu    sync.Mutex
	fresh []hit // not taken yet
	seen  int   // entries

	hits  []hit
	ended string // how it ended, "" while it goes on
}

// searchMsg says that a search has ended.
type searchMsg struct {
	of     *search
	walked walked
	full   bool // more would be found
	err    error
}

// askSearch asks what to look for below the directory of the active pane.
func (m *Model) askSearch() {
	s := m.active()
	label := "Find below " + text.Middle(s.place.Path, max(m.w/3, 8)) + ":"
	if m.places.found.search != nil {
		label = "Find (empty: the last results):"
	}
	m.prompt(label, "", func(typed string) tea.Cmd {
		switch {
		case strings.TrimSpace(typed) != "":
			return m.search(s, strings.TrimSpace(typed))
		case m.places.found.search != nil:
			m.show(m.places.found.Scope())
		}
		return nil
	})
}

// search looks for names below the directory of a pane, and shows what it finds.
func (m *Model) search(s *side, pattern string) tea.Cmd {
	f := &search{pattern: pattern, root: s.place, side: s}
	done, msg := make(chan struct{}), searchMsg{of: f}
	engine := m.engine
	launched := m.launch(s, "searching, Esc stops", func(ctx context.Context, tell func(string)) event {
		defer close(done)
		msg = f.run(ctx, engine, tell)
		return nil
	})
	f.task = s.task
	m.places.found.begin(f)
	m.show(m.places.found.Scope())
	return tea.Batch(launched, func() tea.Msg { <-done; return msg })
}

// run walks through the tree until its end, or until enough was found.
func (f *search) run(ctx context.Context, engine queue.Engine, tell func(string)) searchMsg {
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	msg := searchMsg{of: f}
	match, found := pane.Matcher(f.pattern), 0
	msg.walked, msg.err = walk(ctx, engine, f.root, func(dir queue.Place, e queue.Entry) bool {
		hits := 0
		if e.Name != "" && match(e.Name) {
			if found == maxFound {
				msg.full = true
				enough()
				return false
			}
			found++
			hits = 1
		}
		f.put(dir, e, hits)
		tell(strconv.Itoa(found) + " found, Esc stops")
		return true
	})
	if msg.full {
		msg.err = nil
	}
	return msg
}

func (f *search) put(dir queue.Place, e queue.Entry, hits int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen++
	if hits > 0 {
		f.fresh = append(f.fresh, hit{dir, e})
	}
}

// take brings what was found since.
func (f *search) take() (seen int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hits = append(f.hits, f.fresh...)
	f.fresh = nil
	return f.seen
}

// running reports whether the search goes on.
func (f *search) running() bool { return f.ended == "" }

func (e searchMsg) apply(m *Model) tea.Cmd {
	f := e.of
	f.take()
	switch {
	case errors.Is(e.err, context.Canceled):
		f.ended = "stopped"
	case e.err != nil:
		f.ended = failureOf(e.err).Text
	case e.full:
		f.ended = "stopped at " + strconv.Itoa(maxFound) + " results"
	case e.walked.Cut:
		f.ended = "not complete: more is there than a search takes"
	case e.walked.Unreadable > 0:
		f.ended = "complete but for " + count(e.walked.Unreadable, "directory that cannot be read", "directories that cannot be read")
	default:
		f.ended = "complete"
	}
	if m.places.found.search == f {
		m.say(plain, "The search for "+f.pattern+": "+strconv.Itoa(len(f.hits))+" found, "+f.ended)
	}
	return nil
}

// goFound shows where the marked result stands.
func (m *Model) goFound() tea.Cmd {
	h, ok := m.places.found.selected()
	if !ok {
		return nil
	}
	s := m.active()
	if i := slices.Index(m.sides[:], m.places.found.search.side); i >= 0 {
		m.focus, s = i, m.sides[i]
	}
	if strings.HasPrefix(h.entry.Name, ".") {
		s.pane.SetHidden(true)
	}
	m.show(keymap.Panes)
	return m.goTo(s, h.dir, h.entry.Name)
}

// leaveFound stops a search that goes on, what it has found stays; else it goes
// back to the panes.
func (m *Model) leaveFound() {
	if f := m.places.found.search; f != nil && f.running() && f.side.task == f.task {
		f.side.stopTask()
		return
	}
	m.show(keymap.Panes)
}
