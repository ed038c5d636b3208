package queue_test

import (
	"context"
	"sync/atomic"
	"testing"

	"portside/queue"
	"portside/queue/queuetest"
)

// faulty opens sessions that fault where they are asked whether they live, once.
type faulty struct {
	*queuetest.Dialer
	asked *atomic.Bool
}

func (d faulty) Dial(ctx context.Context, address string) (queue.FS, error) {
	fs, err := d.Dialer.Dial(ctx, address)
	return mortal{fs, d.asked}, err
}

type mortal struct {
	queue.FS
	asked *atomic.Bool
}

func (f mortal) Alive() bool {
	if f.asked.CompareAndSwap(false, true) {
		panic("at the end of a turn")
	}
	return f.FS.Alive()
}

// A session that faults while it is given back keeps no job from ending.
func TestASessionThatFaultsInTheEnd(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/a", data(100, 1), now)
		r.there.WriteFile("/pub/b", data(100, 2), now)
		var asked atomic.Bool
		r.reopen(queue.Options{Local: r.here.FS(queue.Local), Remote: faulty{r.dialer, &asked}})
		ids := r.get("", "a", "b")
		r.idle()
		for _, id := range ids {
			r.state(id, queue.Done)
		}
		if !asked.Load() {
			r.Error("nothing faulted")
		}
	})
}

// reopen puts another queue in the place of the rig's.
func (r *rig) reopen(o queue.Options) {
	r.Helper()
	if err := r.q.Close(); err != nil {
		r.Fatal(err)
	}
	r.q = queue.New(o)
}
