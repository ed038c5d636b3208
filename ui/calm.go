package ui

import (
	"time"

	"portside/queue"
)

// calmEvery is how often speeds, what is left of the time and the sum are shown
// anew: a slow line is to carry them, and a person to read them.
const calmEvery = time.Second

// pace is how fast a job is and when it will be done.
type pace struct {
	rate float64
	left time.Duration
}

// calm holds what was shown of the speeds for a moment.
type calm struct {
	at   time.Time
	all  pace
	done int64             // bytes of the whole queue
	jobs map[queue.ID]pace // that were in sight since
}

// totals returns t with the speed that is shown.
func (c *calm) totals(t queue.Totals, now time.Time) queue.Totals {
	if now.Sub(c.at) >= calmEvery || c.all.rate <= 0 || !t.Active() {
		*c = calm{at: now, all: pace{t.Rate, t.Left}, done: t.BytesDone, jobs: map[queue.ID]pace{}}
	}
	t.Rate, t.Left, t.BytesDone = c.all.rate, c.all.left, min(c.done, t.Bytes)
	return t
}

// rows reads rows with the speeds that are shown.
func (c *calm) rows(read func(from, n int) []queue.Row) func(from, n int) []queue.Row {
	return func(from, n int) []queue.Row {
		rows := read(from, n)
		for i := range rows {
			r := &rows[i]
			if r.State != queue.Running || r.Rate < 0 {
				continue
			}
			if p, ok := c.jobs[r.ID]; ok {
				r.Rate, r.Left = p.rate, p.left
			} else if c.jobs != nil {
				c.jobs[r.ID] = pace{r.Rate, r.Left}
			}
		}
		return rows
	}
}
