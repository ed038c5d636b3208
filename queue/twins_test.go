package queue_test

import (
	"fmt"
	"testing"

	"portside/queue"
)

// On a disk that does not tell upper from lower case, files of one batch that
// differ in that alone all arrive, whatever the policy is.
func TestTwinsOfADirectory(t *testing.T) {
	for _, p := range []queue.Policy{queue.ExistsAsk, queue.ExistsOverwrite, queue.ExistsSize, queue.ExistsResume, queue.ExistsFail} {
		run(t, queue.Options{}, func(r *rig) {
			r.here.Fold = true
			for i, n := range []string{"A.txt", "a.txt", "a.TXT", "Dir/x", "dir/x", "dir/y", "other"} {
				r.there.WriteFile("/pub/d/"+n, data(100, uint32(i)), now)
			}
			r.here.WriteFile("/home/d/A-1.txt", []byte("mine"), now)
			r.get(p, "d")
			r.idle()
			if tot := r.q.Totals(); tot.FilesDone != 7 || tot.Asking+tot.Failed+tot.Skipped != 0 {
				r.Errorf("%s: %+v", p, tot)
			}
			// The rows come as the server has them: A.txt first, then a.TXT and a.txt.
			for n, i := range map[string]uint32{"A.txt": 0, "a-2.TXT": 2, "a-3.txt": 1, "Dir/x": 3, "dir-1/x": 4, "dir-1/y": 5, "other": 6} {
				r.holds(r.here, "/home/d/"+n, data(100, i))
			}
			r.holds(r.here, "/home/d/A-1.txt", []byte("mine"))
		})
	}
}

func TestTwinsOfAnAdd(t *testing.T) {
	for _, p := range []queue.Policy{queue.ExistsOverwrite, queue.ExistsResume, queue.ExistsSize} {
		run(t, queue.Options{}, func(r *rig) {
			r.here.Fold = true
			r.there.WriteFile("/pub/A", data(10, 1), now)
			r.there.WriteFile("/pub/a", data(20, 2), now)
			r.there.WriteFile("/pub/x/a", data(30, 3), now)
			r.here.WriteFile("/home/A-1", []byte("mine"), now)
			ids := r.get(p, "A", "a")
			r.idle()
			for _, id := range ids {
				r.state(id, queue.Done)
			}
			r.holds(r.here, "/home/A", data(10, 1))
			r.holds(r.here, "/home/A-1", []byte("mine"))
			r.holds(r.here, "/home/a-1-1", data(20, 2))
		})
	}
	// A disk that tells them apart gets both under their own names, and a second
	// order may write over the first.
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/A", data(10, 1), now)
		r.there.WriteFile("/pub/a", data(20, 2), now)
		r.get(queue.ExistsOverwrite, "A", "a")
		r.get(queue.ExistsOverwrite, "a")
		r.idle()
		r.paths(r.here, "/home/", "/home/A", "/home/a")
	})
}

// Large files of two batches that fold to one name neither share a part nor a
// target.
func TestTwinsOfTwoAdds(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.here.Fold = true
		r.there.WriteFile("/pub/A", data(2*mib, 1), now)
		r.there.WriteFile("/pub/a", data(2*mib, 2), now)
		first := r.get("", "A")[0]
		second := r.get("", "a")[0]
		r.idle()
		done, asks, i := first, second, uint32(1)
		if r.row(first).State != queue.Done {
			done, asks, i = second, first, 2
		}
		r.state(done, queue.Done)
		r.state(asks, queue.Asking)
		r.holds(r.here, fmt.Sprintf("/home/%s", []string{"", "A", "a"}[i]), data(2*mib, i))
	})
}
