package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

func TestGet(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w, dir := newWorld(t), t.TempDir()
	w.run("get", at(s, "a.txt"), at(s, "empty"), at(s, "dir"), at(s, "/big.bin"), dir).want(t, 0)
	if got := read(t, filepath.Join(dir, "a.txt")); got != "hello\n" {
		t.Errorf("%q", got)
	}
	if got := read(t, filepath.Join(dir, "dir", "sub", "ü.txt")); got != "umlaut\n" {
		t.Errorf("%q", got)
	}
	if got := files(t, dir); !slices.Equal(got, []string{"a.txt", "big.bin", "dir", "empty"}) {
		t.Errorf("%q", got)
	}
	if got := files(t, filepath.Join(dir, "dir")); !slices.Equal(got, []string{"b c.txt", "hollow", "sub"}) {
		t.Errorf("%q", got)
	}
	if st, err := os.Stat(filepath.Join(dir, "big.bin")); err != nil || st.Size() != 3<<20 || !st.ModTime().Equal(noon()) {
		t.Errorf("%v %v", st, err)
	}
}

func TestGetTheRoot(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w, dir := newWorld(t), t.TempDir()
	w.run("get", at(s, ""), dir).want(t, 0)
	if got := files(t, filepath.Join(dir, "127.0.0.1")); len(got) != 4 {
		t.Errorf("%q", got)
	}
}

func TestGetFromTwoServers(t *testing.T) {
	one, two := serve(t, ftptest.Config{}), serve(t, ftptest.Config{User: "eve", Password: "xyz", Tree: ftptest.Demo()})
	w, dir := newWorld(t), t.TempDir()
	two.Tree().WriteFile("/two.txt", []byte("2"), noon())
	r := w.run("get", strings.Replace(at(one, "a.txt"), "demo@", "demo:demo@", 1), "ftp://eve:xyz@"+two.Addr()+"/two.txt", dir)
	if r.status != 0 || !strings.Contains(r.errors, "a password in a URL") || strings.Count(r.errors, "\n") > 2 {
		t.Errorf("%d %s", r.status, r.errors)
	}
	if strings.Contains(r.errors, "xyz") {
		t.Error("the password was shown")
	}
	read(t, filepath.Join(dir, "a.txt"))
	read(t, filepath.Join(dir, "two.txt"))
}

func TestGetToStandardOutput(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w := newWorld(t)
	r := w.run("get", at(s, "dir/b%20c.txt"), "-")
	r.want(t, 0)
	if r.out != "bee\n" {
		t.Errorf("%q", r.out)
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	w.runTo(file, "get", at(s, "big.bin"), "-").want(t, 0)
	if st, _ := file.Stat(); st.Size() != 3<<20 {
		t.Errorf("%d bytes", st.Size())
	}
	_ = file.Close()
	w.run("get", at(s, "dir"), "-").want(t, 2, "/dir is a directory")
	w.run("get", at(s, "none"), "-").want(t, 1, "cannot get /none")
	w.run("get", at(s, "a.txt"), at(s, "empty"), "-").want(t, 2, "one file")
	if runtime.GOOS == "linux" {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Skip(err)
		}
		defer full.Close()
		w.runTo(full, "get", at(s, "big.bin"), "-").want(t, 1, "no space left")
	}
	s.SetQuirks(ftptest.Quirks{Truncate: true, TruncateAfter: 3})
	w.run("get", at(s, "a.txt"), "-").want(t, 1, "cannot get /a.txt")
}

