package pane

import "slices"

// Batch is rows that are ready for a pane: sorted, and their names folded. Making
// one is the dear part of showing a directory, and needs no pane, so that it is
// done beside the screen.
type Batch struct {
	items   []item
	order   []int32
	sort    Sort
	reverse bool
}

// Prepare makes a Batch for a pane of this order. In a pane of another order it
// is sorted again.
func Prepare(rows []Row, s Sort, reversed bool) Batch {
	p := &Pane{sort: s, reverse: reversed}
	p.items, p.order = make([]item, len(rows)), make([]int32, len(rows))
	for i, r := range rows {
		p.items[i] = item{Row: r, key: keyOf(r.Name)}
		p.order[i] = int32(i)
	}
	slices.SortFunc(p.order, p.compare)
	return Batch{items: p.items, order: p.order, sort: s, reverse: reversed}
}

// Len returns how many rows it has.
func (b Batch) Len() int { return len(b.items) }

// add takes the rows of a batch, which is used up, in their places.
func (p *Pane) add(b Batch) {
	p.edition++
	first := int32(len(p.items))
	if first == 0 {
		p.items = b.items
	} else {
		p.items = append(p.items, b.items...)
		for i := range b.order {
			b.order[i] += first
		}
	}
	if b.sort != p.sort || b.reverse != p.reverse {
		slices.SortFunc(b.order, p.compare)
	}
	if first == 0 {
		p.order = b.order
	} else {
		p.order = merge(p.order, b.order, p.compare)
	}
	p.arrived(int(first))
}
