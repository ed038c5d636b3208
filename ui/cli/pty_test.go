//go:build unix

package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"portside/ftp/ftptest"
)

// typist answers questions on a pseudo-terminal.
type typist struct {
	t      *testing.T
	master *os.File
	mu     sync.Mutex
	text   string
	more   chan struct{}
}

// onTerminal runs the command line with a terminal as its standard input,
// output and error. script types; the run's result comes back.
func onTerminal(w *world, script func(ty *typist), args ...string) result {
	w.t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		w.t.Skip(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		w.t.Fatal(err)
	}
	ty := &typist{t: w.t, master: master, more: make(chan struct{}, 1)}
	var reading sync.WaitGroup
	reading.Go(ty.read)
	status := make(chan int, 1)
	go func() {
		status <- Main(w.ctx, Env{
			Args: args, Stdin: slave, Stdout: slave, Stderr: slave,
			Environ: func(name string) string { return w.env[name] }, Panes: w.panes, Version: "test", Data: w.data, State: w.state,
		})
	}()
	script(ty)
	r := result{status: <-status}
	ty.types("\n") // ends a read that nobody waits for
	_ = slave.Close()
	reading.Wait()
	_ = master.Close()
	r.out = ty.text
	return r
}

func (ty *typist) read() {
	buf := make([]byte, 4096)
	for {
		n, err := ty.master.Read(buf)
		ty.mu.Lock()
		ty.text += string(buf[:n])
		ty.mu.Unlock()
		select {
		case ty.more <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// expect waits until the screen has shown text n times.
func (ty *typist) expect(text string, n int) {
	ty.t.Helper()
	limit := time.After(20 * time.Second)
	for {
		ty.mu.Lock()
		shown := ty.text
		ty.mu.Unlock()
		if strings.Count(shown, text) >= n {
			return
		}
		select {
		case <-ty.more:
		case <-limit:
			ty.t.Fatalf("no %q on the screen:\n%s", text, shown)
		}
	}
}

func (ty *typist) types(s string) {
	if _, err := ty.master.WriteString(s); err != nil {
		ty.t.Error(err)
	}
}

func TestPasswordPrompt(t *testing.T) {
	s := serve(t, ftptest.Config{Password: "s3cret", User: "demo"})
	w := newWorld(t)
	w.env["PORTSIDE_PASSWORD"] = ""
	r := onTerminal(w, func(ty *typist) {
		ty.expect("Password for demo@127.0.0.1: ", 1)
		ty.types("wrong\n")
		ty.expect("Password for demo@127.0.0.1: ", 2)
		ty.types("s3cret\n")
	}, "ls", at(s, ""))
	if r.status != 0 || strings.Contains(r.out, "s3cret") || strings.Contains(r.out, "wrong\r") || !strings.Contains(r.out, "login refused") || !strings.Contains(r.out, "a.txt") {
		t.Errorf("%d %s", r.status, r.out)
	}
	r = onTerminal(w, func(ty *typist) {
		for i := range maxLogins {
			ty.expect("Password for demo@127.0.0.1: ", i+1)
			ty.types("wrong\n")
		}
	}, "ls", at(s, ""))
	if r.status != 4 {
		t.Errorf("%d %s", r.status, r.out)
	}
}

func TestTrustOnATerminal(t *testing.T) {
	conf, _, err := ftptest.NewTLS("ftp.example")
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, ftptest.Config{TLS: conf})
	w := newWorld(t)
	r := onTerminal(w, func(ty *typist) {
		ty.expect("for this run? [y/N]", 1)
		ty.types("y\n")
	}, "get", at(s, "a.txt"), at(s, "dir"), t.TempDir())
	if r.status != 0 {
		t.Errorf("%d %s", r.status, r.out)
	}
	for _, want := range []string{"unknown authority", "another name", "Names: ftp.example", "Issued by: CN=portside test authority", "Valid: ", "Key: sha256//"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q on the screen:\n%s", want, r.out)
		}
	}
	for _, no := range []string{"n\n", "\n"} {
		r = onTerminal(w, func(ty *typist) {
			ty.expect("for this run? [y/N]", 1)
			ty.types(no)
		}, "ls", at(s, ""))
		if r.status != 5 || strings.Contains(r.out, "a.txt") {
			t.Errorf("%q: %d %s", no, r.status, r.out)
		}
	}
}

func TestInterruptAtThePasswordPrompt(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w := newWorld(t)
	w.env["PORTSIDE_PASSWORD"] = ""
	ctx, cancel := context.WithCancel(t.Context())
	w.ctx = ctx
	r := onTerminal(w, func(ty *typist) {
		ty.expect("Password for", 1)
		cancel()
	}, "ls", at(s, ""))
	if r.status != 130 {
		t.Errorf("%d %s", r.status, r.out)
	}
}

// Ctrl-C at the prompt is a byte, since the terminal is in raw mode there.
func TestCtrlCAtThePasswordPrompt(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w := newWorld(t)
	w.env["PORTSIDE_PASSWORD"] = ""
	for typed, status := range map[string]int{"se\x03": 130, "\x04": 4} {
		r := onTerminal(w, func(ty *typist) {
			ty.expect("Password for", 1)
			ty.types(typed)
		}, "ls", at(s, ""))
		if r.status != status || strings.Contains(r.out, "se\r") {
			t.Errorf("%q: %d %s", typed, r.status, r.out)
		}
	}
}

func TestSignal(t *testing.T) {
	gate, reached := make(chan struct{}), make(chan struct{})
	s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{Stall: gate, StallAfter: 1, Reached: func(string) { close(reached) }}})
	t.Cleanup(func() { close(gate) })
	go func() {
		<-reached
		if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
			t.Error(err)
		}
	}()
	newWorld(t).run("get", at(s, "big.bin"), t.TempDir()).want(t, 130, "interrupted")
}

