package ui

import (
	"fmt"
	"testing"

	"portside/queue"
)

func TestQueueScreens(t *testing.T) {
	over := func() *fake {
		f := busy()
		skip := queue.Row{ID: 8, Batch: 1, Kind: queue.Copy, State: queue.Skipped, Name: "pipe", Size: -1, Left: -1, Note: "it is no file"}
		f.rows, f.totals.Skipped = append(f.rows, skip), 1
		return f
	}
	shots(t, []shot{
		{"folded", over, func(d *drive) { d.press("w", "end") }},
		{"unfolded", over, func(d *drive) { d.press("w", "end", "enter", "down") }},
		{"empty", acme, func(d *drive) { d.press("w") }},
	})
}

// What has ended is folded again for whoever comes back.
func TestTheQueueIsFoldedAgain(t *testing.T) {
	at24(t, busy, func(d *drive) {
		d.press("w", "end")
		d.seesNot("logo.svg")
		d.press("enter")
		d.sees("logo.svg", "Enter folds")
		d.press("enter")
		d.seesNot("logo.svg")
		d.press("enter", "w", "w")
		d.seesNot("logo.svg")
	})
}

// Orders do not hold up the screen, and are carried out as they were given.
func TestOrdersAreCarriedOutInTheirOrder(t *testing.T) {
	at24(t, busy, func(d *drive) {
		d.press("w")
		for _, key := range []string{"p", "K", "J", "R", "c"} {
			d.send(press(key))
		}
		d.settle()
		want := "[pause move -1 move 1 retry clear]"
		if got := fmt.Sprint(d.f.calls); got != want {
			t.Errorf("%s, not %s", got, want)
		}
		d.sees("are forgotten")
	})
}
