package queue_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"portside/queue"
	"portside/queue/queuetest"
)

const mib = 1 << 20

// again ends the queue and starts another one on the same disks, which knows
// nothing of the first.
func (r *rig) again() {
	r.Helper()
	if err := r.q.Close(); err != nil {
		r.Fatal(err)
	}
	r.q = queue.New(queue.Options{Local: r.here.FS(queue.Local), Remote: r.dialer,
		Backoff: func(n int) time.Duration { return time.Duration(n) * time.Second }})
}

// record writes the record of a part of /pub/f, changed by change.
func (r *rig) record(part string, size int64, mtime time.Time, change func(m map[string]any)) {
	r.Helper()
	m := map[string]any{"portside": 1, "source": server + " /pub/f", "size": size, "time": mtime, "precision": "second"}
	if change != nil {
		change(m)
	}
	b, err := json.Marshal(m)
	if err != nil {
		r.Fatal(err)
	}
	r.here.WriteFile(part+".json", b, now)
}

func TestARestartGoesOn(t *testing.T) {
	whole := data(2*mib, 1)
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", whole, now)
		r.there.Delay = time.Millisecond
		r.get(queue.ExistsFail, "f")
		time.Sleep(100 * time.Millisecond)
		r.again()
		r.paths(r.here, "/home/", "/home/.f.portside", "/home/.f.portside.json")
		got, _ := r.here.ReadFile("/home/.f.portside")
		r.there.Delay = 0
		read := 0
		r.there.Hook = func(c queuetest.Call) error {
			if c.Op == "read" {
				read++
			}
			return nil
		}
		id := r.get(queue.ExistsFail, "f")[0]
		r.idle()
		w := r.state(id, queue.Done)
		r.holds(r.here, "/home/f", whole)
		r.paths(r.here, "/home/", "/home/f")
		if left := (len(whole)-len(got))/(16<<10) + 6; len(got) < mib || read > left || !strings.HasPrefix(w.Note, "resumed at ") {
			r.Errorf("%d bytes were there, %d reads: %s", len(got), read, show(w))
		}
	})
}

// E23: a part without a record, or with one that does not count or is of
// something else, is never added to and never lost.
func TestForeignPartsStayE23(t *testing.T) {
	whole := data(2*mib, 1)
	torn := func(r *rig) { r.here.WriteFile("/home/.f.portside.json", []byte(`{"portside":1,"source":`), now) }
	for name, prepare := range map[string]func(r *rig){
		"no record":   nil,
		"torn":        torn,
		"newer":       func(r *rig) { r.record("/home/.f.portside", 2*mib, now, func(m map[string]any) { m["portside"] = 2 }) },
		"huge":        func(r *rig) { r.here.WriteFile("/home/.f.portside.json", bytes.Repeat([]byte(" "), 100_000), now) },
		"a directory": func(r *rig) { r.here.Mkdir("/home/.f.portside.json") },
		"other path": func(r *rig) {
			r.record("/home/.f.portside", 2*mib, now, func(m map[string]any) { m["source"] = server + " /pub/g" })
		},
		"other server": func(r *rig) {
			r.record("/home/.f.portside", 2*mib, now, func(m map[string]any) { m["source"] = server + ".org /pub/f" })
		},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, queue.Options{}, func(r *rig) {
				foreign := whole[:mib] // it would even fit
				r.there.WriteFile("/pub/f", whole, now)
				r.here.WriteFile("/home/.f.portside", foreign, now)
				if prepare != nil {
					prepare(r)
				}
				id := r.get(queue.ExistsFail, "f")[0]
				r.idle()
				w := r.state(id, queue.Done)
				r.holds(r.here, "/home/f", whole)
				r.holds(r.here, "/home/.f.portside", foreign)
				if w.Note != "" {
					r.Error(show(w))
				}
				for _, p := range r.here.Paths() {
					if strings.Contains(p, "~") {
						r.Errorf("left: %s", p)
					}
				}
			})
		})
	}
}

// What grows under another name is found under it.
func TestTheSecondPartGoesOn(t *testing.T) {
	whole := data(3*mib, 1)
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", whole, now)
		r.here.WriteFile("/home/.f.portside", data(2*mib, 7), now)
		r.there.Delay = time.Millisecond
		r.get(queue.ExistsFail, "f")
		time.Sleep(100 * time.Millisecond)
		r.again()
		id := r.get(queue.ExistsFail, "f")[0]
		time.Sleep(10 * time.Millisecond)
		r.q.Pause(id) // and in the same queue
		synctest.Wait()
		r.q.Resume(id)
		r.idle()
		w := r.state(id, queue.Done)
		r.holds(r.here, "/home/f", whole)
		r.paths(r.here, "/home/", "/home/.f.portside", "/home/f")
		if !strings.HasPrefix(w.Note, "resumed at ") {
			r.Error(show(w))
		}
	})
}

