package ui

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/dialog"
	"portside/ui/pane"
	"portside/ui/text"
)

// info is the box about what is under the cursor or marked.
type info struct {
	dialog.Facts
	at      queue.Place // of the file, Path is "" when there is no checksum to ask for
	stop    context.CancelFunc
	summing bool
}

// openInfo shows what is known of the row under the cursor, or of all marked ones.
func (m *Model) openInfo() tea.Cmd {
	s := m.active()
	l := &info{Facts: dialog.Facts{Title: "Information"}}
	var ctx context.Context
	ctx, l.stop = m.derive()
	row, ok := s.pane.Current()
	switch n, _ := s.pane.Marks(); {
	case n > 0:
		l.All = factsOfMany(s.pane.Chosen())
		l.Set("Place", m.placeName(s.place))
	case !ok:
		l.stop()
		m.say(plain, "There is nothing under the cursor")
		return nil
	default:
		m.factsOfOne(l, s, row)
	}
	l.Foot = "Esc closes"
	if l.at.Path != "" {
		l.Foot = "c checksum   Esc closes"
	}
	m.raise(l)
	engine, place := m.engine, s.place
	return func() tea.Msg {
		free, err := engine.Room(ctx, place)
		if err != nil || free < 0 {
			return nil // few servers say it
		}
		return infoMsg{l, "Free", exactly(free)}
	}
}

// factsOfMany adds up what is known of rows.
func factsOfMany(rows []pane.Row) []dialog.Fact {
	var n [pane.Other + 1]int
	var bytes int64
	unknown := 0
	for _, r := range rows {
		n[r.Type]++
		if r.Type != pane.File {
			continue
		}
		bytes += max(r.Size, 0)
		if r.Size < 0 {
			unknown++
		}
	}
	var parts []string
	for i, words := range [][2]string{{"file", "files"}, {"directory", "directories"}, {"link", "links"}, {"other", "others"}} {
		if n[i] > 0 {
			parts = append(parts, count(n[i], words[0], words[1]))
		}
	}
	size := exactly(bytes) + " in the files"
	if unknown > 0 {
		size = "at least " + size
	}
	if n[pane.Dir] > 0 {
		size += ", directories not added up (z)"
	}
	return []dialog.Fact{{Name: "Marked", Value: strings.Join(parts, ", ")}, {Name: "Size", Value: size}}
}

// factsOfOne says what is known of a row, and of what has its name on the other side.
func (m *Model) factsOfOne(l *info, s *side, r pane.Row) {
	if r.Raw != "" {
		l.All = []dialog.Fact{{Name: "Row", Value: r.Raw}, {Name: "Unusable", Value: r.Reason}}
		return
	}
	l.Set("Name", r.Name)
	if safe := text.Safe(r.Name); safe != r.Name {
		l.Set("As bytes", strconv.QuoteToASCII(r.Name))
	}
	if r.Reason != "" {
		l.Set("Unusable", r.Reason)
	}
	if at, err := m.engine.Join(s.place, r.Name); err == nil {
		l.Set("Place", m.placeName(at))
		if r.Type == pane.File && r.Usable() {
			l.at = at
		}
	}
	l.All = append(l.All, factsOf(r, m.clock().Location())...)
	m.factsOfTwin(l, s, r.Name)
}

// factsOfTwin says what the other pane has under a name.
func (m *Model) factsOfTwin(l *info, s *side, name string) {
	for _, other := range m.sides {
		if other == s || !other.connected() || other.place.Path == "" || other.place == s.place {
			continue
		}
		r, ok := other.pane.Named(name)
		if !ok {
			continue
		}
		l.All = append(l.All, dialog.Fact{}, dialog.Fact{Name: "Also at", Value: m.placeName(other.place)})
		for _, f := range factsOf(r, m.clock().Location()) {
			if f.Name == "Size" || f.Name == "Changed" || f.Name == "Rights" {
				l.All = append(l.All, f)
			}
		}
		return
	}
}

// factsOf says what a listing knows of a row.
func factsOf(r pane.Row, zone *time.Location) []dialog.Fact {
	all := []dialog.Fact{{Name: "Type", Value: [...]string{"file", "directory", "link", "device, pipe or socket"}[r.Type]}}
	add := func(name, value string) {
		if value != "" {
			all = append(all, dialog.Fact{Name: name, Value: value})
		}
	}
	switch {
	case r.Type == pane.Link:
		add("Leads to", r.Target)
	case r.Type == pane.File && r.Size < 0:
		add("Size", "not known")
	case r.Type == pane.File:
		add("Size", exactly(r.Size))
	}
	add("Changed", changed(r, zone))
	if r.HasMode {
		add("Rights", rights(r.Mode))
	} else {
		add("Rights", "not known")
	}
	add("Owner", r.Owner)
	add("Group", r.Group)
	return all
}

