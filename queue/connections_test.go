package queue_test

import (
	"fmt"
	"strings"
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

// What a person set is kept, what one process was started with is not; and one
// less than one is automatic again, for the next process as well.
func TestConnectionsOutlastTheProcess(t *testing.T) {
	m := &memStore{}
	for _, c := range []struct{ given, begin, by, counts int }{
		{0, 0, 0, 0}, {7, 7, 0, 7}, {0, 0, 0, 0}, {7, 7, -1, 6}, {0, 6, 0, 6}, {2, 2, 0, 2}, {0, 6, -5, 1}, {0, 1, 1, 2},
		{0, 2, -9, 1}, {0, 1, -1, 0}, {0, 0, 0, 0}, {0, 0, 1, 5}, {0, 5, 0, 5},
	} {
		run(t, queue.Options{}, func(r *rig) {
			q, _, err := queue.Open(queue.Options{Local: r.here.FS(queue.Local), Remote: r.dialer, Connections: c.given}, m)
			if err != nil {
				t.Fatal(err)
			}
			if n := q.Connections(0); n != c.begin {
				t.Errorf("%+v: %d at the beginning", c, n)
			}
			if n := q.Connections(c.by); n != c.counts {
				t.Errorf("%+v: %d", c, n)
			}
			synctest.Wait()
			m = m.killed()
			if err := q.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// The number that was kept counts for jobs that were in the queue before, and
// so does the automatic one when it comes back.
func TestKeptConnectionsCountForOldJobs(t *testing.T) {
	saved(t, func(r *rig, m *memStore) {
		for i := range 400 {
			r.there.WriteFile(fmt.Sprintf("/pub/d/%03d", i), data(1000, uint32(i)), now)
		}
		r.there.Delay = 100 * time.Millisecond
		r.q.Pause()
		r.get("", "d")
		if n := r.q.Connections(-3); n != 1 {
			t.Fatal(n)
		}
		synctest.Wait()
		r.open(m.killed())
		r.q.Resume()
		time.Sleep(10 * time.Second)
		if live, _ := r.dialer.Live(server); live != 1 {
			r.Errorf("%d sessions, want 1", live)
		}
		r.q.Connections(-1)
		time.Sleep(3 * time.Second)
		if live, _ := r.dialer.Live(server); live < 4 {
			r.Errorf("%d sessions, want as many as serve best", live)
		}
		r.idle()
	})
}

// A copy within a server that cannot have two sessions fails at once, and the
// words say whose number that is and what helps.
func TestACopyWithinAServerOfOneConnection(t *testing.T) {
	for _, c := range []struct {
		set, most int
		words     string
	}{{1, 0, "one is allowed here; + in the queue"}, {4, 1, "allows one connection only"}} {
		run(t, queue.Options{Connections: c.set}, func(r *rig) {
			r.dialer.Max = c.most
			tree(r.there, "/pub")
			r.there.Mkdir("/in")
			id := r.add(queue.Spec{Kind: queue.Copy, Src: at(server, "/pub/t/a.txt"), Dst: at(server, "/in")})[0]
			r.idle()
			if w := r.state(id, queue.Failed); !strings.Contains(w.Failure.Text, c.words) {
				r.Error(show(w))
			}
			r.dialer.Max = 0
			if r.q.Connections(2); c.most > 0 {
				time.Sleep(10 * time.Minute) // the server is asked for one more
			}
			r.q.Retry(id)
			r.idle()
			r.state(id, queue.Done)
		})
	}
}
