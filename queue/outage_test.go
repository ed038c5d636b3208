package queue_test

import (
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"portside/queue"
	"portside/queue/queuetest"
)

func noRoom() *queue.Failure {
	f := queue.Fail(queue.ClassServer, "the server said 452 disk full", nil)
	f.Code, f.Full = 452, true
	return f
}

// A full server stops the uploads to it. Downloads go on, and so do the uploads
// when it has room again, by themselves.
func TestAFullServerStopsItsUploads(t *testing.T) {
	run(t, queue.Options{Retries: 2}, func(r *rig) {
		many(r.here, "/home/up", 10, 1000)
		many(r.there, "/pub/down", 10, 1000)
		var isFull atomic.Bool
		isFull.Store(true)
		var tries atomic.Int64
		r.there.Hook = func(c queuetest.Call) error {
			if c.Op == "write" && isFull.Load() {
				tries.Add(1)
				return noRoom()
			}
			return nil
		}
		up := r.put("", "up")[0]
		down := r.get("", "down")[0]
		time.Sleep(10 * time.Second)
		r.state(down, queue.Done)
		tot := r.q.Totals()
		if !strings.Contains(tot.Stopped, "takes no more") || !tot.Stuck || tot.Failed > 0 || tot.Waiting != 10 {
			r.Fatalf("%+v", tot)
		}
		first := tries.Load()
		if first > 4 {
			r.Errorf("%d tries at once", first)
		}
		time.Sleep(20 * time.Minute)
		if got := tries.Load() - first; got < 5 || got > 7 {
			r.Errorf("%d tries in 20 min", got)
		}
		isFull.Store(false)
		r.idle()
		r.state(up, queue.Done)
		if tot := r.q.Totals(); tot.FilesDone != 20 || tot.Stopped != "" {
			r.Errorf("%+v", tot)
		}
	})
}

// The local disk is full: downloads wait, uploads go on; when there is room
// again, nobody has to say so.
func TestAFullDiskStopsDownloads(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		many(r.there, "/pub/down", 10, 100_000)
		many(r.here, "/home/up", 10, 1000)
		r.here.Hook = func(c queuetest.Call) error {
			if c.Op == "write" && strings.Contains(c.Path, "down") && r.here.Free() < 1<<20 {
				return syscall.ENOSPC
			}
			return nil
		}
		r.here.SetFree(1000)
		down := r.get("", "down")[0]
		up := r.put("", "up")[0]
		time.Sleep(time.Second)
		r.state(up, queue.Done)
		tot := r.q.Totals()
		if !strings.Contains(tot.Stopped, "the local disk is full") || tot.Failed > 0 || tot.FilesDone != 10 {
			r.Fatalf("%+v", tot)
		}
		calls := r.there.Calls()
		time.Sleep(2 * time.Minute)
		if got := r.there.Calls() - calls; got > 0 {
			r.Errorf("%d calls at the server while there is no room", got)
		}
		r.here.SetFree(100 << 20)
		time.Sleep(11 * time.Second)
		synctest.Wait()
		r.state(down, queue.Done)
		if tot := r.q.Totals(); tot.FilesDone != 20 || tot.Stopped != "" || tot.Stuck {
			r.Errorf("%+v", tot)
		}
	})
}

// F14: what a server allows moves; nothing fails of it.
func TestTheLimitMoves(t *testing.T) {
	run(t, queue.Options{Retries: 3}, func(r *rig) {
		r.there.Delay = 500 * time.Millisecond
		many(r.there, "/pub/d", 3000, 1000)
		var limit atomic.Int64
		limit.Store(3)
		r.dialer.Hook = func(int, string) error {
			if now, _ := r.dialer.Live(server); int64(now) >= limit.Load() {
				f := queue.Fail(queue.ClassServer, "too many connections", nil)
				f.Limit, f.Code = true, 421
				return f
			}
			return nil
		}
		var cut atomic.Int64
		r.there.Hook = func(queuetest.Call) error {
			if cut.Add(-1) >= 0 {
				return queue.Fail(queue.ClassAttempt, "421 too many", nil)
			}
			return nil
		}
		id := r.get("", "d")[0]
		live := func() int {
			n, _ := r.dialer.Live(server)
			return n
		}
		time.Sleep(30 * time.Second)
		if n := live(); n != 3 {
			r.Errorf("%d sessions of 3", n)
		}
		limit.Store(1)
		cut.Store(3)
		time.Sleep(30 * time.Second)
		if n := live(); n != 1 {
			r.Errorf("%d sessions of 1", n)
		}
		limit.Store(3)
		before, _ := r.dialer.Dials()
		time.Sleep(16 * time.Minute)
		if n := live(); n != 3 {
			r.Errorf("%d sessions of 3 again", n)
		}
		if n, _ := r.dialer.Dials(); n-before > 6 {
			r.Errorf("%d dials in a quarter of an hour", n-before)
		}
		r.idle()
		r.state(id, queue.Done)
		if tot := r.q.Totals(); tot.FilesDone != 3000 || tot.Failed > 0 {
			r.Errorf("%+v", tot)
		}
	})
}

