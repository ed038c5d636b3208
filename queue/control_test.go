package queue_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"portside/queue"
	"portside/queue/queuetest"
)

// E32: cancel at every state. It returns at once, the worker ends, nothing is
// left under any name, and the session is not used again.
func TestCancelAnywhere(t *testing.T) {
	for _, up := range []bool{false, true} {
		for _, g := range []struct {
			there bool
			op    string
		}{
			{true, "stat"}, {true, "mkdir"}, {true, "list"}, {true, "row"}, {true, "open"}, {true, "read"}, {true, "close"}, {true, "create"},
			{true, "write"}, {true, "commit"}, {false, "stat"}, {false, "mkdir"}, {false, "create"}, {false, "write"}, {false, "commit"}, {false, "read"},
		} {
			t.Run(fmt.Sprint(up, g), func(t *testing.T) {
				run(t, queue.Options{}, func(r *rig) {
					from, to, src, dst := r.there, r.here, "/pub", "/home/"
					get := r.get
					if up {
						from, to, src, dst, get = r.here, r.there, "/home", "/pub/", r.put
					}
					from.WriteFile(src+"/d/f", data(100_000, 1), now)
					disk := r.here
					if g.there {
						disk = r.there
					}
					gate := disk.Gate(g.op, "")
					id := get("", "d")[0]
					synctest.Wait()
					held := len(gate.Arrived()) > 0
					r.q.Cancel(id)
					if w := r.row(id); w.State != queue.Cancelled && w.State != queue.Done {
						r.Error(show(w))
					}
					began := time.Now()
					synctest.Wait()
					if took := time.Since(began); took > time.Second {
						r.Errorf("took %v", took)
					}
					gate.Open()
					r.idle()
					time.Sleep(time.Second)
					synctest.Wait()
					for _, p := range to.Paths() {
						if held && p != dst && p != dst+"d/" {
							r.Errorf("left: %s", p)
						}
					}
				})
			})
		}
	}
}

func TestCancelWhileDialling(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.dialer.Gate = make(chan struct{})
		r.there.WriteFile("/pub/f", data(10, 1), now)
		id := r.get("", "f")[0]
		synctest.Wait()
		r.q.Cancel(id)
		synctest.Wait()
		r.state(id, queue.Cancelled)
		close(r.dialer.Gate)
		id = r.get("", "f")[0]
		r.idle()
		r.state(id, queue.Done)
	})
}

func TestPauseKeepsThePart(t *testing.T) {
	whole := data(500_000, 1)
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", whole, now)
		r.there.Delay = 100 * time.Millisecond
		id := r.get("", "f")[0]
		time.Sleep(2 * time.Second)
		w := r.state(id, queue.Running)
		if w.Done < 100_000 || w.Rate < 100_000 || w.Left <= 0 || w.Left > 5*time.Second {
			r.Errorf("%+v", w)
		}
		r.q.Pause(id)
		synctest.Wait()
		w = r.state(id, queue.Paused)
		if len(parts(r.here)) != 1 || w.Done < 100_000 {
			r.Error(show(w), parts(r.here))
		}
		time.Sleep(time.Hour)
		r.state(id, queue.Paused)
		r.q.Resume(id)
		r.idle()
		w = r.state(id, queue.Done)
		r.holds(r.here, "/home/f", whole)
		if w.Note == "" || len(parts(r.here)) != 0 {
			r.Error(show(w))
		}
	})
}

func TestPauseAllHoldsWhatComes(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		tree(r.there, "/pub")
		g := r.there.Gate("read", "/pub/t/big.bin")
		r.get("", "t")
		<-g.Arrived()
		r.q.Pause()
		synctest.Wait()
		r.there.WriteFile("/pub/late", nil, now)
		late := r.get("", "late")[0]
		synctest.Wait()
		if tot := r.q.Totals(); tot.Running+tot.Waiting != 0 || tot.Paused == 0 {
			r.Errorf("%+v", tot)
		}
		r.state(late, queue.Paused)
		g.Open()
		r.q.Resume()
		r.idle()
		r.state(late, queue.Done)
		r.holds(r.here, "/home/t/big.bin", data(200_000, 2))
	})
}

