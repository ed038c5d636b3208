package ui

import (
	"fmt"
	"testing"

	"portside/ui/pane"
)

// What the screen waits for when two directories of 100,000 are compared, and what
// goes on beside it.
func BenchmarkCompare(b *testing.B) {
	m := newModel(b.Context(), Options{Engine: newFake()})
	for _, s := range m.sides {
		all := make([]pane.Row, 100_000)
		for i := range all {
			all[i] = pane.Row{Name: fmt.Sprintf("f%06d", i), Size: int64(i)}
		}
		s.pane.Append(all)
	}
	m.panes.comparing = true
	var msg comparedMsg
	b.Run("ask", func(b *testing.B) {
		for b.Loop() {
			m.compareAgain()
		}
	})
	b.Run("beside", func(b *testing.B) {
		for b.Loop() {
			msg = m.compareAgain()().(comparedMsg)
		}
	})
	b.Run("show", func(b *testing.B) {
		for b.Loop() {
			msg.apply(m)
		}
	})
}

// Rows may be marked and added while they are compared.
func TestAPaneIsUsedWhileItIsCompared(t *testing.T) {
	p := &pane.Pane{}
	p.SetHeight(5)
	for i := range 200 {
		p.Append([]pane.Row{{Name: fmt.Sprint(i)}})
	}
	read, edition := p.Snapshot()
	done := make(chan []pane.Row)
	// Ends by itself, with its rows; the test waits for them.
	go func() { done <- read() }()
	p.MarkAll()
	p.SetSize("1", 3, true)
	p.Append([]pane.Row{{Name: "more"}})
	p.Replace(nil)
	if rows := <-done; len(rows) != 200 || rows[7].Name != "7" {
		t.Errorf("%d rows", len(rows))
	}
	if p.SetSigns(make([]pane.Sign, 200), edition) {
		t.Error("signs of rows that are gone")
	}
}
