package dialog

import (
	"fmt"
	"strings"

	"portside/ui/text"
	"portside/ui/theme"
)

// KeyRow is one line of the list of keys.
type KeyRow struct {
	Group  string
	Keys   string
	Help   string
	Action string   // what Enter runs
	Off    bool     // it cannot run now: faint, and Enter says why
	First  string   // the first of the keys
	Parts  []KeyRow // what shares the line: a search shows each alone
}

// KeyCells is the width of the column of keys.
const KeyCells = 12

// Keys is the list of keys: typing filters it, Enter runs a line.
type Keys struct {
	all    []KeyRow
	shown  []KeyRow
	query  string
	cursor int
	x, y   int // of the marked line in the box, as drawn last
}

// NewKeys returns the list of rows, whose groups must stand together.
func NewKeys(rows []KeyRow) *Keys { return &Keys{all: rows, shown: rows} }

// Key takes a key; typed is its character, if it has one. Yes runs Action.
func (k *Keys) Key(key, typed string) Verdict {
	switch key {
	case "up", "shift+tab":
		k.cursor = max(k.cursor-1, 0)
	case "down", "tab":
		k.cursor = max(min(k.cursor+1, len(k.shown)-1), 0)
	case "pgup", "home":
		k.cursor = 0
	case "pgdown", "end":
		k.cursor = max(len(k.shown)-1, 0)
	case "enter":
		if len(k.shown) > 0 {
			return Yes
		}
	case "esc", "f1", "ctrl+c":
		return No
	default:
		if typed == "?" && k.query == "" {
			return No
		}
		if query, ok := edited(k.query, key, typed); ok {
			k.find(query)
		}
	}
	return Open
}

// Action returns what the marked line runs.
func (k *Keys) Action() string {
	if k.cursor >= len(k.shown) {
		return ""
	}
	return k.shown[k.cursor].Action
}

func (k *Keys) find(query string) {
	k.query, k.cursor, k.shown = query, 0, nil
	want := strings.ToLower(query)
	if query == "" {
		k.shown = k.all
		return
	}
	for _, r := range k.each() {
		if strings.Contains(strings.ToLower(r.Group+" "+r.Keys+" "+r.Help), want) {
			k.shown = append(k.shown, r)
		}
	}
}

// each returns the rows with shared lines taken apart.
func (k *Keys) each() []KeyRow {
	var out []KeyRow
	for _, r := range k.all {
		if len(r.Parts) == 0 {
			r.Parts = []KeyRow{r}
		}
		out = append(out, r.Parts...)
	}
	return out
}

// Cursor returns where the marked line stands in the box that Lines drew last.
func (k *Keys) Cursor() (x, y int) { return k.x, k.y }

// Lines draws the box for a screen of w by h cells: two columns where there is
// room, and the part of the list that holds the marked line.
func (k *Keys) Lines(w, h int, th *theme.Theme) []string {
	w = min(w, 100)
	inner, height := max(w-4, 1), max(h-2, 1)
	cols := 1
	if inner >= 74 {
		cols = 2
	}
	width := inner / cols
	cells, at := k.cells(width, th)
	page := height * cols
	first := at / page * page
	if len(cells) <= page {
		height = min(height, (len(cells)+cols-1)/cols)
	}
	k.x, k.y = 2+(at-first)/height*width, 1+(at-first)%height
	rows := make([]string, 0, height)
	for y := range height {
		row := ""
		for x := range cols {
			cell := text.Fit("", width)
			if i := first + x*height + y; i < len(cells) {
				cell = cells[i]
			}
			row += cell
		}
		rows = append(rows, row+text.Fit("", inner-cols*width))
	}
	note := "type to search, Enter runs it"
	if k.query != "" {
		note = "search: " + k.query
	}
	if len(cells) > page {
		note = fmt.Sprintf("%d/%d  %s", at/page+1, (len(cells)+page-1)/page, note)
	}
	return box("Keys", note, rows, w, th)
}

// cells lays the list out with its group titles; at is the marked one.
func (k *Keys) cells(w int, th *theme.Theme) (cells []string, at int) {
	group := ""
	for i, r := range k.shown {
		if r.Group != group {
			group = r.Group
			cells = append(cells, th.Bold+text.Fit(strings.ToUpper(group), w)+th.Reset)
		}
		cell := text.Fit(r.Keys, KeyCells) + " " + text.Fit(r.Help, max(w-KeyCells-2, 1)) + " "
		switch {
		case i == k.cursor:
			at = len(cells)
			cell = th.Cursor + cell + th.Reset
		case r.Off:
			cell = th.Paint(th.Faint, cell)
		}
		cells = append(cells, cell)
	}
	if len(cells) == 0 {
		cells = append(cells, text.Fit("nothing is called that", w))
	}
	return cells, at
}
