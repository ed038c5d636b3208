package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
)

// The view of the queue may cost a slow line 200 bytes a second, with four jobs
// whose speed is never the same.
func TestBytesOfTheQueue(t *testing.T) {
	inTerminal(t, acme, 80, 24, func(t *testing.T, p *tea.Program, term *terminal, f *fake) {
		var rows []queue.Row
		for i := range 4 {
			rows = append(rows, queue.Row{ID: queue.ID(i + 1), Version: uint64(i + 1), Kind: queue.Copy, State: queue.Running,
				Name: fmt.Sprint("film-", i, ".mkv"), Size: 4 << 30, Rate: 1 << 20, Left: time.Hour})
		}
		f.change(queue.Totals{Running: 4, Files: 4, Bytes: 16 << 30, Left: time.Hour, Rate: 4 << 20, Version: 4}, rows...)
		p.Send(press("w"))
		time.Sleep(3 * time.Second)
		before := term.count()
		const seconds = 20
		for i := range 4 * seconds {
			f.mu.Lock()
			f.totals.BytesDone, f.totals.Rate = 0, 0
			for j := range f.rows {
				r := &f.rows[j]
				r.Rate = float64(1<<20) * (0.9 + 0.05*float64((i*7+j*3)%5))
				r.Done += int64(r.Rate / 4)
				r.Left = time.Duration(float64(r.Size-r.Done) / r.Rate * float64(time.Second))
				f.totals.Rate += r.Rate
				f.totals.BytesDone += r.Done
			}
			f.totals.Left = time.Duration(float64(f.totals.Bytes-f.totals.BytesDone) / f.totals.Rate * float64(time.Second))
			f.mu.Unlock()
			time.Sleep(250 * time.Millisecond)
		}
		perSecond := (term.count() - before) / seconds
		t.Logf("%d bytes a second", perSecond)
		if perSecond > 200 {
			t.Errorf("%d bytes a second", perSecond)
		}
		if s := term.screen(); !strings.Contains(s, "film-3.mkv") || !strings.Contains(s, "████████████") {
			t.Errorf("the view is not shown:\n%s", s)
		}
	})
}
