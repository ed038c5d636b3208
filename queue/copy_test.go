package queue_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"portside/queue"
	"portside/queue/queuetest"
)

var now = time.Date(2026, 5, 5, 5, 5, 5, 0, time.UTC)

func tree(d *queuetest.Disk, root string) {
	d.WriteFile(root+"/t/a.txt", data(100, 1), now)
	d.WriteFile(root+"/t/big.bin", data(200_000, 2), now)
	d.WriteFile(root+"/t/sub/deep/b.txt", data(10, 3), now)
	d.WriteFile(root+"/t/sub/empty", nil, now)
	d.Mkdir(root + "/t/void")
}

func TestTreeBothWays(t *testing.T) {
	want := []string{"/t/", "/t/a.txt", "/t/big.bin", "/t/sub/", "/t/sub/deep/", "/t/sub/deep/b.txt", "/t/sub/empty", "/t/void/"}
	for _, up := range []bool{false, true} {
		t.Run(fmt.Sprint("up ", up), func(t *testing.T) {
			run(t, queue.Options{}, func(r *rig) {
				from, to, src, dst := r.there, r.here, "/pub", "/home"
				if up {
					from, to, src, dst = to, from, dst, src
				}
				tree(from, src)
				ids := r.get
				if up {
					ids = r.put
				}
				id := ids(queue.ExistsFail, "t")[0]
				r.idle()
				r.state(id, queue.Done)
				all := []string{dst + "/"}
				for _, p := range want {
					all = append(all, dst+p)
				}
				r.paths(to, all...)
				r.holds(to, dst+"/t/big.bin", data(200_000, 2))
				tot := r.q.Totals()
				if tot.Files != 4 || tot.FilesDone != 4 || tot.Bytes != 200_110 || tot.BytesDone != 200_110 || tot.Failed+tot.Skipped != 0 {
					r.Errorf("%+v", tot)
				}
				for _, row := range r.q.Rows(0, 100) {
					if row.State != queue.Done || row.Dir && row.Size != -1 {
						r.Error(show(row))
					}
				}
			})
		})
	}
}

func TestManyFilesUseFourSessions(t *testing.T) {
	run(t, queue.Options{Connections: 4}, func(r *rig) {
		for i := range 200 {
			r.there.WriteFile(fmt.Sprintf("/pub/d/%03d", i), data(1000, uint32(i)), now)
		}
		r.there.Delay = 10 * time.Millisecond
		r.get("", "d")
		r.idle()
		if n, most := r.dialer.Live(server); most != 4 || n > 4 {
			r.Errorf("%d sessions, at most %d", n, most)
		}
		if n, atOnce := r.dialer.Dials(); n != 4 || atOnce != 1 {
			r.Errorf("%d dials, %d at once", n, atOnce)
		}
		if got := r.q.Totals().FilesDone; got != 200 {
			r.Errorf("%d files done", got)
		}
	})
}

func TestPolicies(t *testing.T) {
	older, newer := now.Add(-time.Hour), now.Add(time.Hour)
	for _, c := range []struct {
		policy queue.Policy
		size   int // of the target
		time   time.Time
		state  queue.State
		kept   bool
		left   string
	}{
		{queue.ExistsAsk, 50, now, queue.Asking, true, ""},
		{"", 50, now, queue.Asking, true, ""},
		{queue.ExistsSkip, 50, now, queue.Skipped, true, ""},
		{queue.ExistsNewer, 50, older, queue.Done, false, ""},
		{queue.ExistsNewer, 50, newer, queue.Skipped, true, ""},
		{queue.ExistsNewer, 50, now, queue.Skipped, true, ""},
		{queue.ExistsSize, 50, now, queue.Done, false, ""},
		{queue.ExistsSize, 100, now, queue.Skipped, true, ""},
		{queue.ExistsRename, 50, now, queue.Done, true, "/home/f-1.txt"},
		{queue.ExistsOverwrite, 50, now, queue.Done, false, ""},
		{queue.ExistsFail, 50, now, queue.Failed, true, ""},
		{queue.ExistsResume, 50, now, queue.Asking, true, ""}, // other bytes
		{queue.ExistsResume, 200, now, queue.Asking, true, ""},
	} {
		t.Run(fmt.Sprint(c.policy, c.size, c.time.Hour()), func(t *testing.T) {
			run(t, queue.Options{}, func(r *rig) {
				r.there.WriteFile("/pub/f.txt", data(100, 1), now)
				r.here.WriteFile("/home/f.txt", data(c.size, 9), c.time)
				id := r.get(c.policy, "f.txt")[0]
				r.idle()
				w := r.state(id, c.state)
				if c.kept {
					r.holds(r.here, "/home/f.txt", data(c.size, 9))
				} else {
					r.holds(r.here, "/home/f.txt", data(100, 1))
				}
				if c.left != "" {
					r.holds(r.here, c.left, data(100, 1))
					if w.Dst.Path != c.left {
						r.Errorf("target %s", w.Dst.Path)
					}
				}
				if c.state == queue.Failed && w.Failure.Ask != queue.AskExists {
					r.Errorf("failure %+v", w.Failure)
				}
				if c.state == queue.Asking && (w.Question == nil || w.Question.Target.Size != int64(c.size)) {
					r.Errorf("question %+v", w.Question)
				}
				if p := parts(r.here); len(p) > 0 {
					r.Errorf("left: %q", p)
				}
			})
		})
	}
}

