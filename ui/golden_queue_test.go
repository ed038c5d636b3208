package ui

import (
	"fmt"
	"testing"
	"time"

	"portside/queue"
)

func TestQueueScreens(t *testing.T) {
	over := func() *fake {
		f := busy()
		skip := queue.Row{ID: 8, Batch: 1, Kind: queue.Copy, State: queue.Skipped, Name: "pipe", Size: -1, Left: -1, Note: "it is no file"}
		f.rows, f.totals.Skipped = append(f.rows, skip), 1
		return f
	}
	failed := func() *fake {
		f := busy()
		for i, at := range []time.Time{now().Add(-6 * time.Minute), now().Add(-5 * time.Minute), now().Add(-32 * time.Second)} {
			f.rows[3].Tries = append(f.rows[3].Tries, queue.Try{At: at, Text: "the connection broke\nafter 1.2M"})
			if i == 2 {
				f.rows[3].Tries[i] = queue.Try{At: at, Command: "STOR", Text: "the server said 552 exceeded quota \x1b[2J"}
			}
		}
		return f
	}
	shots(t, []shot{
		{"failed", failed, func(d *drive) { d.press("w", "down", "down", "down") }},
		{"folded", over, func(d *drive) { d.press("w", "end") }},
		{"unfolded", over, func(d *drive) { d.press("w", "end", "enter", "down") }},
		{"empty", acme, func(d *drive) { d.press("w") }},
		{"inbox", askingMuch, func(d *drive) { d.press("a", "pgdown") }},
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
