package queue_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"portside/queue"
)

// What a person ordered stands after the process was killed: the limit, the
// order, the priorities, and that all is paused.
func TestOrdersOutlastTheProcess(t *testing.T) {
	saved(t, func(r *rig, m *memStore) {
		r.q.Pause()
		ids := r.get("", "a", "b", "c", "d", "e")
		r.q.Prioritize(queue.PriorityHigh, ids[2])
		r.q.Prioritize(queue.PriorityLow, ids[0])
		r.q.Move(ids[4], -queue.Far)
		r.q.Limit(limits(t, "02:00-07:00 none, down 10K"))
		synctest.Wait()
		r.open(m.killed())
		got := ""
		for _, w := range r.q.Rows(0, 10) {
			got += fmt.Sprintf("%s %s %s, ", w.Name, w.State, w.Priority)
		}
		if want := "e paused normal, a paused low, b paused normal, c paused high, d paused normal, "; got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
		if got := r.q.Limits().String(); got != "02:00-07:00 none, down 10K" {
			t.Error(got)
		}
		if later := r.get("", "f")[0]; r.row(later).State != queue.Paused {
			t.Error(show(r.row(later)))
		}
	})
}

// A limit that one process was started with is its own.
func TestALimitOfOneProcessIsNotKept(t *testing.T) {
	m := &memStore{}
	for _, c := range []struct{ given, set, counts string }{
		{"1M", "", "1M"}, {"", "", "none"}, {"", "2M", "2M"}, {"3M", "", "3M"}, {"", "", "2M"}, {"", "none", "none"}, {"", "", "none"},
	} {
		run(t, queue.Options{}, func(r *rig) {
			q, _, err := queue.Open(queue.Options{Local: r.here.FS(queue.Local), Remote: r.dialer, Limits: limits(t, c.given)}, m)
			if err != nil {
				t.Fatal(err)
			}
			if c.set != "" {
				q.Limit(limits(t, c.set))
			}
			if got := q.Limits().String(); got != c.counts {
				t.Errorf("%+v: %s", c, got)
			}
			if err := q.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Questions stay open over a kill, and their answers hold for what was asked:
// for those that were seen, and for the batch with what it has yet to ask.
func TestAnswersOutlastTheProcess(t *testing.T) {
	saved(t, func(r *rig, m *memStore) {
		for i := range 6 {
			r.there.WriteFile(fmt.Sprint("/pub/f", i), data(100, uint32(i)), now)
			r.here.WriteFile(fmt.Sprint("/home/f", i), data(50, 9), now)
		}
		ids := r.get("", "f0", "f1", "f2", "f3")
		other := r.get("", "f4")[0]
		r.q.Pause(ids[3]) // it has yet to ask
		r.idle()
		m = m.killed()
		r.open(m)
		for _, id := range append(ids[:3:3], other) {
			if w := r.state(id, queue.Asking); w.Question == nil || w.Question.Target.Size != 50 {
				t.Fatal(show(w))
			}
		}
		r.here.WriteFile("/home/f2", data(70, 9), now) // it is not what was asked about
		r.dialer.Gate = make(chan struct{})            // nothing comes of the answer before the process dies
		if err := r.q.Answer(ids[0], queue.Answer{Exists: queue.ExistsOverwrite, Scope: queue.ScopeBatch}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		m = m.killed()
		r.open(m)
		close(r.dialer.Gate)
		r.q.Resume()
		r.idle()
		for _, i := range []int{0, 1, 3} {
			r.state(ids[i], queue.Done)
			r.holds(r.here, fmt.Sprint("/home/f", i), data(100, uint32(i)))
		}
		if w := r.state(ids[2], queue.Asking); w.Question.Target.Size != 70 {
			t.Errorf("%+v", w.Question)
		}
		r.state(other, queue.Asking)
		r.holds(r.here, "/home/f4", data(50, 9))
	})
}