func TestResumeOfTheTarget(t *testing.T) {
	whole := data(300_000, 1)
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", whole, now)
		r.here.WriteFile("/home/f", whole[:200_000], now.Add(-time.Hour))
		id := r.get(queue.ExistsResume, "f")[0]
		r.idle()
		w := r.state(id, queue.Done)
		r.holds(r.here, "/home/f", whole)
		if !strings.HasPrefix(w.Note, "resumed at 195") || len(parts(r.here)) > 0 {
			r.Error(show(w), parts(r.here))
		}
	})
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", whole, now)
		r.here.WriteFile("/home/f", whole, now)
		id := r.get(queue.ExistsResume, "f")[0]
		r.idle()
		r.state(id, queue.Skipped)
	})
	// What was the target before is given back on cancel.
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", whole, now)
		r.here.WriteFile("/home/f", whole[:200_000], now)
		g := r.here.Gate("write", "/home/.f.portside")
		id := r.get(queue.ExistsResume, "f")[0]
		<-g.Arrived()
		r.q.Cancel(id)
		g.Open()
		r.idle()
		synctest.Wait()
		r.state(id, queue.Cancelled)
		got, _ := r.here.ReadFile("/home/f")
		if len(got) < 200_000 || len(parts(r.here)) > 0 {
			r.Errorf("%d bytes are left, and %q", len(got), parts(r.here))
		}
	})
}

func TestAttemptsGoOnWhereTheyBroke(t *testing.T) {
	whole := data(500_000, 1)
	for _, up := range []bool{false, true} {
		run(t, queue.Options{}, func(r *rig) {
			from, to, src, dst, go_ := r.there, r.here, "/pub/f", "/home/f", r.get
			if up {
				from, to, src, dst, go_ = r.here, r.there, "/home/f", "/pub/f", r.put
			}
			from.WriteFile(src, whole, now)
			from.Hook = once("read", src, 20, broken())
			if up { // a local read does not break; the server's write does
				from.Hook = nil
				to.Hook = once("write", "", 5, broken())
			}
			id := go_(queue.ExistsFail, "f")[0]
			r.idle()
			w := r.state(id, queue.Done)
			r.holds(to, dst, whole)
			if !strings.HasPrefix(w.Note, "resumed at ") || w.Attempt != 2 || w.Failure != nil {
				r.Error("up", up, show(w))
			}
			if len(parts(to)) > 0 {
				r.Error(parts(to))
			}
		})
	}
}

// A server without REST: the attempt after a broken one begins at the start.
func TestWithoutRestAttemptsStartAnew(t *testing.T) {
	whole := data(500_000, 1)
	for _, up := range []bool{false, true} {
		run(t, queue.Options{}, func(r *rig) {
			from, to, src, dst, go_ := r.there, r.here, "/pub/f", "/home/f", r.get
			cut, refused := once("read", src, 20, broken()), once("open", src, 1, queue.Fail(queue.ClassJob, "REST is not understood", nil))
			if up {
				from, to, src, dst, go_ = r.here, r.there, "/home/f", "/pub/f", r.put
				cut, refused = once("write", "", 5, broken()), once("open", "", 0, queue.Fail(queue.ClassJob, "REST is not understood", nil))
			}
			from.WriteFile(src, whole, now)
			r.there.Hook = func(c queuetest.Call) error { return errors.Join(cut(c), refused(c)) }
			id := go_(queue.ExistsFail, "f")[0]
			r.idle()
			w := r.state(id, queue.Done)
			r.holds(to, dst, whole)
			if w.Note != "started anew: REST is not understood" || w.Failure != nil {
				r.Error("up", up, show(w))
			}
			if len(parts(to)) > 0 {
				r.Error(parts(to))
			}
		})
	}
}

