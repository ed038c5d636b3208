package pane

// span is a range of marks that follows the cursor.
type span struct {
	held   bool           // every movement stretches it, until it is ended
	anchor int            // the line it began on
	last   int            // the line it reaches to
	before map[int32]bool // marks that were there, under it
}

// Extend moves the cursor by lines and marks from where that began; on the way
// back the marks go again.
func (p *Pane) Extend(by int) {
	if p.span == nil {
		p.begin(false)
	}
	p.touch()
	p.put(p.cursor + by)
	p.stretch()
}

// ToggleRange begins a range that follows every movement, or ends it and keeps
// the marks.
func (p *Pane) ToggleRange() {
	if p.span != nil && p.span.held {
		p.EndRange()
		return
	}
	p.touch()
	p.begin(true)
}

// Ranging reports whether a range follows every movement.
func (p *Pane) Ranging() bool { return p.span != nil && p.span.held }

// EndRange ends a range; the marks stay.
func (p *Pane) EndRange() { p.span = nil }

func (p *Pane) begin(held bool) {
	p.span = &span{held: held, anchor: p.cursor, last: p.cursor, before: map[int32]bool{}}
	p.cover(p.cursor)
}

// followed is called behind a plain movement.
func (p *Pane) followed() {
	switch {
	case p.span == nil:
	case p.span.held:
		p.stretch()
	default:
		p.span = nil
	}
}

// stretch makes the range reach to the cursor.
func (p *Pane) stretch() {
	s := p.span
	from, to := min(s.anchor, p.cursor), max(s.anchor, p.cursor)
	was, end := min(s.anchor, s.last), max(s.anchor, s.last)
	for line := was; line <= end; line++ {
		if i, ok := p.at(line); ok && (line < from || line > to) {
			p.setMark(i, s.before[i])
		}
	}
	for line := from; line <= to; line++ {
		if line < was || line > end {
			p.cover(line)
		}
	}
	s.last = p.cursor
}

// cover marks a line and keeps in mind whether it was marked.
func (p *Pane) cover(line int) {
	if i, ok := p.at(line); ok {
		p.span.before[i] = p.items[i].mark
		p.setMark(i, true)
	}
}
