package ui

import (
	"context"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/config"
)

// copyLogLine gives the selected line of the log to the terminal's clipboard.
func (m *Model) copyLogLine() tea.Cmd {
	l, ok := m.wire.view.Selected()
	if !ok {
		m.say(plain, "There is no line to copy")
		return nil
	}
	return m.clip(l.String())
}

// savedMsg says which file the log was saved to.
type savedMsg struct {
	name string
	err  error
}

func (msg savedMsg) apply(m *Model) tea.Cmd {
	if msg.err != nil {
		m.say(bad, failureOf(msg.err).Text)
		return nil
	}
	m.say(good, "The log is saved: "+msg.name)
	return nil
}

// askSaveLog asks for the name of a file, and saves the lines that are shown.
func (m *Model) askSaveLog() {
	dir := ""
	for _, s := range []*side{m.other(), m.active()} {
		if s.place.Address == queue.Local {
			dir = s.place.Path
		}
	}
	name := filepath.Join(dir, m.clock().Format("portside-20060102-150405.log"))
	m.propose("Save these lines as:", name, func(typed string) tea.Cmd {
		if typed == "" {
			return nil
		}
		if !filepath.IsAbs(typed) {
			typed = filepath.Join(dir, typed)
		}
		data := []byte(m.wire.view.Shown())
		return m.do(func(context.Context) tea.Msg {
			written, err := config.SaveNew(typed, data)
			return savedMsg{written, err}
		})
	})
}
