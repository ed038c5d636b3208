package queue_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"portside/queue"
	"portside/queue/queuetest"
)

// A log that goes on growing is fetched to its end once more, and no more.
func TestASourceThatGrowsOnE6(t *testing.T) {
	for _, tt := range []struct {
		grows int // times
		size  int // that arrives
		note  string
	}{
		{1, 100_000 + 500, "grew while it was copied"},
		{2, 100_000 + 2*500, "grew while it was copied"},
		{3, 100_000 + 2*500, "grew while it was copied, and grows still"},
		{100, 100_000 + 2*500, "grew while it was copied, and grows still"},
	} {
		run(t, queue.Options{}, func(r *rig) {
			whole := data(200_000, 1)
			n := 0
			grow := func() {
				n++
				r.there.WriteFile("/pub/f", whole[:100_000+500*n], now.Add(time.Duration(n)*time.Hour))
			}
			r.there.WriteFile("/pub/f", whole[:100_000], now)
			opened := false
			r.there.Hook = func(c queuetest.Call) error {
				opened = opened || c.Op == "open"
				if (c.Op == "open" && n == 0 || c.Op == "stat" && opened) && n < tt.grows {
					grow()
				}
				return nil
			}
			id := r.get("", "f")[0]
			r.idle()
			if w := r.state(id, queue.Done); w.Note != tt.note || w.Attempt != 1 {
				r.Errorf("%d: %s", tt.grows, show(w))
			}
			r.holds(r.here, "/home/f", whole[:tt.size])
		})
	}
}

// A file that is another by the time it has grown is not made a mixture of both.
func TestASourceThatGrewIntoAnother(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(100_000, 1), now)
		opens, stats := 0, 0
		r.there.Hook = func(c queuetest.Call) error {
			switch {
			case c.Op == "open":
				if opens++; opens == 1 {
					r.there.WriteFile("/pub/f", data(100_500, 1), now.Add(time.Hour))
				}
			case c.Op == "stat" && opens == 1:
				if stats++; stats == 1 {
					r.there.WriteFile("/pub/f", data(101_000, 2), now.Add(2*time.Hour))
				}
			}
			return nil
		}
		id := r.get("", "f")[0]
		r.idle()
		r.state(id, queue.Done)
		r.holds(r.here, "/home/f", data(100_500, 1))
	})
}

// A local file that changes while it is sent is sent once again, and not a third
// time; what is there under its name is never a mixture.
func TestALocalFileInTheMaking(t *testing.T) {
	for name, change := range map[string]func(r *rig, n int){
		"grows": func(r *rig, n int) {
			r.here.WriteFile("/home/f", data(100_000+n, 1), now.Add(time.Duration(n)*time.Hour))
		},
		"shrinks": func(r *rig, n int) {
			r.here.WriteFile("/home/f", data(100_000-n, 1), now.Add(time.Duration(n)*time.Hour))
		},
		"is touched": func(r *rig, n int) {
			r.here.WriteFile("/home/f", data(100_000, 1), now.Add(time.Duration(n)*time.Hour))
		},
		"is cut": func(r *rig, n int) { r.here.WriteFile("/home/f", data(100, 1), now.Add(time.Duration(n)*time.Hour)) },
	} {
		for _, times := range []int{1, 100} {
			t.Run(name, func(t *testing.T) {
				run(t, queue.Options{}, func(r *rig) {
					r.here.WriteFile("/home/f", data(100_000, 1), now)
					r.there.WriteFile("/pub/f", []byte("old"), now)
					n, begun := 0, false
					r.there.Hook = func(c queuetest.Call) error {
						begun = begun || c.Op == "create"
						if c.Op == "write" && begun && n < times {
							n, begun = n+1, false
							change(r, n)
						}
						return nil
					}
					id := r.put(queue.ExistsOverwrite, "f")[0]
					r.idle()
					w := r.row(id)
					got, _ := r.there.ReadFile("/pub/f")
					want, _ := r.here.ReadFile("/home/f")
					switch {
					case times == 1 && (w.State != queue.Done || string(got) != string(want) || !strings.Contains(w.Note, "changed while")):
						r.Errorf("%s, %d bytes", show(w), len(got))
					case times > 1 && (w.State != queue.Failed || string(got) != "old" || w.Failure.Class != queue.ClassJob || w.Attempt != 2):
						r.Errorf("%s, %d bytes, %d attempts", show(w), len(got), w.Attempt)
					}
				})
			})
		}
	}
}

// What is removed after it was queued is not there: one line, and no second try.
func TestSourcesThatGoF22(t *testing.T) {
	for _, up := range []bool{false, true} {
		for _, when := range []string{"before it runs", "while it is sent"} {
			run(t, queue.Options{}, func(r *rig) {
				from, add, dir := r.there, r.get, "/pub"
				if up {
					from, add, dir = r.here, r.put, "/home"
				}
				tree(from, dir)
				gone := dir + "/t/big.bin"
				from.Hook = func(c queuetest.Call) error {
					if when == "before it runs" && c.Op == "open" || c.Op == "read" && c.Path == gone {
						from.Remove(gone)
					}
					return nil
				}
				id := add("", "t")[0]
				r.idle()
				r.state(id, queue.Failed)
				for _, w := range r.q.Rows(0, 100) {
					switch {
					case w.Name == "t/big.bin" && up:
						if w.State != queue.Failed || w.Attempt != 1 || !errors.Is(w.Failure, fs.ErrNotExist) || strings.Contains(w.Failure.Text, "\n") {
							r.Errorf("%s: %s, %d attempts", when, show(w), w.Attempt)
						}
					case w.Name == "t/big.bin" && w.State != queue.Failed, w.Name != "t/big.bin" && !w.Dir && w.State != queue.Done:
						r.Errorf("%s: %s", when, show(w))
					}
				}
			})
		}
	}
}

// A tree that changes while it is read: what goes fails by itself, what comes is
// there or not, and the rest arrives.
func TestATreeInTheMaking(t *testing.T) {
	for _, up := range []bool{false, true} {
		run(t, queue.Options{}, func(r *rig) {
			from, to, add, src, dst := r.there, r.here, r.get, "/pub", "/home"
			if up {
				from, to, add, src, dst = r.here, r.there, r.put, "/home", "/pub"
			}
			tree(from, src)
			rows := 0
			from.Hook = func(c queuetest.Call) error {
				if c.Op == "row" {
					if rows++; rows == 2 {
						from.Remove(src + "/t/sub")
						from.Remove(src + "/t/void")
						from.WriteFile(src+"/t/void", data(5, 1), now) // a file where a directory was
						from.WriteFile(src+"/t/new.txt", data(7, 1), now)
					}
				}
				return nil
			}
			id := add("", "t")[0]
			r.idle()
			r.state(id, queue.Failed)
			r.holds(to, dst+"/t/a.txt", data(100, 1))
			r.holds(to, dst+"/t/big.bin", data(200_000, 2))
			for _, w := range r.q.Rows(0, 100) {
				if w.Attempt > 1 || w.State == queue.Failed && w.Failure.Class != queue.ClassJob {
					r.Errorf("%s in %d attempts", show(w), w.Attempt)
				}
			}
		})
	}
}
