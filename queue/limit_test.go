package queue_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"portside/queue"
)

const kib = 1 << 10

func limits(t *testing.T, s string) queue.Limits {
	t.Helper()
	l, err := queue.ParseLimits(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// took says how long f takes until nothing runs.
func (r *rig) took(f func()) time.Duration {
	r.Helper()
	began := time.Now()
	f()
	r.idle()
	return time.Since(began)
}

func (r *rig) between(what string, d, least, most time.Duration) {
	r.Helper()
	if d < least || d > most {
		r.Errorf("%s took %v, want %v to %v", what, d, least, most)
	}
}

func TestLimitsOfEachDirection(t *testing.T) {
	for _, c := range []struct {
		limit    string
		down, up time.Duration // of 100 KiB each, one after the other
	}{
		{"none", 0, 0},
		{"10K", 10 * time.Second, 10 * time.Second},
		{"down 10K", 10 * time.Second, 0},
		{"up 20K", 0, 5 * time.Second},
		{"down 5K up 20K", 20 * time.Second, 5 * time.Second},
		{"10K up 5K", 10 * time.Second, 20 * time.Second},
		{"2G", 0, 0},
	} {
		t.Run(c.limit, func(t *testing.T) {
			run(t, queue.Options{Limits: limits(t, c.limit)}, func(r *rig) {
				r.there.WriteFile("/pub/d", data(100*kib, 1), now)
				r.here.WriteFile("/home/u", data(100*kib, 2), now)
				down := r.took(func() { r.get("", "d") })
				up := r.took(func() { r.put("", "u") })
				r.between("down", down, c.down*95/100, c.down+500*time.Millisecond)
				r.between("up", up, c.up*95/100, c.up+500*time.Millisecond)
				r.holds(r.here, "/home/d", data(100*kib, 1))
				r.holds(r.there, "/pub/u", data(100*kib, 2))
			})
		})
	}
}

func TestTheLimitIsTheWholeQueues(t *testing.T) {
	run(t, queue.Options{Limits: limits(t, "40K")}, func(r *rig) {
		for _, n := range []string{"a", "b"} {
			r.there.WriteFile("/pub/"+n, data(200*kib, 1), now)
			r.here.WriteFile("/home/u"+n, data(200*kib, 1), now)
		}
		began := time.Now()
		ids := append(r.get("", "a", "b"), r.put("", "ua", "ub")...)
		time.Sleep(10 * time.Second)
		for _, id := range ids { // a quarter each; the first had all for a moment
			if w := r.row(id); w.Done < 90*kib || w.Done > 120*kib || w.Rate < 9*kib || w.Rate > 12*kib {
				r.Errorf("%s: %d bytes at %.0f", show(w), w.Done, w.Rate)
			}
		}
		if tot := r.q.Totals(); tot.Rate < 38*kib || tot.Rate > 42*kib || tot.Limit != (queue.Rates{All: 40 * kib}) || !tot.LimitUntil.IsZero() {
			r.Errorf("%+v", tot)
		}
		r.idle()
		r.between("all", time.Since(began), 19*time.Second, 21*time.Second)
	})
}

// What is shown is what the limit lets through, from the first look on.
func TestSpeedShownUnderALimit(t *testing.T) {
	run(t, queue.Options{Limits: limits(t, "1M")}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(8<<20, 1), now)
		id := r.get("", "f")[0]
		synctest.Wait()
		if w := r.state(id, queue.Running); w.Rate != -1 || w.Left != -1 {
			r.Errorf("at once: %.0f, %v", w.Rate, w.Left)
		}
		for i := range 14 {
			time.Sleep(500 * time.Millisecond)
			if w, tot := r.row(id), r.q.Totals(); w.Rate < 900*kib || w.Rate > 1100*kib || tot.Rate < 900*kib || tot.Rate > 1100*kib {
				r.Errorf("look %d: %.0f, in all %.0f", i, w.Rate/kib, tot.Rate/kib)
			}
		}
		r.idle()
	})
}

// A speed shows what a new limit lets through as soon as there is something to show.
func TestSpeedShownUnderAnotherLimit(t *testing.T) {
	run(t, queue.Options{Limits: limits(t, "1M")}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(8<<20, 1), now)
		id := r.get("", "f")[0]
		time.Sleep(5 * time.Second)
		r.row(id)
		r.q.Limit(limits(t, "100K"))
		for range 3 {
			time.Sleep(500 * time.Millisecond)
			if w, tot := r.row(id), r.q.Totals(); w.Rate < 80*kib || w.Rate > 120*kib || tot.Rate < 80*kib || tot.Rate > 120*kib {
				r.Errorf("%.0f, in all %.0f", w.Rate/kib, tot.Rate/kib)
			}
		}
		r.q.Limit(queue.Limits{})
		r.idle()
	})
}

