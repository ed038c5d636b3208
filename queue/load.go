package queue

import "encoding/json"

// loader makes a list of the commits of a Store. Records may come twice, and
// after damage some may be missing: what remains has to make sense.
type loader struct {
	l       *list
	roots   map[uint64]*root
	batches map[ID]*batch
	page    []job // room for the next jobs
	rest    []byte
	order   chain
	globals globals
	records int
	strange int  // records and jobs that make no sense
	blanks  int  // jobs of which only the place is known
	placed  int  // jobs whose place was lost
	holed   bool // records are missing
	again   int  // directories that are read again for that
	laneOf  func(r *root) *lane
}

func newLoader(l *list, laneOf func(*root) *lane) *loader {
	return &loader{l: l, roots: map[uint64]*root{}, batches: map[ID]*batch{}, laneOf: laneOf}
}

// commit takes in one commit.
func (d *loader) commit(data []byte) { d.part(data, false) }

// part takes in the next part of a commit, and keeps what there is of a record
// that goes on in the next one.
func (d *loader) part(data []byte, more bool) {
	if len(d.rest) > 0 {
		d.rest = append(d.rest, data...)
		data = d.rest
	}
	r := reader{buf: data}
	for {
		here := r.buf
		kind, body := r.next()
		if kind == 0 {
			if d.rest = d.rest[:0]; r.err != nil && more {
				d.rest = append(d.rest, here...)
			} else if r.err != nil {
				d.strange++
			}
			return
		}
		d.records++
		d.record(kind, &body)
		if body.err != nil {
			d.strange++
		}
	}
}

func (d *loader) record(kind byte, r *reader) {
	switch kind {
	case recRoot:
		d.root(r)
	case recBatch:
		id, exists := ID(r.uint()), Policy(r.text())
		if r.err == nil && exists.valid() {
			d.batch(id).exists = exists
		}
	case recJob:
		d.job(r)
	case recPlace:
		id, n, after := ID(r.uint()), r.uint(), ID(r.uint())
		if r.err == nil && d.few(id, n) {
			d.place(id, n, after)
		}
	case recGone:
		id, n := ID(r.uint()), r.uint()
		if r.err == nil && d.few(id, n) {
			d.gone(id, n)
		}
	case recGlobal:
		var g globals
		if json.Unmarshal(r.buf, &g) != nil {
			r.fail()
			return
		}
		d.globals = g
		d.l.nextID = max(d.l.nextID, g.NextID)
	}
}

const (
	maxID    = 1 << 48 // an ID is below it
	maxBlank = 1 << 12 // jobs of which only the place is known
)

// few reports whether n IDs from id on make sense.
func (d *loader) few(id ID, n uint64) bool {
	ok := id > 0 && id < maxID && n > 0 && n <= 1<<32
	if !ok {
		d.strange++
	}
	return ok
}

// gone forgets n jobs from id on.
func (d *loader) gone(id ID, n uint64) {
	end := id + ID(n)
	for last := d.l.nextID; id < end && id <= last; {
		if d.l.jobs.pages[id/1024] == nil {
			id = (id/1024 + 1) * 1024
			continue
		}
		if j := d.l.jobs.get(id); j != nil {
			j.set(isGone, true)
		}
		id++
	}
	d.l.nextID = max(d.l.nextID, end-1)
}

func (d *loader) batch(id ID) *batch {
	b := d.batches[id]
	if b == nil {
		b = &batch{id: id}
		d.batches[id] = b
	}
	return b
}

func (d *loader) root(r *reader) {
	id, b := r.uint(), ID(r.uint())
	kind, src := Kind(r.text()), r.text()
	dst := Place{Address: r.text(), Path: r.text()}
	exists, all, verify := Policy(r.text()), Policy(r.text()), Verify(r.text())
	modes := r.uint() == 1
	s := Spec{Kind: kind, Src: Place{src, "/"}, Dst: dst, Exists: exists, Verify: verify}
	if r.err != nil || id == 0 || id > 1<<32-1 || s.check() != nil || all != "" && !all.valid() {
		r.fail()
		return
	}
	o := d.roots[id]
	if o == nil {
		o = &root{}
		d.roots[id] = o
	}
	*o = root{id: uint32(id), batch: d.batch(b), kind: kind, src: src, dst: dst, exists: s.Exists, verify: s.Verify, modes: modes}
	o.batch.exists = all
	o.lane = d.laneOf(o)
	d.l.ledger.roots = max(d.l.ledger.roots, o.id)
}

// known returns the job with an ID; one that was not told of yet has no root.
func (d *loader) known(id ID) *job {
	if j := d.l.jobs.get(id); j != nil {
		return j
	}
	if len(d.page) == 0 {
		d.page = make([]job, 1024)
	}
	j := &d.page[0]
	d.page = d.page[1:]
	j.id, j.size = id, -1
	d.l.jobs.put(j)
	d.l.nextID = max(d.l.nextID, id)
	return j
}

func (d *loader) job(r *reader) {
	id, root, parent := ID(r.uint()), d.roots[r.uint()], ID(r.uint())
	name := r.bytes()
	size, done, mtime := r.int(), r.int(), r.int()
	state, flags := code(r.below(uint64(codes))), flag(r.uint())
	typ, prec, lev, mode := Type(r.below(uint64(Other)+1)), Precision(r.below(uint64(Day)+1)), level(r.below(uint64(levels))), uint16(r.uint())
	blob := r.bytes()
	if r.err != nil || root == nil || parent >= id || id >= maxID || size < -1 || done < 0 {
		r.fail()
		return
	}
	j := d.known(id)
	if j.root == nil || j.name != string(name) {
		j.name = string(name)
	}
	j.root, j.size, j.done, j.mtime = root, size, done, mtime
	j.state, j.flags = state, flags&savedFlags|j.flags&isGone
	j.typ, j.prec, j.level, j.mode = typ, prec, lev, mode
	if j.parent = nil; parent > 0 {
		j.parent = d.known(parent)
	}
	j.x = nil
	if len(blob) > 0 {
		var s savedExtra
		if json.Unmarshal(blob, &s) != nil {
			d.strange++
			return
		}
		j.x = s.decode()
	}
}

// place puts n jobs from id on behind another and each other.
func (d *loader) place(id ID, n uint64, after ID) {
	at := (*job)(nil)
	if after > 0 {
		at = d.known(after)
		if !d.order.holds(at) {
			d.order.link(d.order.newest, at)
		}
	}
	for ; n > 0; n-- {
		j := d.l.jobs.get(id)
		if j == nil { // forgotten before it was written down; others may stand behind it
			if d.blanks++; d.blanks > maxBlank {
				d.strange++
				return
			}
			j = d.known(id)
		}
		if j == at {
			return
		}
		d.order.unlink(j)
		d.order.link(at, j)
		at = j
		id++
	}
}
