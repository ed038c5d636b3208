package ui

import (
	"strconv"
	"strings"
	"time"

	"portside/keymap"
	"portside/queue"
	"portside/ui/text"
	"portside/ui/theme"
)

// foundList is the screen of what a search has found.
type foundList struct {
	search *search // nil: nothing was looked for yet
	cursor int
	top    int
}

func (l *foundList) begin(f *search) { *l = foundList{search: f} }

// Scope implements face.
func (l *foundList) Scope() keymap.Scope { return keymap.Found }

// Refresh implements face: what is found is taken when it is drawn.
func (l *foundList) Refresh(*Model) {}

func (l *foundList) selected() (hit, bool) {
	if l.search == nil {
		return hit{}, false
	}
	if l.search.take(); l.cursor >= len(l.search.hits) {
		return hit{}, false
	}
	return l.search.hits[l.cursor], true
}

// Move implements scroller.
func (l *foundList) Move(rows int) { l.put(l.cursor + rows) }

// Page implements scroller.
func (l *foundList) Page(pages, height int) { l.put(l.cursor + pages*max(height-2, 1)) }

// Top implements scroller.
func (l *foundList) Top() { l.put(0) }

// Bottom implements scroller.
func (l *foundList) Bottom() { l.put(maxFound) }

func (l *foundList) put(row int) {
	n := 0
	if l.search != nil {
		n = len(l.search.hits)
	}
	l.cursor = max(min(row, n-1), 0)
}

// Draw implements face.
func (l *foundList) Draw(m *Model, w, h int) (rows []string, cursorRow int) {
	if l.search == nil {
		rows = append(rows, m.theme.Paint(m.theme.Header, text.Fit(" FOUND", w)))
		for range h - 1 {
			rows = append(rows, text.Fit("", w))
		}
		return rows, 0
	}
	seen := l.search.take()
	rows = append(rows, m.theme.Paint(m.theme.Header, l.title(seen, w)))
	l.top = max(min(l.top, l.cursor), l.cursor-(h-2), 0)
	for i := l.top; i < l.top+h-1; i++ {
		switch {
		case i < len(l.search.hits):
			rows = append(rows, l.row(i, w, m.clock(), m.theme))
		case i == 0 && !l.search.running():
			rows = append(rows, text.Fit("  Nothing is called that", w))
		default:
			rows = append(rows, text.Fit("", w))
		}
	}
	return rows, 1 + l.cursor - l.top
}

// title says what is looked for, where, and how far it is.
func (l *foundList) title(seen, w int) string {
	f := l.search
	far := strconv.Itoa(len(f.hits)) + " found, "
	if f.running() {
		far += "searching " + strconv.Itoa(seen)
	} else {
		far += f.ended
	}
	if far = text.Safe(far); text.Width(far) > w/2 {
		far = strings.Replace(far, "complete but for", "not complete:", 1)
	}
	far = text.Middle(far, w/2)
	where := siteName(f.root.Address) + " " + f.root.Path
	if f.root.Address == queue.Local {
		where = "LOCAL " + f.root.Path
	}
	left := " FOUND  " + text.Middle(f.pattern, w/5) + "  below " + where
	return text.FitMiddle(text.Safe(left), w-text.Width(far)-2) + " " + far + " "
}

// row draws a result: where it is below the root, its size and its time.
func (l *foundList) row(i, w int, now time.Time, th *theme.Theme) string {
	h := l.search.hits[i]
	size, when := "", ""
	if h.entry.Type == queue.File {
		size = text.Size(h.entry.Size)
	}
	if w >= 60 {
		when = " " + text.Time(h.entry.Time, now)
	}
	tail := text.FitLeft(size, 7) + when + " "
	row := text.FitMiddle(text.Safe(l.name(h)), max(w-text.Width(tail)-2, 1)) + tail
	if i == l.cursor {
		return th.Paint(th.Cursor, "> "+row)
	}
	return "  " + row
}

// name is a result below the root, with the sign of its type.
func (l *foundList) name(h hit) string {
	below := strings.TrimLeft(strings.TrimPrefix(h.dir.Path, l.search.root.Path), `/\`)
	name := h.entry.Name
	if below != "" {
		name = below + "/" + name
	}
	switch h.entry.Type {
	case queue.Dir:
		return name + "/"
	case queue.Link:
		return name + "@"
	}
	return name
}
