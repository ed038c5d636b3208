package queue_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"portside/queue"
	"portside/queue/queuetest"
)

// away makes a big file here, and a server whose connections are slow, each by
// itself.
func away(r *rig, size int) []byte {
	r.there.Whence = true
	r.there.Delay = 100 * time.Millisecond
	r.here.Chunk = 256 << 10
	want := data(size, 1)
	r.here.WriteFile("/home/big", want, now)
	return want
}

// sentWhole checks that a file has arrived, and nothing beside it.
func sentWhole(r *rig, id queue.ID, want []byte) {
	r.Helper()
	r.state(id, queue.Done)
	if got, _ := r.there.ReadFile("/pub/big"); !bytes.Equal(got, want) {
		r.Errorf("other bytes, %d of %d", len(got), len(want))
	}
	r.paths(r.there, "/pub/", "/pub/big")
}

func TestUploadSegments(t *testing.T) {
	run(t, queue.Options{Segments: 4}, func(r *rig) {
		want := away(r, 48<<20)
		began := time.Now()
		id := r.put("", "big")[0]
		if most := watch(r, id); most != 4 {
			r.Errorf("%d streams", most)
		}
		if took := time.Since(began); took > 8*time.Second { // one takes 19
			r.Errorf("took %v", took)
		}
		sentWhole(r, id, want)
		if w := r.row(id); w.Note != "" || w.Attempt != 1 {
			r.Error(show(w))
		}
	})
}

// Several streams are for those who ask, where they are to be had. The note says
// why they are not.
func TestUploadSegmentsStayOne(t *testing.T) {
	for name, tt := range map[string]struct {
		o     queue.Options
		make  func(r *rig)
		note  string
		tries int
	}{
		"by default": {o: queue.Options{}, make: func(*rig) {}},
		"one":        {o: queue.Options{Segments: 1}, make: func(*rig) {}},
		"refused":    {queue.Options{Segments: 4}, func(r *rig) { r.there.Patching.Why = "it cuts" }, "one stream: it cuts", 1},
		"known":      {queue.Options{Segments: 4}, func(r *rig) { r.there.Patching = queuetest.Patching{Known: true, Why: "it cuts"} }, "one stream: it cuts", 0},
		"one login":  {queue.Options{Segments: 4}, func(r *rig) { r.dialer.Max = 1 }, "one stream: no second connection is to be had", 0},
		"small":      {o: queue.Options{Segments: 4}, make: func(r *rig) { r.here.WriteFile("/home/big", data(7<<20, 1), now) }},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, tt.o, func(r *rig) {
				away(r, 16<<20)
				tt.make(r)
				want, _ := r.here.ReadFile("/home/big")
				id := r.put("", "big")[0]
				if most := watch(r, id); most > 1 {
					r.Errorf("%d streams", most)
				}
				sentWhole(r, id, want)
				if w := r.row(id); w.Note != tt.note || w.Attempt != 1 {
					r.Error(show(w))
				}
				if n := r.there.Patching.Tries; n != tt.tries {
					r.Errorf("tried %d times", n)
				}
			})
		})
	}
}

// A job that is ready gets the session of a stream, and the rest is sent by
// those that stay.
func TestUploadSegmentsMakeRoom(t *testing.T) {
	run(t, queue.Options{Segments: 4, Connections: 4}, func(r *rig) {
		want := away(r, 64<<20)
		id := r.put("", "big")[0]
		time.Sleep(2 * time.Second)
		if n := r.row(id).Segments; n != 4 {
			r.Errorf("%d streams", n)
		}
		for i := range 3 {
			r.here.WriteFile(fmt.Sprintf("/home/small%d", i), data(1000, 1), now)
		}
		small := r.put("", "small0", "small1", "small2")
		time.Sleep(3 * time.Second)
		for _, id := range small {
			r.state(id, queue.Done)
		}
		watch(r, id)
		r.state(id, queue.Done)
		r.holds(r.there, "/pub/big", want)
	})
}

// A part that several streams wrote is as long as the file and has holes: one
// stream never goes on from it.
func TestHolesAreNeverResumedByLength(t *testing.T) {
	saved(t, func(r *rig, m *memStore) {
		for _, segments := range []int{0, 1, 4} {
			want := away(r, 40<<20)
			m := &memStore{}
			reopen(r, m, 4)
			id := r.put("", "big")[0]
			time.Sleep(2 * time.Second)
			part, ok := r.there.ReadFile("/pub/.big.portside.apart")
			if n := r.row(id).Segments; n != 4 || !ok || bytes.Equal(part, want) {
				r.Fatalf("%d streams, %d bytes", n, len(part))
			}
			killed := m.killed()
			if err := r.q.Close(); err != nil {
				r.Error(err)
			}
			// As it would look if the last strip had come furthest.
			holes := make([]byte, len(want))
			copy(holes[len(want)-(1<<20):], want[len(want)-(1<<20):])
			r.there.WriteFile("/pub/.big.portside.apart", holes, now)
			reopen(r, killed, segments)
			watch(r, id)
			sentWhole(r, id, want)
			r.there.Remove("/pub/big")
		}
	})
}

// reopen closes the rig's queue and opens one on a store.
func reopen(r *rig, m *memStore, segments int) {
	r.Helper()
	if err := r.q.Close(); err != nil {
		r.Fatal(err)
	}
	q, words, err := queue.Open(queue.Options{
		Local: r.here.FS(queue.Local), Remote: r.dialer, Segments: segments, Retries: 100,
		Backoff: func(int) time.Duration { return time.Second },
	}, m)
	if err != nil || words != "" {
		r.Fatal(err, words)
	}
	r.q = q
}

// Whatever is paused, cut off, killed, lost at the server or changed at the
// source on the way, the file ends whole.
func TestUploadSegmentsProperty(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 1))
			saved(t, func(r *rig, m *memStore) {
				want := away(r, 48<<20+rnd.IntN(8<<20))
				segments := 2 + rnd.IntN(3)
				var frail [60]int64
				for i := range frail {
					if rnd.IntN(4) == 0 {
						frail[i] = 1 + rnd.Int64N(16<<20)
					}
				}
				r.dialer.Twist = func(n int, f *queuetest.FS) {
					if n < len(frail) {
						f.Frail = frail[n]
					}
				}
				reopen(r, m, segments)
				id := r.put("", "big")[0]
				const part = "/pub/.big.portside.apart"
				for range 8 {
					time.Sleep(time.Duration(rnd.IntN(6000)) * time.Millisecond)
					synctest.Wait()
					if r.row(id).State == queue.Done {
						break
					}
					switch what := rnd.IntN(6); what {
					case 0:
						r.q.Pause(id)
						time.Sleep(time.Second)
						r.q.Resume(id)
					case 1, 2, 3:
						left, there := r.there.ReadFile(part)
						m = m.killed()
						if err := r.q.Close(); err != nil { // the next one sees nothing of this end
							r.Error(err)
						}
						if r.there.Remove(part); there {
							if what == 3 {
								at := rnd.IntN(len(left) + 1) // the server lost what is behind
								copy(left[at:], make([]byte, len(left)-at))
							}
							r.there.WriteFile(part, left, now)
						}
						r.there.Remove("/pub/big")
						reopen(r, m, segments)
					case 4:
						if rnd.IntN(4) == 0 {
							want = data(len(want), uint32(rnd.IntN(1000)+2))
							r.here.WriteFile("/home/big", want, now.Add(time.Duration(rnd.IntN(1000))*time.Hour))
						}
					}
				}
				watch(r, id)
				sentWhole(r, id, want)
			})
		})
	}
}
