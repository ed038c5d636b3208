package queue_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"portside/queue"
	"portside/queue/queuetest"
)

// many puts n files of a size into a directory.
func many(d *queuetest.Disk, dir string, n, size int) {
	for i := range n {
		d.WriteFile(fmt.Sprintf("%s/%03d", dir, i), data(size, uint32(i)), now)
	}
}

func TestSessionsGrowWhileItHelps(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		many(r.there, "/pub/d", 1000, 1000)
		r.there.Delay, r.dialer.Delay = 50*time.Millisecond, 300*time.Millisecond
		r.get("", "d")
		time.Sleep(700 * time.Millisecond)
		if n, atOnce := r.dialer.Dials(); n != 4 || atOnce != 3 {
			r.Errorf("%d dials, %d at once", n, atOnce)
		}
		time.Sleep(1300 * time.Millisecond)
		if n, most := r.dialer.Live(server); n != 8 || most != 8 {
			r.Errorf("%d sessions, at most %d", n, most)
		}
		r.idle()
		if got := r.q.Totals().FilesDone; got != 1000 {
			r.Errorf("%d files done", got)
		}
	})
}

// F15: a number that was named is opened soon, but not all at once.
func TestLoginsArePaced(t *testing.T) {
	run(t, queue.Options{Connections: 20}, func(r *rig) {
		many(r.there, "/pub/d", 40, 100_000)
		r.there.Delay, r.dialer.Delay = 5*time.Second, 10*time.Millisecond
		r.get("", "d")
		time.Sleep(100 * time.Millisecond)
		if n, _ := r.dialer.Dials(); n != 8 {
			r.Errorf("%d dials at once", n)
		}
		time.Sleep(2 * time.Second)
		if n, _ := r.dialer.Dials(); n < 13 || n > 15 {
			r.Errorf("%d dials after 2 s", n)
		}
		time.Sleep(3 * time.Second)
		if n, _ := r.dialer.Dials(); n != 20 {
			r.Errorf("%d dials after 5 s", n)
		}
		r.idle()
	})
}

// Two users, or two ways to reach it: the server counts them together.
func TestOneBudgetForAServer(t *testing.T) {
	other := strings.Replace(server, "//", "//other@", 1)
	for _, limit := range []int{1, 3} {
		run(t, queue.Options{Connections: limit}, func(r *rig) {
			r.dialer.Disks[other] = r.there
			r.dialer.Group = func(string) string { return "one" }
			r.dialer.Max = limit
			many(r.there, "/pub/d", 20, 1000)
			many(r.there, "/pub/e", 20, 1000)
			r.there.Delay = time.Millisecond
			if _, err := r.q.Connect(r.Context(), server); err != nil {
				r.Fatal(err)
			}
			if i, err := r.q.Connect(r.Context(), other); err != nil || i.Address != other {
				r.Error(i, err)
			}
			r.add(queue.Spec{Kind: queue.Copy, Src: at(other, "/pub/e"), Dst: at(queue.Local, "/home")})
			r.get("", "d")
			r.idle()
			if _, err := r.q.Stat(r.Context(), at(server, "/pub/d")); err != nil {
				r.Error(err)
			}
			if tot := r.q.Totals(); tot.FilesDone != 40 || tot.Failed > 0 {
				r.Errorf("%+v", tot)
			}
			_, a := r.dialer.Live(server)
			_, b := r.dialer.Live(other)
			if a == 0 || b == 0 || r.dialer.MostTogether() > limit {
				r.Errorf("%d and %d sessions, %d together", a, b, r.dialer.MostTogether())
			}
			if n, _ := r.dialer.Dials(); n > 15 {
				r.Errorf("%d dials", n)
			}
		})
	}
}
