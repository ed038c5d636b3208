package queue_test

import (
	"slices"
	"testing"

	"portside/queue"
)

// A target that cannot be resumed asks what to do instead, and says why.
func TestWhatWasTriedIsNotOfferedAgain(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(100*kib, 1), now)
		r.here.WriteFile("/home/f", data(50*kib, 2), now)
		id := r.get("", "f")[0]
		r.idle()
		if q := r.state(id, queue.Asking).Question; q.Why != "" || !slices.Contains(q.Choices, queue.ExistsResume) {
			t.Errorf("%+v", q)
		}
		if err := r.q.Answer(id, queue.Answer{Exists: queue.ExistsResume}); err != nil {
			t.Fatal(err)
		}
		r.idle()
		q := r.state(id, queue.Asking).Question
		if q.Why != "cannot be resumed: it is not the beginning of the source" || slices.Contains(q.Choices, queue.ExistsResume) {
			t.Errorf("%+v", q)
		}
		r.holds(r.here, "/home/f", data(50*kib, 2))
	})
}
