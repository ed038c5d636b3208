package config

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func noon() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }

// open opens known_certs, which has to be in order.
func open(t *testing.T, dir string) *Known {
	t.Helper()
	k, err := OpenKnown(dir, noon)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKnown(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "portside")
	k := open(t, dir)
	if k.Has("h:21") {
		t.Error("something is known from nothing")
	}
	for _, server := range []string{"h:21", "[::1]:990", "h:21"} {
		if err := k.Add(server); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, "known_certs"))
	if err != nil {
		t.Fatal(err)
	}
	want := knownHead + "1\n" + knownWords + "tls h:21 2026-11-25T12:00:00Z\ntls [::1]:990 2026-11-25T12:00:00Z\n"
	if string(data) != want {
		t.Errorf("got\n%s\nwant\n%s", data, want)
	}
	if k = open(t, dir); !k.Has("h:21") || !k.Has("[::1]:990") || k.Has("h:990") {
		t.Error("it was not read back")
	}
	if runtime.GOOS != "windows" {
		for _, name := range []string{"", "known_certs", "known_certs.lock"} {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil || info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%q: %v, %v", name, info, err)
			}
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// What cannot be read in full is kept, byte by byte, and what can be read of it
// counts.
func TestKnownIsKept(t *testing.T) {
	for text, says := range map[string]string{
		knownHead + "2\ntls h:21 2026-11-25T12:00:00Z\nnew words\n":     "newer portside",
		knownHead + "1\ntls h:21 2026-11-25T12:00:00Z\ntls h:22 soon\n": "line 3",
		knownHead + "1\ntls h:21 2026-11-25T12:00:00Z\ntls h:2":         "line 3",
		"something else\ntls h:21 2026-11-25T12:00:00Z\n":               "not a file that portside wrote",
	} {
		dir := t.TempDir()
		name := filepath.Join(dir, "known_certs")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		k, err := OpenKnown(dir, noon)
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %q", err, says)
		}
		if err := k.Add("new:21"); err == nil {
			t.Error("Add says that it wrote")
		}
		if !k.Has("h:21") || !k.Has("new:21") {
			t.Error("it does not serve what it knows")
		}
		if got, _ := os.ReadFile(name); string(got) != text {
			t.Errorf("the file became\n%s", got)
		}
	}
}

// Somebody else made the file newer while we ran.
func TestKnownChangesMeanwhile(t *testing.T) {
	dir := t.TempDir()
	k := open(t, dir)
	newer := knownHead + "2\n"
	if err := os.WriteFile(filepath.Join(dir, "known_certs"), []byte(newer), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := k.Add("h:21"); err == nil || !k.Has("h:21") {
		t.Errorf("got %v", err)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "known_certs")); string(got) != newer {
		t.Errorf("the file became\n%s", got)
	}
}

// A link into somebody's dotfiles stays one.
func TestKnownThroughALink(t *testing.T) {
	dir, dots := t.TempDir(), t.TempDir()
	if err := os.Symlink(filepath.Join(dots, "certs"), filepath.Join(dir, "known_certs")); err != nil {
		t.Skip(err)
	}
	if err := os.WriteFile(filepath.Join(dots, "certs"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open(t, dir).Add("h:21"); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(filepath.Join(dots, "certs")); err != nil || !strings.Contains(string(data), "h:21") {
		t.Errorf("%q, %v", data, err)
	}
}

// TestKnownTogether lets processes write at the same time; it is also what they
// run.
func TestKnownTogether(t *testing.T) {
	const processes, each = 4, 10
	if dir := os.Getenv("PORTSIDE_TEST_KNOWN"); dir != "" {
		k := open(t, dir)
		for i := range each {
			if err := k.Add(fmt.Sprintf("%s-%d:21", os.Getenv("PORTSIDE_TEST_NAME"), i)); err != nil {
				t.Error(err)
			}
		}
		return
	}
	dir := t.TempDir()
	var all sync.WaitGroup
	for p := range processes {
		all.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKnownTogether$")
			cmd.Env = append(os.Environ(), "PORTSIDE_TEST_KNOWN="+dir, fmt.Sprintf("PORTSIDE_TEST_NAME=p%d", p))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	all.Wait()
	k := open(t, dir)
	for p := range processes {
		for i := range each {
			if server := fmt.Sprintf("p%d-%d:21", p, i); !k.Has(server) {
				t.Errorf("%s was lost", server)
			}
		}
	}
}

func TestDirs(t *testing.T) {
	for _, dir := range []string{DataDir(), StateDir()} {
		if !filepath.IsAbs(dir) || filepath.Base(dir) != "portside" {
			t.Errorf("got %q", dir)
		}
	}
}
