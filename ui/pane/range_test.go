package pane

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// A range marks what lies between its two ends and nothing else changes, whatever
// was marked, filtered or hidden before.
func TestARangeIsWhatLiesBetween(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		p := &Pane{}
		p.SetHeight(10)
		p.Begin(rng.IntN(2) == 0, "")
		for i := range 40 {
			p.Append([]Row{{Name: fmt.Sprintf("%s%02d", []string{"", "."}[rng.IntN(2)], i), Reason: []string{"", "", "bad"}[rng.IntN(3)]}})
		}
		p.SetHidden(rng.IntN(2) == 0)
		p.SetFilter([]string{"", "1"}[rng.IntN(2)])
		for range rng.IntN(10) {
			p.Move(rng.IntN(20) - 10)
			p.Toggle()
		}
		before := map[string]bool{}
		for _, n := range p.MarkedNames() {
			before[n] = true
		}
		anchor := p.Line()
		p.ToggleRange()
		for range rng.IntN(12) {
			p.Move(rng.IntN(30) - 15)
		}
		from, to := min(anchor, p.Line()), max(anchor, p.Line())
		for line := range p.lines() {
			if i, ok := p.at(line); ok {
				it := p.items[i]
				if want := before[it.Name] || line >= from && line <= to && it.Usable(); it.mark != want {
					t.Fatalf("line %d of %d to %d: marked %t", line, from, to, it.mark)
				}
			}
		}
		n, _ := p.Marks()
		p.ToggleRange()
		p.Move(-40)
		if after, _ := p.Marks(); after != n || p.Ranging() {
			t.Fatalf("%d marks, %d when the range had ended", n, after)
		}
	}
}

// The rows of a range may be replaced below it.
func TestARangeEndsWithItsRows(t *testing.T) {
	p := filled(10, "a", "b", "c", "d")
	p.ToggleRange()
	p.Move(2)
	p.Replace(rows("c", "d"))
	p.Move(1)
	if n, _ := p.Marks(); n != 0 || p.Ranging() {
		t.Errorf("%d marks", n)
	}
	p.Extend(-1)
	p.SetSort(BySize)
	p.Extend(1)
	p.Append(rows("e"))
	p.Move(-1)
}

func BenchmarkJump(b *testing.B) {
	var all []Row
	for i := range 100_000 {
		all = append(all, Row{Name: fmt.Sprintf("file-%06d.txt", i)})
	}
	p := &Pane{}
	p.SetHeight(20)
	p.Append(all)
	for b.Loop() {
		p.Jump("99999.t", 0)
	}
}