// A part that its record says is ours, but that does not prove itself, goes:
// the row says why.
func TestAFoundPartIsProved(t *testing.T) {
	whole := data(2*mib, 1)
	for name, c := range map[string]struct {
		part []byte
		size int64
		time time.Time
		note string
	}{
		"older":    {whole[:mib], 2 * mib, now.Add(-time.Hour), "started anew: the source changed"},
		"shorter":  {whole[:mib], 2*mib - 1, now, "started anew: the source changed"},
		"too long": {data(2*mib+1, 1), 2 * mib, now, "started anew: the part was longer than the source"},
		"zeros behind a power cut": {append(whole[:mib:mib], make([]byte, 100_000)...), 2 * mib, now,
			"started anew: the part did not match the source"},
		"one bit": {append(append(whole[:mib:mib], whole[mib]^1), whole[mib+1:mib+60_000]...), 2 * mib, now,
			"started anew: the part did not match the source"},
		"good":  {whole[:mib], 2 * mib, now, "resumed at 1.0M"},
		"whole": {whole, 2 * mib, now, "resumed at 2.0M"},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, queue.Options{}, func(r *rig) {
				r.there.WriteFile("/pub/f", whole, now)
				r.here.WriteFile("/home/.f.portside", c.part, now)
				r.record("/home/.f.portside", c.size, c.time, nil)
				id := r.get(queue.ExistsFail, "f")[0]
				r.idle()
				w := r.state(id, queue.Done)
				r.holds(r.here, "/home/f", whole)
				r.paths(r.here, "/home/", "/home/f")
				if w.Note != c.note {
					r.Error(show(w))
				}
			})
		})
	}
}

// A source that keeps changing is not put together from its states, whatever
// restarts lie between.
func TestNoSpliceAcrossRestarts(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.Delay = time.Millisecond
		for i := range 3 {
			r.there.WriteFile("/pub/f", data(2*mib, uint32(i)), now.Add(time.Duration(i)*time.Minute))
			r.get(queue.ExistsFail, "f")
			time.Sleep(90 * time.Millisecond)
			r.again()
		}
		id := r.get(queue.ExistsFail, "f")[0]
		r.idle()
		r.state(id, queue.Done)
		r.holds(r.here, "/home/f", data(2*mib, 2))
		r.paths(r.here, "/home/", "/home/f")
	})
}

// Cancelled, a part goes with its record; one that was the target before is
// given back, also by a process that learns of that from the record alone.
func TestCancelAfterARestart(t *testing.T) {
	whole := data(4*mib, 1)
	for _, policy := range []queue.Policy{queue.ExistsFail, queue.ExistsResume} {
		run(t, queue.Options{}, func(r *rig) {
			r.there.WriteFile("/pub/f", whole, now)
			want := []string{"/home/"}
			if policy == queue.ExistsResume {
				r.here.WriteFile("/home/f", whole[:2*mib], now)
				want = append(want, "/home/f")
			}
			r.there.Delay = time.Millisecond
			r.get(policy, "f")
			time.Sleep(100 * time.Millisecond)
			r.again()
			r.paths(r.here, "/home/", "/home/.f.portside", "/home/.f.portside.json")
			id := r.get(policy, "f")[0]
			time.Sleep(20 * time.Millisecond)
			r.q.Cancel(id)
			r.idle()
			r.state(id, queue.Cancelled)
			time.Sleep(time.Second)
			r.paths(r.here, want...)
		})
	}
}

// More parts of others than there are names is said, and costs none of them.
func TestTooManyForeignParts(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(100, 1), now)
		r.here.WriteFile("/home/.f.portside", data(mib, 1), now)
		for i := range 30 {
			r.here.WriteFile(fmt.Sprintf("/home/.f~%d.portside", i), data(mib, 1), now)
		}
		before := r.here.Paths()
		w := r.get(queue.ExistsFail, "f")[0]
		r.idle()
		if f := r.state(w, queue.Failed).Failure; !strings.Contains(f.Text, "parts of other downloads") {
			r.Error(f.Text)
		}
		r.paths(r.here, before...)
	})
}

