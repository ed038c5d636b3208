package connect

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/queue"
	"portside/queue/local"
)

const (
	unixLines = "one\ntwo\rtwo\nthree\n"
	dosLines  = "one\r\ntwo\rtwo\r\nthree\r\n"
)

// newTextBench is a bench whose address has ";type=a".
func newTextBench(t *testing.T, cfg ftptest.Config) *bench {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("files end their lines as the wire does here")
	}
	if cfg.Tree == nil {
		cfg.Tree = ftptest.NewTree()
	}
	b := newBench(t, cfg)
	target, err := Parse("ftp://demo@"+b.srv.Addr()+"/;type=a", Settings{TLS: "off", Timeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	log := queue.NewLog(10_000)
	dialer := New(log)
	dialer.SetPassword(target.Address, "demo")
	b.address = target.Address
	b.q = queue.New(queue.Options{Local: local.New(), Remote: dialer, Log: log, Retries: 5, Segments: 4,
		Backoff: func(int) time.Duration { return time.Millisecond }})
	t.Cleanup(func() { _ = b.q.Close() })
	return b
}

// Text changes its line ends both ways, and the sizes that differ for it are no
// reason to fail; the time is kept.
func TestTextCopies(t *testing.T) {
	for _, greeting := range []string{"", "220 ProFTPD\r\n"} {
		b := newTextBench(t, ftptest.Config{Quirks: ftptest.Quirks{Greeting: greeting}})
		stamp := time.Unix(1e9, 0)
		b.srv.Tree().WriteFile("/dos", []byte(dosLines), stamp)
		b.srv.Tree().WriteFile("/unix", []byte(unixLines), stamp)
		for _, name := range []string{"dos", "unix"} {
			w := b.copy(t, false, name, queue.ExistsFail)
			if w.State != queue.Done || b.local(name) != unixLines || w.Note != "as text: sizes do not compare" || w.Verified {
				t.Errorf("%s: %s %v, %q, noted %q", name, w.State, w.Failure, b.local(name), w.Note)
			}
			info, err := os.Stat(filepath.Join(b.dir, name))
			if err != nil || !info.ModTime().Equal(stamp) || w.Done != w.Size {
				t.Errorf("%s: %v, %v; %d of %d", name, info, err, w.Done, w.Size)
			}
		}
		if err := os.WriteFile(filepath.Join(b.dir, "up"), []byte(dosLines), 0o600); err != nil {
			t.Fatal(err)
		}
		w := b.copy(t, true, "up", queue.ExistsFail)
		if got, _ := b.srv.Tree().ReadFile("/up"); w.State != queue.Done || string(got) != unixLines {
			t.Errorf("%s %v, %q", w.State, w.Failure, got)
		}
		if sent := b.sent("REST"); sent != nil {
			t.Errorf("%q", sent)
		}
	}
}

// A copy of text that broke begins anew and says why, however much had come, and
// leaves nothing behind.
func TestTextIsNotResumed(t *testing.T) {
	for name, up := range map[string]bool{"down": false, "up": true} {
		t.Run(name, func(t *testing.T) {
			data := strings.Repeat(unixLines, 120_000)
			b := newTextBench(t, ftptest.Config{Quirks: ftptest.Quirks{Drop: &ftptest.Drop{After: 1_500_000, How: ftptest.DropReply, Times: 1}}})
			b.srv.Tree().WriteFile("/f", []byte(data), time.Unix(1e9, 0))
			file := "f"
			if up {
				file = "g"
				if err := os.WriteFile(filepath.Join(b.dir, file), []byte(data), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			w := b.copy(t, up, file, queue.ExistsFail)
			got := b.local(file)
			if up {
				there, _ := b.srv.Tree().ReadFile("/g")
				got = string(there)
			}
			if w.State != queue.Done || got != data || !strings.Contains(w.Note, "started anew: a text") {
				t.Errorf("%s %v, %d bytes, noted %q", w.State, w.Failure, len(got), w.Note)
			}
			if rest, retr := b.sent("REST"), b.sent("RETR"); rest != nil || !up && len(retr) != 2 {
				t.Errorf("%q %q", rest, retr)
			}
			if left, _ := filepath.Glob(filepath.Join(b.dir, ".f.*")); left != nil {
				t.Errorf("left %q", left)
			}
		})
	}
}

// A big text goes by one stream each way, however many are asked for.
func TestTextIsNotSegmented(t *testing.T) {
	data := strings.Repeat(unixLines, 1_000_000)
	b := newTextBench(t, ftptest.Config{})
	b.srv.Tree().WriteFile("/f", []byte(data), time.Unix(1e9, 0))
	if err := os.WriteFile(filepath.Join(b.dir, "g"), []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	down, up := b.copy(t, false, "f", queue.ExistsFail), b.copy(t, true, "g", queue.ExistsFail)
	if got, _ := b.srv.Tree().ReadFile("/g"); down.State != queue.Done || up.State != queue.Done || b.local("f") != data || string(got) != data {
		t.Errorf("%s %v, %s %v", down.State, down.Failure, up.State, up.Failure)
	}
	if retr, stor, rest := b.sent("RETR"), b.sent("STOR"), b.sent("REST"); len(retr) != 1 || len(stor) != 1 || rest != nil {
		t.Errorf("%q %q %q", retr, stor, rest)
	}
}

// What policies and ways to verify mean for a text whose size tells nothing.
func TestTextTargets(t *testing.T) {
	for policy, want := range map[queue.Policy]string{
		queue.ExistsSize: "exists; the sizes of a text do not compare", queue.ExistsNewer: "exists and is not older", queue.ExistsOverwrite: "",
	} {
		b := newTextBench(t, ftptest.Config{})
		b.srv.Tree().WriteFile("/f", []byte(dosLines), time.Unix(1e9, 0))
		if err := os.WriteFile(filepath.Join(b.dir, "f"), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		w := b.copy(t, false, "f", policy)
		if want != "" && (w.State != queue.Skipped || w.Note != want || b.local("f") != "mine") {
			t.Errorf("%s: %s, noted %q, %q", policy, w.State, w.Note, b.local("f"))
		}
		if want == "" && (w.State != queue.Done || b.local("f") != unixLines) {
			t.Errorf("%s: %s, %q", policy, w.State, b.local("f"))
		}
	}
	b := newTextBench(t, ftptest.Config{})
	b.srv.Tree().WriteFile("/f", []byte(dosLines), time.Unix(1e9, 0))
	if err := os.WriteFile(filepath.Join(b.dir, "f"), []byte("one\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := b.copy(t, false, "f", queue.ExistsResume)
	if w.State != queue.Asking || !strings.Contains(w.Failure.Text, "line ends") {
		t.Fatalf("%s %v", w.State, w.Failure)
	}
	for _, c := range w.Question.Choices {
		if c == queue.ExistsResume || c == queue.ExistsSize {
			t.Errorf("offers %s", c)
		}
	}
}

// A checksum of other bytes than were sent proves nothing.
func TestTextIsNotVerified(t *testing.T) {
	b := newTextBench(t, ftptest.Config{})
	b.srv.Tree().WriteFile("/f", []byte(dosLines), time.Unix(1e9, 0))
	ids, err := b.q.Add([]queue.Spec{{Kind: queue.Copy, Src: queue.Place{Address: b.address, Path: "/f"},
		Dst: queue.Place{Address: queue.Local, Path: b.dir}, Verify: queue.VerifyHash}})
	if err != nil {
		t.Fatal(err)
	}
	for b.q.Totals().Active() {
		<-b.q.Changed()
	}
	if w, _ := b.q.Row(ids[0]); w.State != queue.Failed || !strings.Contains(w.Failure.Text, "line ends") {
		t.Errorf("%s %v", w.State, w.Failure)
	}
}

// A large part in bytes is not taken for one of text, nor the other way round.
func TestTextLeavesPartsOfBytes(t *testing.T) {
	b := newTextBench(t, ftptest.Config{})
	data := strings.Repeat(unixLines, 120_000)
	b.srv.Tree().WriteFile("/f", []byte(data), time.Unix(1e9, 0))
	part, record := filepath.Join(b.dir, queue.PartName("f")), filepath.Join(b.dir, ".f.portside.json")
	address, _, _ := strings.Cut(b.address, "?")
	facts := `{"portside":1,"source":"` + address + ` /f","size":2280000,"time":"2001-09-09T01:46:40Z","precision":"second"}`
	for path, content := range map[string]string{part: data[:1_500_000], record: facts} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := b.copy(t, false, "f", queue.ExistsFail)
	if w.State != queue.Done || b.local("f") != data || b.local(queue.PartName("f")) != data[:1_500_000] || b.local(".f.portside.json") != facts {
		t.Errorf("%s %v, %d bytes; the part has %d", w.State, w.Failure, len(b.local("f")), len(b.local(queue.PartName("f"))))
	}
}
