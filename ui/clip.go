package ui

import (
	"fmt"
	"net/url"
	"strings"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/text"
)

// Bounds of what is copied as text: terminals drop what is longer.
const (
	maxClip     = 8 << 10
	maxClipRows = 100
)

// clip gives text to the terminal's clipboard, and shows it: over some lines
// and in some terminals nothing else of it arrives.
func (m *Model) clip(s string) tea.Cmd {
	var rows []string
	for _, row := range strings.Split(s, "\n") {
		rows = append(rows, text.Safe(row))
	}
	s = strings.Join(rows, "\n")
	switch {
	case s == "":
		m.say(plain, "There is nothing to copy")
		return nil
	case len(s) > maxClip:
		m.say(warn, fmt.Sprintf("%s are more than a terminal takes: nothing was copied", amount(int64(len(s)))))
		return nil
	}
	m.say(good, "Copied: "+strings.Join(rows, "  "))
	return tea.SetClipboard(s)
}

// copying returns the command that copies something of each chosen row.
func copying(of func(m *Model, at queue.Place) string) func(*Model, string) tea.Cmd {
	return func(m *Model, _ string) tea.Cmd {
		s := m.active()
		rows := s.pane.Chosen()
		if len(rows) > maxClipRows {
			m.say(warn, fmt.Sprintf("%d names are too many to copy: %d at most", len(rows), maxClipRows))
			return nil
		}
		if len(rows) == 0 {
			return m.clip(of(m, s.place))
		}
		var out []string
		for _, r := range rows {
			at, ok := m.placeOf(s, r.Name)
			if !ok {
				return nil
			}
			out = append(out, of(m, at))
		}
		return m.clip(strings.Join(out, "\n"))
	}
}

// urlOf is a place as a URL, without settings and never with a password.
func urlOf(at queue.Place) string {
	if at.Address == queue.Local {
		return (&url.URL{Scheme: "file", Path: at.Path}).String()
	}
	// Two slashes: from the root, not from where the login begins.
	path := strings.ReplaceAll((&url.URL{Path: at.Path}).EscapedPath(), ";", "%3B")
	return withoutSettings(at.Address) + "/" + path
}
