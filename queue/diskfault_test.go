package queue_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"testing"

	"portside/queue"
	"portside/queue/queuetest"
)

// E14: the local disk fails at any call. Nothing half stands under the final
// name, what came is kept, the words are the disk's, and trying again ends
// well.
func TestEveryCallOfTheDiskFailsE14(t *testing.T) {
	for _, fault := range []error{syscall.EIO, syscall.ENOSPC} {
		for n := 1; ; n++ {
			if diskFails(t, fault, n) < n {
				break
			}
		}
	}
}

func diskFails(t *testing.T, fault error, n int) (calls int) {
	whole := data(mib+200_000, 1)
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", whole, now)
		wrote := 0
		r.here.FailAt(n, &fs.PathError{Op: "write", Path: "/home/f", Err: fault})
		r.here.Hook = func(c queuetest.Call) error {
			if c.Op == "write" && c.N < n {
				wrote++
			}
			return nil
		}
		id := r.get(queue.ExistsFail, "f")[0]
		r.idle()
		calls = r.here.Calls()
		if got, ok := r.here.ReadFile("/home/f"); ok && !slices.Equal(got, whole) {
			r.Errorf("call %d: half of it is final", n)
		}
		if w := r.row(id); w.State != queue.Done {
			if w.State != queue.Failed || !strings.Contains(w.Failure.Text, fault.Error()) {
				r.Errorf("call %d: %s", n, show(w))
			}
			if part, _ := r.here.ReadFile("/home/.f.portside"); len(part) < min(wrote*(16<<10), len(whole)) {
				r.Errorf("call %d: %d writes, and %d bytes are kept", n, wrote, len(part))
			}
			r.q.Retry(id)
			r.idle()
			r.state(id, queue.Done)
		}
		r.holds(r.here, "/home/f", whole)
		if got := fmt.Sprint(r.here.Paths()); got != "[/home/ /home/f]" && !strings.Contains(got, ".json") {
			r.Errorf("call %d: %s", n, got)
		}
	})
	return calls
}
