package dialog

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"portside/ui/text"
	"portside/ui/theme"
)

// Item is a line of a [Pick]. All its words may be from outside.
type Item struct {
	Group string   // items of one group stand together below it
	Text  string   // what it is called
	Right string   // a word or two at the right end
	More  string   // another one behind it, where there is room
	Facts []string // what is said about it beside the list
	Value int      // what it means to the caller
}

// Pick is a box with a list and one field, which filters the list and takes what
// is not in it.
type Pick struct {
	Title, Note string
	Empty       string            // said in place of a list without items
	NoMatch     string            // said when the filter lets nothing through
	Foot        []string          // what the keys do, in fewer and fewer words
	Trouble     string            // what was wrong with the line in the field
	Direct      func(string) bool // whether a line is no filter but meant as it stands; nil: never

	all, shown []Item
	field      *Prompt
	cursor     int  // in shown; -1 is the field
	moved      bool // by a person
	x, y       int  // of the cursor in the box, as drawn last
}

// NewPick returns a box whose field has a label. Without items the field has the
// cursor.
func NewPick(label string, items []Item) *Pick {
	p := &Pick{field: NewPrompt(label, "", false)}
	p.Set(items)
	return p
}

// Set replaces the items; a cursor that was moved stays on its item where that is
// still there.
func (p *Pick) Set(items []Item) {
	old, marked := p.Chosen()
	p.all = items
	p.filter()
	if i := slices.IndexFunc(p.shown, func(i Item) bool { return i.Text == old.Text && i.Group == old.Group }); marked && p.moved && i >= 0 {
		p.cursor = i
	}
}

// Typed returns what stands in the field.
func (p *Pick) Typed() string { return strings.TrimSpace(p.field.Value()) }

// Chosen returns the marked item; ok is false when the field has the cursor.
func (p *Pick) Chosen() (item Item, ok bool) {
	if p.cursor < 0 || p.cursor >= len(p.shown) {
		return Item{}, false
	}
	return p.shown[p.cursor], true
}

// Key takes a key. Yes is for the marked item, or for what was typed.
func (p *Pick) Key(msg tea.KeyPressMsg, name string) Verdict {
	last := len(p.shown) - 1
	p.moved = true
	switch name {
	case "up":
		p.cursor = max(p.cursor-1, -1)
	case "down":
		p.cursor = min(p.cursor+1, last)
	case "pgup":
		p.cursor = max(p.cursor-10, min(0, last))
	case "pgdown":
		p.cursor = min(p.cursor+10, last)
	case "tab", "shift+tab":
		if p.cursor >= 0 {
			p.cursor = -1
		} else {
			p.cursor = min(0, last)
		}
	case "enter":
		return Yes
	case "esc", "ctrl+c":
		return No
	default:
		p.typed(msg)
	}
	return Open
}

// Paste takes what is pasted into the field.
func (p *Pick) Paste(msg tea.PasteMsg) { p.typed(msg) }

func (p *Pick) typed(msg tea.Msg) {
	before := p.field.Value()
	p.field.Update(msg)
	if p.field.Value() != before {
		p.Trouble = ""
		p.filter()
	}
}

// filter shows what holds the words of the field.
func (p *Pick) filter() {
	typed := p.Typed()
	p.cursor = -1
	if p.Direct != nil && typed != "" && p.Direct(typed) {
		p.shown = p.all
		return
	}
	want := strings.ToLower(typed)
	p.shown = nil
	for _, i := range p.all {
		if strings.Contains(strings.ToLower(i.Text+" "+i.Right+" "+i.Group+" "+strings.Join(i.Facts, " ")), want) {
			p.shown = append(p.shown, i)
		}
	}
	p.cursor = min(0, len(p.shown)-1)
}

// Cursor returns where the cursor stands in the box that Lines drew last.
func (p *Pick) Cursor() (x, y int) { return p.x, p.y }

// Lines draws the box for a screen of w by h cells: two halves from 60 cells on.
func (p *Pick) Lines(w, h int, th *theme.Theme) []string {
	halves := w >= 60
	w = min(w, 100)
	inner := max(w-4, 1)
	field, x := p.field.Draw(inner, th)
	rows := []string{field}
	if p.Trouble != "" {
		for _, r := range Wrap(p.Trouble, inner)[:1] {
			rows = append(rows, th.Paint(th.Bad, text.Fit(r, inner)))
		}
	}
	foot := text.Fit(p.foot(inner), inner)
	room := max(h-2-len(rows)-1, 1)
	rule := ""
	if room >= 8 {
		rule = strings.Repeat(th.Rule, inner)
		rows = append(rows, rule)
		room -= 2
	}
	p.x, p.y = 2+x, 1
	rows = append(rows, p.body(inner, min(room, 18), len(rows)+1, halves, th)...)
	if rule != "" {
		rows = append(rows, rule)
	}
	return box(p.Title, p.Note, append(rows, foot), w, th)
}

func (p *Pick) foot(w int) string {
	for _, form := range p.Foot {
		if text.Width(form) <= w {
			return form
		}
	}
	return ""
}

// body draws the list, and beside it what is said about the marked item. top is
// the row that it begins in.
func (p *Pick) body(w, h, top int, halves bool, th *theme.Theme) []string {
	left, right := w, 0
	if halves {
		left = (w - 3) / 2
		right = w - 3 - left
	}
	cells, at := p.cells(left, th)
	first := max(min(at-h/2, len(cells)-h), 0)
	if p.cursor >= 0 {
		p.x, p.y = 2, top+at-first
	}
	facts := p.facts(right)
	rows := make([]string, 0, h)
	for i := range h {
		row := text.Fit("", left)
		if first+i < len(cells) {
			row = cells[first+i]
		}
		if halves {
			fact := ""
			if i < len(facts) {
				fact = facts[i]
			}
			row += " " + th.Side + " " + text.Fit(fact, right)
		}
		rows = append(rows, row)
	}
	return rows
}

func (p *Pick) facts(w int) []string {
	item, ok := p.Chosen()
	if !ok || w == 0 {
		return nil
	}
	var out []string
	for _, f := range item.Facts {
		if text.Width(text.Safe(f)) <= w {
			out = append(out, text.Safe(f))
			continue
		}
		out = append(out, Wrap(f, w)...)
	}
	return out
}

// cells draws the items below their groups; at is the marked one.
func (p *Pick) cells(w int, th *theme.Theme) (cells []string, at int) {
	group := ""
	for i, item := range p.shown {
		if item.Group != group {
			group = item.Group
			cells = append(cells, th.Bold+text.Fit(text.Safe(group), w)+th.Reset)
		}
		end := item.Right
		if item.More != "" && w >= 46 {
			end += "  " + item.More
		}
		end = text.Middle(text.Safe(end), w/2)
		row := " " + text.FitMiddle(text.Safe(item.Text), max(w-text.Width(end)-4, 0)) + " " + end + " "
		if i == p.cursor {
			at = len(cells)
			cells = append(cells, th.Cursor+text.Fit(">"+row, w)+th.Reset)
			continue
		}
		cells = append(cells, text.Fit(" "+row, w))
	}
	if len(p.shown) == 0 {
		words := p.Empty
		if len(p.all) > 0 {
			words = p.NoMatch
		}
		for _, r := range Wrap(words, max(w-2, 1)) {
			cells = append(cells, text.Fit("  "+r, w))
		}
	}
	return cells, at
}