// A paused scan is read again later, without making any job twice.
func TestPausedScanGoesOn(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		for i := range 2000 {
			r.there.WriteFile(fmt.Sprintf("/pub/d/%04d", i), nil, now)
		}
		n := 0
		held := make(chan struct{})
		r.there.Hook = func(c queuetest.Call) error {
			if c.Op == "row" {
				if n++; n == 1500 {
					close(held)
					return context.Canceled // the session ends here
				}
			}
			return nil
		}
		id := r.get("", "d")[0]
		<-held
		r.q.Pause()
		synctest.Wait()
		r.q.Resume()
		r.idle()
		if r.row(id).State == queue.Failed {
			r.q.Retry()
			r.idle()
		}
		r.state(id, queue.Done)
		if tot := r.q.Totals(); tot.Files != 2000 || tot.FilesDone != 2000 {
			r.Errorf("%+v", tot)
		}
	})
}

func TestCancelledDirectoryTakesItsFiles(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		tree(r.there, "/pub")
		g := r.there.Gate("read", "")
		id := r.get("", "t")[0]
		<-g.Arrived()
		synctest.Wait()
		r.q.Cancel(id)
		synctest.Wait()
		if tot := r.q.Totals(); tot.Active() || tot.Cancelled == 0 || tot.Files != tot.FilesDone {
			r.Errorf("%+v", tot)
		}
		g.Open()
		r.q.Retry(id)
		r.idle()
		r.state(id, queue.Done)
		r.holds(r.here, "/home/t/big.bin", data(200_000, 2))
		r.q.Clear()
		if rows := r.q.Rows(0, 10); len(rows) != 0 {
			r.Errorf("%d rows after Clear", len(rows))
		}
		if tot := r.q.Totals(); tot.Files != 0 || tot.Bytes != 0 || tot.Done != 0 {
			r.Errorf("%+v", tot)
		}
	})
}

func TestAnswers(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		names := make([]string, 6)
		for i := range names {
			names[i] = fmt.Sprint("f", i)
			r.there.WriteFile("/pub/"+names[i], data(100, uint32(i)), now)
			r.here.WriteFile("/home/"+names[i], data(50, 9), now)
		}
		ids := r.get("", names...)
		r.idle()
		if tot := r.q.Totals(); tot.Asking != 6 {
			r.Fatalf("%+v", tot)
		}
		if err := r.q.Answer(ids[0], queue.Answer{}); err == nil {
			r.Error("an empty answer was taken")
		}
		r.q.Answer(ids[0], queue.Answer{Exists: queue.ExistsSkip})
		r.q.Answer(ids[1], queue.Answer{Exists: queue.ExistsRename, As: "f0"})   // taken as well
		r.q.Answer(ids[2], queue.Answer{Exists: queue.ExistsRename, As: "free"}) //
		r.idle()
		r.state(ids[0], queue.Skipped)
		if w := r.state(ids[1], queue.Asking); w.Dst.Path != "/home/f0" {
			r.Error(show(w), w.Dst)
		}
		r.state(ids[2], queue.Done)
		r.holds(r.here, "/home/free", data(100, 2))
		if err := r.q.Answer(ids[2], queue.Answer{Exists: queue.ExistsSkip}); err == nil {
			r.Error("a job that asks nothing took an answer")
		}

		// F18: the world changed since the question was put.
		r.here.WriteFile("/home/f3", data(70, 9), now)
		r.q.Answer(ids[3], queue.Answer{Exists: queue.ExistsOverwrite})
		r.idle()
		if w := r.state(ids[3], queue.Asking); w.Question.Target.Size != 70 {
			r.Errorf("%+v", w.Question)
		}
		// F17: one answer for all.
		r.q.Answer(ids[4], queue.Answer{Exists: queue.ExistsOverwrite, Scope: queue.ScopeBatch})
		r.idle()
		for i := 3; i < 6; i++ {
			r.state(ids[i], queue.Done)
			r.holds(r.here, "/home/"+names[i], data(100, uint32(i)))
		}
	})
}

