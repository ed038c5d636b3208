package pane

// SetHeight says how many rows the screen has for the pane.
func (p *Pane) SetHeight(h int) {
	p.height = max(h, 1)
	p.put(p.cursor)
}

// Move moves the cursor by lines.
func (p *Pane) Move(by int) {
	p.touch()
	p.put(p.cursor + by)
	p.followed()
}

// Page moves the cursor by pages, less one line that stays in sight.
func (p *Pane) Page(by int) { p.Move(by * max(p.height-1, 1)) }

// Home moves the cursor to the first line.
func (p *Pane) Home() { p.Move(-p.lines()) }

// End moves the cursor to the last line.
func (p *Pane) End() { p.Move(p.lines()) }

// First moves the cursor to the first row, if one is shown.
func (p *Pane) First() {
	if len(p.view) > 0 {
		p.touch()
		p.put(p.lead())
		p.followed()
	}
}

// CursorLine returns the row of the window that the cursor is on.
func (p *Pane) CursorLine() int { return p.cursor - p.top }

func (p *Pane) touch() { p.moved, p.wanted = true, "" }

// put sets the cursor and scrolls by half a page when it leaves the window:
// a screen of moved rows is dear on a slow line, and half as many are sent.
func (p *Pane) put(line int) {
	n, h := p.lines(), max(p.height, 1)
	p.cursor = max(min(line, n-1), 0)
	if p.cursor < p.top || p.cursor >= p.top+h {
		p.top = p.cursor - h/2
	}
	p.top = max(min(p.top, n-h), 0)
}

// goTo puts the cursor on an item, or leaves it when that is not shown.
func (p *Pane) goTo(item int32) {
	for line, i := range p.view {
		if i == item {
			p.put(line + p.lead())
			return
		}
	}
}

// HalfPage moves the cursor by half the window.
func (p *Pane) HalfPage(n int) { p.Move(n * max(p.height/2, 1)) }