func TestAPartIsProvedFirst(t *testing.T) {
	whole := data(500_000, 1)
	for name, change := range map[string]func(r *rig){
		"the source changed": func(r *rig) { r.there.WriteFile("/pub/f", whole, now.Add(time.Hour)) },
		"the part did not match": func(r *rig) {
			b, _ := r.here.ReadFile("/home/.f.portside")
			b[len(b)-60_000] ^= 1
			r.here.WriteFile("/home/.f.portside", b, now)
		},
		"longer than the source": func(r *rig) { r.here.WriteFile("/home/.f.portside", data(600_000, 1), now) },
	} {
		t.Run(name, func(t *testing.T) {
			run(t, queue.Options{}, func(r *rig) {
				r.there.WriteFile("/pub/f", whole, now)
				r.there.Hook = once("read", "/pub/f", 20, broken())
				id := r.get(queue.ExistsFail, "f")[0]
				synctest.Wait()
				w := r.state(id, queue.Waiting)
				if w.Failure == nil || w.Attempt != 1 {
					r.Fatal(show(w))
				}
				change(r)
				r.idle()
				w = r.state(id, queue.Done)
				r.holds(r.here, "/home/f", whole)
				if !strings.HasPrefix(w.Note, "started anew: ") || !strings.Contains(w.Note, name) {
					r.Error(show(w))
				}
			})
		})
	}
}

func TestNoProgressEndsInFailure(t *testing.T) {
	run(t, queue.Options{Retries: 3}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(100, 1), now)
		r.there.Hook = func(c queuetest.Call) error {
			if c.Op == "read" {
				return broken()
			}
			return nil
		}
		id := r.get(queue.ExistsFail, "f")[0]
		r.idle()
		w := r.state(id, queue.Failed)
		if w.Attempt != 3 || w.Failure.Class != queue.ClassAttempt {
			r.Error(show(w))
		}
		r.there.Hook = nil
		r.q.Retry()
		r.idle()
		r.state(id, queue.Done)
	})
}

// A refusal fails its job alone, at once (F19).
func TestARefusalFailsTheJob(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/d/a", data(100, 1), now)
		r.there.WriteFile("/pub/d/b", data(100, 1), now)
		r.there.Hook = func(c queuetest.Call) error {
			if c.Op == "open" && c.Path == "/pub/d/a" {
				return queue.Fail(queue.ClassJob, "550 no", nil)
			}
			return nil
		}
		id := r.get(queue.ExistsFail, "d")[0]
		r.idle()
		w := r.state(id, queue.Failed)
		if w.Failure.Text != "1 of 2 failed" || !errors.Is(w.Failure, queue.ErrBelow) {
			r.Error(show(w))
		}
		if tot := r.q.Totals(); tot.Failed != 1 || tot.Done != 1 {
			r.Errorf("%+v", tot)
		}
		r.there.Hook = nil
		r.q.Retry(id)
		r.idle()
		r.state(id, queue.Done)
		r.holds(r.here, "/home/d/a", data(100, 1))
	})
}

func TestTruncationIsNoSuccess(t *testing.T) {
	run(t, queue.Options{Retries: 2}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(1000, 1), now)
		e := queue.Entry{Name: "f", Type: queue.File, Size: 2000, Time: now}
		id := r.add(queue.Spec{Kind: queue.Copy, Src: at(server, "/pub/f"), Dst: at(queue.Local, "/home"), Known: &e})[0]
		synctest.Wait()
		w := r.state(id, queue.Waiting)
		if w.Failure == nil || !strings.Contains(w.Failure.Text, "1000 of 2000") {
			r.Fatal(show(w))
		}
		r.idle() // and then it is looked at again
		r.state(id, queue.Done)
	})
}

