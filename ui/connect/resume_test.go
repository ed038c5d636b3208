package connect

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/queue"
	"portside/queue/local"
)

// bench is a server, a queue and a local directory, to copy between.
type bench struct {
	srv     *ftptest.Server
	q       *queue.Queue
	address string
	dir     string
	watch   func(w queue.Row) // called for each row at every change
}

func (b *bench) onRow(f func(w queue.Row)) { b.watch = f }

func newBench(t *testing.T, cfg ftptest.Config) *bench {
	t.Helper()
	return newBenchWith(t, cfg, 2*time.Second)
}

func newBenchWith(t *testing.T, cfg ftptest.Config, timeout time.Duration) *bench {
	t.Helper()
	if cfg.Tree == nil {
		cfg.Tree = ftptest.NewTree()
	}
	srv, err := ftptest.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Close)
	target, err := Parse("ftp://demo@"+srv.Addr(), Settings{TLS: "off", Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	log := queue.NewLog(10_000)
	dialer := New(log)
	dialer.SetPassword(target.Address, "demo")
	q := queue.New(queue.Options{Local: local.New(), Remote: dialer, Log: log, Retries: 5,
		Backoff: func(int) time.Duration { return time.Millisecond }})
	t.Cleanup(func() { _ = q.Close() })
	return &bench{srv: srv, q: q, address: target.Address, dir: t.TempDir()}
}

// copy copies a file down or up, and returns how its job ended.
func (b *bench) copy(t *testing.T, up bool, name string, exists queue.Policy) queue.Row {
	t.Helper()
	there, here := queue.Place{Address: b.address, Path: "/" + name}, queue.Place{Address: queue.Local, Path: filepath.Join(b.dir, name)}
	spec := queue.Spec{Kind: queue.Copy, Src: there, Dst: queue.Place{Address: queue.Local, Path: b.dir}, Exists: exists}
	if up {
		spec.Src, spec.Dst = here, queue.Place{Address: b.address, Path: "/"}
	}
	ids, err := b.q.Add([]queue.Spec{spec})
	if err != nil {
		t.Fatal(err)
	}
	for tot := b.q.Totals(); tot.Active() && !tot.Stuck; tot = b.q.Totals() {
		<-b.q.Changed()
		for _, w := range b.q.Rows(0, 1000) {
			if b.watch != nil {
				b.watch(w)
			}
		}
	}
	for _, w := range b.q.Rows(0, 1000) {
		if w.ID == ids[0] {
			return w
		}
	}
	t.Fatal("the job is gone")
	return queue.Row{}
}

func (b *bench) local(name string) string {
	got, _ := os.ReadFile(filepath.Join(b.dir, name))
	return string(got)
}

// sent returns the commands of a verb.
func (b *bench) sent(verb string) (out []string) {
	for _, line := range b.srv.Transcript() {
		if _, cmd, ok := strings.Cut(line, "> "); ok && strings.HasPrefix(cmd, verb) {
			out = append(out, cmd)
		}
	}
	return out
}

// text is n bytes in which no two places look alike.
func text(n int) string {
	b := make([]byte, n)
	_, _ = ftptest.Generated(int64(n), 7).ReadAt(b, 0)
	return string(b)
}

// A download breaks in the middle, and the server does not begin where it is
// told to: no byte of the file is wrong for it.
func TestUntrueRESTE1E2(t *testing.T) {
	data := text(300_000)
	for name, tt := range map[string]struct {
		quirks ftptest.Quirks
		note   string
	}{
		"honest":          {ftptest.Quirks{}, "resumed at"},
		"REST ignored":    {ftptest.Quirks{IgnoreREST: true}, "started anew"},
		"REST unknown":    {ftptest.Quirks{NoREST: true}, "started anew"},
		"REST forbidden":  {ftptest.Quirks{Refuse: map[string]string{"REST": "550 Permission denied."}}, "started anew"},
		"one too far":     {ftptest.Quirks{RESTShift: 1}, "started anew"},
		"one too short":   {ftptest.Quirks{RESTShift: -1}, "started anew"},
		"counted as text": {ftptest.Quirks{RESTShift: -1171}, "started anew"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := ftptest.NewTree()
			tr.WriteFile("/f", []byte(data), time.Unix(1e9, 0))
			q := tt.quirks
			q.Drop = &ftptest.Drop{After: 150_000, How: ftptest.DropReply, Times: 1}
			b := newBench(t, ftptest.Config{Tree: tr, Quirks: q})
			w := b.copy(t, false, "f", queue.ExistsFail)
			if got := b.local("f"); w.State != queue.Done || got != data {
				t.Errorf("%s %v, %d bytes", w.State, w.Failure, len(got))
			}
			if !strings.Contains(w.Note, tt.note) {
				t.Errorf("noted %q", w.Note)
			}
		})
	}
}

