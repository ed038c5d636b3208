package dialog

import (
	"portside/ui/text"
	"portside/ui/theme"
)

// Verdict is what a key did to a question.
type Verdict uint8

// The verdicts.
const (
	Open Verdict = iota // the question stands
	Yes
	No
)

// Confirm is a question in the message row. It is answered by Enter, or by y
// alone when what follows cannot be taken back.
type Confirm struct {
	Text     string
	Explicit bool
}

// Key takes a key.
func (c Confirm) Key(key string) Verdict {
	switch key {
	case "y", "Y":
		return Yes
	case "enter":
		if !c.Explicit {
			return Yes
		}
	case "esc", "n", "N", "q", "ctrl+c":
		return No
	}
	return Open
}

// Draw returns the row, w cells wide. The way to answer is never cut off.
func (c Confirm) Draw(w int, th *theme.Theme) string {
	hint := "  Enter yes  Esc no "
	if c.Explicit {
		hint = "  y yes  Esc no "
	}
	room := max(w-text.Width(hint), 1)
	body := text.Safe(c.Text)
	if text.Width(body) >= room {
		body = text.FitMiddle(body, room-1)
	}
	return th.Warn + text.Fit(" "+body+hint, w) + th.Reset
}