func TestASourceThatChangesUnderUs(t *testing.T) {
	for _, times := range []int{1, 2} {
		run(t, queue.Options{}, func(r *rig) {
			r.here.WriteFile("/home/f", data(100_000, 1), now)
			n := 0
			r.there.Hook = func(c queuetest.Call) error {
				if c.Op == "create" && n < times {
					n++
					r.here.WriteFile("/home/f", data(100_000, uint32(n+1)), now.Add(time.Duration(n)*time.Hour))
				}
				return nil
			}
			id := r.put("", "f")[0]
			r.idle()
			if times == 1 {
				w := r.state(id, queue.Done)
				r.holds(r.there, "/pub/f", data(100_000, 2))
				if !strings.Contains(w.Note, "changed while") {
					r.Error(show(w))
				}
				return
			}
			r.state(id, queue.Failed)
			if _, ok := r.there.ReadFile("/pub/f"); ok {
				r.Error("a mixture was committed")
			}
		})
	}
}

// E18: the target appears between the check and the rename.
func TestATargetAppearsMeanwhile(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(100, 1), now)
		r.here.Hook = func(c queuetest.Call) error {
			if c.Op == "commit" {
				r.here.WriteFile("/home/f", []byte("mine"), now)
			}
			return nil
		}
		id := r.get("", "f")[0]
		r.idle()
		w := r.state(id, queue.Asking)
		if w.Question.Target.Size != 4 {
			r.Errorf("%+v", w.Question)
		}
		r.holds(r.here, "/home/f", []byte("mine"))
		r.here.Hook = nil
		if err := r.q.Answer(id, queue.Answer{Exists: queue.ExistsOverwrite}); err != nil {
			r.Fatal(err)
		}
		r.idle()
		r.holds(r.here, "/home/f", data(100, 1))
	})
}

// E19: two jobs with one target.
func TestOneWriterForATarget(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(100, 1), now)
		r.there.WriteFile("/pub/x/f", data(50, 2), now)
		g := r.here.Gate("write", "")
		ids := r.get("", "f", "x/f")
		<-g.Arrived()
		synctest.Wait()
		if tot := r.q.Totals(); tot.Running != 1 || tot.Waiting != 1 {
			r.Fatalf("%+v", tot)
		}
		first, second := ids[0], ids[1]
		want := data(100, 1)
		if r.row(first).State == queue.Waiting { // they start together
			first, second, want = second, first, data(50, 2)
		}
		g.Open()
		r.idle()
		r.state(first, queue.Done)
		r.state(second, queue.Asking)
		r.holds(r.here, "/home/f", want)
	})
}

// E14: a full disk stops the queue, not the job.
func TestAFullDiskStopsTheQueue(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/a", data(100_000, 1), now)
		r.there.WriteFile("/pub/b", data(100_000, 2), now)
		r.here.Hook = func(c queuetest.Call) error {
			if c.Op == "write" {
				return syscall.ENOSPC
			}
			return nil
		}
		ids := r.get("", "a", "b")
		synctest.Wait()
		tot := r.q.Totals()
		if !strings.Contains(tot.Stopped, "full") || tot.Waiting != 2 {
			r.Fatalf("%+v", tot)
		}
		r.here.Hook = nil
		r.q.Resume()
		r.idle()
		for i, id := range ids {
			r.state(id, queue.Done)
			r.holds(r.here, []string{"/home/a", "/home/b"}[i], data(100_000, uint32(i+1)))
		}
	})
}

// F23: a fault in a worker fails its job alone.
func TestAPanicFailsTheJob(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/a", data(100, 1), now)
		r.there.WriteFile("/pub/b", data(100, 2), now)
		r.here.Hook = func(c queuetest.Call) error {
			if c.Op == "create" && strings.Contains(c.Path, ".a.") {
				panic("boom")
			}
			return nil
		}
		ids := r.get("", "a", "b")
		r.idle()
		if w := r.state(ids[0], queue.Failed); !strings.Contains(w.Failure.Text, "internal fault: boom") {
			r.Error(show(w))
		}
		r.state(ids[1], queue.Done)
	})
}

