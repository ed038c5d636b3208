package ui

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/dialog"
	"portside/ui/pane"
	"portside/ui/text"
)

// askCopy asks whether to copy what is chosen to the other pane.
func (m *Model) askCopy() tea.Cmd {
	rows, ok := m.chosen()
	if !ok || !m.otherReady() {
		return nil
	}
	to := m.other().place
	m.confirm(false, func() tea.Cmd {
		return m.enqueue(queue.Copy, rows, to, "")
	}, about("Copy ", rows, to.Path)...)
	return nil
}

// askMove asks whether to move what is chosen. One file is asked for its
// target: a name alone renames it here.
func (m *Model) askMove() tea.Cmd {
	rows, ok := m.chosen()
	if !ok {
		return nil
	}
	s, o := m.active(), m.other()
	if len(rows) == 1 && (!o.connected() || o.place == s.place) {
		return m.askRename()
	}
	if !m.otherReady() {
		return nil
	}
	if len(rows) > 1 {
		m.confirm(false, func() tea.Cmd {
			return m.enqueue(queue.Move, rows, o.place, "")
		}, about("Move ", rows, o.place.Path)...)
		return nil
	}
	name := text.Safe(rows[0].Name)
	whole := name
	if at, err := m.engine.Join(o.place, rows[0].Name); err == nil {
		whole = text.Safe(at.Path)
	}
	dir := strings.TrimSuffix(whole, name)
	from, to := s.place, o.place
	m.promptName("Move to (a bare name renames):", whole, rows[0].Type == pane.Dir, func(typed string) tea.Cmd {
		switch rest, below := strings.CutPrefix(typed, dir); {
		case typed == whole:
			return m.enqueue(queue.Move, rows, to, "")
		case below && rest != "" && !strings.Contains(rest, "/"):
			return m.enqueue(queue.Move, rows, to, rest)
		case strings.ContainsAny(typed, "/"):
			m.say(warn, "Only to "+to.Path+", where the other pane is, or a bare name to rename")
			return nil
		}
		return m.rename(from, rows[0].Name, typed)
	})
	return nil
}

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
		return m.enqueue(queue.Delete, rows, queue.Place{}, "")
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

// chosen is what a command works on, or says that there is nothing.
func (m *Model) chosen() ([]pane.Row, bool) {
	rows := m.active().pane.Chosen()
	if len(rows) == 0 {
		m.say(plain, "Nothing is marked or under the cursor")
	}
	return rows, len(rows) > 0
}

func (m *Model) otherReady() bool {
	switch o := m.other(); {
	case !o.connected() || o.place.Path == "":
		m.say(warn, "The other pane is not connected: 2 connects")
	case o.place == m.active().place:
		m.say(warn, "Both panes show the same directory")
	default:
		return true
	}
	return false
}

// about asks to do something to rows, "" or where to: first with all that is
// to be known, then in fewer words. Names and paths give way before counts and
// sizes do.
func about(verb string, rows []pane.Row, to string) []dialog.Phrase {
	forms := describe(rows)
	for i, f := range forms {
		f[0] = verb + f[0]
		if to != "" {
			f[len(f)-1] += " -> "
			f = append(f, to, "")
		}
		f[len(f)-1] += "?"
		forms[i] = f
	}
	return forms
}

// describe says what rows are: "4 files, 184.2M"; what stands alone is named,
// and a directory says that all in it goes along. Shorter forms follow.
func describe(rows []pane.Row) []dialog.Phrase {
	var files, dirs int
	var bytes int64
	for _, r := range rows {
		if r.Type == pane.Dir {
			dirs++
			continue
		}
		files++
		bytes += max(r.Size, 0)
	}
	what := count(files, "file", "files") + ", " + amount(bytes)
	within := count(dirs, "directory", "directories") + " with all in it"
	if dirs > 1 {
		within = count(dirs, "directory", "directories") + " with all in them"
	}
	short := count(dirs, "directory", "directories")
	least := count(dirs, "dir", "dirs")
	switch {
	case len(rows) == 1 && dirs == 1:
		return []dialog.Phrase{{"directory ", rows[0].Name, " with all in it"}, {"directory ", rows[0].Name, ""}, {"", rows[0].Name, ""}}
	case len(rows) == 1:
		return []dialog.Phrase{{"", rows[0].Name, ", " + amount(bytes)}}
	case files == 0:
		return []dialog.Phrase{{within}, {short}, {least}}
	case dirs > 0:
		return []dialog.Phrase{{within + " and " + what}, {short + ", " + what}, {least + ", " + what}}
	}
	return []dialog.Phrase{{what}}
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// amount is a size in words that cannot be taken for another number.
func amount(bytes int64) string {
	if bytes >= 0 && bytes < 1024 {
		return count(int(bytes), "byte", "bytes")
	}
	return text.Size(bytes)
}
