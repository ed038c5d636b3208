package ui

import (
	"context"
	"testing"

	tea "charm.land/bubbletea/v2"
)

type saidEvent string

func (e saidEvent) apply(m *Model) tea.Cmd {
	m.say(good, string(e))
	return nil
}

func TestATaskSaysHowFarItIsAndEscStopsIt(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		launch := func(words string, end chan struct{}) {
			d.run(d.m.launch(d.m.active(), words, func(ctx context.Context, tell func(string)) event {
				tell(words + " far")
				select {
				case <-end:
					return saidEvent(words + " is over")
				case <-ctx.Done():
					return saidEvent("never seen")
				}
			}))
			d.settle()
		}
		end := make(chan struct{})
		launch("counting", end)
		d.sees("counting ")
		d.sleep(2 * taskEvery)
		d.sees("counting far")
		close(end)
		d.settle()
		d.sees("counting is over")
		d.seesNot("counting far")

		launch("searching", nil)
		d.press("esc")
		d.sees("Broken off")
		d.sleep(2 * taskEvery)
		d.seesNot("never seen", "searching")
	})
}