// F22: what was to be copied is gone when its turn comes.
func TestASourceThatIsGone(t *testing.T) {
	for _, up := range []bool{false, true} {
		run(t, queue.Options{Connections: 1}, func(r *rig) {
			from, src, get := r.there, "/pub", r.get
			if up {
				from, src, get = r.here, "/home", r.put
			}
			from.WriteFile(src+"/d/a", data(10, 1), now)
			from.WriteFile(src+"/d/b", data(10, 2), now)
			from.Hook = func(c queuetest.Call) error {
				if c.Op == "open" && c.Path == src+"/d/a" {
					from.Remove(src + "/d/b")
				}
				return nil
			}
			get("", "d")
			r.idle()
			for _, w := range r.q.Rows(0, 10) {
				if w.Name == "d/b" && (w.State != queue.Failed || w.Attempt != 1 || !errors.Is(w.Failure, fs.ErrNotExist)) {
					r.Error(show(w))
				}
			}
			if tot := r.q.Totals(); tot.FilesDone != 1 || tot.Failed != 1 {
				r.Errorf("%+v", tot)
			}
		})
	}
}

func TestLinksAndSpecials(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/d/real", data(100, 1), now)
		r.there.WriteFile("/pub/other/x", data(100, 1), now)
		r.there.Link("/pub/d/file", "/pub/d/real")
		r.there.Link("/pub/d/dir", "/pub/other")
		r.there.Link("/pub/d/nowhere", "/pub/missing")
		r.there.Special("/pub/d/pipe")
		id := r.get("", "d")[0]
		r.idle()
		if w := r.state(id, queue.Done); w.Note != "3 of 5 left out" {
			r.Error(show(w))
		}
		r.paths(r.here, "/home/", "/home/d/", "/home/d/file", "/home/d/real")
		r.holds(r.here, "/home/d/file", data(100, 1))
	})
}

func TestMergeKnowsConflictsFromTheListing(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		for i := range 50 {
			r.here.WriteFile(fmt.Sprintf("/home/d/%02d", i), data(10, 1), now)
		}
		r.there.WriteFile("/pub/d/07", data(5, 2), now)
		stats := 0
		r.there.Hook = func(c queuetest.Call) error {
			if c.Op == "stat" {
				stats++
			}
			return nil
		}
		r.put(queue.ExistsSkip, "d")
		r.idle()
		if tot := r.q.Totals(); tot.Done != 49 || tot.Skipped != 1 {
			r.Errorf("%+v", tot)
		}
		if stats > 2 { // the directory, and the one that is there
			r.Errorf("%d round trips to look at targets", stats)
		}
	})
}

func TestDepthIsLimited(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		p := "/pub" + strings.Repeat("/x", 80)
		r.there.WriteFile(p+"/f", data(1, 1), now)
		r.get("", "x")
		r.idle()
		deep := 0
		for _, q := range r.here.Paths() {
			deep = max(deep, strings.Count(q, "/x"))
		}
		if deep != 64 {
			r.Errorf("went %d deep", deep)
		}
	})
}

func TestIntoItself(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		tree(r.here, "/home")
		ids := r.add(
			queue.Spec{Kind: queue.Copy, Src: at(queue.Local, "/home/t"), Dst: at(queue.Local, "/home/t/sub")},
			queue.Spec{Kind: queue.Move, Src: at(queue.Local, "/home/t"), Dst: at(queue.Local, "/home/t/sub")},
			queue.Spec{Kind: queue.Copy, Src: at(queue.Local, "/home/t/a.txt"), Dst: at(queue.Local, "/home/t"), Exists: queue.ExistsOverwrite},
			queue.Spec{Kind: queue.Move, Src: at(queue.Local, "/home/t"), Dst: at(queue.Local, "/home"), Exists: queue.ExistsOverwrite},
		)
		before := r.here.Paths()
		r.idle()
		for _, id := range ids {
			r.state(id, queue.Failed)
		}
		r.paths(r.here, before...)
	})
}

