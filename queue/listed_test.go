package queue_test

import (
	"testing"
	"testing/synctest"

	"portside/queue"
)

// A directory that waits for an answer about its last file is not being read.
func TestADirectoryIsListedBeforeItsFilesEnd(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/d/a", data(kib, 1), now)
		r.there.WriteFile("/pub/d/b", data(kib, 2), now)
		r.here.WriteFile("/home/d/b", data(kib, 3), now)
		gate := r.there.Gate("list", "/pub/d")
		id := r.get("", "d")[0]
		synctest.Wait()
		if w := r.state(id, queue.Scanning); w.Listed {
			t.Error("listed before it was read")
		}
		gate.Open()
		r.idle()
		if w := r.state(id, queue.Scanning); !w.Listed || w.Note != "1 of 2 done" {
			t.Error(show(w), w.Listed)
		}
		for _, w := range r.q.Rows(0, 10) {
			if w.State == queue.Asking {
				if err := r.q.Answer(w.ID, queue.Answer{Exists: queue.ExistsSkip}); err != nil {
					t.Error(err)
				}
			}
		}
		r.idle()
		if w := r.state(id, queue.Done); w.Listed {
			t.Error("listed when it is done")
		}
	})
}
