//go:build unix

package faults

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// cargoSize is long enough for a signal in the middle, at cargoRate bytes a second.
const (
	cargoSize = 8 << 20
	cargoRate = 2 << 20
)

// errand is one big file on its way, up or down, and what asks for it.
type errand struct {
	trial
	up     bool
	server *ftptest.Server
	tree   *ftptest.Tree
	whole  []byte
}

func newErrand(t *testing.T, up bool) *errand {
	t.Helper()
	e := &errand{up: up, tree: ftptest.NewTree()}
	e.tree.Mkdir("/work")
	var err error
	if e.server, err = ftptest.Start(ftptest.Config{Tree: e.tree, Rate: cargoRate}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.server.Close)
	if e.whole, err = io.ReadAll(io.NewSectionReader(ftptest.Generated(cargoSize, 5), 0, cargoSize)); err != nil {
		t.Fatal(err)
	}
	e.t, e.dir, e.near = t, t.TempDir(), disk{root: t.TempDir()}
	e.args = []string{"--tls", "off", "--segments", "1"}
	e.url = (&url.URL{Scheme: "ftp", User: url.User("demo"), Host: e.server.Addr(), Path: "/work"}).String()
	e.prepare()
	at := time.Date(2020, 2, 2, 2, 2, 2, 0, time.UTC)
	if up {
		err = e.near.write("f.bin", bytes.NewReader(e.whole), at)
	} else {
		e.tree.WriteFile("/work/f.bin", e.whole, at)
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// there returns what the target's side has, by name, and the bytes of what is
// named .f.bin.portside and f.bin.
func (e *errand) there() (names []string, part, file []byte) {
	e.t.Helper()
	var s shore = e.near
	if e.up {
		s = memory{tree: e.tree, root: "/work"}
	}
	if err := s.walk(func(name string, _ int64, _ time.Time, _ bool) { names = append(names, name) }); err != nil {
		e.t.Fatal(err)
	}
	read := func(name string) []byte {
		f, err := s.open(name)
		if err != nil {
			return nil
		}
		defer f.Close()
		data, err := io.ReadAll(f)
		if err != nil {
			return nil
		}
		return data
	}
	return names, read(".f.bin.portside"), read("f.bin")
}

// midway waits until a good part has arrived.
func (e *errand) midway() {
	e.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		names, part, file := e.there()
		if len(part) > 1<<20 && len(part) < cargoSize {
			return
		}
		if len(file) > 0 || time.Now().After(end) {
			e.t.Fatalf("no part comes: %q", names)
		}
	}
}

// stopped makes sure that a signal left a part that the next start can go on with,
// and nothing under the final name.
func (e *errand) stopped() {
	e.t.Helper()
	names, part, file := e.there()
	if file != nil || len(part) < 1<<20 || len(part) >= cargoSize || !bytes.HasPrefix(e.whole, part) {
		e.t.Errorf("%d bytes are left of %d, %d have the name: %q", len(part), cargoSize, len(file), names)
	}
	if _, err := os.Stat(filepath.Join(e.near.(disk).root, ".f.bin.portside.json")); !e.up && err != nil {
		e.t.Error(err)
	}
}

// arrived makes sure that the file is there, and nothing beside it.
func (e *errand) arrived() {
	e.t.Helper()
	if names, _, file := e.there(); !bytes.Equal(file, e.whole) || len(names) != 1 {
		e.t.Errorf("%d bytes of %d have arrived, or others: %q", len(file), cargoSize, names)
	}
}

// command is a run of get or put.
func (e *errand) command() (c *exec.Cmd, out, errs *bytes.Buffer) {
	file := filepath.Join(e.near.(disk).root, "f.bin")
	args := append([]string{"get", "--json"}, append(e.args, e.url+"/f.bin", filepath.Dir(file))...)
	if e.up {
		args = append([]string{"put", "--json"}, append(e.args[:2:2], file, e.url+"/")...)
	}
	c, out, errs = exec.Command(e.person.program, args...), &bytes.Buffer{}, &bytes.Buffer{}
	c.Env, c.Stdout, c.Stderr = e.person.env, out, errs
	return c, out, errs
}

// ends waits until a program has ended, which a signal must not take long for.
func ends(t *testing.T, c *exec.Cmd) error {
	t.Helper()
	late := time.AfterFunc(20*time.Second, func() { _ = c.Process.Kill() })
	err := c.Wait()
	if !late.Stop() {
		t.Error("it did not end")
	}
	return err
}

var signals = map[string]syscall.Signal{"SIGINT": syscall.SIGINT, "SIGTERM": syscall.SIGTERM, "SIGHUP": syscall.SIGHUP}

// get and put end by a signal with their part in place and the status of what was
// interrupted. get goes on from there, put begins anew: it keeps no queue.
func TestSignalsEndGetAndPut(t *testing.T) {
	for name, sig := range signals {
		for _, up := range []bool{false, true} {
			t.Run(name+map[bool]string{false: "/get", true: "/put"}[up], func(t *testing.T) {
				t.Parallel()
				e := newErrand(t, up)
				c, _, errs := e.command()
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				e.midway()
				_ = c.Process.Signal(sig)
				var exit *exec.ExitError
				if err := ends(t, c); !errors.As(err, &exit) || exit.ExitCode() != 130 || !strings.Contains(errs.String(), "interrupted") {
					t.Errorf("%v: %s", err, errs)
				}
				e.stopped()
				e.server.SetRate(0)
				c, out, errs := e.command()
				if err := c.Run(); err != nil {
					t.Errorf("%v: %s", err, errs)
				}
				if !up && !strings.Contains(out.String(), "resumed at ") {
					t.Errorf("it did not go on: %s", out)
				}
				e.arrived()
			})
		}
	}
}

// So do the panes, whose queue is on disk: the next start goes on by itself, both
// ways.
func TestSignalsEndThePanes(t *testing.T) {
	for name, sig := range signals {
		for _, up := range []bool{false, true} {
			t.Run(name+map[bool]string{false: "/down", true: "/up"}[up], func(t *testing.T) {
				t.Parallel()
				e := newErrand(t, up)
				s := e.copies()
				e.midway()
				_ = s.cmd.Process.Signal(sig)
				if !e.ends(s) {
					t.Fatalf("it does not end:\n%s", s.picture())
				}
				if s.err != nil {
					t.Errorf("%v:\n%s", s.err, s.lastWords())
				}
				e.stopped()
				e.server.SetRate(0)
				s, err := e.person.start()
				if err != nil {
					t.Fatal(err)
				}
				err = s.sees(30*time.Second, " f.bin ")
				if err == nil {
					err = e.idle(s)
				}
				if err != nil {
					t.Fatal(err)
				}
				e.arrived()
				if !e.began() {
					t.Error("it did not go on")
				}
			})
		}
	}
}

// copies starts the panes and has the file copied.
func (e *errand) copies() *sitting {
	e.t.Helper()
	s, err := e.person.start()
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { _ = s.cmd.Process.Kill(); s.leave() })
	keys := []string{"A", "5", "\r"} // in the local pane, which is the active one first
	if !e.up {
		keys[0] = "\tA"
	}
	for i, sight := range []string{" f.bin ", "*f.bin", "Copy "} {
		if err = s.sees(30*time.Second, sight); err == nil {
			err = s.press(keys[i])
		}
		if err != nil {
			e.t.Fatal(err)
		}
	}
	return s
}

// ends reports whether portside ends soon.
func (e *errand) ends(s *sitting) bool {
	return !wait(time.Now().Add(20*time.Second), s.ended)
}

// began reports whether a transfer of the file began behind its start.
func (e *errand) began() bool {
	for _, l := range e.server.Transcript() {
		if strings.Contains(l, "> REST ") && !strings.HasSuffix(l, " 0") {
			return true
		}
	}
	return false
}