func TestMove(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) { // between two places
		tree(r.there, "/pub")
		id := r.add(queue.Spec{Kind: queue.Move, Src: at(server, "/pub/t"), Dst: at(queue.Local, "/home")})[0]
		r.idle()
		r.state(id, queue.Done)
		r.paths(r.there, "/pub/")
		r.holds(r.here, "/home/t/big.bin", data(200_000, 2))
	})
	run(t, queue.Options{}, func(r *rig) { // at one place
		tree(r.there, "/pub")
		r.there.Mkdir("/pub/in")
		id := r.add(queue.Spec{Kind: queue.Move, Src: at(server, "/pub/t"), Dst: at(server, "/pub/in"), As: "u"})[0]
		reads := r.there.Calls()
		r.idle()
		r.state(id, queue.Done)
		r.holds(r.there, "/pub/in/u/big.bin", data(200_000, 2))
		if n := r.there.Calls() - reads; n > 4 {
			r.Errorf("%d calls", n)
		}
	})
	run(t, queue.Options{}, func(r *rig) { // into a directory that is there
		tree(r.there, "/pub")
		r.there.WriteFile("/pub/in/t/a.txt", data(5, 5), now)
		id := r.add(queue.Spec{Kind: queue.Move, Src: at(server, "/pub/t"), Dst: at(server, "/pub/in"), Exists: queue.ExistsOverwrite})[0]
		r.idle()
		r.state(id, queue.Done)
		r.holds(r.there, "/pub/in/t/a.txt", data(100, 1))
		r.paths(r.there, "/pub/", "/pub/in/", "/pub/in/t/", "/pub/in/t/a.txt", "/pub/in/t/big.bin",
			"/pub/in/t/sub/", "/pub/in/t/sub/deep/", "/pub/in/t/sub/deep/b.txt", "/pub/in/t/sub/empty", "/pub/in/t/void/")
	})
}

func TestMoveKeepsWhatWasNotCopied(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		tree(r.there, "/pub")
		r.here.WriteFile("/home/t/a.txt", data(5, 5), now)
		id := r.add(queue.Spec{Kind: queue.Move, Src: at(server, "/pub/t"), Dst: at(queue.Local, "/home"), Exists: queue.ExistsSkip})[0]
		r.idle()
		if w := r.state(id, queue.Done); !strings.Contains(w.Note, "left out") {
			r.Error(show(w))
		}
		r.paths(r.there, "/pub/", "/pub/t/", "/pub/t/a.txt")
	})
}

func TestDelete(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		tree(r.there, "/pub")
		r.there.WriteFile("/pub/precious/x", data(5, 5), now)
		r.there.Link("/pub/t/link", "/pub/precious")
		r.there.Link("/pub/one", "/pub/precious")
		ids := r.add(
			queue.Spec{Kind: queue.Delete, Src: at(server, "/pub/t")},
			queue.Spec{Kind: queue.Delete, Src: at(server, "/pub/one")},
			queue.Spec{Kind: queue.Delete, Src: at(server, "/")},
		)
		r.idle()
		if w := r.state(ids[0], queue.Done); w.Note != "9 removed" || w.Done != 9 {
			r.Error(show(w), w.Done)
		}
		r.state(ids[1], queue.Done)
		r.state(ids[2], queue.Failed)
		r.paths(r.there, "/pub/", "/pub/precious/", "/pub/precious/x")
	})
}

func TestDeleteCountsWhatStays(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		tree(r.there, "/pub")
		r.there.Hook = func(c queuetest.Call) error {
			if c.Op == "remove" && c.Path == "/pub/t/a.txt" {
				return queue.Fail(queue.ClassJob, "550 not yours", nil)
			}
			return nil
		}
		id := r.add(queue.Spec{Kind: queue.Delete, Src: at(server, "/pub/t")})[0]
		r.idle()
		w := r.state(id, queue.Failed)
		if !strings.HasPrefix(w.Failure.Text, "2 of 8 not removed: 550") {
			r.Error(show(w))
		}
		r.paths(r.there, "/pub/", "/pub/t/", "/pub/t/a.txt")
	})
}

