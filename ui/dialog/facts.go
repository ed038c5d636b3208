package dialog

import (
	"slices"
	"strings"

	"portside/ui/text"
	"portside/ui/theme"
)

// Fact is a line of [Facts]: what it is called, and what it is.
type Fact struct{ Name, Value string }

// Facts is a box of facts. What does not fit its line goes on below it; what
// does not fit the screen is scrolled to.
type Facts struct {
	Title string
	All   []Fact // may hold text from a server
	Foot  string // what the keys do

	top, room int
	rows      []string
	want      string // what to scroll to
}

// factCells is the width of the names.
const factCells = 10

// Scroll moves what is shown by so many lines.
func (f *Facts) Scroll(by int) { f.top = max(min(f.top+by, len(f.rows)-f.room), 0) }

// Room is how many lines are shown at once.
func (f *Facts) Room() int { return max(f.room, 1) }

// Set gives a fact another value, or adds it to the first part: a fact without
// a name parts them.
func (f *Facts) Set(name, value string) {
	for i := range f.All {
		if f.All[i].Name == name {
			f.All[i].Value = value
			return
		}
	}
	end := slices.Index(f.All, Fact{})
	if end < 0 {
		end = len(f.All)
	}
	f.All = slices.Insert(f.All, end, Fact{name, value})
}

// Show scrolls to a fact when it is drawn next.
func (f *Facts) Show(name string) { f.want = name }

// Lines draws the box for a screen of w by h cells.
func (f *Facts) Lines(w, h int, th *theme.Theme) []string {
	w = min(w, 78)
	inner := max(w-4, factCells+2)
	f.rows = f.rows[:0]
	last := 0
	for _, fact := range f.All {
		name := fact.Name
		for _, part := range pieces(text.Safe(fact.Value), inner-factCells) {
			f.rows = append(f.rows, text.Fit(name, factCells)+text.Fit(part, inner-factCells))
			name = ""
		}
		if fact.Name == f.want {
			last = len(f.rows)
		}
	}
	f.room = min(max(h-4, 1), len(f.rows))
	if f.want != "" {
		f.top, f.want = max(f.top, last-f.room), ""
	}
	f.Scroll(0)
	note := ""
	if f.room < len(f.rows) {
		note = "arrows scroll"
	}
	shown := append([]string{}, f.rows[f.top:f.top+f.room]...)
	shown = append(shown, text.Fit("", inner), th.Faint+text.Fit(f.Foot, inner)+th.Reset)
	return box(f.Title, note, shown, w, th)
}

// pieces cuts a safe string into rows of at most w cells, behind a blank where
// one is near, and keeps its blanks.
func pieces(s string, w int) []string {
	var out []string
	for text.Width(s) > w {
		head := cut(s, w)
		if blank := strings.LastIndexByte(head, ' '); blank >= len(head)/2 {
			head = head[:blank+1]
		}
		out, s = append(out, head), s[len(head):]
	}
	return append(out, s)
}
