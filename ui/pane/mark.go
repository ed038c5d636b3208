package pane

// Toggle marks the row under the cursor, or takes its mark away.
func (p *Pane) Toggle() {
	p.EndRange()
	if i, ok := p.at(p.cursor); ok {
		p.setMark(i, !p.items[i].mark)
	}
	p.touch()
}

// MarkAll marks all rows that are shown.
func (p *Pane) MarkAll() {
	p.EndRange()
	p.each(func(i int32) { p.setMark(i, true) })
}

// Invert turns the marks of all rows that are shown round.
func (p *Pane) Invert() {
	p.EndRange()
	p.each(func(i int32) { p.setMark(i, !p.items[i].mark) })
}

// Unmark takes all marks away, also those of rows that are not shown.
func (p *Pane) Unmark() {
	p.EndRange()
	p.wantMarks = nil
	for i := range p.items {
		p.setMark(int32(i), false)
	}
}

// MarkPattern sets or takes the marks of the rows that are shown and match.
// It returns how many did.
func (p *Pane) MarkPattern(pattern string, on bool) (n int) {
	p.EndRange()
	match := matcher(pattern)
	p.each(func(i int32) {
		if match == nil || match(p.items[i].key) {
			p.setMark(i, on)
			n++
		}
	})
	return n
}

// Marks returns how many rows are marked and their known bytes.
func (p *Pane) Marks() (n int, bytes int64) { return p.marks, p.markedBytes }

// Chosen returns what a command works on: the marked rows in their order, or
// the one under the cursor.
func (p *Pane) Chosen() []Row {
	if p.marks == 0 {
		if r, ok := p.Current(); ok && r.Usable() {
			return []Row{r}
		}
		return nil
	}
	rows := make([]Row, 0, p.marks)
	for _, i := range p.order {
		if p.items[i].mark {
			rows = append(rows, p.items[i].Row)
		}
	}
	return rows
}

func (p *Pane) each(f func(i int32)) {
	for _, i := range p.view {
		f(i)
	}
}

func (p *Pane) setMark(i int32, on bool) {
	it := &p.items[i]
	if it.mark == on || !it.Usable() {
		return
	}
	it.mark = on
	sign := 1
	if !on {
		sign = -1
	}
	p.marks += sign
	p.markedBytes += int64(sign) * max(it.Size, 0)
}
