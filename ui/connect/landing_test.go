package connect

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/queue"
)

// uploaded puts a file of 50 000 bytes through a queue.
func uploaded(t *testing.T, q ftptest.Quirks, old string, exists queue.Policy) (*bench, queue.Row, string) {
	t.Helper()
	data := text(50_000)
	tr := ftptest.NewTree()
	if old != "" {
		tr.WriteFile("/f", []byte(old), time.Unix(1e9, 0))
	}
	b := newBench(t, ftptest.Config{Tree: tr, Quirks: q})
	if err := os.WriteFile(filepath.Join(b.dir, "f"), []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
	return b, b.copy(t, true, "f", exists), data
}

// onlyPart is what the one part at the server holds.
func onlyPart(tree *ftptest.Tree) (data []byte) {
	var names []string
	tree.Walk(func(p string, _ fs.FileInfo) {
		if strings.HasSuffix(p, ".portside") {
			names = append(names, p)
		}
	})
	if len(names) == 1 {
		data, _ = tree.ReadFile(names[0])
	}
	return data
}

// The name of an upload is refused: what was there stays, and what came is
// kept and named. What was there goes only when what came is whole.
func TestRenameRefusedE20(t *testing.T) {
	for name, tt := range map[string]struct {
		quirks ftptest.Quirks
		state  queue.State
	}{
		"not over a file":       {ftptest.Quirks{NoReplace: true}, queue.Done},
		"RNFR unknown":          {ftptest.Quirks{Refuse: map[string]string{"RNFR": "502 No."}}, queue.Failed},
		"RNTO forbidden":        {ftptest.Quirks{Refuse: map[string]string{"RNTO": "553 Not here."}}, queue.Failed},
		"RNTO out of order":     {ftptest.Quirks{Refuse: map[string]string{"RNTO": "503 What?"}}, queue.Failed},
		"and no DELE":           {ftptest.Quirks{NoReplace: true, Refuse: map[string]string{"DELE": "550 Never."}}, queue.Done},
		"cut in the middle":     {ftptest.Quirks{NoReplace: true, Drop: &ftptest.Drop{After: 20_000, How: ftptest.DropReply, Times: 2}}, queue.Done},
		"called complete short": {ftptest.Quirks{NoReplace: true, SizeShift: -1}, queue.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, w, data := uploaded(t, tt.quirks, "old", queue.ExistsOverwrite)
			if w.State != tt.state {
				t.Errorf("%s %v", w.State, w.Failure)
			}
			got, _ := b.srv.Tree().ReadFile("/f")
			if want := map[bool]string{true: data, false: "old"}[tt.state == queue.Done]; string(got) != want {
				t.Errorf("%d bytes have the name", len(got))
			}
			if tt.state == queue.Failed {
				part := onlyPart(b.srv.Tree())
				if string(part) != data || name != "called complete short" && !strings.Contains(w.Failure.Text, "/.f.portside") {
					t.Errorf("%d bytes are kept: %s", len(part), w.Failure.Text)
				}
			}
			whole := false
			for _, line := range b.srv.Transcript() {
				whole = whole || strings.Contains(line, "< 226")
				if (strings.HasSuffix(line, "> DELE /f") || strings.HasSuffix(line, "> RNFR /f")) && !whole {
					t.Error("the old file went before the new one was whole")
				}
			}
		})
	}
}

// The connection ends with the answer to RNTO, which was carried out, or not.
func TestRenameUnheardE21(t *testing.T) {
	for name, q := range map[string]ftptest.Quirks{
		"carried out": {Swallow: map[string]bool{"RNTO": true}},
		"verdict":     {Drop: &ftptest.Drop{After: 50_000, How: ftptest.DropAll, Times: 1}},
	} {
		for _, old := range []string{"", "old"} {
			t.Run(name+" "+old, func(t *testing.T) {
				t.Parallel()
				exists := queue.ExistsFail
				if old != "" {
					exists = queue.ExistsOverwrite
				}
				b, w, data := uploaded(t, q, old, exists)
				got, _ := b.srv.Tree().ReadFile("/f")
				if w.State != queue.Done || string(got) != data || w.Attempt > 2 {
					t.Errorf("%s %v in %d attempts, %d bytes", w.State, w.Failure, w.Attempt, len(got))
				}
				if n := len(b.sent("STOR")); name == "carried out" && n != 1 {
					t.Errorf("it was sent %d times", n)
				}
				if b.srv.Tree().Exists("/.f.portside") {
					t.Error("a part is left")
				}
			})
		}
	}
}

