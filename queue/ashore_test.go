package queue_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"portside/queue"
)

// While files wait for the disk their session serves others, but not for ever
// more of them.
func TestTheDiskHoldsUpNoSession(t *testing.T) {
	run(t, queue.Options{Connections: 1}, func(r *rig) {
		for i := range 50 {
			r.there.WriteFile(fmt.Sprintf("/pub/d/%02d", i), data(100, uint32(i)), now)
		}
		g := r.here.Gate("commit", "")
		r.get("", "d")
		synctest.Wait()
		if n := len(g.Arrived()); n != 33 { // one of them with the session
			r.Errorf("%d files wait for the disk", n)
		}
		if n, _ := r.dialer.Live(server); n != 1 {
			r.Errorf("%d sessions", n)
		}
		g.Open()
		r.idle()
		if tot := r.q.Totals(); tot.FilesDone != 50 || tot.Failed != 0 {
			r.Errorf("%+v", tot)
		}
	})
}

// A browser gets the session too.
func TestBrowsingWhileTheDiskIsBusy(t *testing.T) {
	run(t, queue.Options{Connections: 1}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(100, 1), now)
		g := r.here.Gate("commit", "")
		id := r.get("", "f")[0]
		<-g.Arrived()
		if _, err := r.q.Stat(r.Context(), at(server, "/pub/f")); err != nil {
			r.Error(err)
		}
		r.state(id, queue.Finishing)
		g.Open()
		r.idle()
		r.state(id, queue.Done)
	})
}

// A move still needs its session: the source goes only after the target is on
// the disk.
func TestAMoveWaitsForTheDisk(t *testing.T) {
	run(t, queue.Options{Connections: 1}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(100, 1), now)
		r.there.WriteFile("/pub/g", data(100, 2), now)
		g := r.here.Gate("commit", "")
		r.add(queue.Spec{Kind: queue.Move, Src: at(server, "/pub/f"), Dst: at(queue.Local, "/home")},
			queue.Spec{Kind: queue.Move, Src: at(server, "/pub/g"), Dst: at(queue.Local, "/home")})
		synctest.Wait()
		if n := len(g.Arrived()); n != 1 {
			r.Errorf("%d files wait", n)
		}
		r.paths(r.there, "/pub/", "/pub/f", "/pub/g")
		g.Open()
		r.idle()
		r.paths(r.there, "/pub/")
		r.paths(r.here, "/home/", "/home/f", "/home/g")
	})
}

// A disk that fails at the very end fails the job in words, whoever has the
// session by then.
func TestTheDiskFailsInTheEnd(t *testing.T) {
	run(t, queue.Options{Connections: 1}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(2*mib, 1), now)
		r.here.Hook = once("commit", "", 0, fmt.Errorf("the disk is on fire"))
		id := r.get("", "f")[0]
		r.idle()
		if w := r.state(id, queue.Failed); w.Failure.Text != "the disk is on fire" {
			r.Error(show(w))
		}
		r.paths(r.here, "/home/", "/home/.f.portside", "/home/.f.portside.json")
		r.q.Retry(id)
		r.idle()
		r.state(id, queue.Done)
		r.paths(r.here, "/home/", "/home/f")
		if n, _ := r.dialer.Dials(); n > 2 {
			r.Errorf("%d sessions were opened", n)
		}
	})
}