func TestAnAnswerForAllHoldsForLaterOnesOfTheAdd(t *testing.T) {
	run(t, queue.Options{Connections: 1}, func(r *rig) {
		for _, n := range []string{"a", "b"} {
			r.there.WriteFile("/pub/d/"+n, data(100, 1), now)
			r.here.WriteFile("/home/d/"+n, data(50, 9), now)
		}
		g := r.there.Gate("stat", "")
		g.Open()
		id := r.get("", "d")[0]
		synctest.Wait()
		for _, w := range r.q.Rows(0, 10) {
			if w.State == queue.Asking {
				r.q.Answer(w.ID, queue.Answer{Exists: queue.ExistsOverwrite, Scope: queue.ScopeBatch})
				break
			}
		}
		r.idle()
		r.state(id, queue.Done)
		r.holds(r.here, "/home/d/b", data(100, 1))
	})
}

// F14: the server's limit is learned from its refusals, and no attempt is lost.
func TestTheLimitIsLearned(t *testing.T) {
	for _, limit := range []int{1, 2} {
		run(t, queue.Options{Connections: 4, Retries: 1}, func(r *rig) {
			r.dialer.Max = limit
			r.there.Delay = 10 * time.Millisecond
			for i := range 40 {
				r.there.WriteFile(fmt.Sprintf("/pub/d/%02d", i), data(20_000, uint32(i)), now)
			}
			r.get("", "d")
			r.idle()
			tot := r.q.Totals()
			if tot.FilesDone != 40 || tot.Failed != 0 {
				r.Errorf("%+v", tot)
			}
			if _, most := r.dialer.Live(server); most != limit {
				r.Errorf("at most %d sessions", most)
			}
			for _, w := range r.q.Rows(0, 100) {
				if w.Attempt != 1 {
					r.Error(show(w))
				}
			}
			// When the first is in, the others try at once.
			if n, _ := r.dialer.Dials(); n <= limit || n > 4 {
				r.Errorf("%d dials", n)
			}
		})
	}
}

// F15: ten workers, a wrong password, one login.
func TestOneLoginForAWrongPassword(t *testing.T) {
	run(t, queue.Options{Connections: 10}, func(r *rig) {
		r.dialer.Password = "right"
		var names []string
		for i := range 20 {
			names = append(names, fmt.Sprint(i))
			r.there.WriteFile("/pub/"+names[i], data(10, uint32(i)), now)
		}
		ids := r.get("", names...)
		r.idle()
		if n := r.dialer.Refused(); n != 1 {
			r.Errorf("%d logins", n)
		}
		for _, id := range ids {
			if w := r.state(id, queue.Asking); w.Question.Ask != queue.AskPassword {
				r.Error(show(w))
			}
		}
		if _, err := r.q.Connect(r.Context(), server); queue.FailureOf(err).Ask != queue.AskPassword {
			r.Error(err)
		}
		if n := r.dialer.Refused(); n != 1 {
			r.Errorf("%d logins", n)
		}
		if err := r.q.Answer(ids[3], queue.Answer{Password: "wrong"}); err != nil {
			r.Fatal(err)
		}
		r.idle()
		if n := r.dialer.Refused(); n != 2 {
			r.Errorf("%d logins", n)
		}
		if err := r.q.AnswerEndpoint(server, queue.Answer{Password: "right"}); err != nil {
			r.Fatal(err)
		}
		r.idle()
		for _, id := range ids {
			r.state(id, queue.Done)
		}
	})
}

// F13: one probe at a time while the server is away.
func TestAnOutage(t *testing.T) {
	run(t, queue.Options{Backoff: queue.Backoff}, func(r *rig) {
		for i := range 20 {
			r.there.WriteFile(fmt.Sprintf("/pub/d/%02d", i), data(200_000, uint32(i)), now)
		}
		r.there.Delay = 100 * time.Millisecond
		var away atomic.Bool
		r.dialer.Hook = func(int, string) error {
			if away.Load() {
				return queue.Fail(queue.ClassServer, "connection refused", nil)
			}
			return nil
		}
		r.there.Hook = func(c queuetest.Call) error {
			if away.Load() {
				return broken()
			}
			return nil
		}
		id := r.get("", "d")[0]
		time.Sleep(2 * time.Second)
		before, _ := r.dialer.Dials()
		away.Store(true)
		time.Sleep(10 * time.Second)
		if n, _ := r.dialer.Dials(); n-before > 6 || n == before {
			r.Errorf("%d dials in 10 s", n-before)
		}
		away.Store(false)
		r.idle()
		r.state(id, queue.Done)
		if tot := r.q.Totals(); tot.FilesDone != 20 || tot.Failed != 0 {
			r.Errorf("%+v", tot)
		}
	})
}

