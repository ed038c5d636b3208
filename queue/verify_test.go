package queue_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"portside/queue"
	"portside/queue/queuetest"
)

const enough = 300_000 // bytes, for a checksum to be worth a round trip

// count counts the calls of an operation.
func count(d *queuetest.Disk, op string) *int {
	n := 0
	d.Hook = func(c queuetest.Call) error {
		if c.Op == op {
			n++
		}
		return nil
	}
	return &n
}

// verify copies a file of size bytes down or up.
func (r *rig) verify(up bool, v queue.Verify, size int) queue.Row {
	r.Helper()
	spec := queue.Spec{Kind: queue.Copy, Src: at(server, "/pub/f"), Dst: at(queue.Local, "/home"), Verify: v}
	r.there.WriteFile("/pub/f", data(size, 1), now)
	if up {
		r.there.Remove("/pub/f")
		r.here.WriteFile("/home/f", data(size, 1), now)
		spec.Src, spec.Dst = at(queue.Local, "/home/f"), at(server, "/pub")
	}
	id := r.add(spec)[0]
	r.idle()
	return r.row(id)
}

func TestVerify(t *testing.T) {
	sums := func(by string) queuetest.Sums { return queuetest.Sums{By: by} }
	refusal := queue.Fail(queue.ClassJob, "the server said 550 Too large", nil)
	for name, tt := range map[string]struct {
		sums     queuetest.Sums
		verify   queue.Verify
		size     int
		state    queue.State
		verified bool
		asked    int
		note     string // of a download
	}{
		"auto":                  {sums("SHA-256"), "", enough, queue.Done, true, 1, ""},
		"auto, SHA-1":           {sums("SHA-1"), queue.VerifyAuto, enough, queue.Done, true, 1, ""},
		"auto, MD5":             {sums("MD5"), queue.VerifyAuto, enough, queue.Done, true, 1, ""},
		"auto, CRC32":           {sums("CRC32"), queue.VerifyAuto, enough, queue.Done, true, 1, ""},
		"auto, unknown":         {sums("WHIRLPOOL"), queue.VerifyAuto, enough, queue.Done, false, 0, ""},
		"auto, small":           {sums("SHA-256"), queue.VerifyAuto, 1000, queue.Done, false, 0, ""},
		"auto, none":            {sums(""), queue.VerifyAuto, enough, queue.Done, false, 0, ""},
		"auto, refused":         {queuetest.Sums{By: "SHA-256", Refusal: refusal}, queue.VerifyAuto, enough, queue.Done, false, 1, "no checksum (the server said 550 Too large)"},
		"auto, unequal":         {queuetest.Sums{By: "SHA-256", Lie: true}, queue.VerifyAuto, enough, queue.Failed, false, 1, ""},
		"hash":                  {sums("SHA-256"), queue.VerifyHash, enough, queue.Done, true, 1, ""},
		"hash, small":           {sums("SHA-256"), queue.VerifyHash, 10, queue.Done, true, 1, ""},
		"hash, empty":           {sums("SHA-256"), queue.VerifyHash, 0, queue.Done, true, 1, ""},
		"hash, none":            {sums(""), queue.VerifyHash, enough, queue.Failed, false, 0, ""},
		"hash, refused":         {queuetest.Sums{By: "SHA-256", Refusal: refusal}, queue.VerifyHash, enough, queue.Failed, false, 1, ""},
		"hash, unequal":         {queuetest.Sums{By: "CRC32", Lie: true}, queue.VerifyHash, 10, queue.Failed, false, 1, ""},
		"size":                  {sums("SHA-256"), queue.VerifySize, enough, queue.Done, false, 0, ""},
		"off":                   {sums("SHA-256"), queue.VerifyOff, enough, queue.Done, false, 0, ""},
		"size, although unlike": {queuetest.Sums{By: "SHA-256", Lie: true}, queue.VerifySize, enough, queue.Done, false, 0, ""},
	} {
		for _, up := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", up ", up), func(t *testing.T) {
				run(t, queue.Options{}, func(r *rig) {
					r.there.Sums = tt.sums
					asked := count(r.there, "sum")
					w := r.verify(up, tt.verify, tt.size)
					if w.State != tt.state || w.Verified != tt.verified || *asked != tt.asked || w.Attempt != 1 {
						r.Errorf("%s, asked %d times, in %d attempts, verified %t", show(w), *asked, w.Attempt, w.Verified)
					}
					if !up && !strings.Contains(w.Note, tt.note) || tt.note == "" && w.Note != "" {
						r.Errorf("note %q", w.Note)
					}
					to, path := r.here, "/home/f"
					if up {
						to, path = r.there, "/pub/f"
					}
					if got, ok := to.ReadFile(path); ok != (tt.state == queue.Done) || ok && string(got) != string(data(tt.size, 1)) {
						r.Errorf("%t, %d bytes", ok, len(got))
					}
				})
			})
		}
	}
}

