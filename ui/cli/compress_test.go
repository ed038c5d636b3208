package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

// Files cross the network compressed where that was asked for, and arrive as
// they are.
func TestCompress(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w, dir := newWorld(t), t.TempDir()
	w.run("get", "-q", "--compress", at(s, "a.txt"), at(s, "dir"), dir).want(t, 0)
	if got := read(t, filepath.Join(dir, "a.txt")); got != "hello\n" {
		t.Errorf("%q", got)
	}
	w.run("put", "-q", "--compress", write(t, filepath.Join(dir, "up.txt"), "up and away"), at(s, "")).want(t, 0)
	if got := read(t, filepath.Join(dir, "dir", "sub", "ü.txt")); got != "umlaut\n" {
		t.Errorf("%q", got)
	}
	if !strings.Contains(strings.Join(s.Transcript(), "\n"), "> MODE Z") {
		t.Error("nothing was compressed")
	}
	before := len(s.Transcript())
	w.run("get", "-q", at(s, "up.txt"), t.TempDir()).want(t, 0)
	if strings.Contains(strings.Join(s.Transcript()[before:], "\n"), "> MODE") {
		t.Error("it was not asked for")
	}
}
