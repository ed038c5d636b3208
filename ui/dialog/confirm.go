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

// Phrase is a text in pieces: every other one, from the second on, is a name
// or a path, which loses its middle where the room is short. The rest stays.
type Phrase []string

// Confirm is a question in the message row. It is answered by Enter, or by y
// alone when what follows cannot be taken back.
type Confirm struct {
	Text     Phrase
	Shorter  []Phrase // the same in fewer words, in turn, for narrow screens
	Explicit bool
}

// leastName is how much of a name or a path is worth more than words.
const leastName = 14

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
	switch {
	case c.Explicit && w < 60:
		hint = " y/Esc "
	case c.Explicit:
		hint = "  y yes  Esc no "
	case w < 60:
		hint = " Enter/Esc "
	}
	room := max(w-text.Width(hint)-1, 1)
	best := c.Text
	for _, shorter := range c.Shorter {
		if best.least() <= room {
			break
		}
		best = shorter
	}
	return th.Warn + text.Fit(" "+best.fit(room)+hint, w) + th.Reset
}

// least is the room that a phrase is readable in.
func (p Phrase) least() int {
	n := 0
	for i, s := range p {
		cells := text.Width(s)
		if i%2 == 1 {
			cells = min(cells, leastName)
		}
		n += cells
	}
	return n
}

// fit returns the phrase in at most w cells.
func (p Phrase) fit(w int) string {
	room, names := w, 0
	for i, s := range p {
		if i%2 == 1 {
			names++
			continue
		}
		room -= text.Width(s)
	}
	out := ""
	for i, s := range p {
		if i%2 == 0 {
			out += text.Safe(s)
			continue
		}
		share := room / names
		if names > 1 { // what the next ones leave is free
			share = max(share, room-p.names(i+1))
		}
		s = text.Middle(s, max(share, 1))
		out += s
		room -= text.Width(s)
		names--
	}
	return text.Middle(out, w)
}

// names is the width of the names from piece i on.
func (p Phrase) names(i int) int {
	n := 0
	for ; i < len(p); i++ {
		if i%2 == 1 {
			n += text.Width(p[i])
		}
	}
	return n
}