// TestVastFiles resumes behind 4 GiB, where numbers of 32 bits end.
func TestVastFiles(t *testing.T) {
	const size, have = 5<<30 + 12345, 5<<30 - mib
	fill := func(b []byte, offset int64) {
		for i := range b {
			x := uint64(offset) + uint64(i)
			b[i] = byte((x * 0x9e3779b97f4a7c15) >> 56)
		}
	}
	for _, up := range []bool{false, true} {
		run(t, queue.Options{}, func(r *rig) {
			from, to, dst := r.there, r.here, "/home/f"
			if up {
				from, to, dst = r.here, r.there, "/pub/f"
			}
			var id queue.ID
			if up {
				// An upload is told of by the queue alone: the first attempt breaks
				// at once, and the part grows while the second one waits.
				from.WriteVast("/home/f", size, now, fill)
				r.there.Hook = once("write", "", 0, broken())
				id = r.put(queue.ExistsFail, "f")[0]
				synctest.Wait()
				r.there.WriteVast("/pub/.f.portside", have, now, fill)
			} else {
				from.WriteVast("/pub/f", size, now, fill)
				to.WriteVast("/home/.f.portside", have, now, fill)
				r.record("/home/.f.portside", size, now, nil)
				id = r.get(queue.ExistsFail, "f")[0]
			}
			r.idle()
			w := r.state(id, queue.Done)
			if w.Note != "resumed at 5.0G" || w.Done != size {
				r.Error(show(w))
			}
			got, want := make([]byte, mib), make([]byte, mib)
			n := to.ReadAt(dst, got, have)
			fill(want, have)
			if n != mib || !bytes.Equal(got, want) {
				r.Errorf("up %v: %d bytes, equal %v", up, n, bytes.Equal(got, want))
			}
			if n := to.ReadAt(dst, got, size-1); n != 1 {
				r.Errorf("up %v: not %d bytes", up, int64(size))
			}
		})
	}
}

// Nothing of the local disk is touched before the server has agreed to send.
func TestNothingIsTruncatedBeforeTheSourceIsOpen(t *testing.T) {
	for _, refused := range []bool{true, false} {
		run(t, queue.Options{}, func(r *rig) {
			r.there.WriteFile("/pub/f", data(2*mib, 1), now)
			r.here.WriteFile("/home/f", []byte("old"), now)
			r.here.WriteFile("/home/.f.portside", []byte("a small one"), now)
			if refused {
				r.there.Hook = once("open", "", 0, queue.Fail(queue.ClassJob, "550 no", nil))
			}
			g := r.there.Gate("open", "")
			id := r.get(queue.ExistsOverwrite, "f")[0]
			<-g.Arrived()
			synctest.Wait()
			r.holds(r.here, "/home/.f.portside", []byte("a small one"))
			g.Open()
			r.idle()
			if !refused {
				r.state(id, queue.Done)
				r.holds(r.here, "/home/f", data(2*mib, 1))
				return
			}
			r.state(id, queue.Failed)
			r.holds(r.here, "/home/f", []byte("old"))
			r.paths(r.here, "/home/", "/home/.f.portside", "/home/f")
			r.holds(r.here, "/home/.f.portside", []byte("a small one"))
		})
	}
}

// A process that ends just when it has made the target the part leaves the word
// of it beside the part.
func TestAnAdoptedPartIsNoted(t *testing.T) {
	whole := data(2*mib, 1)
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", whole, now)
		r.here.WriteFile("/home/f", whole[:mib], now)
		g := r.here.Gate("create", "/home/.f.portside")
		r.get(queue.ExistsResume, "f")
		<-g.Arrived()
		r.again()
		r.paths(r.here, "/home/", "/home/.f.portside", "/home/.f.portside.json")
		g.Open()
		id := r.get(queue.ExistsFail, "f")[0]
		r.idle()
		if w := r.state(id, queue.Done); w.Note != "resumed at 1.0M" {
			r.Error(show(w))
		}
		r.holds(r.here, "/home/f", whole)
		r.paths(r.here, "/home/", "/home/f")
	})
}

// A small file of a directory does not take the place of somebody's large part,
// although its directory was read already.
func TestSmallFilesSpareForeignParts(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/d/f", data(100, 1), now)
		r.there.WriteFile("/pub/d/g", data(100, 2), now)
		r.here.WriteFile("/home/d/.f.portside", data(mib, 3), now)
		stats := 0
		r.here.Hook = func(c queuetest.Call) error {
			if c.Op == "stat" && strings.HasSuffix(c.Path, "g.portside") {
				stats++
			}
			return nil
		}
		r.get(queue.ExistsFail, "d")
		r.idle()
		r.paths(r.here, "/home/", "/home/d/", "/home/d/.f.portside", "/home/d/f", "/home/d/g")
		r.holds(r.here, "/home/d/.f.portside", data(mib, 3))
		if stats > 0 {
			r.Errorf("%d looks for a part that cannot be there", stats)
		}
	})
}
