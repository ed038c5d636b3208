package dialog

import (
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"portside/ui/text"
	"portside/ui/theme"
)

// Prompt is a line that the user types in the message row.
type Prompt struct {
	label string
	input textinput.Model
	whole bool // the value stands as if it were selected
}

// limit bounds what is typed or pasted: no path or URL that works is longer.
const limit = 8192

// NewPrompt returns a prompt with value filled in and the cursor behind it.
// The text of a secret one is not shown, only how much of it there is.
func NewPrompt(label, value string, secret bool) *Prompt {
	in := textinput.New()
	in.Prompt = ""
	in.CharLimit = limit
	in.SetVirtualCursor(false)
	// The system's clipboard is read by the terminal, which pastes; reading
	// it here would start a program.
	in.KeyMap.Paste = key.NewBinding(key.WithDisabled())
	if secret {
		in.EchoMode = textinput.EchoPassword
	}
	in.SetValue(text.Safe(value))
	in.CursorEnd()
	in.Focus()
	return &Prompt{label: label, input: in}
}

// Select takes the value as a proposal: the first character or paste replaces
// it, any other key edits it.
func (p *Prompt) Select() { p.whole = p.input.Value() != "" }

// CursorBefore puts the cursor before suffix, if the value ends in it.
func (p *Prompt) CursorBefore(suffix string) {
	if stem, ok := strings.CutSuffix(p.input.Value(), text.Safe(suffix)); ok {
		p.input.SetCursor(utf8.RuneCountInString(stem))
	}
}

// Value returns what was typed.
func (p *Prompt) Value() string { return p.input.Value() }

// Update takes a key or a paste. Line ends and control characters of a paste
// are dropped, so that a paste never submits.
func (p *Prompt) Update(msg tea.Msg) {
	if paste, ok := msg.(tea.PasteMsg); ok {
		paste.Content = strings.Map(func(r rune) rune {
			if r < ' ' || r >= 0x7f && r < 0xa0 {
				return -1
			}
			return r
		}, paste.Content)
		msg = paste
	}
	if p.whole {
		p.replace(msg)
	}
	p.input, _ = p.input.Update(msg)
}

// replace drops a selected value when msg brings text, and the selection with
// any key.
func (p *Prompt) replace(msg tea.Msg) {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		if msg.Content == "" {
			return
		}
		p.input.SetValue("")
	case tea.KeyPressMsg:
		if msg.Text != "" {
			p.input.SetValue("")
		}
	default:
		return
	}
	p.whole = false
}

// Draw returns the row, w cells wide, and the column of the cursor.
func (p *Prompt) Draw(w int, th *theme.Theme) (row string, x int) {
	label := " " + text.Safe(p.label) + " "
	if text.Width(label) > w*2/3 {
		label = text.FitMiddle(label, w*2/3)
	}
	room := max(w-text.Width(label)-1, 1)
	runes := []rune(p.input.Value())
	pos := min(p.input.Position(), len(runes))
	before, after := string(runes[:pos]), string(runes[pos:])
	if p.input.EchoMode == textinput.EchoPassword {
		before, after = strings.Repeat("*", pos), strings.Repeat("*", len(runes)-pos)
	} else {
		before, after = text.Safe(before), text.Safe(after)
	}
	before = tail(before, room)
	x = text.Width(label) + text.Width(before)
	shown := before + after
	if text.Width(shown) > room {
		shown = text.Fit(shown, room)
	}
	rest := text.Fit("", w-text.Width(label)-text.Width(shown))
	if p.whole {
		shown = th.Paint(th.Cursor, shown)
	}
	return th.Bold + label + th.Reset + shown + rest, min(x, w-1)
}

// tail returns the end of s that fits w cells, with a sign when it was cut.
func tail(s string, w int) string {
	if text.Width(s) <= w {
		return s
	}
	runes := []rune(s)
	for len(runes) > 0 && text.Width(string(runes))+1 > w {
		runes = runes[1:]
	}
	return "<" + string(runes)
}
