package ui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"portside/keymap"
	"portside/ui/text"
)

// overlay draws the open dialog over the screen.
func (m *Model) overlay(screen string, c *cursor) string {
	room := m.h - 2 // the message row and the hints stay
	if m.h < 20 {
		room = m.h
	}
	if t, ok := m.layer.(taller); ok && t.Tall() {
		room = m.h
	}
	switch {
	case m.layer != nil:
		rows := m.layer.Lines(m.w, room, m.theme)
		x, y := m.place(rows, room)
		cx, cy := m.layer.Cursor()
		c.at(x+cx, y+cy)
		return over(screen, rows, x, y)
	case len(m.pending) > 0:
		return m.overFiles(screen)
	case m.asked != nil && m.asked.box != nil:
		rows := m.asked.box.Lines(m.w, m.h-2, m.theme)
		x, _ := m.place(rows, m.h-2)
		return over(screen, rows, x, max(m.h-2-len(rows), 0))
	}
	return screen
}

// overFiles draws the keys that can follow over the last rows of the files, or
// of a full screen: nothing moves.
func (m *Model) overFiles(screen string) string {
	most, end := 2, m.h-2
	if m.h < 20 {
		most = 1
	}
	if m.screen == keymap.Panes {
		l := m.layout()
		end = l.top() + l.files
	}
	rows := m.following(most)
	for i, r := range rows {
		rows[i] = m.theme.Paint(m.theme.Bold, text.Fit(r, m.w))
	}
	return over(screen, rows, 0, end-len(rows))
}

// place centres rows on a screen of h rows.
func (m *Model) place(rows []string, h int) (x, y int) {
	if len(rows) == 0 {
		return 0, 0
	}
	return max((m.w-ansi.StringWidthWc(rows[0]))/2, 0), max((h-len(rows))/2, 0)
}

// over lays rows over the screen. It runs only while a dialog is open: cutting
// styled rows is dear.
func over(screen string, rows []string, x, y int) string {
	all := strings.Split(screen, "\n")
	for i, r := range rows {
		if y+i >= len(all) {
			break
		}
		under, w := all[y+i], ansi.StringWidthWc(r)
		left := ansi.TruncateWc(under, x, "")
		left += strings.Repeat(" ", max(x-ansi.StringWidthWc(left), 0))
		right := ansi.TruncateLeftWc(under, x+w, "")
		all[y+i] = left + "\x1b[m" + r + "\x1b[m" + right
	}
	return strings.Join(all, "\n")
}
