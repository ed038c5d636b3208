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
		tries := 0
		r.there.Hook = func(c queuetest.Call) error {
			if c.Op == "write" && isFull.Load() {
				tries++
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
		first := tries
		if first > 4 {
			r.Errorf("%d tries at once", first)
		}
		time.Sleep(20 * time.Minute)
		if got := tries - first; got < 5 || got > 7 {
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
