package cli

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

func listing(text string) func(verb, dir string) io.Reader {
	return func(string, string) io.Reader { return strings.NewReader(text) }
}

func TestUsage(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		args   []string
		status int
		words  string
	}{
		{[]string{"version"}, 0, ""},
		{[]string{"help"}, 0, ""},
		{[]string{"get", "--help"}, 0, ""},
		{[]string{"version", "x"}, 2, "unknown command"},
		{[]string{"--nonsense"}, 2, "unknown flag: --nonsense"},
		{[]string{"get"}, 2, "get needs"},
		{[]string{"get", "ftp://127.0.0.1/x"}, 2, "get needs"},
		{[]string{"get", "host/x", "."}, 2, `"host/x" is not a URL`},
		{[]string{"get", "ftp://h/\x1b[2J", "."}, 2, "control characters"},
		{[]string{"ls", "http://127.0.0.1/"}, 2, "not a URL"},
		{[]string{"ls", "--tls", "maybe", "ftp://127.0.0.1/"}, 2, "--tls"},
		{[]string{"ls", "--mode", "both", "ftp://127.0.0.1/"}, 2, "--mode"},
		{[]string{"ls", "--charset", "klingon", "ftp://127.0.0.1/"}, 2, "--charset"},
		{[]string{"ls", "--charset", "utf-16", "ftp://127.0.0.1/"}, 2, "slash"},
		{[]string{"ls", "--active-address", "x", "ftp://127.0.0.1/"}, 2, "--active-address"},
		{[]string{"ls", "--active-ports", "9-1", "ftp://127.0.0.1/"}, 2, "--active-ports"},
		{[]string{"ls", "--proxy", "http://me:secret@h:x", "ftp://127.0.0.1/"}, 2, "--proxy"},
		{[]string{"ls", "--proxy", "socks5://h", "--mode", "active", "ftp://127.0.0.1/"}, 2, "use passive"},
		{[]string{"ls", "--pasv-address", "mine", "ftp://127.0.0.1/"}, 2, "--pasv-address"},
		{[]string{"ls", "--active-peer", "you", "ftp://127.0.0.1/"}, 2, "--active-peer"},
		{[]string{"ls", "--timeout", "-1s", "ftp://127.0.0.1/"}, 2, "--timeout"},
		{[]string{"ls", "--password-stdin", "ftp://127.0.0.1/"}, 2, "holds no password"},
		{[]string{"get", "--connections", "-1", "ftp://127.0.0.1/a", "."}, 2, "--connections"},
		{[]string{"get", "--connections", "0", "ftp://127.0.0.1/a", "."}, 2, "it is auto, or 1 or more"},
		{[]string{"get", "--connections", "some", "ftp://127.0.0.1/a", "."}, 2, "it is auto, or 1 or more"},
		{[]string{"get", "--connections", "auto", "--tls", "off", "ftp://127.0.0.1:1/a", "."}, 3, "nothing listens"},
		{[]string{"get", "--retries", "0", "ftp://127.0.0.1/a", "."}, 2, "--retries"},
		{[]string{"get", "--json", "ftp://127.0.0.1/a", "-"}, 2, "nothing else"},
		{nil, 2, "need a terminal"},
		{[]string{"--demo"}, 2, "need a terminal"},
		{[]string{"a", "b", "c"}, 2, "at most 2"},
	} {
		r := w.run(tt.args...)
		r.want(t, tt.status, tt.words)
		if tt.status != 0 && !strings.HasPrefix(r.errors, "portside: ") {
			t.Errorf("%q: %s", tt.args, r.errors)
		}
	}
	if r := w.run("version"); r.out != "portside test\n" {
		t.Errorf("%q", r.out)
	}
	// What does not work yet is not in help.
	for _, cmd := range []string{"get", "put", "ls", "", "help"} {
		args := []string{cmd, "--help"}
		if cmd == "" {
			args = args[1:]
		}
		out := w.run(args...).out
		for _, later := range []string{"mirror", "sites", "doctor", "--background"} {
			if strings.Contains(out, later) {
				t.Errorf("%s: help has %s", cmd, later)
			}
		}
	}
}

