package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
	"portside/ui/config"
	"portside/ui/dialog"
	"portside/ui/pane"
	"portside/ui/theme"
)

// prefState is what the settings changed.
type prefState struct {
	problems []config.Problem // all that the file asks for and does not get
	notices  noticing
	away     bool // another window has the keys
}

// prefCommands returns what has to do with the settings.
func prefCommands() []command {
	return []command{{action: keymap.ActSettings, run: plainly((*Model).openSettings), why: func(m *Model) string {
		if len(m.set.problems) == 0 {
			return "the settings have no problems"
		}
		return ""
	}}}
}

// prefer does what the settings say, and says what of it cannot be done.
func (m *Model) prefer(env []string) {
	m.set.notices = noticeOf(env)
	var over []keymap.Override
	for scope, actions := range m.prefs.Keys {
		for action, keys := range actions {
			over = append(over, keymap.Override{
				Scope: keymap.Scope(scope), Action: keymap.Action(action), Keys: keys.Keys, Line: keys.Line,
			})
		}
	}
	keys, clashes := keymap.Build(m.prefs.Preset, over)
	m.keys, m.set.problems = keys, slices.Clone(m.prefs.Problems)
	urgent := len(m.set.problems)
	for _, c := range clashes {
		m.set.problems = append(m.set.problems, config.Problem{Line: c.Line, Text: c.Text})
		if !c.Note {
			urgent++
		}
	}
	if urgent > 0 {
		m.sayProblems(urgent, clashes)
	}
	slices.SortStableFunc(m.set.problems, func(a, b config.Problem) int { return a.Line - b.Line })
	for _, s := range m.sides {
		s.pane.SetHidden(m.prefs.Hidden)
		switch m.prefs.Sort {
		case "extension":
			s.pane.SetSort(pane.ByExt)
		case "time":
			s.pane.SetSort(pane.ByTime)
		case "size":
			s.pane.SetSort(pane.BySize)
		}
	}
}

// sayProblems says the first thing that the settings ask for and do not get.
func (m *Model) sayProblems(urgent int, clashes []keymap.Clash) {
	var first config.Problem
	if len(m.prefs.Problems) > 0 {
		first = m.prefs.Problems[0]
	} else {
		i := slices.IndexFunc(clashes, func(c keymap.Clash) bool { return !c.Note })
		first = config.Problem{Line: clashes[i].Line, Text: clashes[i].Text}
	}
	others := ""
	if urgent > 1 {
		others = fmt.Sprintf("%d problems (9, settings): ", urgent)
	}
	m.say(bad, others+first.String())
}

// openSettings lists what of the settings cannot be followed.
func (m *Model) openSettings() {
	var body []string
	for _, p := range m.set.problems {
		body = append(body, p.String())
	}
	m.raise(&told{dialog.Text{Title: "Settings", Body: strings.Join(append(body, "", "Enter closes"), "\n")}})
}

// told is a box that only tells something.
type told struct{ dialog.Text }

// Cursor implements layer.
func (t *told) Cursor() (x, y int) { return 2, 1 }

// Key implements layer: any key closes it.
func (t *told) Key(m *Model, _ tea.KeyPressMsg, name string) tea.Cmd {
	m.lower()
	if name == "ctrl+c" {
		return m.interrupt()
	}
	return nil
}

// themeOf returns what the theme is to be: what the terminal knows and what the
// settings want.
func themeOf(o Options) theme.Options {
	return theme.Options{NoColor: o.NoColor, ASCII: o.ASCII || o.Prefs.Glyphs == "ascii", Plain: o.Prefs.Plain}
}
