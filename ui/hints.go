package ui

import (
	"strings"

	"portside/keymap"
	"portside/ui/text"
)

// hintRow is the last row, made once per screen and width.
type hintRow struct {
	scope keymap.Scope
	w     int
	row   string
}

func (m *Model) drawHints(b *strings.Builder) {
	scope := m.scope()
	if m.hints.scope != scope || m.hints.w != m.w {
		m.hints = hintRow{scope, m.w, m.makeHints(scope)}
	}
	b.WriteString(m.hints.row)
}

// makeHints puts the footer at the left and the hints at the right. What has
// no room is left out: the first hints, then the end of the footer; the way to
// the list of keys goes last.
func (m *Model) makeHints(scope keymap.Scope) string {
	foot, hints := m.keys.Footer(scope), m.keys.Hints(scope)
	if m.w >= wideFrom {
		hints = m.keys.WideHints(scope)
	}
	width := func() int {
		n := 1
		for _, f := range foot {
			n += text.Width(f.FooterLabel()) + 1
		}
		for _, h := range hints {
			n += text.Width(h.HintLabel()) + 2
		}
		return n
	}
	for width() > m.w && len(hints) > 1 {
		hints = hints[1:]
	}
	for width() > m.w && len(foot) > 0 {
		foot = foot[:len(foot)-1]
	}
	var b strings.Builder
	b.WriteByte(' ')
	used := 1
	for _, f := range foot {
		label := f.FooterLabel()
		used += text.Width(label) + 1
		if digit := label[:1]; digit >= "0" && digit <= "9" {
			b.WriteString(m.theme.Paint(m.theme.Key, digit))
			label = label[1:]
		}
		b.WriteString(label + " ")
	}
	right := make([]string, len(hints))
	for i, h := range hints {
		right[i] = h.HintLabel()
	}
	b.WriteString(text.FitLeft(strings.Join(right, "  ")+" ", m.w-used))
	return b.String()
}
