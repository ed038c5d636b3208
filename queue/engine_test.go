package queue_test

import (
	"testing"
	"testing/synctest"
	"time"

	"portside/queue"
)

// A face needs no more than this: the level Changed, then Updates, Totals and
// Rows.
func TestFollowingTheQueue(t *testing.T) {
	log := queue.NewLog(10)
	run(t, queue.Options{Log: log}, func(r *rig) {
		tree(r.there, "/pub")
		r.there.Delay = 50 * time.Millisecond
		log.Add(queue.Line{Text: "hello"})
		states := map[string]queue.State{}
		var version uint64
		r.get("", "t")
		for {
			select {
			case <-r.q.Changed():
			case <-time.After(time.Minute):
				r.Fatal("no word for a minute")
			}
			for _, w := range r.q.Updates(version, 100) {
				if w.Version <= version {
					r.Fatalf("version %d after %d", w.Version, version)
				}
				version = w.Version
				states[w.Name] = w.State
			}
			tot := r.q.Totals()
			if tot.BytesDone > tot.Bytes || tot.FilesDone > tot.Files || tot.Version < version {
				r.Errorf("%+v", tot)
			}
			if !tot.Active() {
				break
			}
		}
		for _, name := range []string{"t", "t/a.txt", "t/big.bin", "t/sub", "t/sub/deep", "t/sub/deep/b.txt", "t/sub/empty", "t/void"} {
			if states[name] != queue.Done {
				r.Errorf("%s is %s", name, states[name])
			}
		}
		if lines := r.q.Log(0, 5); len(lines) != 1 || lines[0].Text != "hello" {
			r.Error(lines)
		}
		// Idle is silent.
		synctest.Wait()
		select {
		case <-r.q.Changed():
		default:
		}
		time.Sleep(50 * time.Second)
		synctest.Wait()
		select {
		case <-r.q.Changed():
			r.Error("something changed while nothing happened")
		default:
		}
	})
}

func TestMoveAndTotals(t *testing.T) {
	run(t, queue.Options{Connections: 1}, func(r *rig) {
		for _, n := range []string{"a", "b", "c"} {
			r.there.WriteFile("/pub/"+n, data(100_000, 1), now)
		}
		r.there.Delay = 100 * time.Millisecond
		ids := r.get("", "a", "b", "c")
		r.q.Move(ids[2], -1)
		time.Sleep(350 * time.Millisecond)
		tot := r.q.Totals()
		if tot.Running != 1 || tot.Waiting != 2 || tot.BytesDone == 0 {
			r.Errorf("%+v", tot)
		}
		time.Sleep(200 * time.Millisecond)
		if tot = r.q.Totals(); tot.Rate < 100_000 || tot.Left < 0 {
			r.Errorf("%+v", tot)
		}
		for {
			time.Sleep(100 * time.Millisecond)
			if w := r.row(ids[2]); w.State != queue.Waiting {
				break
			}
		}
		r.state(ids[1], queue.Waiting)
		r.idle()
	})
}
