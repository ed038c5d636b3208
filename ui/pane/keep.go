package pane

// MarkedNames returns the names that are marked, to be marked again later.
func (p *Pane) MarkedNames() []string {
	if p.marks == 0 {
		return nil
	}
	names := make([]string, 0, p.marks)
	for i := range p.items {
		if p.items[i].mark {
			names = append(names, p.items[i].Name)
		}
	}
	return names
}

// WantMarks marks the rows of these names when they arrive.
func (p *Pane) WantMarks(names []string) {
	p.wantMarks = make(map[string]bool, len(names))
	for _, n := range names {
		p.wantMarks[n] = true
	}
}

// arrived marks the rows from first on that are to be.
func (p *Pane) arrived(first int) {
	if len(p.wantMarks) == 0 {
		return
	}
	for i := first; i < len(p.items); i++ {
		if p.wantMarks[p.items[i].Name] {
			p.setMark(int32(i), true)
		}
	}
}
