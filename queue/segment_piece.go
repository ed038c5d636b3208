package queue

import "slices"

const (
	// overlap is how much of the piece behind it a stream reads once more: both
	// have to agree.
	overlap = 1 << 10
	// leastPiece is the least that a stream is begun for.
	leastPiece = 4 << 20
	// penChunk is the most that the kernel moves at once. It is less than
	// leastPiece, so that nothing is split that is being written.
	penChunk = 2 << 20
	// mostPieces is less than a record can hold.
	mostPieces = 256
)

// piece is a range of a file: what is before at is in place, what is behind it
// is still to come.
type piece struct {
	from, at, end int64
	owner         *segment // who fetches it; nil: nobody
}

// pieces are a file, in order and without gaps. It is pure.
type pieces struct {
	list   []*piece
	size   int64
	sealed bool // the server has said that the end of the last piece is that of the file
}

// newPieces makes the pieces of a file of which spans are in place.
func newPieces(size int64, spans [][2]int64) *pieces {
	p := &piece{end: size}
	ps := &pieces{size: size, list: []*piece{p}}
	for _, s := range spans {
		if s[0] == 0 {
			p.at = s[1]
			continue
		}
		p.end = s[0]
		p = &piece{from: s[0], at: s[1], end: size}
		ps.list = append(ps.list, p)
	}
	return ps
}

// spans are the ranges that are in place; not nil, also where there are none.
func (ps *pieces) spans() [][2]int64 {
	out := [][2]int64{}
	for _, p := range ps.list {
		if p.at > p.from {
			out = append(out, [2]int64{p.from, p.at})
		}
	}
	return out
}

// whole reports that all is in place, that all seams agree, and that the server
// has said that there is no more.
func (ps *pieces) whole() bool {
	return len(ps.list) == 1 && ps.list[0].at == ps.size && ps.sealed
}

// missing is how many bytes are still to come.
func (ps *pieces) missing() (n int64) {
	for _, p := range ps.list {
		n += p.end - p.at
	}
	return n
}

// after returns the piece behind p, nil behind the last.
func (ps *pieces) after(p *piece) *piece {
	if i := slices.Index(ps.list, p); i >= 0 && i+1 < len(ps.list) {
		return ps.list[i+1]
	}
	return nil
}

// split makes two pieces of one, the second from m on.
func (ps *pieces) split(p *piece, m int64) *piece {
	n := &piece{from: m, at: m, end: p.end}
	p.end = m
	ps.list = slices.Insert(ps.list, slices.Index(ps.list, p)+1, n)
	return n
}

// swallow lets p go on where the piece behind it was to begin, which nobody
// fetches any more, and returns what of it was in place.
func (ps *pieces) swallow(p *piece) int64 {
	n := ps.after(p)
	p.end = n.end
	ps.remove(n)
	return n.at - n.from
}

// join makes one piece of p, which is in place, and the one behind it, which
// agrees with it.
func (ps *pieces) join(p *piece) {
	n := ps.after(p)
	n.from = p.from
	ps.remove(p)
}

func (ps *pieces) remove(p *piece) {
	i := slices.Index(ps.list, p)
	ps.list = slices.Delete(ps.list, i, i+1)
}

// proved reports whether so much of p is in place that a stream which reaches
// it can be compared with it.
func (p *piece) proved() bool { return p.at-p.from >= min(overlap, p.end-p.from) && p.at > p.from }

// free returns the largest piece that nobody fetches and that lacks something,
// be it only the word that it fits.
func (ps *pieces) free() *piece {
	var best *piece
	for i, p := range ps.list {
		last := i == len(ps.list)-1
		if p.owner != nil || last && p.at == p.end && ps.sealed {
			continue
		}
		if best == nil || p.end-p.at > best.end-best.at {
			best = p
		}
	}
	return best
}

// slowest returns the piece that somebody fetches and that ends last, by the
// speed of each.
func (ps *pieces) slowest(left func(*piece) float64) *piece {
	var best *piece
	for _, p := range ps.list {
		if p.owner == nil || p.end-p.at < 2*leastPiece || len(ps.list) >= mostPieces {
			continue
		}
		if best == nil || left(p) > left(best) {
			best = p
		}
	}
	return best
}

// prefix is how far the file is in place from its start on, by streams that
// agree.
func (ps *pieces) prefix() int64 { return ps.list[0].at }
