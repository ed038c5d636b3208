package dialog

import (
	"portside/ui/text"
	"portside/ui/theme"
)

// Text is a box that shows something while the message row asks about it.
type Text struct {
	Title string
	Body  string // paragraphs, split by line ends; may hold text from a server
}

// Lines draws the box for a screen of w by h cells.
func (t Text) Lines(w, h int, th *theme.Theme) []string {
	w = min(w, 78)
	inner := max(w-4, 1)
	var rows []string
	for _, row := range Wrap(t.Body, inner) {
		if len(rows) == h-2 {
			break
		}
		rows = append(rows, text.Fit(row, inner))
	}
	return box(t.Title, "", rows, w, th)
}