// Where no checksum is to be had and one is required, not a byte is sent.
func TestVerifyFailsBeforeItSends(t *testing.T) {
	run(t, queue.Options{Verify: queue.VerifyHash}, func(r *rig) {
		opened := count(r.there, "open")
		w := r.verify(false, "", enough)
		if w.State != queue.Failed || !strings.Contains(w.Failure.Text, "--verify size") || *opened != 0 {
			r.Errorf("%s, opened %d times", show(w), *opened)
		}
		created := count(r.there, "create")
		if w = r.verify(true, "", enough); w.State != queue.Failed || *created != 0 {
			r.Errorf("%s, created %d times", show(w), *created)
		}
	})
}

// A download that is not what the server has is kept, under a name that no job
// goes on from; each one has a name of its own.
func TestUnequalDownloadsAreKept(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.Sums = queuetest.Sums{By: "SHA-256", Lie: true}
		whole := data(2<<20, 1) // large enough for a record
		r.there.WriteFile("/pub/f", whole, now)
		id := r.get("", "f")[0]
		r.idle()
		w := r.state(id, queue.Failed)
		var e *queue.SumError
		if !errors.As(w.Failure, &e) || !strings.Contains(w.Failure.Text, fmt.Sprintf("%x", e.There)) || !strings.Contains(w.Failure.Text, fmt.Sprintf("%x", e.Moved)) ||
			!strings.Contains(w.Failure.Text, "/home/.f.portside.bad") {
			r.Error(show(w))
		}
		r.paths(r.here, "/home/", "/home/.f.portside.bad")
		r.q.Retry(id)
		r.idle()
		r.state(id, queue.Failed)
		r.paths(r.here, "/home/", "/home/.f.portside.bad", "/home/.f.portside.bad-1")
		r.holds(r.here, "/home/.f.portside.bad-1", whole)
		r.there.Sums.Lie = false
		r.q.Retry(id)
		r.idle()
		if w = r.state(id, queue.Done); !w.Verified || strings.Contains(w.Note, "resumed") {
			r.Error(show(w))
		}
		r.holds(r.here, "/home/f", whole)
	})
}

// An upload that the server has otherwise stays under the name that it grew
// under, and the next attempt begins at its start.
func TestUnequalUploadsBeginAnew(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.Sums = queuetest.Sums{By: "SHA-256", Lie: true}
		r.here.WriteFile("/home/f", data(enough, 1), now)
		id := r.put("", "f")[0]
		r.idle()
		r.state(id, queue.Failed)
		r.holds(r.there, "/pub/.f.portside", data(enough, 1))
		r.there.WriteFile("/pub/.f.portside", data(enough-1, 1), now)
		r.there.Sums.Lie = false
		r.q.Retry(id)
		r.idle()
		if w := r.state(id, queue.Done); !w.Verified || w.Note != "" {
			r.Error(show(w))
		}
		r.holds(r.there, "/pub/f", data(enough, 1))
	})
}

// What is in place already counts too, whichever way it came there.
func TestVerifyBehindAPart(t *testing.T) {
	for _, up := range []bool{false, true} {
		for _, same := range []bool{true, false} {
			t.Run(fmt.Sprint("up ", up, ", same ", same), func(t *testing.T) {
				run(t, queue.Options{}, func(r *rig) {
					r.there.Sums.By = "SHA-256"
					whole := data(enough, 1)
					begun := append([]byte(nil), whole[:200_000]...)
					if !same {
						begun[10] ^= 1 // where no window looks
					}
					from, to, src, dst, add := r.there, r.here, "/pub/f", "/home/f", r.get
					if up {
						from, to, src, dst, add = r.here, r.there, "/home/f", "/pub/f", r.put
					}
					from.WriteFile(src, whole, now)
					to.WriteFile(dst, begun, now)
					id := add(queue.ExistsResume, "f")[0]
					r.idle()
					w := r.row(id)
					if (w.State == queue.Done) != same || w.Verified != same {
						r.Error(show(w))
					}
					if _, ok := to.ReadFile(dst); ok != same {
						r.Errorf("there is a file: %t", ok)
					}
				})
			})
		}
	}
}

