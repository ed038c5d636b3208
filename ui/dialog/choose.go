package dialog

import (
	"slices"
	"strings"

	"portside/ui/text"
	"portside/ui/theme"
)

// Choice is one line that can be chosen.
type Choice struct {
	Key   string // the letter that chooses it
	Text  string // what it does, with its consequence
	Value string // what it means to the caller
}

// Choose is a box with a list of choices.
type Choose struct {
	Title, Note string
	Body        []string
	Choices     []Choice
	Scopes      []string // what the answer applies to; Tab goes through them
	Foot        string   // one key more, and what it does

	cursor, scope int
	row           int // of the cursor in the box, as drawn last
}

// Key takes a key: a choice's letter, or a movement, Enter, Esc, Tab.
func (c *Choose) Key(key string) Verdict {
	switch key {
	case "up":
		c.cursor = max(c.cursor-1, 0)
	case "down":
		c.cursor = min(c.cursor+1, len(c.Choices)-1)
	case "tab":
		c.scope = (c.scope + 1) % max(len(c.Scopes), 1)
	case "enter":
		return Yes
	case "esc", "ctrl+c":
		return No
	}
	for i, choice := range c.Choices {
		if choice.Key == key {
			c.cursor = i
			return Yes
		}
	}
	return Open
}

// Mark puts the cursor on choice i, the default.
func (c *Choose) Mark(i int) { c.cursor = i }

// Value returns the value of the marked choice.
func (c *Choose) Value() string { return c.Choices[c.cursor].Value }

// Scope returns the index of the marked scope.
func (c *Choose) Scope() int { return c.scope }

// Cursor returns where the marked line stands in the box that Lines drew last.
func (c *Choose) Cursor() (x, y int) { return 2, c.row }

// Lines draws the box for a screen of w by h cells. Where it is too high, the
// body gives way first, then the scope: the choices are what must be seen.
func (c *Choose) Lines(w, h int, th *theme.Theme) []string {
	w = min(w, 72)
	inner := max(w-4, 1)
	blank := text.Fit("", inner)
	list := c.list(inner, th)
	room := max(h-2-len(list), 0)
	var scope, foot []string
	if len(c.Scopes) > 1 && room > 0 {
		scope = []string{text.Fit(c.scopeLine(inner), inner)}
		room--
	}
	var body []string
	for _, row := range c.Body[:min(len(c.Body), room)] {
		body = append(body, text.Fit(row, inner))
	}
	room -= len(body)
	if room >= 4 {
		body = append(body, blank)
		list = append(list, blank)
		foot = []string{blank, text.Fit(strings.TrimSpace("Enter choose   Esc decide later   "+c.Foot), inner)}
	}
	first := 0
	if len(list) > h-2 { // a window on the choices, with the cursor in it
		first = max(min(c.cursor-(h-2)/2, len(list)-(h-2)), 0)
		list = list[first : first+max(h-2, 0)]
	}
	c.row = 1 + len(body) + c.cursor - first
	return box(c.Title, c.Note, slices.Concat(body, list, scope, foot), w, th)
}

// list draws the choices.
func (c *Choose) list(w int, th *theme.Theme) []string {
	var rows []string
	for i, choice := range c.Choices {
		line := choice.Key + "  " + text.Safe(choice.Text)
		if i == c.cursor {
			rows = append(rows, th.Cursor+text.Fit("> "+line, w)+th.Reset)
			continue
		}
		rows = append(rows, text.Fit("  "+line, w))
	}
	return rows
}

// scopeLine shows what the answer applies to: all that can be, in as many words
// as there is room for, or the marked one alone.
func (c *Choose) scopeLine(w int) string {
	for _, form := range [][2]string{{"Apply to", "   "}, {"Apply to", "  "}, {"Apply to", " "}, {"For", " "}, {"", " "}} {
		out := form[0]
		for i, s := range c.Scopes {
			mark := "( )"
			if i == c.scope {
				mark = "(x)"
			}
			out += form[1] + mark + " " + text.Safe(s)
		}
		if out = strings.TrimSpace(out + form[1] + "Tab"); text.Width(out) <= w {
			return out
		}
	}
	return "Apply to " + text.Middle(c.Scopes[c.scope], max(w-13, 1)) + " Tab"
}
