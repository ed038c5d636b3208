package dialog

import (
	"slices"
	"strings"

	"portside/ui/text"
	"portside/ui/theme"
)

// MenuRow is one command of a menu.
type MenuRow struct {
	Words  string
	Keys   string
	Why    string // why it cannot run now, "" it can
	Action string
}

// Menu is a list of commands: typing narrows it, the best match first.
type Menu struct {
	all    []MenuRow
	shown  []MenuRow
	query  string
	cursor int
	row    int // of the marked line in the box, as drawn last
}

// NewMenu returns a menu of rows, in their order while nothing is typed.
func NewMenu(rows []MenuRow) *Menu { return &Menu{all: rows, shown: rows} }

// Key takes a key; typed is its character, if it has one. Yes runs Row.
func (m *Menu) Key(key, typed string) Verdict {
	switch key {
	case "up", "shift+tab":
		m.cursor--
	case "down", "tab":
		m.cursor++
	case "pgup":
		m.cursor -= 10
	case "pgdown":
		m.cursor += 10
	case "home":
		m.cursor = 0
	case "end":
		m.cursor = len(m.shown)
	case "enter":
		if len(m.shown) > 0 {
			return Yes
		}
	case "esc", "ctrl+c", "f9":
		return No
	default:
		if query, ok := edited(m.query, key, typed); ok {
			m.find(query)
		}
	}
	m.cursor = max(min(m.cursor, len(m.shown)-1), 0)
	return Open
}

// Paste adds what is pasted.
func (m *Menu) Paste(pasted string) {
	if query, ok := edited(m.query, "", pasted); ok {
		m.find(query)
	}
}

// Row returns the marked command.
func (m *Menu) Row() MenuRow {
	if m.cursor >= len(m.shown) {
		return MenuRow{}
	}
	return m.shown[m.cursor]
}

// find keeps the commands that hold the letters of query in their order: those
// that begin with it first, then those that hold it, then those that hold it
// with others between.
func (m *Menu) find(query string) {
	m.query, m.cursor, m.shown = query, 0, nil
	want := strings.ToLower(query)
	ranks := map[string]int{}
	for _, r := range m.all {
		words := strings.ToLower(r.Words)
		switch {
		case strings.HasPrefix(words, want):
			ranks[r.Words] = 0
		case strings.Contains(words, " "+want):
			ranks[r.Words] = 1
		case strings.Contains(words, want):
			ranks[r.Words] = 2
		case scattered(words, want):
			ranks[r.Words] = 3
		default:
			continue
		}
		m.shown = append(m.shown, r)
	}
	slices.SortStableFunc(m.shown, func(a, b MenuRow) int { return ranks[a.Words] - ranks[b.Words] })
}

// scattered reports whether s holds the letters of want in their order.
func scattered(s, want string) bool {
	for _, r := range want {
		_, rest, ok := strings.Cut(s, string(r))
		if !ok {
			return false
		}
		s = rest
	}
	return true
}

// Cursor returns where the marked line stands in the box that Lines drew last.
func (m *Menu) Cursor() (x, y int) { return 2, m.row }

// Lines draws the box for a screen of w by h cells, always as high, so that
// nothing moves while somebody types.
func (m *Menu) Lines(w, h int, th *theme.Theme) []string {
	w = min(w, 64)
	inner, height := max(w-4, 1), max(min(h-2, len(m.all)+1), 2)
	rows := []string{text.Fit(": "+m.query+"_", inner)}
	first := max(min(m.cursor-(height-1)/2, len(m.shown)-(height-1)), 0)
	m.row = 1
	for i := range height - 1 {
		at := first + i
		switch {
		case at < len(m.shown):
			if at == m.cursor {
				m.row = 1 + len(rows)
			}
			rows = append(rows, m.shown[at].draw(inner, at == m.cursor, th))
		case at == 0:
			rows = append(rows, text.Fit("  nothing is called that", inner))
		default:
			rows = append(rows, text.Fit("", inner))
		}
	}
	return box("Menu", "type to search, Enter runs it", rows, w, th)
}

// draw is a line of the menu: the words, and the keys or why not.
func (r MenuRow) draw(w int, here bool, th *theme.Theme) string {
	right := r.Keys
	if r.Why != "" {
		right = r.Why
	}
	right = text.Middle(right, w/2)
	line := text.Fit("  "+r.Words, max(w-text.Width(right), 1)) + right
	switch {
	case here:
		return th.Paint(th.Cursor, ">"+line[1:])
	case r.Why != "":
		return th.Paint(th.Faint, line)
	}
	return line
}