func TestExists(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w, dir := newWorld(t), t.TempDir()
	name := write(t, filepath.Join(dir, "a.txt"), "mine")
	w.run("get", at(s, "a.txt"), dir).want(t, 6, "a.txt", "--exists")
	w.run("get", "--exists", "ask", at(s, "a.txt"), dir).want(t, 6)
	w.run("get", "--exists", "skip", at(s, "a.txt"), dir).want(t, 0)
	if got := read(t, name); got != "mine" {
		t.Errorf("%q", got)
	}
	w.run("get", "--exists", "rename", at(s, "a.txt"), dir).want(t, 0)
	if got := read(t, filepath.Join(dir, "a-1.txt")); got != "hello\n" {
		t.Errorf("%q", got)
	}
	w.run("get", "--exists", "overwrite", at(s, "a.txt"), dir).want(t, 0)
	if got := read(t, name); got != "hello\n" {
		t.Errorf("%q", got)
	}
	// A target that cannot be proved to be a part of the source is a question,
	// and there is nobody to answer it.
	write(t, name, "no")
	w.run("get", "--exists", "resume", at(s, "a.txt"), dir).want(t, 6, "a.txt")
	// Other failures besides: 1.
	w.run("get", at(s, "a.txt"), at(s, "none"), dir).want(t, 1, "none")
	w.run("get", "--exists", "maybe", at(s, "a.txt"), dir).want(t, 2, "maybe")
	// One of many that exists, in a directory: still 6.
	write(t, filepath.Join(dir, "dir", "b c.txt"), "mine")
	w.run("get", at(s, "dir"), dir).want(t, 6, "b c.txt")
	read(t, filepath.Join(dir, "dir", "sub", "ü.txt"))
	// What helps all of them is said once.
	r := w.run("get", at(s, "dir"), dir)
	if r.want(t, 6); strings.Count(r.errors, " exists\n") != 2 || strings.Count(r.errors, "--exists") != 1 {
		t.Error(r.errors)
	}
}

func TestBadLocalDirectories(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w, dir := newWorld(t), t.TempDir()
	none := filepath.Join(dir, "none")
	r := w.run("get", at(s, "a.txt"), none)
	if r.want(t, 2, none, "make it first"); strings.Count(r.errors, none) != 1 {
		t.Error(r.errors)
	}
	w.run("get", at(s, "a.txt"), write(t, filepath.Join(dir, "file"), "")).want(t, 2, "is not a directory")
	w.run("get", at(s, "a.txt"), at(s, "dir")).want(t, 2, "is a local directory")
	locked := dir
	if os.Geteuid() != 0 {
		if err := os.Chmod(dir, 0o555); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(dir, 0o755) })
	} else if runtime.GOOS == "linux" {
		locked = "/proc"
	} else {
		t.Skip("root may write everywhere")
	}
	w.run("get", at(s, "a.txt"), locked).want(t, 1, "a.txt")
}

// Everything that a server can do wrong ends in words and a status.
func TestBadServers(t *testing.T) {
	gone := "ftp://demo:demo@127.0.0.1:1/a.txt" // a port that no system gives to a server of the tests
	wrong := serve(t, ftptest.Config{Password: "other", User: "demo"})
	for _, tt := range []struct {
		name   string
		url    string
		status int
		words  []string
	}{
		{"nobody listens", gone, 3, []string{"cannot connect to 127.0.0.1:", "refused"}},
		{"wrong password", at(wrong, "a.txt"), 4, []string{"login refused", "PORTSIDE_PASSWORD"}},
		{"closes in the greeting", at(serve(t, ftptest.Config{Quirks: ftptest.Quirks{CloseGreeting: true}}), "a.txt"), 3, []string{"cannot connect"}},
		{"sends garbage", at(serve(t, ftptest.Config{Quirks: ftptest.Quirks{Garbage: true}}), "a.txt"), 3, []string{"cannot connect"}},
		{"controls in the greeting", at(serve(t, ftptest.Config{Quirks: ftptest.Quirks{Greeting: "530 \x1b]0;owned\a\x1b[2J no\r\n"}}), "a.txt"), 3, nil},
		{"controls in a refusal", at(serve(t, ftptest.Config{Quirks: ftptest.Quirks{Refuse: map[string]string{"RETR": "550 \x1b[31m\u202eno\u009b"}}}), "a.txt"), 1, []string{`\x1b[31m`}},
		{"too many users", at(serve(t, ftptest.Config{Quirks: ftptest.Quirks{Greeting: "421 Too many users.\r\n"}}), "a.txt"), 3, []string{"Too many"}},
		{"no TLS", strings.Replace(at(serve(t, ftptest.Config{}), "a.txt"), "ftp:", "ftpes:", 1), 3, nil},
		{"not there", at(serve(t, ftptest.Config{}), "none.txt"), 1, []string{"none.txt"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, dir := newWorld(t), t.TempDir()
			for _, args := range [][]string{{"get", "--retries", "1", tt.url, dir}, {"ls", tt.url}, {"put", "--retries", "1", write(t, filepath.Join(t.TempDir(), "x"), "x"), tt.url}} {
				if (tt.status == 1) && args[0] != "get" {
					continue
				}
				w.run(args...).want(t, tt.status, append(tt.words, "portside: ")...)
			}
			if got := files(t, dir); len(got) != 0 && tt.status != 1 {
				t.Errorf("left behind: %q", got)
			}
		})
	}
}

