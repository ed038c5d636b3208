package pane

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// What was prepared for another order stands in the order of the pane.
func TestABatchStandsInTheOrderOfThePane(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 100 {
		var all []Row
		for i := range 60 {
			all = append(all, Row{Name: fmt.Sprintf("f%02d.%d", rng.IntN(1000), i), Size: int64(rng.IntN(9)), Time: now.Add(time.Duration(rng.IntN(9)) * time.Hour)})
		}
		order, turned := Sort(rng.IntN(4)), rng.IntN(2) == 0
		whole, p := &Pane{sort: order, reverse: turned}, &Pane{sort: order, reverse: turned}
		whole.Append(slices.Clone(all))
		n := rng.IntN(60)
		p.AppendBatch(Prepare(all[:n], Sort(rng.IntN(4)), rng.IntN(2) == 0))
		p.AppendBatch(Prepare(all[n:], order, turned))
		expect(t, p, shown(whole)...)
		p.MarkPattern("*1*", true)
		marks, bytes := p.Marks()
		p.ReplaceBatch(Prepare(all, Sort(rng.IntN(4)), turned))
		expect(t, p, shown(whole)...)
		if n, b := p.Marks(); n != marks || b != bytes {
			t.Fatalf("%d marks of %d bytes, before %d of %d", n, b, marks, bytes)
		}
	}
}

func BenchmarkBatches(b *testing.B) {
	var all []Row
	for i := range 100_000 {
		all = append(all, Row{Name: fmt.Sprintf("File-%06d.txt", (i*7919)%100_000), Size: int64(i)})
	}
	p := &Pane{}
	p.SetHeight(20)
	for _, marked := range []int{0, 1000} {
		b.Run(fmt.Sprintf("replace %d marked", marked), func(b *testing.B) {
			p.Replace(all)
			p.Unmark()
			for range marked {
				p.Toggle()
				p.Move(1)
			}
			for b.Loop() {
				b.StopTimer()
				batch := Prepare(all, ByName, false)
				b.StartTimer()
				p.ReplaceBatch(batch)
			}
		})
	}
}
