package dialog

import (
	"strings"

	"portside/ui/text"
	"portside/ui/theme"
)

// box draws a frame w cells wide round rows, which must be w-4 cells wide each
// and may hold styles. title and note stand in the upper edge.
func box(title, note string, rows []string, w int, th *theme.Theme) []string {
	title = " " + text.Safe(title) + " "
	if note = text.Safe(note); note != "" {
		note = " " + note + " "
	}
	room := max(w-4, 1)
	if text.Width(title)+text.Width(note) > room {
		note = ""
	}
	if text.Width(title) > room {
		title = text.FitMiddle(title, room)
	}
	line := strings.Repeat(th.Rule, max(room-text.Width(title)-text.Width(note), 0))
	out := make([]string, 0, len(rows)+2)
	out = append(out, th.TopLeft+th.Rule+th.Bold+title+th.Reset+line+note+th.Rule+th.TopRight)
	for _, r := range rows {
		out = append(out, th.Side+" "+r+" "+th.Side)
	}
	return append(out, th.BottomLeft+strings.Repeat(th.Rule, max(w-2, 0))+th.BottomRight)
}

// Wrap breaks s at blanks into rows of at most w cells; longer words are cut.
func Wrap(s string, w int) []string {
	var out []string
	for para := range strings.SplitSeq(s, "\n") {
		row := ""
		for _, word := range strings.Fields(text.Safe(para)) {
			if row != "" && text.Width(row)+1+text.Width(word) > w {
				out, row = append(out, row), ""
			}
			if row != "" {
				row += " "
			}
			row += word
			for text.Width(row) > w {
				head := cut(row, w)
				out, row = append(out, head), row[len(head):]
			}
		}
		out = append(out, row)
	}
	return out
}

// cut returns the longest beginning of s that fits w cells, at least one rune.
func cut(s string, w int) string {
	end := 0
	for i, r := range s {
		next := i + len(string(r))
		if end > 0 && text.Width(s[:next]) > w {
			break
		}
		end = next
	}
	return s[:end]
}
