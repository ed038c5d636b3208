//go:build linux

package faults

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// island is a small file system that processes in a namespace of their own see at
// a directory.
type island struct {
	t      *testing.T
	holder *exec.Cmd
	dir    string // as this process reaches it
}

// newIsland mounts size bytes of memory at dir, for those who enter. It needs no
// root where the system lets anybody make namespaces.
func newIsland(t *testing.T, dir string, size int) *island {
	t.Helper()
	script := `mount -t tmpfs -o size="$1" none "$0" && echo ready && exec sleep 1000`
	h := exec.Command("unshare", "-Urm", "sh", "-c", script, dir, strconv.Itoa(size))
	out, err := h.StdoutPipe()
	if err == nil {
		err = h.Start()
	}
	if err != nil {
		t.Skip("no namespaces: ", err)
	}
	t.Cleanup(func() { _ = h.Process.Kill(); _ = h.Wait() })
	ready := make([]byte, 6)
	if n, err := out.Read(ready); err != nil || string(ready[:n]) != "ready\n" {
		t.Skip("nobody may make a namespace and mount something in it here")
	}
	return &island{t: t, holder: h, dir: fmt.Sprintf("/proc/%d/root%s", h.Process.Pid, dir)}
}

// enter has a person's portside run on the island.
func (i *island) enter(p *person) {
	i.t.Helper()
	nsenter, err := exec.LookPath("nsenter")
	if err != nil {
		i.t.Skip(err)
	}
	to := []string{"-U", "-m", "--preserve-credentials", "-t", strconv.Itoa(i.holder.Process.Pid), "--", p.program}
	p.program, p.args = nsenter, append(to, p.args...)
}

const filler = "filler"

// fill writes until the file system takes no more byte.
func (i *island) fill() {
	i.t.Helper()
	f, err := os.Create(filepath.Join(i.dir, filler))
	if err != nil {
		i.t.Fatal(err)
	}
	defer f.Close()
	for block := bytes.Repeat([]byte{'x'}, 1<<10); ; {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			return
		} else if err != nil {
			i.t.Fatal(err)
		}
	}
}

// clear makes room again.
func (i *island) clear() {
	i.t.Helper()
	if err := os.Remove(filepath.Join(i.dir, filler)); err != nil {
		i.t.Fatal(err)
	}
}

// The disk below the queue is full while a big file is sent. That goes on, what is
// added is refused in words, a killed process loses nothing, and once there is
// room all is as it was.
func TestAFullDiskBelowTheQueue(t *testing.T) {
	const many = 150
	e := newErrand(t, true)
	state := filepath.Join(e.dir, "home", "state_home")
	isle := newIsland(t, state, 4<<20)
	isle.enter(&e.person)
	root := e.near.(disk).root
	if err := os.Mkdir(filepath.Join(root, "a"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(root, "f.bin"), filepath.Join(root, "a", "f.bin")); err != nil {
		t.Fatal(err)
	}
	var names []string // long ones: what is queued has to fill more than a block
	for i := range many {
		names = append(names, fmt.Sprintf("%03d-%s", i, strings.Repeat("n", 180)))
		if err := e.near.write(names[i], strings.NewReader(names[i]), time.Date(2021, 1, 1, 1, 1, 1, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
	}
	s := e.sits("a/")
	e.does(s, "\x1b[B5", "Copy ", "\r")
	e.until("a part", func() bool { return e.holds("a/.f.bin.portside") > 1<<20 })
	isle.fill()
	e.does(s, "A 5", "Copy 150", "\r") // all but the directory
	e.does(s, "", "cannot be saved", "")
	e.does(s, "", "not saved", "")
	if err := s.kill(); err != nil {
		t.Fatal(err)
	}
	s = e.sits("a/")
	e.until("the file", func() bool { return e.holds("a/f.bin") == cargoSize })
	if n := e.holds(names[0]); n >= 0 {
		t.Error("a file was sent that was refused")
	}
	isle.clear()
	e.server.SetRate(0)
	e.does(s, "\x1b[BA 5", "Copy 150", "\r")
	e.until("all files", func() bool {
		for _, name := range names {
			if e.holds(name) != int64(len(name)) {
				return false
			}
		}
		return true
	})
	if err := s.kill(); err != nil {
		t.Fatal(err)
	}
	e.restsOnIsland(names)
}

// restsOnIsland starts once more: nothing is left to do, and nothing was sent twice
// but what had been broken off.
func (e *errand) restsOnIsland(names []string) {
	e.t.Helper()
	s := e.sits("a/")
	if err := e.idle(s); err != nil {
		e.t.Fatal(err)
	}
	stored := map[string]int{}
	for _, l := range e.server.Transcript() {
		if _, name, ok := strings.Cut(l, "> STOR /work/"); ok {
			stored[attempt.ReplaceAllString(name, "$1.portside")]++
		}
	}
	for _, name := range names {
		if n := stored["."+name+".portside"]; n != 1 {
			e.t.Errorf("%s was sent %d times", name, n)
		}
	}
	if got, _ := e.tree.ReadFile("/work/a/f.bin"); !bytes.Equal(got, e.whole) {
		e.t.Error("the big file has other bytes")
	}
	if !e.began() {
		e.t.Error("the big file began anew")
	}
}

// sits starts the panes and waits for a sight.
func (e *errand) sits(sight string) *sitting {
	e.t.Helper()
	s, err := e.person.start()
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { _ = s.cmd.Process.Kill(); s.leave() })
	if err := s.sees(30*time.Second, sight, " PLAIN "); err != nil {
		e.t.Fatal(err)
	}
	return s
}

// does presses keys, waits for a sight, and presses others.
func (e *errand) does(s *sitting, keys, sight, then string) {
	e.t.Helper()
	err := s.press(keys)
	if err == nil {
		err = s.sees(30*time.Second, sight)
	}
	if err == nil {
		err = s.press(then)
	}
	if err != nil {
		e.t.Fatal(err)
	}
}

// holds is how many bytes a file at the server has; -1 without one.
func (e *errand) holds(name string) int64 {
	data, err := e.tree.ReadFile("/work/" + name)
	if err != nil {
		return -1
	}
	return int64(len(data))
}

func (e *errand) until(what string, good func() bool) {
	e.t.Helper()
	for end := time.Now().Add(30 * time.Second); !good(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			names, _, _ := e.there()
			e.t.Fatalf("%s does not come; there are %q", what, names)
		}
	}
}