// Behind 2 and 4 GiB a server whose numbers have 32 bits begins elsewhere.
func TestWrappedRESTE3(t *testing.T) {
	const size, have = 5 << 30, 5<<30 - 300_000
	for name, wrap := range map[string]int64{"honest": 0, "31 bits": 1 << 31, "32 bits": 1 << 32} {
		t.Run(name, func(t *testing.T) {
			tr := ftptest.NewTree()
			tr.AddGenerated("/f", size, 7, time.Unix(1e9, 0))
			b := newBench(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{RESTWrap: wrap}})
			part, err := os.Create(filepath.Join(b.dir, "f"))
			if err != nil {
				t.Fatal(err)
			}
			tail := make([]byte, 100_000)
			_, _ = ftptest.Generated(size, 7).ReadAt(tail, have-int64(len(tail)))
			if _, err := part.WriteAt(tail, have-int64(len(tail))); err != nil {
				t.Skip(err) // this disk has no room for holes
			}
			_ = part.Close()
			w := b.copy(t, false, "f", queue.ExistsResume)
			if wrap > 0 {
				if w.State != queue.Asking || !strings.Contains(w.Failure.Text, "not the beginning of the source") {
					t.Errorf("%s %v", w.State, w.Failure)
				}
				return
			}
			if w.State != queue.Done {
				t.Fatalf("%s %v", w.State, w.Failure)
			}
			got, want := make([]byte, 400_000), make([]byte, 400_000)
			whole, err := os.Open(filepath.Join(b.dir, "f"))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = whole.ReadAt(got, size-400_000)
			_, _ = ftptest.Generated(size, 7).ReadAt(want, size-400_000)
			if st, _ := whole.Stat(); st.Size() != size || !bytes.Equal(got, want) {
				t.Errorf("%d bytes, or another end", st.Size())
			}
			_ = whole.Close()
		})
	}
}

// A file that grew, or that the server sends otherwise than it counts it.
func TestLongerThanSaidE6E12(t *testing.T) {
	data, more := text(100_000), "one more line\n"
	for name, tt := range map[string]struct {
		after string // what the server holds when it has sent all
		state queue.State
		says  string
	}{
		"grew":           {data + more, queue.Done, "grew"},
		"not the length": {data, queue.Failed, "line ends"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := ftptest.NewTree()
			tr.WriteFile("/log", []byte(data), time.Unix(1e9, 0))
			open := make(chan struct{})
			close(open)
			sends := 0
			b := newBench(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Extra: []byte(more), Hold: map[string]<-chan struct{}{"226": open},
				Reached: func(string) { sends++; tr.WriteFile("/log", []byte(tt.after), time.Unix(1e9+60, 0)) }}})
			w := b.copy(t, false, "log", queue.ExistsFail)
			if w.State != tt.state || !strings.Contains(w.Note+" "+failureText(w), tt.says) || sends != 1 {
				t.Errorf("%s %q %v after %d transfers", w.State, w.Note, w.Failure, sends)
			}
			if got := b.local("log"); tt.state == queue.Done && got != data+more || tt.state != queue.Done && got != "" {
				t.Errorf("%d bytes", len(got))
			}
		})
	}
}

// A log that grows on is fetched as far as it is when it has come once: by one
// more transfer, behind what is there.
func TestGrowsStillE6(t *testing.T) {
	t.Parallel()
	data, more := text(100_000), "one more line\n"
	tr := ftptest.NewTree()
	tr.WriteFile("/log", []byte(data), time.Unix(1e9, 0))
	open := make(chan struct{})
	close(open)
	grown := 0
	b := newBench(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Hold: map[string]<-chan struct{}{"RETR": open, "226": open},
		Reached: func(string) { // before and after each transfer
			if grown++; grown <= 4 {
				tr.WriteFile("/log", []byte(data+strings.Repeat(more, grown)), time.Unix(1e9+int64(grown), 0))
			}
		}}})
	w := b.copy(t, false, "log", queue.ExistsFail)
	if w.State != queue.Done || w.Note != "grew while it was copied, and grows still" || w.Attempt != 1 || len(b.sent("RETR")) != 2 {
		t.Errorf("%s %q %v after %q", w.State, w.Note, w.Failure, b.sent("RETR"))
	}
	if got := b.local("log"); got != data+strings.Repeat(more, 3) {
		t.Errorf("%d bytes", len(got))
	}
}

