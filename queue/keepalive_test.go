package queue_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"portside/queue"
	"portside/queue/queuetest"
)

// asked counts the keep-alives on a disk, and may fail them.
func asked(d *queuetest.Disk, fail error) *atomic.Int64 {
	var n atomic.Int64
	d.Hook = func(c queuetest.Call) error {
		if c.Op != "keepalive" {
			return nil
		}
		n.Add(1)
		return fail
	}
	return &n
}

// wait lets time pass.
func wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// The session of a pane is kept alive while somebody may come back, and then
// given up.
func TestIdleSessionIsKeptAlive(t *testing.T) {
	run(t, queue.Options{Interactive: true}, func(r *rig) {
		n := asked(r.there, nil)
		if _, err := r.q.Connect(r.Context(), server); err != nil {
			r.Fatal(err)
		}
		wait(49 * time.Second)
		if n.Load() != 0 {
			r.Errorf("asked %d times in 49 s", n.Load())
		}
		wait(9*time.Minute + 12*time.Second)
		if n.Load() != 12 {
			r.Errorf("asked %d times in 10 min", n.Load())
		}
		// Use begins the time anew.
		if _, err := r.q.Stat(r.Context(), at(server, "/pub")); err != nil {
			r.Error(err)
		}
		wait(29 * time.Minute)
		if live, _ := r.dialer.Live(server); live != 1 {
			r.Errorf("%d sessions after 29 min", live)
		}
		wait(2 * time.Minute)
		if live, _ := r.dialer.Live(server); live != 0 {
			r.Errorf("%d sessions after 31 min", live)
		}
		before := n.Load()
		wait(time.Hour)
		if n.Load() != before {
			r.Error("asked without a session")
		}
		if _, err := r.q.Stat(r.Context(), at(server, "/pub")); err != nil {
			r.Error(err)
		}
		if dials, _ := r.dialer.Dials(); dials != 2 {
			r.Errorf("dialled %d times", dials)
		}
	})
}

// A session that does not answer is closed, and the next use dials anew.
func TestSilentSessionIsClosed(t *testing.T) {
	run(t, queue.Options{Interactive: true}, func(r *rig) {
		n := asked(r.there, queue.Fail(queue.ClassAttempt, "no answer", errors.New("silence")))
		if _, err := r.q.Connect(r.Context(), server); err != nil {
			r.Fatal(err)
		}
		wait(time.Minute)
		if live, _ := r.dialer.Live(server); live != 0 || n.Load() != 1 {
			r.Errorf("%d sessions, asked %d times", live, n.Load())
		}
		if _, err := r.q.Stat(r.Context(), at(server, "/pub")); err != nil {
			r.Error(err)
		}
	})
}

// Sessions of workers rest for a minute and are gone; nobody keeps them.
func TestWorkersAreNotKeptAlive(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		n := asked(r.there, nil)
		r.there.WriteFile("/pub/f", data(10, 1), now)
		r.get("", "f")
		r.idle()
		wait(10 * time.Minute)
		if live, _ := r.dialer.Live(server); live != 0 || n.Load() != 0 {
			r.Errorf("%d sessions, asked %d times", live, n.Load())
		}
	})
}

// Browsing waits for a keep-alive where there is one session only, and Close
// ends one that hangs.
func TestKeepAliveHangs(t *testing.T) {
	run(t, queue.Options{Interactive: true, Connections: 1}, func(r *rig) {
		if _, err := r.q.Connect(r.Context(), server); err != nil {
			r.Fatal(err)
		}
		gate := r.there.Gate("keepalive", "")
		wait(51 * time.Second)
		if len(gate.Arrived()) != 1 {
			r.Fatal("not asked")
		}
		ctx, cancel := context.WithTimeout(r.Context(), time.Second)
		defer cancel()
		if _, err := r.q.Stat(ctx, at(server, "/pub")); !errors.Is(err, context.DeadlineExceeded) {
			r.Errorf("used during the keep-alive: %v", err)
		}
		gate.Open()
		if _, err := r.q.Stat(r.Context(), at(server, "/pub")); err != nil {
			r.Error(err)
		}
		r.there.Gate("keepalive", "")
		wait(51 * time.Second)
	})
}
