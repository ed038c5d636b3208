package connect

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"portside/ftp/ftptest"
	"portside/queue"
	"portside/queue/local"
)

// TestFewOpenFilesF11 lets a process that may open few files download and
// upload many, over more connections than that is enough for; it is also what
// that process runs.
func TestFewOpenFilesF11(t *testing.T) {
	const files, allowed = 64, 32
	if address := os.Getenv("PORTSIDE_TEST_FEW"); address != "" {
		few(t, address, os.Getenv("PORTSIDE_TEST_DIR"), allowed)
		return
	}
	tr := ftptest.NewTree()
	for i := range files {
		tr.WriteFile(fmt.Sprintf("/d/%02d", i), []byte(text(200_000)), time.Unix(1e9, 0))
	}
	b := newBench(t, ftptest.Config{Tree: tr})
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFewOpenFilesF11$", "-test.v", "-test.timeout=60s")
	cmd.Env = append(os.Environ(), "PORTSIDE_TEST_FEW="+b.address, "PORTSIDE_TEST_DIR="+b.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for i := range files {
		if name := fmt.Sprintf("d/%02d", i); b.local(name) != text(200_000) {
			t.Errorf("%s: %d bytes", name, len(b.local(name)))
		}
		if !tr.Exists(fmt.Sprintf("/up/d/%02d", i)) {
			t.Errorf("%02d did not go up", i)
		}
	}
}

func few(t *testing.T, address, dir string, allowed uint64) {
	t.Helper()
	dialer := New(nil)
	dialer.SetPassword(address, "demo")
	q := queue.New(queue.Options{Local: local.New(), Remote: dialer, Connections: 8, Retries: 1})
	defer func() { _ = q.Close() }()
	limit := unix.Rlimit{Cur: allowed, Max: allowed}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if _, err := q.Connect(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	if err := q.Mkdir(t.Context(), queue.Place{Address: address, Path: "/up"}); err != nil {
		t.Fatal(err)
	}
	short := 0
	for _, s := range []queue.Spec{
		{Kind: queue.Copy, Src: queue.Place{Address: address, Path: "/d"}, Dst: queue.Place{Address: queue.Local, Path: dir}},
		{Kind: queue.Copy, Src: queue.Place{Address: queue.Local, Path: filepath.Join(dir, "d")}, Dst: queue.Place{Address: address, Path: "/up"}},
	} {
		if _, err := q.Add([]queue.Spec{s}); err != nil {
			t.Fatal(err)
		}
		for q.Totals().Active() {
			<-q.Changed()
			for _, w := range q.Rows(0, 100) {
				if w.State == queue.Waiting && w.Failure != nil {
					short++
				}
			}
		}
	}
	if tot := q.Totals(); tot.Failed > 0 || tot.Done == 0 {
		t.Errorf("%+v", tot)
		for _, w := range q.Rows(0, 100) {
			if w.State == queue.Failed {
				t.Log(w.Name, w.Failure.Text)
			}
		}
	}
	if short == 0 {
		t.Error("there were enough open files: this shows nothing")
	}
}