// exactly is a size in bytes, and in short.
func exactly(n int64) string {
	if n < 1024 {
		return count(int(n), "byte", "bytes")
	}
	return fmt.Sprintf("%d bytes (%s)", n, text.Size(n))
}

// changed is the time of a row, as exact as it is known.
func changed(r pane.Row, zone *time.Location) string {
	if r.Time.IsZero() {
		return "not known"
	}
	switch r.Precision {
	case pane.Day:
		return r.Time.Format("2006-01-02") + ", only the day is known"
	case pane.Minute:
		return r.Time.In(zone).Format("2006-01-02 15:04 -07:00") + ", to the minute"
	}
	return r.Time.In(zone).Format("2006-01-02 15:04:05 -07:00")
}

// rights are permission bits as a listing writes them, and as a number.
func rights(mode fs.FileMode) string {
	octal := uint32(mode.Perm())
	for bit, n := range map[fs.FileMode]uint32{fs.ModeSetuid: 0o4000, fs.ModeSetgid: 0o2000, fs.ModeSticky: 0o1000} {
		if mode&bit != 0 {
			octal |= n
		}
	}
	return fmt.Sprintf("%s (%04o)", mode.Perm().String()[1:], octal)
}

// infoMsg brings a fact that had to be asked for.
type infoMsg struct {
	box         *info
	name, value string
}

func (e infoMsg) apply(m *Model) tea.Cmd {
	if m.layer == layer(e.box) { // else it was closed
		e.box.Set(e.name, e.value)
		if e.name == "Checksum" {
			e.box.summing = false
			e.box.Show(e.name)
		}
	}
	return nil
}

// Cursor implements layer.
func (l *info) Cursor() (x, y int) { return 2, 1 }

// Tall implements taller: there is nothing to be typed below it.
func (l *info) Tall() bool { return true }

// Key implements layer.
func (l *info) Key(m *Model, _ tea.KeyPressMsg, name string) tea.Cmd {
	switch name {
	case "c":
		return l.sum(m)
	case "up", "k":
		l.Scroll(-1)
	case "down", "j":
		l.Scroll(1)
	case "pgup":
		l.Scroll(-l.Room())
	case "pgdown":
		l.Scroll(l.Room())
	case "esc", "q", "i", "enter", "ctrl+c":
		l.stop()
		m.lower()
		if name == "ctrl+c" {
			return m.interrupt()
		}
	}
	return nil
}

// sum asks for the checksum. Closing the box breaks it off.
func (l *info) sum(m *Model) tea.Cmd {
	if l.at.Path == "" || l.summing {
		return nil
	}
	ctx, cancel := m.derive()
	before := l.stop
	l.stop = func() { before(); cancel() }
	l.summing = true
	l.Set("Checksum", "computing, Esc breaks it off")
	l.Show("Checksum")
	engine, at := m.engine, l.at
	return func() tea.Msg {
		by, sum, err := sumOf(ctx, engine, at)
		switch {
		case errors.Is(err, context.Canceled):
			return nil
		case err != nil:
			return infoMsg{l, "Checksum", "none: " + failureOf(err).Text}
		}
		return infoMsg{l, "Checksum", fmt.Sprintf("%s %x", by, sum)}
	}
}

// sumOf returns a checksum and its algorithm. The server computes its own:
// nothing is fetched for it.
func sumOf(ctx context.Context, engine queue.Engine, at queue.Place) (by string, sum []byte, err error) {
	if at.Address != queue.Local {
		return engine.Sum(ctx, at)
	}
	r, err := engine.Open(ctx, at, 0)
	if err != nil {
		return "", nil, err
	}
	h := sha256.New()
	_, err = io.Copy(h, stoppable{ctx, r})
	if closed := r.Close(); err == nil {
		err = closed
	}
	return "SHA-256", h.Sum(nil), err
}

// stoppable is a Reader that ends with a context.
type stoppable struct {
	ctx context.Context
	io.Reader
}

func (s stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.Reader.Read(p)
}
