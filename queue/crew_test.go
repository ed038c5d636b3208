package queue_test

import (
	"io/fs"
	"testing"
	"testing/synctest"
	"time"

	"portside/queue"
	"portside/queue/queuetest"
)

// From a server far away the other sessions log in while the first byte is on
// its way, and all streams end well.
func TestCrewComesBeforeTheFirstByte(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		want := far(r, 48<<20)
		r.there.Trip = 100 * time.Millisecond
		gate := r.there.Gate("open", "/pub/big")
		id := r.get("", "big")[0]
		<-gate.Arrived()
		synctest.Wait()
		if n, _ := r.dialer.Dials(); n != 2 {
			r.Errorf("%d sessions before the first byte", n)
		}
		gate.Open()
		if most := watch(r, id); most != 2 {
			r.Errorf("%d streams", most)
		}
		whole(r, id, want)
		if n, _ := r.dialer.Dials(); n != 2 {
			r.Errorf("%d sessions", n)
		}
	})
}

// A file that cannot be read gives all sessions back.
func TestCrewIsDisbanded(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		far(r, 48<<20)
		r.there.Trip = 100 * time.Millisecond
		r.there.Hook = func(c queuetest.Call) error {
			if c.Op == "open" {
				return &fs.PathError{Op: c.Op, Path: c.Path, Err: fs.ErrPermission}
			}
			return nil
		}
		gate := r.there.Gate("open", "/pub/big")
		id := r.get("", "big")[0]
		<-gate.Arrived()
		synctest.Wait()
		gate.Open()
		watch(r, id)
		r.state(id, queue.Failed)
		// What was taken for them is free: a listing finds a session that rests.
		n, _ := r.dialer.Dials()
		for _, err := range r.q.List(r.Context(), at(server, "/pub")) {
			if err != nil {
				r.Error(err)
			}
		}
		if again, _ := r.dialer.Dials(); n != 2 || again != n {
			r.Errorf("%d sessions, then %d", n, again)
		}
	})
}
