package queue_test

import (
	"testing"

	"portside/queue"
	"portside/queue/queuetest"
)

// What a server says at the end of a stream that brought nothing is the reason,
// not that nothing came: here that it will never bring anything.
func TestSegmentsHearWhyTheyAreShort(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		far(r, 48<<20)
		r.there.Hook = func(c queuetest.Call) error {
			switch c.Op {
			case "read":
				r.there.WriteFile("/pub/big", nil, now)
			case "close":
				return queue.Fail(queue.ClassJob, "425 not with this key", nil)
			}
			return nil
		}
		id := r.get("", "big")[0]
		watch(r, id)
		if w := r.state(id, queue.Failed); w.Failure.Text != "425 not with this key" || w.Attempt != 1 {
			t.Error(show(w))
		}
	})
}