func TestInterruptKeepsThePart(t *testing.T) {
	gate, reached := make(chan struct{}), make(chan struct{})
	// More than sockets can hold has to be sent before the stall, so that the
	// client has certainly begun to write.
	s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{Stall: gate, StallAfter: 64 << 20, Reached: func(point string) {
		if point == "data" {
			close(reached)
		}
	}}})
	s.Tree().AddGenerated("/big.bin", 80<<20, 1, noon())
	t.Cleanup(func() { close(gate) })
	w, dir := newWorld(t), t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	w.ctx = ctx
	context.AfterFunc(t.Context(), cancel)
	go func() {
		<-reached
		cancel()
	}()
	r := w.run("get", "--json", "--connections", "1", at(s, "a.txt"), at(s, "big.bin"), at(s, "dir"), dir)
	r.want(t, 130, "interrupted")
	var ends []string
	for line := range strings.Lines(r.out) {
		var ev struct {
			Event, State, Source string
			Files, Failed        int
			Error                struct{ Text string }
		}
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		if ev.Event == "done" || ev.Event == "failed" || ev.Event == "summary" {
			ends = append(ends, fmt.Sprint(ev.Event, " ", ev.State, " ", path.Base(ev.Source), " ", ev.Error.Text, " ", ev.Files, " ", ev.Failed))
		}
	}
	if want := []string{"done done a.txt  0 0", "failed cancelled big.bin interrupted 0 0", "failed cancelled dir interrupted 0 0", "summary failed .  1 2"}; !slices.Equal(ends, want) {
		t.Errorf("%q\nwant %q\n%s", ends, want, r.out)
	}
	if got := files(t, dir); !slices.Contains(got, ".big.bin.portside") || slices.Contains(got, "big.bin") {
		t.Errorf("%q", got)
	}
}

func TestInterruptOfConnectingAndPrinting(t *testing.T) {
	gate := make(chan struct{})
	t.Cleanup(func() { close(gate) })
	for _, quirks := range []ftptest.Quirks{{Stall: gate, StallAfter: 100}, {Hold: map[string]<-chan struct{}{"greeting": gate}}} {
		reached := make(chan struct{}, 9)
		quirks.Reached = func(string) { reached <- struct{}{} }
		s := serve(t, ftptest.Config{Quirks: quirks})
		w := newWorld(t)
		ctx, cancel := context.WithCancel(t.Context())
		w.ctx = ctx
		go func() {
			<-reached
			cancel()
		}()
		var out bytes.Buffer
		w.runTo(&out, "get", at(s, "big.bin"), "-").want(t, 130)
	}
}

// Also a run that is broken off before it has a job ends with a summary.
func TestInterruptOfConnectingEndsTheEvents(t *testing.T) {
	gate := make(chan struct{})
	t.Cleanup(func() { close(gate) })
	for _, verb := range []string{"get", "put"} {
		reached := make(chan struct{}, 9)
		s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{
			Hold: map[string]<-chan struct{}{"greeting": gate}, Reached: func(string) { reached <- struct{}{} },
		}})
		w, dir := newWorld(t), t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		w.ctx = ctx
		go func() {
			<-reached
			cancel()
		}()
		args := []string{"get", "--json", at(s, "big.bin"), dir}
		if verb == "put" {
			args = []string{"put", "--json", write(t, filepath.Join(dir, "x"), ""), at(s, "")}
		}
		r := w.run(args...)
		r.want(t, 130)
		if !strings.HasPrefix(r.out, `{"event":"summary",`) || !strings.Contains(r.out, `"state":"failed"`) || strings.Count(r.out, "\n") != 1 {
			t.Errorf("%s: %q", verb, r.out)
		}
	}
}
