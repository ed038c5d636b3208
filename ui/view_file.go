package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
	"portside/queue"
	"portside/ui/look"
	"portside/ui/pane"
	"portside/ui/text"
)

// firstLook is how much of a file is fetched to be looked at, and lookLimit how
// long that may take.
const (
	firstLook = 64 << 10
	lookLimit = 20 * time.Second
)

// viewer is the screen on which a file is looked at.
type viewer struct {
	pager  *look.Pager
	title  string
	height int
	sought string
}

// Scope implements face.
func (v *viewer) Scope() keymap.Scope { return keymap.View }

// Refresh implements face: what is looked at does not change.
func (v *viewer) Refresh(*Model) {}

// Draw implements face.
func (v *viewer) Draw(m *Model, w, h int) (rows []string, cursorRow int) {
	v.height = max(h-1, 1)
	if v.pager == nil {
		v.pager = look.New(nil, 0)
	}
	body := v.pager.Lines(w, v.height, m.theme)
	far := v.pager.Status(v.height)
	if text.Width(far) > w/2 {
		far = text.Middle(far, w/2)
	}
	head := text.FitMiddle(text.Safe(" VIEW  "+v.title), max(w-text.Width(far)-3, 1)) + "  " + far + " "
	return append([]string{m.theme.Paint(m.theme.Header, text.Fit(head, w))}, body...), 0
}

// Move implements scroller.
func (v *viewer) Move(rows int) { v.pager.Move(rows) }

// Page implements scroller.
func (v *viewer) Page(pages, _ int) { v.pager.Page(pages, v.height) }

// Top implements scroller.
func (v *viewer) Top() { v.pager.Top() }

// Bottom implements scroller.
func (v *viewer) Bottom() { v.pager.Bottom() }

// view shows the beginning of the file under the cursor.
func (m *Model) view() tea.Cmd {
	s := m.active()
	row, ok := s.pane.Current()
	switch {
	case !ok:
		m.say(plain, "There is no file under the cursor")
		return nil
	case !row.Usable():
		m.say(warn, "This row cannot be used: "+row.Reason)
		return nil
	case row.Type == pane.Dir:
		m.say(plain, row.Name+" is a directory: Enter opens it, z adds up what it holds")
		return nil
	case row.Type == pane.Other:
		m.say(warn, row.Name+" is no file that can be read, but a device or a pipe")
		return nil
	}
	at, ok := m.placeOf(s, row.Name)
	if !ok {
		return nil
	}
	total := row.Size
	if row.Type == pane.Link {
		total = -1 // it is the link's own
	}
	engine := m.engine
	return m.launch(s, "reading "+row.Name+", Esc stops", func(ctx context.Context, _ func(string)) event {
		ctx, cancel := context.WithTimeout(ctx, lookLimit)
		defer cancel()
		data, whole, err := beginning(ctx, engine, at)
		if whole {
			total = int64(len(data))
		}
		return viewMsg{title: m.placeName(at), data: data, total: total, err: err}
	})
}

// beginning reads the first bytes of a file; whole says that there are no more.
func beginning(ctx context.Context, engine queue.Engine, at queue.Place) (data []byte, whole bool, err error) {
	r, err := engine.Open(ctx, at, 0)
	if err != nil {
		return nil, false, err
	}
	data, err = io.ReadAll(io.LimitReader(r, firstLook))
	// What breaks a transfer off may well be answered by an error.
	if closed := r.Close(); err == nil && len(data) < firstLook {
		err = closed
	}
	return data, len(data) < firstLook, err
}

// placeName is a path with the name of its side.
func (m *Model) placeName(at queue.Place) string {
	if at.Address == queue.Local {
		return "LOCAL: " + at.Path
	}
	return siteName(at.Address) + ": " + at.Path
}

// viewMsg brings the beginning of a file.
type viewMsg struct {
	title string
	data  []byte
	total int64
	err   error
}

func (v viewMsg) apply(m *Model) tea.Cmd {
	if v.err != nil {
		why := failureOf(v.err).Text
		if errors.Is(v.err, context.DeadlineExceeded) {
			why = fmt.Sprintf("nothing came within %s", lookLimit)
		}
		m.say(bad, v.title+" cannot be read: "+why)
		return nil
	}
	m.looks.viewer.pager, m.looks.viewer.title = look.New(v.data, v.total), v.title
	m.say(plain, "")
	m.show(keymap.View)
	return nil
}

// askFind asks what to look for in the file.
func (m *Model) askFind() {
	v := &m.looks.viewer
	m.propose("Search:", v.sought, func(typed string) tea.Cmd {
		v.sought = typed
		m.findAgain(false)
		return nil
	})
}

// findAgain goes to the next match, or to the one before.
func (m *Model) findAgain(back bool) {
	v := &m.looks.viewer
	switch {
	case v.sought == "":
		m.say(plain, "/ says what to look for")
	case !v.pager.Find(v.sought, back):
		m.say(warn, fmt.Sprintf("%q is not in what is shown", v.sought))
	}
}

// toggleWrap wraps long lines, or cuts them.
func (m *Model) toggleWrap() {
	p := m.looks.viewer.pager
	p.ToggleWrap()
	m.say(plain, map[bool]string{true: "Long lines are wrapped", false: "Long lines are cut: the arrows go sideways"}[p.Wrapped()])
}

// copyShown copies the rows that are on the screen.
func (m *Model) copyShown() tea.Cmd {
	v := &m.looks.viewer
	return m.clip(strings.TrimRight(v.pager.Text(v.height), "\n"))
}