func TestPasswords(t *testing.T) {
	s := serve(t, ftptest.Config{User: "demo", Password: "s3cret"})
	anonymous := serve(t, ftptest.Config{AllowAnonymous: true})
	plain := "ftp://" + s.Addr() + "/"
	with := strings.Replace(plain, "ftp://", "ftp://demo@", 1)
	for _, tt := range []struct {
		name   string
		env    string
		netrc  string
		stdin  string
		args   []string
		status int
	}{
		{"environment", "s3cret", "", "", []string{with}, 0},
		{"user flag", "s3cret", "", "", []string{"--user", "demo", plain}, 0},
		{"standard input", "wrong", "", "s3cret\r\nrest", []string{"--password-stdin", with}, 0},
		{"standard input without a line end", "", "", "s3cret", []string{"--password-stdin", with}, 0},
		{"netrc", "", "machine 127.0.0.1 login demo password s3cret", "", []string{with}, 0},
		{"netrc gives the user too", "", "machine 127.0.0.1 login demo password s3cret", "", []string{plain}, 0},
		{"netrc of another user", "", "machine 127.0.0.1 login other password s3cret", "", []string{with}, 4},
		{"environment before netrc", "s3cret", "machine 127.0.0.1 login demo password wrong", "", []string{with}, 0},
		{"none", "", "", "", []string{with}, 4},
		{"wrong", "wrong", "", "", []string{with}, 4},
		{"anonymous refused", "s3cret", "", "", []string{plain}, 4},
		{"anonymous", "s3cret", "", "", []string{"ftp://" + anonymous.Addr() + "/"}, 0},
		{"standard input needs a user", "", "", "s3cret", []string{"--password-stdin", plain}, 2},
		{"in the URL", "wrong", "", "", []string{strings.Replace(plain, "ftp://", "ftp://demo:s3cret@", 1)}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.env["PORTSIDE_PASSWORD"], w.stdin = tt.env, tt.stdin
			if tt.netrc != "" {
				name := write(t, filepath.Join(w.env["HOME"], ".netrc"), tt.netrc)
				if err := os.Chmod(name, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			log := filepath.Join(t.TempDir(), "log")
			r := w.run(append([]string{"ls", "--log", log}, tt.args...)...)
			if r.status != tt.status {
				t.Errorf("status %d, want %d: %s", r.status, tt.status, r.errors)
			}
			said := r.errors + r.out
			if tt.status != 2 {
				said += read(t, log)
			}
			if strings.Contains(said, "s3cret") {
				t.Errorf("the password was shown: %s", said)
			}
		})
	}
	for _, line := range anonymous.Transcript() {
		if strings.Contains(line, "s3cret") {
			t.Errorf("the password went to somebody else: %s", line)
		}
	}
}

// A password from outside belongs to one server and is given to no other.
func TestOnePasswordIsForOneServer(t *testing.T) {
	one, two := serve(t, ftptest.Config{}), serve(t, ftptest.Config{})
	w, dir := newWorld(t), t.TempDir()
	w.run("get", at(one, "a.txt"), at(two, "empty"), dir).want(t, 4, "PORTSIDE_PASSWORD is not used")
	w.stdin = "demo\n"
	w.run("get", "--password-stdin", at(one, "a.txt"), at(two, "empty"), dir).want(t, 2, "2 servers")
	for _, line := range append(one.Transcript(), two.Transcript()...) {
		if strings.Contains(line, "PASS") {
			t.Errorf("%s", line)
		}
	}
}

func TestLog(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w, dir := newWorld(t), t.TempDir()
	log := write(t, filepath.Join(dir, "log"), "before\n")
	w.run("get", "--log", log, at(s, "a.txt"), dir).want(t, 0)
	body := read(t, log)
	for _, want := range []string{"before\n", " >  USER demo", " >  PASS ", " >  RETR ", " <  226 ", " >  QUIT"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
	if strings.Contains(body, "PASS demo") {
		t.Errorf("the password is in the log:\n%s", body)
	}
	checkSafe(t, body)
	if st, _ := os.Stat(log); runtime.GOOS != "windows" && st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", st.Mode())
	}
	w.run("get", "--log", filepath.Join(dir, "none", "log"), at(s, "a.txt"), dir).want(t, 1, "cannot write the log")
}

func TestEvents(t *testing.T) {
	s := serve(t, ftptest.Config{})
	s.Tree().WriteFile("/dir/evil\x1b\u009b\u202e", []byte("x"), noon())
	w, dir := newWorld(t), t.TempDir()
	write(t, filepath.Join(dir, "dir", "b c.txt"), "mine")
	r := w.run("get", "--json", at(s, "dir"), at(s, "none"), at(s, "a.txt"), dir)
	r.want(t, 1)
	checkSafe(t, r.out)
	told := map[string][]string{}
	var last map[string]any
	for line := range strings.Lines(r.out) {
		var ev map[string]any
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		source, _ := ev["source"].(string)
		name := source[strings.LastIndex(source, "/")+1:]
		told[name] = append(told[name], ev["event"].(string))
		if ev["event"] == "failed" && name == "none" {
			if e, ok := ev["error"].(map[string]any); !ok || e["class"] != "job" || e["text"] == "" {
				t.Errorf("%s", line)
			}
		}
		if ev["event"] == "done" && name == "a.txt" {
			if ev["size"] != 6.0 || ev["done"] != 6.0 || ev["target"] != filepath.Join(dir, "a.txt") || ev["kind"] != "copy" || ev["state"] != "done" ||
				ev["source"] != "ftp://demo@"+s.Addr()+"//a.txt" || ev["attempt"] != 1.0 {
				t.Errorf("%s", line)
			}
		}
		last = ev
	}
	for name, want := range map[string]string{"a.txt": "queued started done", "none": "queued started failed", "b%20c.txt": "queued started failed",
		"%C3%BC.txt": "queued started done", "evil%1B%C2%9B%E2%80%AE": "queued started done", "sub": "queued started done", "dir": "queued started failed"} {
		if got := strings.Join(told[name], " "); got != want {
			t.Errorf("%s: %s, want %s\n%s", name, got, want, r.out)
		}
	}
	if last["event"] != "summary" || last["failed"] != 2.0 || last["state"] != "failed" || last["time"] == "" {
		t.Errorf("%v", last)
	}
}

func TestEventsOfAServerThatIsNotThere(t *testing.T) {
	s := serve(t, ftptest.Config{})
	const gone = "ftp://demo@127.0.0.1:1/" // a port that was free may be another test's now
	url := gone + "x"
	w, dir := newWorld(t), t.TempDir()
	for _, args := range [][]string{
		{"get", "--json", url, dir}, {"put", "--json", write(t, filepath.Join(dir, "x"), ""), url},
	} {
		r := w.run(args...)
		r.want(t, 3, "refused")
		if !strings.Contains(r.out, `{"event":"failed",`) || !strings.Contains(r.out, `"error":{"class":"server","text":"cannot connect`) || !strings.Contains(r.out, `{"event":"summary",`) {
			t.Errorf("%s", r.out)
		}
	}
	w.run("get", url, gone+"y", dir).want(t, 3)
	w.env["PORTSIDE_PASSWORD"] = ""
	w.run("get", strings.Replace(at(s, "a.txt"), "demo@", "demo:demo@", 1), url, dir).want(t, 3, "refused", "in a URL")
	read(t, filepath.Join(dir, "a.txt"))
}

func TestEventsOfAFailingOutput(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w := newWorld(t)
	w.runTo(brokenPipe{}, "get", "--json", at(s, "a.txt"), t.TempDir()).want(t, 1, "cannot write to standard output")
	w.runTo(brokenPipe{}, "ls", at(s, "")).want(t, 1, "cannot write to standard output")
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestPanesNeedATerminal(t *testing.T) {
	w := newWorld(t)
	w.panes = func(context.Context, Panes) error { t.Error("the panes were opened"); return nil }
	w.run("ftp://127.0.0.1/").want(t, 2, "need a terminal", "get, put and ls")
}
