package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

func TestSplit(t *testing.T) {
	for in, want := range map[string][]string{
		"":                          nil,
		"  ":                        nil,
		"true":                      {"true"},
		" a  b\tc\n":                {"a", "b", "c"},
		`mail -s "all done" me`:     {"mail", "-s", "all done", "me"},
		`say 'it''s' "a 'b'" ""`:    {"say", "its", "a 'b'", ""},
		`C:\tools\done.exe "a b"`:   {`C:\tools\done.exe`, "a b"},
		`echo $(touch x); rm * & |`: {"echo", "$(touch", "x);", "rm", "*", "&", "|"},
	} {
		got, err := split(in)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	if _, err := split(`mail -s "all done`); err == nil || !strings.Contains(err.Error(), `a quote (") is not closed`) {
		t.Error(err)
	}
}

// The command learns what ended, and no password; no shell reads what it is
// given, whatever files are called.
func TestAfterTheQueue(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the script is one for sh")
	}
	tr := tree()
	tr.WriteFile("/odd/$(touch x);", []byte("odd"), noon())
	s := serve(t, ftptest.Config{Tree: tr})
	w, dir := newWorld(t), t.TempDir()
	t.Chdir(t.TempDir())
	t.Setenv("PORTSIDE_PASSWORD", "demo")
	t.Setenv("PORTSIDE_PROXY_PASSWORD", "demo")
	script := write(t, filepath.Join(t.TempDir(), "a b", "then"), "#!/bin/sh\n"+
		`echo "$PORTSIDE_DONE $PORTSIDE_FAILED $PORTSIDE_SKIPPED $PORTSIDE_BYTES [$PORTSIDE_PASSWORD$PORTSIDE_PROXY_PASSWORD] $#:$1" >>out`+"\n"+
		`echo "it went; $1"; exit ${2:-0}`+"\n")
	if err := os.Chmod(script, 0o755); err != nil {
		t.Fatal(err)
	}
	after := `'` + script + `' "$(touch y)"`

	r := w.run("get", "--after", after, "--exists", "skip", at(s, "dir"), at(s, "odd"), at(s, "a.txt"), dir)
	if r.status != 0 || r.errors != "it went; $(touch y)\n" {
		t.Errorf("%d %q", r.status, r.errors)
	}
	r = w.run("put", "--after", after+" 3", "--exists", "skip", filepath.Join(dir, "a.txt"), at(s, ""))
	if r.status != 0 || !strings.Contains(r.errors, "the command after the queue ("+script+") failed: exit status 3: it went; $(touch y)") {
		t.Errorf("%d %s", r.status, r.errors)
	}
	r = w.run("get", "--json", "--after", after, "--exists", "fail", at(s, "a.txt"), at(s, "none"), dir)
	if r.status != 1 || strings.Contains(r.out, "it went") {
		t.Errorf("%d %s", r.status, r.out)
	}
	want := "4 0 0 20 [] 1:$(touch y)\n0 0 1 0 [] 2:$(touch y)\n0 2 0 0 [] 1:$(touch y)\n"
	if got := read(t, "out"); got != want {
		t.Errorf("it was told\n%swant\n%s", got, want)
	}
	if got := files(t, "."); !slices.Equal(got, []string{"out"}) {
		t.Errorf("a shell was at work: %q", got)
	}
}

func TestAfterIsCheckedFirst(t *testing.T) {
	w := newWorld(t)
	for in, want := range map[string]string{
		"no-such-command-here x": "there is no command no-such-command-here",
		`"open`:                  "is not closed",
		" ":                      "there is no command in it",
	} {
		w.run("get", "--after", in, "ftp://127.0.0.1:1/x", t.TempDir()).want(t, 2, "--after: ", want)
	}
	w.run("get", "--after", "bell", "ftp://127.0.0.1:1/x", "-").want(t, 2, "nothing is queued")
}

// Nothing comes after a run that had nothing to do, or was broken off.
func TestNothingAfterNothing(t *testing.T) {
	w, dir := newWorld(t), t.TempDir()
	t.Chdir(dir)
	w.run("get", "--after", "touch ran", "ftp://demo@127.0.0.1:1/x", dir)
	if got := files(t, dir); len(got) > 0 {
		t.Errorf("%q", got)
	}
	s := serve(t, ftptest.Config{})
	ctx, cancel := context.WithCancelCause(t.Context())
	w.ctx = ctx
	cancel(errors.New("enough"))
	w.run("get", "--after", "touch ran", at(s, "a.txt"), dir)
	if got := files(t, dir); len(got) > 0 {
		t.Errorf("%q", got)
	}
}
