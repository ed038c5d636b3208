package queue_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"portside/queue"
)

// The number of sessions follows what is ordered while transfers run: more
// start at once, too many end with what they are at.
func TestConnectionsChangeWhileRunning(t *testing.T) {
	for _, begin := range []int{0, 4} {
		run(t, queue.Options{Connections: begin}, func(r *rig) {
			for i := range 800 {
				r.there.WriteFile(fmt.Sprintf("/pub/d/%03d", i), data(1000, uint32(i)), now)
			}
			r.there.Delay = 100 * time.Millisecond
			r.get("", "d")
			time.Sleep(8 * time.Second)
			if n := r.q.Connections(0); n != begin {
				r.Errorf("%d at the beginning", n)
			}
			was, _ := r.dialer.Live(server)
			n := r.q.Connections(2)
			if n != was+2 {
				r.Errorf("%d connections, from %d on", n, was)
			}
			time.Sleep(3 * time.Second)
			if live, _ := r.dialer.Live(server); live != n {
				r.Errorf("%d sessions, want %d", live, n)
			}
			if n = r.q.Connections(-100); n != 1 {
				r.Errorf("%d are left", n)
			}
			time.Sleep(3 * time.Second)
			synctest.Wait()
			if live, _ := r.dialer.Live(server); live != 1 {
				r.Errorf("%d sessions, want 1", live)
			}
			r.q.Connections(5)
			r.idle()
			if tot := r.q.Totals(); tot.Failed > 0 || tot.FilesDone != 800 {
				r.Errorf("%+v", tot)
			}
		})
	}
}
