package queue_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"portside/queue"
	"portside/queue/queuetest"
)

// far makes a big file on a server whose connections are slow, each by itself.
func far(r *rig, size int) []byte {
	r.there.Whence = true
	r.there.Delay = 100 * time.Millisecond
	r.there.Chunk = 256 << 10
	want := data(size, 1)
	r.there.WriteFile("/pub/big", want, now)
	return want
}

// watch lets time pass until a job ends, and returns the most streams it had.
func watch(r *rig, id queue.ID) (most int) {
	r.Helper()
	for range 20_000 {
		w := r.row(id)
		most = max(most, w.Segments)
		switch w.State {
		case queue.Done, queue.Failed, queue.Skipped, queue.Asking:
			synctest.Wait()
			return most
		}
		if w.Size >= 0 && w.Done > w.Size {
			r.Fatalf("%d of %d bytes", w.Done, w.Size)
		}
		time.Sleep(50 * time.Millisecond)
	}
	r.Fatal(show(r.row(id)))
	return 0
}

// whole checks that a file has arrived, and nothing beside it.
func whole(r *rig, id queue.ID, want []byte) {
	r.Helper()
	r.state(id, queue.Done)
	if got, _ := r.here.ReadFile("/home/big"); !bytes.Equal(got, want) {
		r.Error("other bytes")
	}
	r.paths(r.here, "/home/", "/home/big")
}

func TestSegmentsWhileTheyHelp(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		want := far(r, 48<<20)
		began := time.Now()
		id := r.get("", "big")[0]
		if most := watch(r, id); most < 4 {
			r.Errorf("%d streams", most)
		}
		if took := time.Since(began); took > 10*time.Second { // one takes 19
			r.Errorf("took %v", took)
		}
		whole(r, id, want)
	})
}

func TestSegmentsStayOne(t *testing.T) {
	for name, tt := range map[string]struct {
		o    queue.Options
		make func(r *rig)
	}{
		"asked for":     {queue.Options{Segments: 1}, func(*rig) {}},
		"near and fast": {queue.Options{}, func(r *rig) { r.there.Delay = time.Millisecond }},
		"no REST":       {queue.Options{Segments: 4}, func(r *rig) { r.there.Whence = false }},
		"small":         {queue.Options{}, func(r *rig) { r.there.WriteFile("/pub/big", data(8<<20, 1), now) }},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, tt.o, func(r *rig) {
				far(r, 20<<20)
				tt.make(r)
				id := r.get("", "big")[0]
				watch(r, id)
				r.state(id, queue.Done)
				if n, _ := r.dialer.Dials(); n != 1 {
					r.Errorf("%d sessions", n)
				}
			})
		})
	}
}

// All connections share one rate: more of them do not help, and are given back.
func TestSegmentsThatDoNotHelp(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		want := far(r, 64<<20)
		r.there.Shared = make(chan struct{}, 1)
		r.there.Delay, r.there.Chunk = 10*time.Millisecond, 26<<10
		id := r.get("", "big")[0]
		for r.row(id).Segments < 2 {
			time.Sleep(50 * time.Millisecond)
		}
		time.Sleep(3 * time.Second)
		if n := r.row(id).Segments; n != 1 {
			r.Errorf("%d streams", n)
		}
		watch(r, id)
		whole(r, id, want)
		if n, _ := r.dialer.Dials(); n > 6 {
			r.Errorf("%d sessions", n)
		}
	})
}

// E29: a session that serves something else, or begins at the start whatever it
// is told, spoils nothing: one stream brings the rest.
func TestSegmentsDisagreeE29(t *testing.T) {
	for name, twist := range map[string]func(f *queuetest.FS){
		"other contents": func(f *queuetest.FS) {
			f.Lie = func(b []byte, at int64) {
				for i := range b {
					b[i] ^= 1
				}
			}
		},
		"REST ignored": func(f *queuetest.FS) { f.Deaf = true },
	} {
		for bad := 2; bad <= 4; bad++ {
			t.Run(fmt.Sprint(name, " by ", bad), func(t *testing.T) {
				run(t, queue.Options{Segments: 4}, func(r *rig) {
					want := far(r, 32<<20)
					r.dialer.Twist = func(n int, f *queuetest.FS) {
						if n == bad {
							twist(f)
						}
					}
					id := r.get("", "big")[0]
					watch(r, id)
					whole(r, id, want)
					if w := r.row(id); !strings.Contains(w.Note, "one stream: ") {
						r.Errorf("noted %q", w.Note)
					}
				})
			})
		}
	}
}

