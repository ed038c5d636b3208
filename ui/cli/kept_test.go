//go:build unix

package cli

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/queue"
)

// kept is a world with a terminal and a directory for the queue.
func kept(t *testing.T) *world {
	w := newWorld(t)
	w.env["TERM"], w.state = "xterm", filepath.Join(t.TempDir(), "state", "portside")
	return w
}

// leaves runs the panes, of which f is all that happens.
func (w *world) leaves(f func(p Panes), args ...string) {
	w.t.Helper()
	opened := false
	w.panes = func(_ context.Context, p Panes) error {
		opened = true
		f(p)
		return nil
	}
	if r := onTerminal(w, func(*typist) {}, args...); r.status != 0 || !opened {
		w.t.Fatalf("%d %s", r.status, r.out)
	}
}

// reaches waits until the first job is in a state.
func reaches(t *testing.T, q queue.Engine, want queue.State) queue.Row {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		rows := q.Rows(0, 10)
		if len(rows) == 1 && rows[0].State == want {
			return rows[0]
		}
		select {
		case <-q.Changed():
		case <-limit:
			t.Fatalf("%+v", rows)
		}
	}
}

func TestPanesKeepTheirQueue(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w, dir := kept(t), t.TempDir()
	w.leaves(func(p Panes) {
		if !p.Kept || p.Notice != "" {
			t.Errorf("%v %q", p.Kept, p.Notice)
		}
		p.Engine.Pause()
		if _, err := p.Engine.Add([]queue.Spec{{
			Kind: queue.Copy, Src: queue.Place{Address: p.Right.Address, Path: "/a.txt"}, Dst: queue.Place{Address: queue.Local, Path: dir},
		}}); err != nil {
			t.Error(err)
		}
	}, at(s, ""), dir)
	w.leaves(func(p Panes) {
		reaches(t, p.Engine, queue.Paused)
		p.Engine.Resume()
	}, at(s, ""), dir)
	w.leaves(func(p Panes) { reaches(t, p.Engine, queue.Done) }, at(s, ""), dir)
	if _, err := os.Stat(filepath.Join(dir, "a.txt")); err != nil {
		t.Error(err)
	}
	if st, err := os.Stat(filepath.Join(w.state, "queue")); err != nil || st.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", st, err)
	}
}

// The password in the environment is for the URL in argv: a job at another
// server asks, and nothing of it is on the disk.
func TestKeptJobsGetNoPasswordOfOthers(t *testing.T) {
	mine := serve(t, ftptest.Config{User: "demo", Password: "canary77"})
	other := serve(t, ftptest.Config{User: "demo", Password: "canary77"})
	w, dir := kept(t), t.TempDir()
	w.env["PORTSIDE_PASSWORD"] = "canary77"
	add := func(p Panes) {
		_, err := p.Engine.Add([]queue.Spec{{
			Kind: queue.Copy, Src: queue.Place{Address: p.Right.Address, Path: "/a.txt"}, Dst: queue.Place{Address: queue.Local, Path: dir},
		}})
		if err != nil {
			t.Error(err)
		}
	}
	w.leaves(func(p Panes) {
		p.Engine.Pause()
		add(p)
	}, at(other, ""), dir)
	w.leaves(func(p Panes) {
		p.Engine.Resume()
		row := reaches(t, p.Engine, queue.Asking)
		if row.Question.Ask != queue.AskPassword {
			t.Errorf("%+v", row.Question)
		}
		if err := p.Engine.Answer(row.ID, queue.Answer{Password: "canary77"}); err != nil {
			t.Error(err)
		}
		reaches(t, p.Engine, queue.Done)
	}, at(mine, ""), dir)
	err := filepath.WalkDir(w.state, func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if strings.Contains(string(data), "canary77") {
			t.Errorf("the password is in %s", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestSecondPanes(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w := kept(t)
	w.leaves(func(Panes) {
		second := newWorld(t)
		second.env, second.state = w.env, w.state
		second.leaves(func(p Panes) {
			if want := "the queue is in use by process " + strconv.Itoa(os.Getpid()) + "; jobs queued here end when you quit"; p.Kept || p.Notice != want {
				t.Errorf("%v %q", p.Kept, p.Notice)
			}
		}, at(s, ""), t.TempDir())
	}, at(s, ""), t.TempDir())
}

func TestQueueOfANewerPortside(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w := kept(t)
	name := filepath.Join(w.state, "queue", "journal")
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	const theirs = "portside queue 9 of the future\n"
	if err := os.WriteFile(name, []byte(theirs), 0o600); err != nil {
		t.Fatal(err)
	}
	w.leaves(func(p Panes) {
		if p.Kept || !strings.Contains(p.Notice, "left alone: it has format 9") {
			t.Errorf("%v %q", p.Kept, p.Notice)
		}
	}, at(s, ""), t.TempDir())
	if data, err := os.ReadFile(name); err != nil || string(data) != theirs {
		t.Errorf("%q %v", data, err)
	}
}

func TestDemoAndGetKeepNothing(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w := kept(t)
	w.leaves(func(p Panes) {
		if p.Kept {
			t.Error("the demo is kept")
		}
	}, "--demo")
	if r := w.run("get", at(s, "a.txt"), t.TempDir()); r.status != 0 {
		t.Error(r.errors)
	}
	if _, err := os.Stat(w.state); err == nil {
		t.Error("there is a queue on the disk")
	}
}
