package ui

import (
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
		return m.enqueue(queue.Copy, rows, to, nil)
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
			return m.enqueue(queue.Move, rows, o.place, nil)
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
			return m.enqueue(queue.Move, rows, to, nil)
		case below && rest != "" && !strings.Contains(rest, "/"):
			return m.enqueue(queue.Move, rows, to, func(spec *queue.Spec) { spec.As = rest })
		case strings.ContainsAny(typed, "/"):
			m.say(warn, "Only to "+to.Path+", where the other pane is, or a bare name to rename")
			return nil
		}
		return m.rename(from, rows[0].Name, typed)
	})
	return nil
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
