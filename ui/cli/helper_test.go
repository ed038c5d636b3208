package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// world is what a run of the command line sees.
type world struct {
	t     *testing.T
	env   map[string]string
	stdin string
	ctx   context.Context
	panes func(ctx context.Context, p Panes) error
	data  string // "" keeps nothing
	state string // "" keeps nothing
}

func newWorld(t *testing.T) *world {
	return &world{t: t, ctx: t.Context(), env: map[string]string{"HOME": t.TempDir(), "PORTSIDE_PASSWORD": "demo"}}
}

// result is how a run ended.
type result struct {
	status      int
	out, errors string
}

func (w *world) run(args ...string) result {
	w.t.Helper()
	var out bytes.Buffer
	r := w.runTo(&out, args...)
	r.out = out.String()
	return r
}

func (w *world) runTo(stdout io.Writer, args ...string) result {
	w.t.Helper()
	var errs bytes.Buffer
	status := Main(w.ctx, Env{
		Args: args, Stdin: strings.NewReader(w.stdin), Stdout: stdout, Stderr: &errs,
		Environ: func(name string) string { return w.env[name] }, Panes: w.panes, Version: "test", Data: w.data, State: w.state,
	})
	checkSafe(w.t, errs.String())
	return result{status: status, errors: errs.String()}
}

// checkSafe fails when text holds what a terminal would obey.
func checkSafe(t *testing.T, s string) {
	t.Helper()
	for _, r := range s {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == 0x202e {
			t.Errorf("%U reached the terminal: %q", r, s)
			return
		}
	}
}

func (r result) want(t *testing.T, status int, errors ...string) {
	t.Helper()
	if r.status != status {
		t.Errorf("status %d, want %d; standard error:\n%s", r.status, status, r.errors)
	}
	for _, e := range errors {
		if !strings.Contains(r.errors, e) {
			t.Errorf("standard error lacks %q:\n%s", e, r.errors)
		}
	}
	if status == 0 && r.errors != "" {
		t.Errorf("standard error:\n%s", r.errors)
	}
}

func serve(t *testing.T, c ftptest.Config) *ftptest.Server {
	t.Helper()
	if c.Tree == nil {
		c.Tree = tree()
	}
	s, err := ftptest.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func at(s *ftptest.Server, path string) string { return "ftp://demo@" + s.Addr() + "/" + path }

func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// tree is a small tree below the login directory.
func tree() *ftptest.Tree {
	tr := ftptest.NewTree()
	tr.WriteFile("/a.txt", []byte("hello\n"), noon())
	tr.WriteFile("/empty", nil, noon())
	tr.WriteFile("/dir/b c.txt", []byte("bee\n"), noon())
	tr.WriteFile("/dir/sub/ü.txt", []byte("umlaut\n"), noon())
	tr.Mkdir("/dir/hollow")
	tr.AddGenerated("/big.bin", 3<<20, 1, noon())
	return tr
}

func write(t *testing.T, path, body string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) string {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
	}
	return string(body)
}

// files returns the names in dir.
func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