func TestQuestionsOnATerminal(t *testing.T) {
	s := serve(t, ftptest.Config{})
	s.Tree().WriteFile("/one.txt", []byte("theirs 1"), noon())
	s.Tree().WriteFile("/two.txt", []byte("theirs 2"), noon())
	s.Tree().WriteFile("/three.txt", []byte("theirs 3"), noon())
	w, dir := newWorld(t), t.TempDir()
	for _, name := range []string{"one.txt", "two.txt", "three.txt"} {
		write(t, filepath.Join(dir, name), "mine")
	}
	r := onTerminal(w, func(ty *typist) {
		ty.expect("exists already", 1)
		ty.types("?\n")
		ty.expect("exists already", 2)
		ty.types("s\n")
		ty.expect("exists already", 3)
		ty.types("O\n")
	}, "get", "--connections", "1", at(s, "one.txt"), at(s, "two.txt"), at(s, "three.txt"), at(s, "a.txt"), dir)
	if r.status != 0 {
		t.Fatalf("%d %s", r.status, r.out)
	}
	mine := 0
	for _, name := range []string{"one.txt", "two.txt", "three.txt"} {
		if read(t, filepath.Join(dir, name)) == "mine" {
			mine++
		}
	}
	if mine != 1 {
		t.Errorf("%d were skipped:\n%s", mine, r.out)
	}
	for _, want := range []string{"done     a.txt", "skipped", "3 done, 1 skipped"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
}

func TestLeaveAQuestion(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w, dir := newWorld(t), t.TempDir()
	write(t, filepath.Join(dir, "a.txt"), "mine")
	r := onTerminal(w, func(ty *typist) {
		ty.expect("exists already", 1)
		ty.types("x\n")
	}, "get", at(s, "a.txt"), dir)
	if r.status != 6 || read(t, filepath.Join(dir, "a.txt")) != "mine" {
		t.Errorf("%d %s", r.status, r.out)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w.ctx = ctx
	r = onTerminal(w, func(ty *typist) {
		ty.expect("exists already", 1)
		cancel()
	}, "get", at(s, "a.txt"), dir)
	if r.status != 130 {
		t.Errorf("%d %s", r.status, r.out)
	}
}

func TestProgressOnATerminal(t *testing.T) {
	gate := make(chan struct{})
	s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{Stall: gate, StallAfter: 1 << 20}})
	w, dir := newWorld(t), t.TempDir()
	r := onTerminal(w, func(ty *typist) {
		ty.expect("big.bin", 1)
		ty.expect("1.0M of 3.0M", 1)
		close(gate)
	}, "get", at(s, "big.bin"), dir)
	if r.status != 0 || !strings.Contains(r.out, "0/1 files") || !strings.Contains(r.out, "done     big.bin  3.0M") {
		t.Errorf("%d %q", r.status, r.out)
	}
	w = newWorld(t)
	if r := onTerminal(w, func(*typist) {}, "get", "--quiet", at(s, "big.bin"), t.TempDir()); r.status != 0 || strings.TrimSpace(r.out) != "" {
		t.Errorf("%d %q", r.status, r.out)
	}
}

func TestPanesStart(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w, dir := newWorld(t), t.TempDir()
	w.env["TERM"], w.env["LANG"], w.env["NO_COLOR"] = "xterm", "C", "yes"
	opened := 0
	w.panes = func(ctx context.Context, p Panes) error {
		opened++
		if p.Left.Path != dir || p.Right.Path != "dir" || !p.ASCII || !p.NoColor {
			t.Errorf("%+v", p)
		}
		info, err := p.Engine.Connect(ctx, p.Right.Address)
		if err != nil || info.Home != "/" {
			t.Errorf("%+v %v", info, err)
		}
		address, path, password, err := p.Connect(" ftp://eve:xyz@127.0.0.1/pub ")
		if err != nil || path != "pub" || password != "xyz" || strings.Contains(address, "xyz") {
			t.Errorf("%q %q %q %v", address, path, password, err)
		}
		return nil
	}
	if r := onTerminal(w, func(*typist) {}, at(s, "dir"), dir); r.status != 0 || opened != 1 {
		t.Errorf("%d %s", r.status, r.out)
	}
	w.env["TERM"] = "dumb"
	if r := onTerminal(w, func(*typist) {}, at(s, "dir"), dir); r.status != 2 {
		t.Errorf("%d %s", r.status, r.out)
	}
}

func TestDemoStart(t *testing.T) {
	w := newWorld(t)
	w.env["TERM"] = "xterm"
	var dir string
	w.panes = func(ctx context.Context, p Panes) error {
		dir = p.Left.Path
		if _, err := p.Engine.Connect(ctx, p.Right.Address); err != nil || p.Notice == "" || p.ASCII {
			t.Errorf("%v %+v", err, p)
		}
		return nil
	}
	if r := onTerminal(w, func(*typist) {}, "--demo"); r.status != 0 {
		t.Errorf("%d %s", r.status, r.out)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the demo's directory is still there")
	}
}
