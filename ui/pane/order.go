package pane

import (
	"cmp"
	"path"
	"strings"
)

// Sort is what the rows are ordered by; directories always come first.
type Sort uint8

// The orders. Time and size put the newest and the largest first.
const (
	ByName Sort = iota
	ByExt
	ByTime
	BySize
)

// SetSort orders the rows; the cursor stays on its row.
func (p *Pane) SetSort(s Sort) { p.reorder(s, false) }

// Reverse turns the order round.
func (p *Pane) Reverse() { p.reorder(p.sort, !p.reverse) }

// Order returns the order of the rows.
func (p *Pane) Order() (s Sort, reversed bool) { return p.sort, p.reverse }

// SortLabel names the order: "name ^" counts up, "size v" down.
func (p *Pane) SortLabel() string {
	name := [...]string{"name", "ext", "time", "size"}[p.sort]
	down := p.reverse != (p.sort == ByTime || p.sort == BySize)
	if down {
		return name + " v"
	}
	return name + " ^"
}

// SetHidden shows or hides the files whose names start with a dot.
func (p *Pane) SetHidden(show bool) { p.keep(func() { p.hidden = show }) }

// Hidden reports whether files whose names start with a dot are shown.
func (p *Pane) Hidden() bool { return p.hidden }

// SetFilter shows only the rows whose names hold s, or match it when it has
// * or ? in it; case does not matter. Empty shows all.
func (p *Pane) SetFilter(s string) { p.keep(func() { p.filter = s }) }

// Filter returns the filter.
func (p *Pane) Filter() string { return p.filter }

func (p *Pane) reorder(s Sort, reverse bool) {
	p.keep(func() {
		p.sort, p.reverse = s, reverse
		sortFunc(p.order, p.compare)
	})
}

// keep runs change, which may move rows, and leaves the cursor on its row.
func (p *Pane) keep(change func()) {
	i, ok := p.at(p.cursor)
	change()
	p.rebuild()
	if ok {
		p.goTo(i)
	}
}

// rebuild makes view from order.
func (p *Pane) rebuild() {
	p.view, p.bytes, p.dots, p.unread = p.view[:0], 0, 0, 0
	p.span = nil // its lines are others now
	match := matcher(p.filter)
	for _, i := range p.order {
		it := &p.items[i]
		if !p.hidden && strings.HasPrefix(it.Name, ".") {
			p.dots++
			continue
		}
		if match == nil || match(it.key) {
			p.view = append(p.view, i)
			p.bytes += max(it.Size, 0)
			if it.Name == "" {
				p.unread++
			}
		}
	}
	p.put(p.cursor)
}

// matcher returns what a filter or a pattern lets through, nil for all.
func matcher(s string) func(key string) bool {
	if s == "" {
		return nil
	}
	s = keyOf(s)
	if !strings.ContainsAny(s, "*?[") {
		return func(key string) bool { return strings.Contains(key, s) }
	}
	return func(key string) bool {
		ok, err := path.Match(s, key)
		return ok && err == nil
	}
}

// compare orders two items: directories, then files, then unreadable rows.
func (p *Pane) compare(i, j int32) int {
	a, b := &p.items[i], &p.items[j]
	if c := cmp.Compare(a.rank(), b.rank()); c != 0 {
		return c
	}
	c := 0
	switch p.sort {
	case ByExt:
		c = strings.Compare(path.Ext(a.key), path.Ext(b.key))
	case ByTime:
		c = b.Time.Compare(a.Time)
	case BySize:
		c = cmp.Compare(b.Size, a.Size)
	}
	if c == 0 {
		c = strings.Compare(a.key, b.key)
	}
	if c == 0 {
		c = strings.Compare(a.Name, b.Name)
	}
	if c == 0 {
		return cmp.Compare(i, j)
	}
	if p.reverse {
		return -c
	}
	return c
}

func (it *item) rank() int {
	switch {
	case it.Name == "":
		return 2
	case it.Type == Dir:
		return 0
	}
	return 1
}