func TestServerToServer(t *testing.T) {
	const other = "ftp://other"
	run(t, queue.Options{}, func(r *rig) {
		second := queuetest.NewDisk()
		second.Mkdir("/in")
		r.dialer.Disks[other] = second
		tree(r.there, "/pub")
		id := r.add(queue.Spec{Kind: queue.Copy, Src: at(server, "/pub/t"), Dst: at(other, "/in")})[0]
		r.idle()
		r.state(id, queue.Done)
		r.holds(second, "/in/t/big.bin", data(200_000, 2))
	})
	// Within one server it takes two sessions.
	for _, limit := range []int{1, 2, 3} {
		run(t, queue.Options{Connections: limit}, func(r *rig) {
			tree(r.there, "/pub")
			r.there.Mkdir("/in")
			id := r.add(queue.Spec{Kind: queue.Copy, Src: at(server, "/pub/t"), Dst: at(server, "/in")})[0]
			r.idle()
			if limit == 1 {
				r.state(id, queue.Failed)
				return
			}
			r.state(id, queue.Done)
			r.holds(r.there, "/in/t/big.bin", data(200_000, 2))
		})
	}
}

// Every single call fails once, in every way: in the end all is whole, or
// says why not, and nothing is left over.
func TestEveryCallFailsOnce(t *testing.T) {
	kinds := map[string]error{"attempt": broken(), "job": queue.Fail(queue.ClassJob, "550 no", nil)}
	for name, fault := range kinds {
		t.Run(name, func(t *testing.T) {
			for _, side := range []string{"there", "here"} {
				for n := 1; ; n++ {
					if everyCall(t, fault, side == "there", n, name == "attempt") < n {
						break
					}
				}
			}
		})
	}
}

func everyCall(t *testing.T, fault error, there bool, n int, heals bool) (calls int) {
	run(t, queue.Options{}, func(r *rig) {
		tree(r.there, "/pub")
		d := r.here
		if there {
			d = r.there
		}
		d.FailAt(n, fault)
		r.get(queue.ExistsFail, "t")
		r.idle()
		calls = d.Calls()
		tot := r.q.Totals()
		if heals && tot.FilesDone != 4 {
			r.Errorf("call %d: %+v", n, tot)
			for _, w := range r.q.Rows(0, 20) {
				r.Log(show(w))
			}
		}
		for _, name := range []string{"/t/a.txt", "/t/big.bin", "/t/sub/deep/b.txt", "/t/sub/empty"} {
			want, _ := r.there.ReadFile("/pub" + name)
			if got, ok := r.here.ReadFile("/home" + name); ok && !slices.Equal(got, want) {
				r.Errorf("call %d: %s differs", n, name)
			}
		}
		r.q.Cancel(ids(r.q)...)
		synctest.Wait()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if p := parts(r.here); len(p) > 0 {
			r.Errorf("call %d: left %q", n, p)
		}
	})
	return calls
}

func ids(q *queue.Queue) (out []queue.ID) {
	for _, w := range q.Rows(0, 1000) {
		out = append(out, w.ID)
	}
	return out
}

// A resume that cannot be says why, and leaves the target alone.
func TestResumeSaysWhyNot(t *testing.T) {
	whole := data(300_000, 1)
	for why, tt := range map[string]struct {
		have []byte
		hook func(queuetest.Call) error
	}{
		"longer than the source":          {have: data(400_000, 1)},
		"not the beginning of the source": {have: data(200_000, 7)},
		"REST is not understood": {have: whole[:200_000], hook: once("open", "/pub/f", 0,
			queue.Fail(queue.ClassJob, "REST is not understood", nil))},
	} {
		run(t, queue.Options{}, func(r *rig) {
			r.there.WriteFile("/pub/f", whole, now)
			r.here.WriteFile("/home/f", tt.have, now)
			r.there.Hook = tt.hook
			id := r.get(queue.ExistsResume, "f")[0]
			r.idle()
			w := r.state(id, queue.Asking)
			if w.Failure == nil || !strings.Contains(w.Failure.Text, why) {
				r.Errorf("%s: %s", why, show(w))
			}
			r.holds(r.here, "/home/f", tt.have)
		})
	}
}

// B18: a remote file that has grown since it was looked at is taken as far as
// it came, and looked at again.
func TestASourceThatGrows(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(1000, 1), now)
		grown := false
		r.there.Hook = func(c queuetest.Call) error {
			if c.Op == "open" && !grown {
				grown = true
				r.there.WriteFile("/pub/f", data(1200, 2), now.Add(time.Hour))
			}
			return nil
		}
		id := r.get("", "f")[0]
		r.idle()
		if w := r.state(id, queue.Done); w.Note != "grew while it was copied" {
			r.Error(show(w))
		}
		r.holds(r.here, "/home/f", data(1200, 2))
	})
}