// Refusals of an upload: a full disk is the server's matter, the rest is the
// file's.
func TestUploadRefusedE15E16(t *testing.T) {
	full := ftptest.Quirks{DiskFull: true}
	for name, tt := range map[string]struct {
		quirks ftptest.Quirks
		class  queue.Class
		code   int
	}{
		"full, 452":        {full, queue.ClassServer, 452},
		"full at once":     {ftptest.Quirks{Refuse: map[string]string{"STOR": "552 Quota exceeded."}}, queue.ClassServer, 552},
		"full, called 226": {ftptest.Quirks{SizeShift: -10}, queue.ClassAttempt, 0},
		"forbidden, 550":   {ftptest.Quirks{Refuse: map[string]string{"STOR": "550 Permission denied."}}, queue.ClassJob, 550},
		"forbidden, 553":   {ftptest.Quirks{Refuse: map[string]string{"STOR": "553 Not this name."}}, queue.ClassJob, 553},
		"forbidden, 530":   {ftptest.Quirks{Refuse: map[string]string{"STOR": "530 Not for you."}}, queue.ClassJob, 530},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, w, _ := uploaded(t, tt.quirks, "", queue.ExistsFail)
			state := queue.Failed
			if tt.class == queue.ClassServer {
				state = queue.Waiting // for room
			}
			if w.State != state || w.Failure.Class != tt.class || w.Failure.Code != tt.code {
				t.Fatalf("%s %+v", w.State, w.Failure)
			}
			if n := len(b.sent("STOR")); tt.class == queue.ClassJob && (n != 1 || w.Attempt != 1) {
				t.Errorf("it was tried %d times", n)
			}
			if b.srv.Tree().Exists("/f") {
				t.Error("what is not whole has the name")
			}
		})
	}
}

// Times that nobody believes, and servers that do not take them.
func TestTimesE25(t *testing.T) {
	when := []time.Time{time.Unix(0, 0), time.Date(2037, 1, 2, 3, 4, 5, 600e6, time.UTC), time.Date(2024, 2, 29, 23, 59, 59, 0, time.UTC)}
	for name, q := range map[string]ftptest.Quirks{
		"taken":   {},
		"refused": {Refuse: map[string]string{"MFMT": "550 No.", "MDTM": "550 No.", "MFF": "550 No.", "SITE": "550 No."}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, ftptest.Config{Quirks: q})
			for i, at := range when {
				file := string(rune('a' + i))
				path := filepath.Join(b.dir, file)
				if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
					t.Fatal(err)
				}
				if err := os.Chtimes(path, at, at); err != nil {
					t.Skip(err)
				}
				if w := b.copy(t, true, file, queue.ExistsFail); w.State != queue.Done {
					t.Fatalf("%s %v", w.State, w.Failure)
				}
				if w := b.copy(t, false, file, queue.ExistsOverwrite); w.State != queue.Done {
					t.Fatalf("and back: %s %v", w.State, w.Failure)
				}
				if st, err := os.Stat(path); err != nil || name == "taken" && !st.ModTime().Equal(at.Truncate(time.Second)) {
					t.Errorf("%v came back as %v, %v", at, st.ModTime(), err)
				}
			}
			asked := slices.Concat(b.sent("MFMT"), b.sent("MDTM 2"), b.sent("MFF"))
			if n := len(asked); name == "refused" && n > 3 {
				t.Errorf("it asked again and again: %q", asked)
			}
		})
	}
}

// A server that lets us in once: who browses waits for the transfer, and no
// second login is tried while it runs.
func TestOneSessionE34(t *testing.T) {
	gate, reached := make(chan struct{}), make(chan struct{})
	tr := ftptest.NewTree()
	tr.WriteFile("/f", []byte(text(50_000)), time.Unix(1e9, 0))
	b := newBench(t, ftptest.Config{Tree: tr, MaxConns: 1, Quirks: ftptest.Quirks{Stall: gate, StallAfter: 10_000,
		Reached: func(string) { close(reached) }}})
	place := queue.Place{Address: b.address, Path: "/"}
	listed := make(chan int, 1)
	go func() { // ends with the listing; the test waits for listed
		<-reached
		time.AfterFunc(50*time.Millisecond, func() { close(gate) })
		n := 0
		for e, err := range b.q.List(t.Context(), place) {
			if err == nil && e.Name == "f" {
				n++
			}
		}
		listed <- n
	}()
	if w := b.copy(t, false, "f", queue.ExistsFail); w.State != queue.Done {
		t.Errorf("%s %v", w.State, w.Failure)
	}
	if n := <-listed; n != 1 {
		t.Errorf("the listing has %d rows", n)
	}
	if n := b.srv.Logins(); n != 1 {
		t.Errorf("%d logins", n)
	}
}
