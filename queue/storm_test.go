package queue_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"portside/queue"
	"portside/queue/queuetest"
)

// Random faults, orders, answers and browsing, all at once. Then the weather
// clears: everything must arrive, once, and nothing be left over.
func TestStorm(t *testing.T) {
	for seed := range uint64(30) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { storm(t, seed) })
	}
}

func storm(t *testing.T, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	o := queue.Options{Connections: 1 + rnd.IntN(5), Interactive: seed%2 == 0, Retries: 3}
	run(t, o, func(r *rig) {
		r.dialer.Max = rnd.IntN(5)
		r.there.Delay = time.Millisecond
		for i := range 30 {
			r.there.WriteFile(fmt.Sprintf("/pub/d/%d/%02d", i%4, i), data(rnd.IntN(100_000), uint32(i)), now)
		}
		for i := range 10 {
			r.here.WriteFile(fmt.Sprintf("/home/d/%d/%02d", i%4, i), data(10, 99), now)
		}
		calm := false
		fault := func(queuetest.Call) error {
			if calm || rnd.IntN(40) > 0 {
				return nil
			}
			return []error{
				broken(), broken(), queue.Fail(queue.ClassJob, "550", nil),
				queue.Fail(queue.ClassServer, "421", nil), errors.New("odd"),
			}[rnd.IntN(5)]
		}
		faults := make(chan func(queuetest.Call) error, 1) // one at a time draws from rnd
		faults <- fault
		locked := func(c queuetest.Call) error {
			f := <-faults
			defer func() { faults <- f }()
			return f(c)
		}
		r.there.Hook = locked
		r.here.Hook = func(c queuetest.Call) error {
			if err := locked(c); err != nil && c.Op == "write" {
				return syscall.ENOSPC
			}
			return nil
		}
		r.dialer.Hook = func(int, string) error { return locked(queuetest.Call{}) }
		r.get(queue.ExistsAsk, "d")
		for range 200 {
			<-faults
			step := rnd.IntN(12)
			all := ids(r.q)
			one := all[rnd.IntN(len(all))]
			faults <- fault
			switch step {
			case 0:
				r.q.Pause(one)
			case 1:
				r.q.Pause()
			case 2, 3, 4:
				r.q.Resume()
			case 5:
				r.q.Cancel(one)
			case 6:
				r.q.Retry()
			case 7:
				r.q.Retry(one)
			case 8:
				r.q.Move(one, []int{int(seed) - 10, queue.Far, -queue.Far}[one%3])
				r.q.Prioritize([]queue.Priority{queue.PriorityNow, queue.PriorityHigh, queue.PriorityLow}[one%3], one)
			case 9:
				if w := r.row(one); w.Question != nil {
					_ = r.q.Answer(one, queue.Answer{Exists: queue.ExistsOverwrite})
				}
			case 10:
				if _, err := r.q.Connect(r.Context(), server); err == nil {
					_, _ = r.q.Stat(r.Context(), at(server, "/pub/d"))
				}
			}
			time.Sleep(20 * time.Millisecond)
		}
		<-faults
		calm = true
		faults <- fault
		clear(r)
		for i := range 30 {
			r.holds(r.here, fmt.Sprintf("/home/d/%d/%02d", i%4, i), must(r.there.ReadFile(fmt.Sprintf("/pub/d/%d/%02d", i%4, i))))
		}
		if p := parts(r.here); len(p) > 0 {
			r.Errorf("left: %q", p)
		}
		if most := r.dialer.Max; most > 0 {
			if _, got := r.dialer.Live(server); got > most {
				r.Errorf("%d sessions of %d", got, most)
			}
		}
	})
}

// clear brings everything to a good end.
func clear(r *rig) {
	r.Helper()
	for range 20 {
		r.q.Resume()
		r.idle()
		asks := false
		for _, w := range r.q.Rows(0, 1000) {
			if w.State == queue.Asking {
				_ = r.q.Answer(w.ID, queue.Answer{Exists: queue.ExistsOverwrite})
				asks = true
			}
		}
		r.q.Retry(ids(r.q)...)
		synctest.Wait()
		tot := r.q.Totals()
		if !asks && !tot.Active() && tot.Failed+tot.Cancelled+tot.Paused+tot.Asking == 0 {
			return
		}
	}
	var lines []string
	for _, w := range r.q.Rows(0, 50) {
		lines = append(lines, show(w))
	}
	r.Fatalf("%+v\n%s", r.q.Totals(), strings.Join(lines, "\n"))
}

func must(b []byte, ok bool) []byte {
	if !ok {
		panic("missing")
	}
	return b
}