// A server that is killed and started again, and one that sends everybody away
// for a while: nothing fails, and nothing comes twice.
func TestStormsOfRefusals(t *testing.T) {
	for name, refusal := range map[string]func() error{
		"refused":   func() error { return queue.Fail(queue.ClassServer, "connection refused", nil) },
		"too many":  func() error { f := queue.Fail(queue.ClassServer, "421 too many", nil); f.Limit = true; return f },
		"after all": func() error { return queue.Fail(queue.ClassAttempt, "421 closing", nil) },
	} {
		t.Run(name, func(t *testing.T) {
			run(t, queue.Options{Backoff: queue.Backoff}, func(r *rig) {
				many(r.there, "/pub/d", 500, 50_000)
				r.there.Delay, r.dialer.Delay = 100*time.Millisecond, 200*time.Millisecond
				var away atomic.Bool
				opened := map[string]int{}
				r.there.Hook = func(c queuetest.Call) error {
					if away.Load() {
						return broken()
					}
					if c.Op == "close" {
						opened[c.Path]++
					}
					return nil
				}
				r.dialer.Hook = func(int, string) error {
					if away.Load() {
						return refusal()
					}
					return nil
				}
				id := r.get("", "d")[0]
				for range 5 {
					time.Sleep(3 * time.Second)
					away.Store(true)
					before, _ := r.dialer.Dials()
					told := false
					for range 100 {
						time.Sleep(100 * time.Millisecond)
						o := r.q.Totals().Outage
						told = told || o.Why != "" && o.Server != "" && o.Until.After(time.Now())
					}
					if !told {
						r.Error("nobody hears of the outage")
					}
					if n, _ := r.dialer.Dials(); n-before > 6 {
						r.Errorf("%d dials in 10 s", n-before)
					}
					away.Store(false)
				}
				r.idle()
				r.state(id, queue.Done)
				tot := r.q.Totals()
				if tot.FilesDone != 500 || tot.Failed > 0 {
					r.Errorf("%+v", tot)
				}
				for p, n := range opened {
					if n != 1 {
						r.Errorf("%s came %d times", p, n)
					}
				}
			})
		})
	}
}

// E27: a byte now and then is no transfer. What we limit ourselves is.
func TestStalledTransfers(t *testing.T) {
	for _, limited := range []bool{false, true} {
		run(t, queue.Options{}, func(r *rig) {
			r.there.WriteFile("/pub/f", data(100, 1), now)
			r.there.Chunk = 1
			var crawls atomic.Bool
			crawls.Store(true)
			r.there.Hook = func(c queuetest.Call) error {
				if c.Op == "read" && crawls.Load() {
					time.Sleep(10 * time.Second)
				}
				return nil
			}
			if limited {
				r.q.Limit(queue.Limits{Rates: queue.Rates{All: 1 << 20}})
			}
			id := r.get("", "f")[0]
			time.Sleep(25 * time.Second)
			if w := r.state(id, queue.Running); w.Note != "" {
				r.Error(show(w))
			}
			time.Sleep(35 * time.Second)
			if w := r.state(id, queue.Running); (w.Note == "slow") == limited {
				r.Error(show(w))
			}
			time.Sleep(6 * time.Minute)
			w := r.row(id)
			if stalled := w.Attempt > 1 || w.Failure != nil; stalled == limited {
				r.Error(show(w))
			}
			crawls.Store(false)
			r.idle()
			r.state(id, queue.Done)
			r.holds(r.here, "/home/f", data(100, 1))
		})
	}
}

