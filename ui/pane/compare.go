package pane

// Sign says how a row differs from the one of the same name in the other pane.
type Sign byte

// The signs that stand before a row's size.
const (
	Same    Sign = 0
	Only    Sign = '+' // the other side has no such row
	Newer   Sign = 'n'
	Older   Sign = 'o'
	Differs Sign = '!' // another size at the same time
)

// signWidth is how wide the column of signs is, with its blank.
const signWidth = 2

// WithSigns makes room for the signs of a comparison, where there is any.
func (c Columns) WithSigns() Columns {
	if c.Name > 2*signWidth {
		c.Sign, c.Name = signWidth, c.Name-signWidth
	}
	return c
}

// Snapshot returns what reads all rows, shown or not, also in another goroutine
// while the pane is in use: a row never changes. edition tells SetSigns whether
// they are still the same.
func (p *Pane) Snapshot() (read func() []Row, edition int) {
	items := p.items[:len(p.items):len(p.items)]
	return func() []Row {
		rows := make([]Row, len(items))
		for i := range items {
			rows[i] = items[i].Row
		}
		return rows
	}, p.edition
}

// SetSigns puts a sign before each of the rows of a Snapshot. It does
// nothing and returns false when the pane's rows are others by now.
func (p *Pane) SetSigns(signs []Sign, edition int) bool {
	if edition != p.edition || len(signs) != len(p.items) {
		return false
	}
	for i := range p.items {
		p.items[i].sign = signs[i]
	}
	return true
}

// DropSigns ends a comparison.
func (p *Pane) DropSigns() {
	for i := range p.items {
		p.items[i].sign = Same
	}
}

// MarkSigned marks the rows that are shown and have one of the signs. It
// returns how many.
func (p *Pane) MarkSigned(signs ...Sign) (n int) {
	p.EndRange()
	p.each(func(i int32) {
		for _, s := range signs {
			if s == p.items[i].sign && p.items[i].Usable() {
				p.setMark(i, true)
				n++
			}
		}
	})
	return n
}
