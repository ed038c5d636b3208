package ui

import (
	"path"
	"strings"

	tea "charm.land/bubbletea/v2"

	"portside/ui/dialog"
)

// asking is the question in the message row: a confirmation or a prompt. yes
// gets what was typed.
type asking struct {
	confirm *dialog.Confirm
	prompt  *dialog.Prompt
	box     *dialog.Text // over the panes, while it is asked
	yes     func(typed string) tea.Cmd
	no      func() tea.Cmd
	edit    func(typed string)                          // sees every change
	keys    func(name string) (cmd tea.Cmd, taken bool) // goes before the prompt's own
	tab     func() tea.Cmd                              // completes what is typed; nil: nothing does
}

// confirm asks for Enter, or for y when explicit. forms are the same question
// in fewer and fewer words.
func (m *Model) confirm(explicit bool, yes func() tea.Cmd, forms ...dialog.Phrase) {
	m.asked = &asking{
		confirm: &dialog.Confirm{Text: forms[0], Shorter: forms[1:], Explicit: explicit},
		yes:     func(string) tea.Cmd { return yes() },
	}
}

// prompt asks for a line of text.
func (m *Model) prompt(label, value string, yes func(typed string) tea.Cmd) {
	m.asked = &asking{prompt: dialog.NewPrompt(label, value, false), yes: yes}
}

// propose asks for a line of text in place of value: typing replaces it.
func (m *Model) propose(label, value string, yes func(typed string) tea.Cmd) {
	m.prompt(label, value, yes)
	m.asked.prompt.Select()
}

// promptName asks for a name, with the cursor before its extension.
func (m *Model) promptName(label, value string, dir bool, yes func(typed string) tea.Cmd) {
	m.prompt(label, value, yes)
	if !dir {
		m.asked.prompt.CursorBefore(extension(base(value)))
	}
}

// extension is what follows the stem of a name: ".tar.gz" of "a.tar.gz",
// nothing of ".profile".
func extension(name string) string {
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	if strings.HasSuffix(strings.ToLower(stem), ".tar") {
		stem, ext = stem[:len(stem)-4], name[len(stem)-4:]
	}
	if stem == "" {
		return ""
	}
	return ext
}

// confirmTyped asks for the word yes, typed; body says what it is about.
func (m *Model) confirmTyped(title, body, label string, yes, no func() tea.Cmd) {
	m.asked = &asking{
		prompt: dialog.NewPrompt(label, "", false),
		box:    &dialog.Text{Title: title, Body: body},
		no:     no,
		yes: func(typed string) tea.Cmd {
			if strings.EqualFold(strings.TrimSpace(typed), "yes") {
				return yes()
			}
			return no()
		},
	}
}

// askKey gives a key to the question.
func (m *Model) askKey(msg tea.KeyPressMsg, name string) tea.Cmd {
	a := m.asked
	verdict := dialog.Open
	if a.keys != nil {
		if cmd, taken := a.keys(name); taken {
			return cmd
		}
	}
	switch {
	case a.confirm != nil:
		verdict = a.confirm.Key(name)
	case name == "enter":
		verdict = dialog.Yes
	case name == "esc" || name == "ctrl+c":
		verdict = dialog.No
	case name == "tab" && a.tab != nil:
		return a.tab()
	default:
		m.askTyped(msg)
	}
	return m.askEnded(verdict)
}

// askTyped gives a key or a paste to the prompt.
func (m *Model) askTyped(msg tea.Msg) {
	a := m.asked
	if a.prompt == nil {
		return
	}
	a.prompt.Update(msg)
	if a.edit != nil {
		a.edit(a.prompt.Value())
	}
}

func (m *Model) askEnded(v dialog.Verdict) tea.Cmd {
	a := m.asked
	if v == dialog.Open {
		return nil
	}
	m.asked = nil
	m.say(plain, "")
	switch {
	case v == dialog.No && a.no != nil:
		return a.no()
	case v == dialog.No:
		return nil
	case a.prompt != nil:
		return a.yes(a.prompt.Value())
	}
	return a.yes("")
}
