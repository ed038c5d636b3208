package look

import (
	"bytes"
	"encoding/hex"
	"strings"
)

// Find looks for what, from the row behind the last one found or from the
// first that is shown, and brings it into sight. Case is of no matter; in
// hexadecimal "0a ff" are bytes. back looks towards the beginning. It reports
// whether there is any.
func (p *Pager) Find(what string, back bool) bool {
	if what == "" || len(p.rows) == 0 {
		return false
	}
	found := p.matches(what)
	if len(found) == 0 {
		return false
	}
	from := p.hit
	if p.wanted != what || from < 0 {
		from = p.top - 1
		if back {
			from = p.top
		}
	}
	p.wanted = what
	p.hit = next(found, from, back)
	if p.hit < p.top || p.hit > p.top+5 {
		p.top = max(p.hit-3, 0)
	}
	return true
}

// next is the match behind from, or before it, round the end.
func next(found []int, from int, back bool) int {
	if back {
		for i := len(found) - 1; i >= 0; i-- {
			if found[i] < from {
				return found[i]
			}
		}
		return found[len(found)-1]
	}
	for _, row := range found {
		if row > from {
			return row
		}
	}
	return found[0]
}

// matches returns the rows that hold what, in order.
func (p *Pager) matches(what string) (rows []int) {
	if p.hex {
		return p.hexMatches(what)
	}
	low := strings.ToLower(what)
	for i, l := range p.lines {
		l = strings.ToLower(l)
		if !strings.Contains(l, low) {
			continue
		}
		rows = append(rows, p.rowWith(i, low))
	}
	return rows
}

// rowWith is the row of a line in which it holds low, or its first where a
// row's end cuts through it.
func (p *Pager) rowWith(line int, low string) int {
	end := len(p.rows)
	if line+1 < len(p.first) {
		end = p.first[line+1]
	}
	for row := p.first[line]; row < end; row++ {
		if strings.Contains(strings.ToLower(p.rows[row]), low) {
			return row
		}
	}
	return p.first[line]
}

func (p *Pager) hexMatches(what string) (rows []int) {
	data, sought := bytes.ToLower(p.data), bytes.ToLower([]byte(what))
	if b, err := hex.DecodeString(strings.ReplaceAll(what, " ", "")); err == nil && len(b) > 0 {
		data, sought = p.data, b
	}
	per := 16
	if p.width < 76 {
		per = 8
	}
	for at := 0; ; {
		i := bytes.Index(data[at:], sought)
		if i < 0 {
			return rows
		}
		if row := (at + i) / per; len(rows) == 0 || rows[len(rows)-1] != row {
			rows = append(rows, row)
		}
		at += i + 1
	}
}
