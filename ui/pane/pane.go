package pane

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Pane is a list of files. Its zero value is empty and sorted by name.
type Pane struct {
	items []item
	order []int32 // all items, sorted
	view  []int32 // those of order that hidden and filter let through
	up    bool    // line 0 leads to the parent directory

	cursor, top, height int

	wanted string // the name that the cursor goes to when it arrives
	moved  bool   // the user moved the cursor since Begin

	span      *span           // the range that is being marked, nil if none
	wantMarks map[string]bool // the names that are marked when they arrive

	sort    Sort
	reverse bool
	hidden  bool // files whose names start with a dot are shown
	filter  string

	bytes       int64 // known sizes of view
	dots        int   // items that only their leading dot hides
	unread      int   // rows of view that could not be read
	edition     int   // grows with every change of items
	marks       int
	markedBytes int64
}

// Begin empties the pane for another directory: rows, marks and filter go,
// order and hidden files stay. up adds the way to the parent; the cursor goes
// to the row called wanted when it arrives.
func (p *Pane) Begin(up bool, wanted string) {
	p.clear()
	p.up, p.wanted = up, wanted
	p.cursor, p.top, p.moved = 0, 0, false
	p.filter = ""
	p.marks, p.markedBytes = 0, 0
	p.wantMarks = nil
}

func (p *Pane) clear() {
	p.edition++
	p.items, p.order, p.view = nil, nil, nil
	p.span = nil
	p.bytes, p.dots, p.unread = 0, 0, 0
}

// Append adds rows to the directory, in their places. The cursor stays on its
// row once the user has moved it.
func (p *Pane) Append(rows []Row) { p.AppendBatch(Prepare(rows, p.sort, p.reverse)) }

// AppendBatch is Append for rows that are prepared.
func (p *Pane) AppendBatch(b Batch) {
	if b.Len() == 0 {
		return
	}
	stay, stays := int32(-1), p.moved
	if i, ok := p.at(p.cursor); ok && stays {
		stay = i
	}
	p.add(b)
	p.rebuild()
	switch {
	case p.wanted != "" && p.Select(p.wanted):
		p.moved = true
	case stay >= 0:
		p.goTo(stay)
	}
}

// Replace puts the rows of the same directory, read anew, in the place of the
// old ones. Cursor, marks and filter stay with their names.
func (p *Pane) Replace(rows []Row) { p.ReplaceBatch(Prepare(rows, p.sort, p.reverse)) }

// ReplaceBatch is Replace for rows that are prepared.
func (p *Pane) ReplaceBatch(b Batch) {
	name, line := "", p.cursor
	if i, ok := p.at(p.cursor); ok {
		name = p.items[i].Name
	}
	p.wantMarks = nil
	if p.marks > 0 {
		p.WantMarks(p.MarkedNames())
	}
	top, wanted := p.top, p.wanted
	p.clear()
	p.marks, p.markedBytes = 0, 0
	p.add(b)
	p.rebuild()
	p.top = top
	if wanted != "" && p.Select(wanted) || name != "" && p.Select(name) {
		return
	}
	p.put(line)
}

// Want makes the cursor go to name with the next rows.
func (p *Pane) Want(name string) { p.wanted, p.moved = name, false }

// Select puts the cursor on the row called name, if it is shown. The server may
// have written another form of it.
func (p *Pane) Select(name string) bool {
	at := slices.IndexFunc(p.view, func(i int32) bool { return p.items[i].Name == name })
	if at < 0 {
		same := sameName(name)
		at = slices.IndexFunc(p.view, func(i int32) bool { return same(&p.items[i]) })
	}
	if at < 0 {
		return false
	}
	p.wanted = ""
	p.put(at + p.lead())
	return true
}

// sameName returns whether an item is called name, in one form or another.
func sameName(name string) func(*item) bool {
	key, form := keyOf(name), norm.NFC.String(name)
	return func(it *item) bool { return it.key == key && norm.NFC.String(it.Name) == form }
}

// keyOf is a name as it is ordered and looked for: without case, and in the
// form in which accents are part of their letters.
func keyOf(name string) string { return strings.ToLower(norm.NFC.String(name)) }

// Current returns the row under the cursor; ok is false on the way up and in
// an empty pane.
func (p *Pane) Current() (r Row, ok bool) {
	i, ok := p.at(p.cursor)
	if !ok {
		return Row{}, false
	}
	return p.items[i].Row, true
}

// NoMatch reports whether the filter lets nothing through.
func (p *Pane) NoMatch() bool { return p.filter != "" && len(p.view) == 0 }

// OnParent reports whether the cursor stands on the way to the parent.
func (p *Pane) OnParent() bool { return p.up && p.cursor == 0 }

// Has reports whether a row called name is there, shown or not.
func (p *Pane) Has(name string) bool {
	same := sameName(name)
	for i := range p.items {
		if same(&p.items[i]) {
			return true
		}
	}
	return false
}

// Len returns how many rows are there, shown or not.
func (p *Pane) Len() int { return len(p.items) }

// lead is how many lines stand before the rows.
func (p *Pane) lead() int {
	if p.up {
		return 1
	}
	return 0
}

// lines is how many lines there are to move through.
func (p *Pane) lines() int { return p.lead() + len(p.view) }

// at returns the item on a line.
func (p *Pane) at(line int) (int32, bool) {
	line -= p.lead()
	if line < 0 || line >= len(p.view) {
		return 0, false
	}
	return p.view[line], true
}

// Named returns the row that is called name to the byte, shown or not.
func (p *Pane) Named(name string) (r Row, ok bool) {
	for i := range p.items {
		if p.items[i].Name == name {
			return p.items[i].Row, true
		}
	}
	return Row{}, false
}

// Directory returns the directory called name, or a link that may lead to one,
// shown or not. The server may have written another form of the name.
func (p *Pane) Directory(name string) (r Row, ok bool) {
	same := sameName(name)
	for i := range p.items {
		it := &p.items[i]
		if it.Type != Dir && it.Type != Link || !it.Usable() {
			continue
		}
		if it.Name == name {
			return it.Row, true
		}
		if !ok && same(it) {
			r, ok = it.Row, true
		}
	}
	return r, ok
}