// F9: the machine slept. Idle sessions are not used again; what ran has to
// show life.
func TestSleep(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		slept := time.Duration(0)
		r.q.SetWall(func() time.Time { return time.Now().Round(0).Add(slept) })
		r.there.WriteFile("/pub/lives", data(500_000, 1), now)
		r.there.WriteFile("/pub/dead", data(500_000, 2), now)
		r.there.WriteFile("/pub/quick", data(10, 3), now)
		r.there.Delay = time.Second
		ids := r.get("", "dead", "lives")
		time.Sleep(3 * time.Second)
		quick := r.get("", "quick")[0]
		time.Sleep(5 * time.Second)
		r.state(quick, queue.Done)
		gate := r.there.Gate("read", "/pub/dead")
		time.Sleep(1500 * time.Millisecond)
		before, _ := r.dialer.Live(server)
		dials, _ := r.dialer.Dials()
		slept = time.Hour
		r.q.Resume() // whatever: the queue looks at the clock
		time.Sleep(time.Second)
		if n, _ := r.dialer.Live(server); before != 3 || n != 2 {
			r.Errorf("%d sessions before, %d after", before, n)
		}
		w := r.state(ids[1], queue.Running)
		time.Sleep(6 * time.Second)
		gate.Open()
		r.idle()
		for _, id := range ids {
			r.state(id, queue.Done)
		}
		if a, b := r.row(ids[0]).Attempt, r.row(ids[1]).Attempt; a != 2 || b != 1 || w.Attempt != 1 {
			r.Errorf("%d and %d attempts", a, b)
		}
		if n, _ := r.dialer.Dials(); n != dials+1 {
			r.Errorf("%d dials", n-dials)
		}
	})
}

// F11: out of open files, here or at the server's door: fewer connections, and
// nothing fails.
func TestOutOfOpenFiles(t *testing.T) {
	for _, where := range []string{"dial", "local", "data"} {
		t.Run(where, func(t *testing.T) {
			run(t, queue.Options{Connections: 8, Retries: 1}, func(r *rig) {
				many(r.there, "/pub/d", 100, 100_000)
				r.there.Delay = 10 * time.Millisecond
				short := func(limit int) bool {
					n, _ := r.dialer.Live(server)
					return n > limit
				}
				r.dialer.Hook = func(int, string) error {
					if where == "dial" && short(2) {
						return queue.Fail(queue.ClassServer, "cannot connect", syscall.EMFILE)
					}
					return nil
				}
				r.here.Hook = func(c queuetest.Call) error {
					if where == "local" && c.Op == "create" && short(3) {
						return syscall.ENFILE
					}
					return nil
				}
				r.there.Hook = func(c queuetest.Call) error {
					if where == "data" && c.Op == "open" && short(3) {
						return queue.Fail(queue.ClassAttempt, "no data connection", syscall.EADDRNOTAVAIL)
					}
					return nil
				}
				id := r.get("", "d")[0]
				r.idle()
				r.state(id, queue.Done)
				if tot := r.q.Totals(); tot.FilesDone != 100 || tot.Failed > 0 {
					r.Errorf("%+v", tot)
				}
				if n, _ := r.dialer.Live(server); n > 3 {
					r.Errorf("%d sessions in the end", n)
				}
			})
		})
	}
}

// F23: what panics twice is not tried again with the rest.
func TestTheSecondPanicParks(t *testing.T) {
	log := queue.NewLog(1000)
	run(t, queue.Options{Log: log}, func(r *rig) {
		r.there.WriteFile("/pub/a", data(100, 1), now)
		r.here.Hook = func(c queuetest.Call) error {
			if c.Op == "create" {
				panic("boom")
			}
			return nil
		}
		id := r.get("", "a")[0]
		for i, want := range []int{1, 2, 2} {
			r.idle()
			if w := r.state(id, queue.Failed); w.Attempt != want || !w.Failure.Fault {
				r.Errorf("time %d: %s", i+1, show(w))
			}
			r.q.Retry()
		}
		r.here.Hook = nil
		r.q.Retry(id)
		r.idle()
		r.state(id, queue.Done)
		stack := false
		for _, l := range log.Lines(0, 1000) {
			stack = stack || strings.Contains(l.Text, "queue.(*task).turn")
		}
		if !stack {
			r.Error("the log does not say where")
		}
	})
}

// A server that has no place for the first session may be full of others: that
// tells nothing about how many it lets us have once there is room.
func TestFullBeforeTheFirstSession(t *testing.T) {
	run(t, queue.Options{Connections: 4, Backoff: queue.Backoff}, func(r *rig) {
		many(r.there, "/pub/d", 200, 50_000)
		r.there.Delay = 100 * time.Millisecond
		r.dialer.Hook = func(n int, _ string) error {
			if n > 2 {
				return nil
			}
			f := queue.Fail(queue.ClassServer, "421 too many", nil)
			f.Limit = true
			return f
		}
		r.get("", "d")
		r.idle()
		if _, most := r.dialer.Live(server); most < 4 {
			r.Errorf("%d sessions at most, want 4", most)
		}
	})
}
