package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

func TestPut(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w, dir := newWorld(t), t.TempDir()
	write(t, filepath.Join(dir, "site", "img", "x y.png"), "png")
	write(t, filepath.Join(dir, "site", "-dash"), "dash")
	one := write(t, filepath.Join(dir, "one.txt"), "1")
	w.run("put", one, filepath.Join(dir, "site"), at(s, "dir/")).want(t, 0)
	for name, want := range map[string]string{"/dir/one.txt": "1", "/dir/site/img/x y.png": "png", "/dir/site/-dash": "dash"} {
		if got, err := s.Tree().ReadFile(name); err != nil || string(got) != want {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	w.run("put", one, at(s, "dir")).want(t, 6, "one.txt")
	w.run("put", "--exists", "overwrite", one, at(s, "dir")).want(t, 0)
	w.run("put", "--mode", "active", "--exists", "overwrite", one, at(s, "")).want(t, 0)
	w.run("put", "--mode", "passive", "--exists", "size", one, at(s, "")).want(t, 0)
}

func TestPutRefuses(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w, dir := newWorld(t), t.TempDir()
	one := write(t, filepath.Join(dir, "one.txt"), "1")
	w.run("put", one, at(s, "none")).want(t, 1, "no such directory", "make it first")
	w.run("put", one, at(s, "a.txt")).want(t, 1, "is a file")
	w.run("put", filepath.Join(dir, "gone.txt"), at(s, "")).want(t, 1, "gone.txt")
	w.run("put", at(s, "a.txt"), at(s, "")).want(t, 2, "local paths")
	w.run("put", string(os.PathSeparator), at(s, "")).want(t, 2, "is a root")
	w.run("put", one, dir).want(t, 2, "is not a URL")
	w.run("put", one).want(t, 2, "put needs")
	s.SetQuirks(ftptest.Quirks{DiskFull: true})
	w.run("put", "--retries", "1", one, at(s, "")).want(t, 1, "one.txt")
	if s.Tree().Exists("/one.txt") {
		t.Error("a part took the final name")
	}
}

func TestLs(t *testing.T) {
	s := serve(t, ftptest.Config{})
	s.Tree().Link("/link", "dir/b c.txt")
	s.Tree().Chmod("/a.txt", 0o640)
	s.Tree().WriteFile("/evil\x1b[2J\u202e.txt", nil, noon())
	w := newWorld(t)
	r := w.run("ls", at(s, ""))
	r.want(t, 0)
	checkSafe(t, r.out)
	for _, want := range []string{"-rw-r-----        6  ", "  a.txt\n", "  dir/\n", `evil\x1b[2J\u202e.txt`, "    3.0M  "} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
	r = w.run("ls", "--json", at(s, ""))
	r.want(t, 0)
	checkSafe(t, r.out)
	for _, want := range []string{`{"name":"a.txt","type":"file","size":6,"time":"2026-11-21T12:00:00Z","precision":"second","mode":"0640"`,
		`"type":"dir"`, `{"name":"empty","type":"file","size":0,`, `"name":"evil\u001b[2J\u202e.txt"`} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
	s.SetQuirks(ftptest.Quirks{NoMLSD: true})
	r = w.run("ls", "--json", at(s, ""))
	r.want(t, 0)
	for _, want := range []string{`"precision":"minute"`, `"owner":"`, `"target":"dir/b c.txt"`, `"type":"link"`} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
	w.run("ls", at(s, "none")).want(t, 1, "cannot list /none")
	w.run("ls").want(t, 2, "ls needs one URL")
	w.run("ls", "/tmp").want(t, 2, "is not a URL")
	if r := w.run("ls", "--json", at(s, "a.txt")); r.status != 0 || !strings.Contains(r.out, `"name":"a.txt"`) {
		t.Errorf("ls of a file: %d %q %s", r.status, r.out, r.errors)
	}
}

func TestLsShowsWhatItCannotRead(t *testing.T) {
	s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{NoMLSD: true}})
	s.SetQuirks(ftptest.Quirks{NoMLSD: true, Listing: listing("-rw-r--r-- 1 a b 5 Nov 21 2025 ok\r\n??? what \x1b[31m is this\r\n")})
	w := newWorld(t)
	r := w.run("ls", "--json", at(s, ""))
	r.want(t, 0)
	if !strings.Contains(r.out, `{"raw":"??? what \u001b[31m is this"}`) {
		t.Errorf("%s", r.out)
	}
	r = w.run("ls", at(s, ""))
	if !strings.Contains(r.out, `?  ??? what \x1b[31m is this`) || !strings.Contains(r.errors, "1 row of") {
		t.Errorf("%s%s", r.out, r.errors)
	}
}
