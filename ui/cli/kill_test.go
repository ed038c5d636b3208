//go:build unix

package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

// childArgs is where a child process of these tests finds its command line.
const childArgs = "PORTSIDE_TEST_ARGS"

// TestChild is portside itself, in a process of its own. Alone it does nothing.
func TestChild(t *testing.T) {
	var args []string
	if err := json.Unmarshal([]byte(os.Getenv(childArgs)), &args); err != nil {
		t.Skip("this is for the children of other tests")
	}
	os.Exit(Main(context.Background(), Env{Args: args, Stdin: strings.NewReader(""), Stdout: os.Stdout, Stderr: os.Stderr, Environ: os.Getenv, Version: "test"}))
}

// process is portside in a process of its own, with its events.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	events *bufio.Scanner
	errors strings.Builder
}

func spawn(t *testing.T, args ...string) *process {
	t.Helper()
	b, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")}
	p.cmd.Env = append(os.Environ(), childArgs+"="+string(b), "PORTSIDE_PASSWORD=demo", "HOME="+t.TempDir())
	p.cmd.Stderr = &p.errors
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.events = bufio.NewScanner(out)
	return p
}

// until reads events to the first that ok takes.
func (p *process) until(ok func(e event) bool) event {
	p.t.Helper()
	for p.events.Scan() {
		var e event
		if err := json.Unmarshal(p.events.Bytes(), &e); err != nil {
			p.t.Fatalf("%s: %v", p.events.Text(), err)
		}
		if ok(e) {
			return e
		}
	}
	p.t.Fatalf("the process ended: %v\n%s", p.cmd.Wait(), p.errors.String())
	return event{}
}

// kill ends the process as kill -9 does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // says that it was killed
}

func beyond(n int64) func(e event) bool {
	return func(e event) bool { return e.Event == "progress" && e.Done != nil && *e.Done > n }
}

// sameAs fails unless the file holds what the server generates.
func sameAs(t *testing.T, path string, size int64, seed uint64) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := io.ReadAll(io.NewSectionReader(ftptest.Generated(size, seed), 0, size))
	if err != nil || string(got) != string(want) {
		t.Errorf("%s: %d bytes of %d, or others (%v)", path, len(got), size, err)
	}
}

func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	rows, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		out = append(out, r.Name())
	}
	return out
}

// A download whose process is killed, twice, goes on where it was, in a third
// process that no journal tells of it.
func TestKilledDownloadGoesOn(t *testing.T) {
	const size, seed = 16 << 20, 9
	tr := ftptest.NewTree()
	tr.AddGenerated("/f.bin", size, seed, noon())
	s := serve(t, ftptest.Config{Tree: tr, Rate: 8 << 20})
	dir := t.TempDir()
	at := at(s, "f.bin")
	far := int64(1 << 20)
	for range 2 {
		p := spawn(t, "get", "--json", "--tls", "off", "--segments", "1", at, dir)
		far = *p.until(beyond(far)).Done
		p.kill()
		if got := strings.Join(names(t, dir), " "); got != ".f.bin.portside .f.bin.portside.json" {
			t.Fatal(got)
		}
	}
	goesOn(t, s, dir, size, seed)
	rest := 0
	for _, l := range s.Transcript() {
		if strings.Contains(l, "> REST ") && !strings.HasSuffix(l, " 0") {
			rest++
		}
	}
	if rest != 2 {
		t.Errorf("%d of the downloads began in the middle: %q", rest, s.Transcript())
	}
}

// goesOn lets another process end the download of f.bin into dir: behind what is
// there, whole, and with nothing left beside it.
func goesOn(t *testing.T, s *ftptest.Server, dir string, size int64, seed uint64, flags ...string) {
	t.Helper()
	s.SetRate(0)
	args := append([]string{"get", "--json", "--tls", "off"}, flags...)
	r := newWorld(t).run(append(args, at(s, "f.bin"), dir)...)
	r.want(t, 0)
	if !strings.Contains(r.out, `"note":"resumed at `) {
		t.Error(r.out)
	}
	sameAs(t, filepath.Join(dir, "f.bin"), size, seed)
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left: %q", got)
	}
}

// E30: several connections fetch a file; the process is killed in the middle,
// and what its record says is in place is in place. Later ones go on, by several
// connections or by one.
func TestKilledSegmentsGoOnE30(t *testing.T) {
	const size, seed = 48 << 20, 9
	want, err := io.ReadAll(io.NewSectionReader(ftptest.Generated(size, seed), 0, size))
	if err != nil {
		t.Fatal(err)
	}
	for _, next := range []string{"4", "1"} {
		tr := ftptest.NewTree()
		tr.AddGenerated("/f.bin", size, seed, noon())
		s := serve(t, ftptest.Config{Tree: tr, Rate: 2 << 20})
		dir := t.TempDir()
		p := spawn(t, "get", "--json", "--tls", "off", "--segments", "4", at(s, "f.bin"), dir)
		p.until(beyond(20 << 20)) // the record is written every two seconds
		p.kill()
		part, err := os.ReadFile(filepath.Join(dir, ".f.bin.portside"))
		if err != nil {
			t.Fatal(err)
		}
		var record struct {
			Spans [][2]int `json:"spans"`
		}
		text, err := os.ReadFile(filepath.Join(dir, ".f.bin.portside.json"))
		if err = errors.Join(err, json.Unmarshal(text, &record)); err != nil || len(record.Spans) < 2 {
			t.Fatalf("%v: %s", err, text)
		}
		for _, r := range record.Spans {
			if r[1] > len(part) || !bytes.Equal(part[r[0]:r[1]], want[r[0]:r[1]]) {
				t.Errorf("%v is not in place", r)
			}
		}
		goesOn(t, s, dir, size, seed, "--segments", next)
	}
}

// E24: what one process is writing another one does not touch, and says so.
func TestTwoProcessesOnePartE24(t *testing.T) {
	const size, seed = 8 << 20, 9
	tr := ftptest.NewTree()
	tr.AddGenerated("/f.bin", size, seed, noon())
	s := serve(t, ftptest.Config{Tree: tr, Rate: 4 << 20})
	dir := t.TempDir()
	p := spawn(t, "get", "--json", "--tls", "off", at(s, "f.bin"), dir)
	p.until(beyond(1 << 20))
	for range 2 {
		r := newWorld(t).run("get", "--tls", "off", at(s, "f.bin"), dir)
		r.want(t, 1, "another program is writing this file")
	}
	s.SetRate(0)
	p.until(func(e event) bool { return e.Event == "done" })
	p.until(func(e event) bool { return e.Event == "summary" })
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, p.errors.String())
	}
	sameAs(t, filepath.Join(dir, "f.bin"), size, seed)
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left: %q", got)
	}
}