func failureText(w queue.Row) string {
	if w.Failure == nil {
		return ""
	}
	return w.Failure.Text
}

// An upload breaks in the middle, and the server does what it likes with the
// rest: in the end the file is whole.
func TestResumedUploadsE8(t *testing.T) {
	data := text(300_000)
	for name, tt := range map[string]struct {
		quirks ftptest.Quirks
		note   string
	}{
		"honest":             {ftptest.Quirks{}, "resumed at"},
		"begins anew":        {ftptest.Quirks{IgnoreREST: true}, "started anew"},
		"fills with zeros":   {ftptest.Quirks{StorZeroes: true}, "started anew"},
		"no REST, appends":   {ftptest.Quirks{NoREST: true}, ""},
		"REST for RETR only": {ftptest.Quirks{Refuse: map[string]string{"APPE": "502 No."}}, "resumed at"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := tt.quirks
			q.Drop = &ftptest.Drop{After: 150_000, How: ftptest.DropReply, Times: 1}
			b := newBench(t, ftptest.Config{Quirks: q})
			if err := os.WriteFile(filepath.Join(b.dir, "f"), []byte(data), 0o644); err != nil {
				t.Fatal(err)
			}
			w := b.copy(t, true, "f", queue.ExistsFail)
			got, _ := b.srv.Tree().ReadFile("/f")
			if w.State != queue.Done || string(got) != data {
				t.Errorf("%s %v, %d bytes, equal: %v", w.State, w.Failure, len(got), string(got) == data)
			}
			if !strings.Contains(w.Note, tt.note) {
				t.Errorf("noted %q", w.Note)
			}
			if got, _ := b.srv.Tree().ReadFile("/.f.portside"); got != nil {
				t.Error("a part is left")
			}
		})
	}
}

// The source is another one at every attempt. What arrives is one of them.
func TestSourceChangesE5(t *testing.T) {
	for name, same := range map[string]bool{"another length": false, "the same length": true} {
		for _, changes := range []int{1, 3, 100} {
			t.Run(fmt.Sprint(name, " ", changes), func(t *testing.T) {
				t.Parallel()
				tr := ftptest.NewTree()
				tr.WriteFile("/f", []byte(text(300_000)), time.Unix(1e9, 0))
				b := newBench(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{
					Drop: &ftptest.Drop{After: 100_000, How: ftptest.DropReply, Times: changes}}})
				n, versions := 0, map[string]bool{text(300_000): true}
				b.onRow(func(w queue.Row) {
					if w.State != queue.Waiting || w.Attempt <= n {
						return
					}
					n = w.Attempt
					next := strings.Repeat(fmt.Sprintf("%07d\n", n), 37_500)
					if !same {
						next += strings.Repeat("x", n)
					}
					versions[next] = true
					tr.WriteFile("/f", []byte(next), time.Unix(1e9+int64(n), 0))
				})
				w := b.copy(t, false, "f", queue.ExistsFail)
				got := b.local("f")
				switch {
				case w.State == queue.Done && versions[got]:
				case w.State == queue.Failed && got == "" && changes == 100:
				default:
					t.Errorf("%s %v, %d bytes, %.8q to %.8q", w.State, w.Failure, len(got), got, got[max(0, len(got)-8):])
				}
			})
		}
	}
}

// It stalls at the same place of every transfer: what came is kept each time.
func TestStallsE26(t *testing.T) {
	data := text(300_000)
	tr := ftptest.NewTree()
	tr.WriteFile("/f", []byte(data), time.Unix(1e9, 0))
	gate := make(chan struct{})
	defer close(gate)
	b := newBenchWith(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Stall: gate, StallAfter: 160_000}}, 300*time.Millisecond)
	w := b.copy(t, false, "f", queue.ExistsFail)
	if got := b.local("f"); w.State != queue.Done || got != data {
		t.Errorf("%s %v, %d bytes", w.State, w.Failure, len(got))
	}
	if w.Attempt < 2 || w.Attempt > 4 || !strings.HasPrefix(w.Note, "resumed at") {
		t.Errorf("%d attempts: %q", w.Attempt, w.Note)
	}
}