// A source that changes between its last byte and its checksum is no lie of
// the server: it comes once again.
func TestSourceChangesBeforeItsChecksum(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.Sums.By = "SHA-256"
		r.there.WriteFile("/pub/f", data(enough, 1), now)
		changed := false
		r.there.Hook = func(c queuetest.Call) error {
			if c.Op == "sum" && !changed {
				changed = true
				r.there.WriteFile("/pub/f", data(enough, 2), now.Add(time.Hour))
			}
			return nil
		}
		id := r.get("", "f")[0]
		r.idle()
		if w := r.state(id, queue.Done); !w.Verified || !strings.Contains(w.Note, "changed while") {
			r.Error(show(w))
		}
		r.holds(r.here, "/home/f", data(enough, 2))
		r.paths(r.here, "/home/", "/home/f")
	})
}

// A connection that ends over a checksum costs the checksum, not the file.
func TestConnectionEndsOverAChecksum(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.Sums = queuetest.Sums{By: "SHA-256", Refusal: queue.Fail(queue.ClassAttempt, "no answer in time", nil)}
		w := r.verify(false, queue.VerifyAuto, enough)
		if w.State != queue.Done || w.Verified || w.Attempt != 1 || !strings.Contains(w.Note, "no answer in time") {
			r.Error(show(w))
		}
		r.there.Sums.Refusal = nil
		r.here.Remove("/home/f")
		if w = r.verify(false, queue.VerifyAuto, enough); !w.Verified {
			r.Error(show(w))
		}
		if n, _ := r.dialer.Dials(); n != 2 {
			r.Errorf("%d dials: a lost session was used again", n)
		}
	})
}

// Between two servers both are asked.
func TestVerifyBetweenServers(t *testing.T) {
	for _, lies := range []int{0, 1, 2} {
		run(t, queue.Options{}, func(r *rig) {
			other := queuetest.NewDisk()
			other.Mkdir("/in")
			r.dialer.Disks["ftp://other/"] = other
			r.there.Sums, other.Sums = queuetest.Sums{By: "SHA-256", Lie: lies == 1}, queuetest.Sums{By: "CRC32", Lie: lies == 2}
			r.there.WriteFile("/pub/f", data(enough, 1), now)
			id := r.add(queue.Spec{Kind: queue.Copy, Src: at(server, "/pub/f"), Dst: at("ftp://other/", "/in")})[0]
			r.idle()
			w := r.row(id)
			if _, ok := other.ReadFile("/in/f"); ok != (lies == 0) || w.Verified != ok || !ok && w.State != queue.Failed {
				r.Errorf("%d: %s", lies, show(w))
			}
		})
	}
}

// A way to verify that there is not is refused.
func TestVerifyIsChecked(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		if _, err := r.q.Add([]queue.Spec{{Kind: queue.Copy, Src: at(server, "/pub/f"), Dst: at(queue.Local, "/home"), Verify: "twice"}}); err == nil {
			r.Error("a way to verify that there is not was taken")
		}
	})
}

// How a job is verified outlasts the process, and so does that it was.
func TestVerifyIsSaved(t *testing.T) {
	saved(t, func(r *rig, m *memStore) {
		r.there.Sums.By = "SHA-256"
		r.there.WriteFile("/pub/f", data(10, 1), now)
		r.there.WriteFile("/pub/g", data(10, 2), now)
		id := r.add(queue.Spec{Kind: queue.Copy, Src: at(server, "/pub/f"), Dst: at(queue.Local, "/home"), Verify: queue.VerifyHash})[0]
		r.idle()
		r.q.Pause()
		later := r.add(queue.Spec{Kind: queue.Copy, Src: at(server, "/pub/g"), Dst: at(queue.Local, "/home"), Verify: queue.VerifyHash})[0]
		time.Sleep(time.Minute)
		r.open(m.killed())
		if w := r.state(id, queue.Done); !w.Verified {
			r.Error(show(w))
		}
		r.q.Resume()
		r.idle()
		if w := r.state(later, queue.Done); !w.Verified {
			r.Error(show(w))
		}
	})
}
