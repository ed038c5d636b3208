package ui

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"portside/queue"
)

// What comes after the queue comes once, when the last job has ended and
// nothing is left that a person has to answer or let go on.
func TestAfterTheQueue(t *testing.T) {
	var told []string
	o := Options{Bell: true, After: func(done, failed, skipped int, bytes int64) error {
		told = append(told, fmt.Sprint(done, failed, skipped, bytes))
		return errors.New("the command after the queue (x) failed: \x1b[31mno")
	}}
	start(t, acme, o, 80, 24, func(d *drive) {
		version := uint64(0)
		change := func(tot queue.Totals, states ...queue.State) {
			var rows []queue.Row
			for _, s := range states {
				version++
				rows = append(rows, queue.Row{ID: queue.ID(version), Version: version, State: s, Kind: queue.Copy, Name: "x", Size: 5, Done: 5})
			}
			tot.Version, tot.Left = version, -1
			d.f.change(tot, rows...)
			d.sleep(time.Second)
		}
		none := func(when string) {
			t.Helper()
			if len(told) > 0 {
				t.Fatalf("%s: %q", when, told)
			}
		}
		none("at the start")
		change(queue.Totals{Running: 1, Done: 1}, queue.Done)
		none("while a job runs")
		change(queue.Totals{Asking: 1, Done: 1}, queue.Skipped)
		none("while a job asks")
		change(queue.Totals{Paused: 1, Done: 1}, queue.Failed)
		none("while a job is paused")
		change(queue.Totals{Done: 1, Failed: 1, Stopped: "the disk is full"}, queue.Done)
		none("while the queue is stopped")
		d.raw = ""
		change(queue.Totals{Done: 3, Failed: 1, Skipped: 1}, queue.Done)
		if want := []string{"3 1 1 15"}; !slices.Equal(told, want) || d.raw != "\a" {
			t.Errorf("%q, want %q; rang %q", told, want, d.raw)
		}
		d.sees(`failed: \x1b[31mno`)
		d.sleep(time.Minute)
		change(queue.Totals{Done: 3, Failed: 1, Skipped: 1}) // nothing new ended
		change(queue.Totals{Done: 4, Failed: 1, Skipped: 1}, queue.Done)
		if want := []string{"3 1 1 15", "1 0 0 5"}; !slices.Equal(told, want) {
			t.Errorf("%q, want %q", told, want)
		}
	})
}