func TestAServerThatNeverComesBack(t *testing.T) {
	run(t, queue.Options{Retries: 3}, func(r *rig) {
		r.dialer.Hook = func(int, string) error { return queue.Fail(queue.ClassServer, "connection refused", nil) }
		ids := r.get("", "a", "b", "c", "d", "e", "f")
		r.here.WriteFile("/home/x/f", data(5, 1), now)
		local := r.add(queue.Spec{Kind: queue.Copy, Src: at(queue.Local, "/home/x/f"), Dst: at(queue.Local, "/home")})[0]
		r.idle()
		for _, id := range ids {
			if w := r.state(id, queue.Failed); w.Failure.Text != "connection refused" {
				r.Error(show(w))
			}
		}
		if n, _ := r.dialer.Dials(); n != 3 {
			r.Errorf("%d dials", n)
		}
		r.state(local, queue.Done)
	})
}

// E34: with one session, browsing goes ahead of the next transfer.
func TestBrowsingGoesFirst(t *testing.T) {
	run(t, queue.Options{Connections: 1}, func(r *rig) {
		for i := range 10 {
			r.there.WriteFile(fmt.Sprintf("/pub/d/%02d", i), data(100_000, uint32(i)), now)
		}
		r.there.Delay = 100 * time.Millisecond
		r.get("", "d")
		time.Sleep(300 * time.Millisecond)
		var done int
		for e, err := range r.q.List(r.Context(), at(server, "/pub/d")) {
			if err != nil || e.Size != 100_000 {
				r.Fatal(e, err)
			}
			done = r.q.Totals().FilesDone
		}
		if done > 1 {
			r.Errorf("waited for %d files", done)
		}
		ctx, cancel := context.WithTimeout(r.Context(), time.Millisecond)
		defer cancel()
		if _, err := r.q.Stat(ctx, at(server, "/pub")); !errors.Is(err, context.DeadlineExceeded) {
			r.Error(err)
		}
		r.idle()
		if _, most := r.dialer.Live(server); most != 1 {
			r.Errorf("%d sessions", most)
		}
	})
}

func TestPanesKeepASessionFree(t *testing.T) {
	run(t, queue.Options{Connections: 3, Interactive: true}, func(r *rig) {
		for i := range 10 {
			r.there.WriteFile(fmt.Sprintf("/pub/d/%02d", i), data(1000, uint32(i)), now)
		}
		g := r.there.Gate("read", "")
		r.get("", "d")
		synctest.Wait()
		if n := len(g.Arrived()); n != 2 {
			r.Errorf("%d transfers", n)
		}
		if e, err := r.q.Stat(r.Context(), at(server, "/pub/d/03")); err != nil || e.Size != 1000 {
			r.Error(e, err)
		}
		g.Open()
		r.idle()
	})
}

func TestIdleSessionsEnd(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		for i := range 8 {
			r.there.WriteFile(fmt.Sprintf("/pub/d/%02d", i), data(100_000, uint32(i)), now)
		}
		r.there.Delay = time.Millisecond
		if i, err := r.q.Connect(r.Context(), server); err != nil || i.Home != "/" {
			r.Fatal(i, err)
		}
		r.get("", "d")
		r.idle()
		if n, _ := r.dialer.Live(server); n != 4 {
			r.Errorf("%d sessions", n)
		}
		time.Sleep(61 * time.Second)
		synctest.Wait()
		if n, _ := r.dialer.Live(server); n != 1 {
			r.Errorf("%d sessions after a minute", n)
		}
	})
}

