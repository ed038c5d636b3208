package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/pane"
	"portside/ui/text"
)

// askRename asks for a new name of the row under the cursor.
func (m *Model) askRename() tea.Cmd {
	s := m.active()
	row, ok := s.pane.Current()
	if !ok || !row.Usable() {
		m.say(plain, "There is nothing to rename here")
		return nil
	}
	from, shown := s.place, text.Safe(row.Name)
	m.promptName("Rename to:", row.Name, row.Type == pane.Dir, func(typed string) tea.Cmd {
		if typed == shown {
			return nil
		}
		return m.rename(from, row.Name, typed)
	})
	return nil
}

// askMkdir asks for the name of a new directory.
func (m *Model) askMkdir() tea.Cmd {
	in := m.active().place
	m.prompt("New directory:", "", func(name string) tea.Cmd {
		if name == "" {
			return nil
		}
		engine := m.engine
		return m.do(func(ctx context.Context) tea.Msg {
			at, err := engine.Join(in, name)
			if err == nil {
				err = engine.Mkdir(ctx, at)
			}
			return filedMsg{in: in, want: name, done: "Directory " + name + " is there", err: err}
		})
	})
	return nil
}

// askDelete asks for y, and says what it takes.
func (m *Model) askDelete() tea.Cmd {
	rows, ok := m.chosen()
	if !ok {
		return nil
	}
	m.confirm(true, func() tea.Cmd {
		return m.enqueue(queue.Delete, rows, queue.Place{}, nil)
	}, about("Delete ", rows, "")...)
	return nil
}

// filedMsg says how making a directory or renaming went.
type filedMsg struct {
	in   queue.Place // the directory that it happened in
	want string      // the name that the cursor goes to
	done string
	err  error
}

func (m *Model) rename(in queue.Place, name, to string) tea.Cmd {
	engine := m.engine
	return m.do(func(ctx context.Context) tea.Msg {
		at, err := engine.Join(in, name)
		var target queue.Place
		if err == nil {
			target, err = engine.Join(in, to)
		}
		if err == nil {
			err = engine.Rename(ctx, at, target.Path)
		}
		return filedMsg{in: in, want: to, done: name + " is " + to + " now", err: err}
	})
}

// filed says what came of it and shows it in every pane that is there.
func (m *Model) filed(msg filedMsg) tea.Cmd {
	m.refresh()
	if msg.err != nil {
		m.say(bad, failureOf(msg.err).Text)
		return nil
	}
	m.say(good, msg.done)
	var cmds []tea.Cmd
	for i, s := range m.sides {
		if s.place == msg.in {
			want := msg.want
			if i != m.focus {
				want = ""
			}
			cmds = append(cmds, m.reload(s, want))
		}
	}
	return tea.Batch(cmds...)
}