func TestSegmentsLearnTheLimit(t *testing.T) {
	for limit := 1; limit <= 3; limit++ {
		run(t, queue.Options{Segments: 8}, func(r *rig) {
			want := far(r, 40<<20)
			r.dialer.Max = limit
			id := r.get("", "big")[0]
			if most := watch(r, id); most < limit {
				r.Errorf("%d streams", most)
			}
			whole(r, id, want)
			if w := r.row(id); w.Attempt != 1 || w.Failure != nil {
				r.Error(show(w))
			}
			if n, _ := r.dialer.Dials(); n > 9 {
				r.Errorf("%d sessions", n)
			}
		})
	}
}

// A job that is ready gets the session of a segment.
func TestSegmentsMakeRoom(t *testing.T) {
	run(t, queue.Options{Segments: 4, Connections: 4}, func(r *rig) {
		want := far(r, 64<<20)
		id := r.get("", "big")[0]
		time.Sleep(2 * time.Second)
		if n := r.row(id).Segments; n != 4 {
			r.Errorf("%d streams", n)
		}
		for i := range 3 {
			r.there.WriteFile(fmt.Sprintf("/pub/small%d", i), data(1000, 1), now)
		}
		small := r.get("", "small0", "small1", "small2")
		time.Sleep(time.Second)
		for _, id := range small {
			r.state(id, queue.Done)
		}
		watch(r, id)
		r.state(id, queue.Done)
		r.holds(r.here, "/home/big", want)
	})
}

// Connections break, each after a while: what they brought stays.
func TestSegmentsBreak(t *testing.T) {
	run(t, queue.Options{Segments: 4}, func(r *rig) {
		want := far(r, 40<<20)
		r.dialer.Twist = func(n int, f *queuetest.FS) { f.Frail = int64(n) << 20 }
		id := r.get("", "big")[0]
		watch(r, id)
		whole(r, id, want)
	})
}

// spans reads the record beside the part.
func spans(r *rig) (out [][2]int64) {
	b, ok := r.here.ReadFile("/home/.big.portside.json")
	if !ok {
		return nil
	}
	var rec struct {
		Spans [][2]int64 `json:"spans"`
	}
	if err := json.Unmarshal(b, &rec); err != nil {
		r.Fatal(err)
	}
	return rec.Spans
}

// Whatever is paused, cut off or killed on the way, the file ends whole, and
// what the record says is in place is in place at any moment.
func TestSegmentsProperty(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 1))
			run(t, queue.Options{Segments: []int{0, 2, 3, 7}[rnd.IntN(4)], Retries: 100}, func(r *rig) {
				want := far(r, 24<<20+rnd.IntN(8<<20))
				var frail [60]int64
				for i := range frail {
					if rnd.IntN(3) == 0 {
						frail[i] = 1 + rnd.Int64N(8<<20)
					}
				}
				r.dialer.Twist = func(n int, f *queuetest.FS) {
					if n < len(frail) {
						f.Frail = frail[n]
					}
				}
				r.dialer.Max = rnd.IntN(6)
				id := r.get(queue.ExistsFail, "big")[0]
				for range 12 {
					time.Sleep(time.Duration(rnd.IntN(2500)) * time.Millisecond)
					synctest.Wait()
					part, _ := r.here.ReadFile("/home/.big.portside")
					for _, s := range spans(r) {
						if s[1] > int64(len(part)) || !bytes.Equal(part[s[0]:s[1]], want[s[0]:s[1]]) {
							r.Fatalf("span %v is not in place", s)
						}
					}
					switch rnd.IntN(3) {
					case 0:
						r.q.Pause(id)
						time.Sleep(time.Second)
						r.q.Resume(id)
					case 1: // another process goes on
						if w := r.row(id); w.State != queue.Running || w.Done == 0 {
							continue
						}
						b, _ := r.here.ReadFile("/home/.big.portside")
						rec, _ := r.here.ReadFile("/home/.big.portside.json")
						r.q.Cancel(id)
						time.Sleep(time.Second)
						synctest.Wait()
						if r.row(id).State == queue.Done {
							continue
						}
						r.here.WriteFile("/home/.big.portside", b, now)
						r.here.WriteFile("/home/.big.portside.json", rec, now)
						id = r.get(queue.ExistsFail, "big")[0]
					}
				}
				watch(r, id)
				whole(r, id, want)
			})
		})
	}
}
