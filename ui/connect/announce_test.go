package connect

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"portside/ftp"
	"portside/ftp/ftptest"
	"portside/queue"
	"portside/queue/local"
)

// On one connection in active mode the files of a directory are asked for one
// behind the other, and arrive whole; a file that must not be read is left.
func TestAnnouncedTree(t *testing.T) {
	tr := ftptest.NewTree()
	tr.Mkdir("/tree")
	want := map[string]string{}
	for i := range 50 {
		name := fmt.Sprintf("file %02d", i)
		want[name] = strings.Repeat(name, i)
		tr.WriteFile("/tree/"+name, []byte(want[name]), time.Now())
	}
	srv, err := ftptest.Start(ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Greeting: "220 (vsFTPd 3.0.3)\r\n"}})
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	target, err := Parse("ftp://demo:demo@"+srv.Addr()+"/tree", Settings{Mode: ftp.Active})
	if err != nil {
		t.Fatal(err)
	}
	log := queue.NewLog(10_000)
	dialer := New(log)
	dialer.SetPassword(target.Address, "demo")
	q := queue.New(queue.Options{Local: local.New(), Remote: dialer, Log: log, Connections: 1})
	defer q.Close()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "tree"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tree", "file 30"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	want["file 30"] = "mine"
	if _, err := q.Add([]queue.Spec{{Kind: queue.Copy, Src: queue.Place{Address: target.Address, Path: "/tree"},
		Dst: queue.Place{Address: queue.Local, Path: dir}, Exists: queue.ExistsSkip}}); err != nil {
		t.Fatal(err)
	}
	for q.Totals().Active() {
		<-q.Changed()
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(dir, "tree", name))
		if err != nil || string(got) != text {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	early, open := 0, 0
	for _, l := range log.Lines(0, 10_000) {
		switch {
		case l.Dir == '>' && (strings.HasPrefix(l.Text, "RETR") || strings.HasPrefix(l.Text, "MLSD")):
			if open++; open > 1 {
				early++
			}
		case l.Dir == '<' && strings.HasPrefix(l.Text, "226"):
			open--
		}
	}
	if early < 40 {
		t.Errorf("%d files were asked for before their time", early)
	}
	if n := srv.Sessions(); n != 1 {
		t.Errorf("%d sessions", n)
	}
}