// Whoever waits for its share goes on at once when the limit is changed or
// lifted, and ends at once when the job is cancelled.
func TestLimitChangedWhileRunning(t *testing.T) {
	run(t, queue.Options{Limits: limits(t, "1K")}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(1000*kib, 1), now)
		id := r.get("", "f")[0]
		time.Sleep(20 * time.Second)
		if w := r.row(id); w.Done < 19*kib || w.Done > 21*kib {
			r.Error(show(w), w.Done)
		}
		r.q.Limit(limits(t, "100K"))
		time.Sleep(2 * time.Second)
		if w := r.row(id); w.Done < 210*kib || w.Done > 260*kib {
			r.Error(show(w), w.Done)
		}
		r.between("the rest without a limit", r.took(func() { r.q.Limit(queue.Limits{}) }), 0, 100*time.Millisecond)
		r.state(id, queue.Done)
		r.holds(r.here, "/home/f", data(1000*kib, 1))
	})
	run(t, queue.Options{Limits: limits(t, "1K")}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(1000*kib, 1), now)
		id := r.get("", "f")[0]
		time.Sleep(time.Minute)
		began := time.Now()
		r.q.Cancel(id)
		synctest.Wait()
		if r.state(id, queue.Cancelled); time.Since(began) != 0 {
			r.Errorf("after %v", time.Since(began))
		}
		r.paths(r.here, "/home/") // the worker has ended, and the part is gone
	})
}

// A limit that is set while a file is on its way counts for the rest of it.
func TestLimitSetInTheMiddle(t *testing.T) {
	for _, up := range []bool{false, true} {
		run(t, queue.Options{}, func(r *rig) {
			from, to, get := r.there, r.here, r.get
			if up {
				from, to, get = r.here, r.there, r.put
			}
			paths := [2]string{"/pub/f", "/home/f"}
			if up {
				slices.Reverse(paths[:])
			}
			from.WriteFile(paths[0], data(1000*kib, 1), now)
			gate := from.Gate("read", "")
			id := get("", "f")[0]
			synctest.Wait()
			r.q.Limit(limits(t, "50K"))
			gate.Open()
			time.Sleep(5 * time.Second)
			if w := r.row(id); w.Done < 200*kib || w.Done > 600*kib { // a buffer more than five seconds' worth
				r.Error(show(w), w.Done)
			}
			r.idle()
			r.holds(to, paths[1], data(1000*kib, 1))
		})
	}
}

func TestTimetable(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		y, m, d := time.Now().Date() // the bubble begins at some midnight of its own
		begin := time.Date(y, m, d+1, 1, 59, 50, 0, time.Local)
		time.Sleep(time.Until(begin))
		r.q.Limit(limits(t, "02:00-07:00 1K, 10K"))
		until := begin.Add(10 * time.Second)
		if tot := r.q.Totals(); tot.Limit.All != 10*kib || !tot.LimitUntil.Equal(until) {
			r.Errorf("%+v until %v", tot.Limit, tot.LimitUntil)
		}
		r.there.WriteFile("/pub/f", data(120*kib, 1), now)
		id := r.get("", "f")[0]
		time.Sleep(20 * time.Second)
		if w := r.row(id); w.Done < 105*kib || w.Done > 115*kib { // 100 until two, 10 since
			r.Error(show(w), w.Done)
		}
		if tot := r.q.Totals(); tot.Limit.All != kib || !tot.LimitUntil.Equal(until.Add(5*time.Hour)) {
			r.Errorf("%+v until %v", tot.Limit, tot.LimitUntil)
		}
		if got := r.q.Limits().String(); got != "02:00-07:00 1K, 10K" {
			r.Error(got)
		}
	})
}

// What goes from one place of this machine to another crosses no network.
func TestLocalCopiesHaveNoLimit(t *testing.T) {
	run(t, queue.Options{Limits: limits(t, "1K")}, func(r *rig) {
		r.here.WriteFile("/home/f", data(1000*kib, 1), now)
		r.here.Mkdir("/home/d")
		r.between("a local copy", r.took(func() {
			r.add(queue.Spec{Kind: queue.Copy, Src: at(queue.Local, "/home/f"), Dst: at(queue.Local, "/home/d")})
		}), 0, 200*time.Millisecond)
	})
}