// A14: a session that died while it was idle costs nothing but a new one.
func TestADeadIdleSession(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(10, 1), now)
		if _, err := r.q.Connect(r.Context(), server); err != nil {
			r.Fatal(err)
		}
		r.there.Hook = once("stat", "", 0, broken())
		if e, err := r.q.Stat(r.Context(), at(server, "/pub/f")); err != nil || e.Size != 10 {
			r.Error(e, err)
		}
		if n, _ := r.dialer.Dials(); n != 2 {
			r.Errorf("%d dials", n)
		}
	})
}

func TestBrowse(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		ctx := r.Context()
		r.there.WriteFile("/pub/f", data(100_000, 1), now)
		if err := r.q.Mkdir(ctx, at(server, "/pub/d")); err != nil {
			r.Error(err)
		}
		to, err := r.q.Join(at(server, "/pub/d"), "g")
		if err != nil || to.Path != "/pub/d/g" {
			r.Error(to, err)
		}
		if _, err := r.q.Join(at(server, "/pub"), "../x"); err == nil {
			r.Error("Join took a path")
		}
		if p := r.q.Parent(to); p.Path != "/pub/d" || p.Address != server {
			r.Error(p)
		}
		if err := r.q.Rename(ctx, at(server, "/pub/f"), to.Path); err != nil {
			r.Error(err)
		}
		f, err := r.q.Open(ctx, to, 99_000)
		if err != nil {
			r.Fatal(err)
		}
		if b, err := io.ReadAll(f); err != nil || len(b) != 1000 {
			r.Error(len(b), err)
		}
		if err := f.Close(); err != nil {
			r.Error(err)
		}
		for range r.q.List(ctx, at(queue.Local, "/")) {
			break
		}
		for _, err := range r.q.List(ctx, at(server, "/nowhere")) {
			if err == nil {
				r.Error("no error")
			}
		}
		if n, _ := r.dialer.Dials(); n != 1 {
			r.Errorf("%d dials", n)
		}
	})
}

func TestCloseKeepsParts(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.there.WriteFile("/pub/f", data(100_000, 1), now)
		r.there.Delay = 100 * time.Millisecond
		id := r.get("", "f")[0]
		open, err := r.q.Open(r.Context(), at(server, "/pub/f"), 0)
		if err != nil {
			r.Fatal(err)
		}
		time.Sleep(350 * time.Millisecond)
		r.q.Close()
		if len(parts(r.here)) != 1 {
			r.Error(r.here.Paths())
		}
		r.state(id, queue.Waiting)
		if _, err := r.q.Add([]queue.Spec{{Kind: queue.Delete, Src: at(server, "/x")}}); !errors.Is(err, queue.ErrClosed) {
			r.Error(err)
		}
		if _, err := r.q.Stat(r.Context(), at(server, "/")); !errors.Is(err, queue.ErrClosed) && !errors.Is(err, context.Canceled) {
			r.Error(err)
		}
		if _, err := io.ReadAll(open); !errors.Is(err, context.Canceled) {
			r.Error(err)
		}
		open.Close()
	})
}

func TestBadSpecs(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		good := queue.Spec{Kind: queue.Copy, Src: at(server, "/pub/f"), Dst: at(queue.Local, "/home")}
		for name, change := range map[string]func(*queue.Spec){
			"kind":   func(s *queue.Spec) { s.Kind = "twist" },
			"source": func(s *queue.Spec) { s.Src.Path = "" },
			"target": func(s *queue.Spec) { s.Dst = queue.Place{} },
			"policy": func(s *queue.Spec) { s.Exists = "maybe" },
		} {
			bad := good
			change(&bad)
			if _, err := r.q.Add([]queue.Spec{good, bad}); err == nil {
				r.Errorf("bad %s was taken", name)
			}
		}
		if rows := r.q.Rows(0, 10); len(rows) != 0 {
			r.Errorf("half an Add is there: %v", rows)
		}
		slash := good
		slash.As = "a/b"
		id := r.add(slash)[0]
		r.idle()
		r.state(id, queue.Failed)
	})
}
