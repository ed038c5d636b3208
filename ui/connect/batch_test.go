package connect

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/queue"
	"portside/queue/local"
	"portside/queue/queuetest"
)

func TestSessionConforms(t *testing.T) {
	for name, q := range map[string]ftptest.Quirks{"MLSD": {Sums: ftptest.Sums{Offers: []string{"HASH SHA-256*"}}}, "LIST": {NoMLSD: true, Sums: ftptest.Sums{Offers: []string{"XCRC"}}}, "one by one": {Greeting: "220 Microsoft FTP Service\r\n"}} {
		t.Run(name, func(t *testing.T) {
			queuetest.Conformance(t, func(t *testing.T) (queue.FS, string) {
				tree := ftptest.NewTree()
				tree.Mkdir("/work")
				_, s := open(t, ftptest.Config{Tree: tree, Quirks: q})
				return s, "/work"
			})
		})
	}
}

// Many removals are refused for the same reasons as one.
func TestRemoveAllFindsReasons(t *testing.T) {
	tree := ftptest.NewTree()
	tree.WriteFile("/here.txt", []byte("x"), time.Time{})
	_, s := open(t, ftptest.Config{Tree: tree, Quirks: ftptest.Quirks{Refuse: map[string]string{"DELE": "550 Delete operation failed."}}})
	got := map[int]error{}
	err := s.(queue.Batch).RemoveAll(t.Context(), []queue.Removal{{Path: "/gone.txt"}, {Path: "/here.txt"}, {Path: "/none", Dir: true}}, func(i int, err error) { got[i] = err })
	if err != nil || len(got) != 3 {
		t.Fatalf("%v, %v", got, err)
	}
	if !errors.Is(got[0], fs.ErrNotExist) || got[1] == nil || errors.Is(got[1], fs.ErrNotExist) || !errors.Is(got[2], fs.ErrNotExist) {
		t.Errorf("got %v", got)
	}
}

// tree returns a tree of n files in each of two directories below /d.
func deep(n int) *ftptest.Tree {
	tree := ftptest.NewTree()
	for i := range n {
		for _, dir := range []string{"/d", "/d/e"} {
			tree.WriteFile(fmt.Sprintf("%s/file-%04d", dir, i), nil, time.Time{})
		}
	}
	return tree
}

// remove deletes /d at a server through a queue, and returns its row and what
// was said.
func remove(t *testing.T, srv *ftptest.Server, s Settings) (queue.Row, []queue.Line) {
	t.Helper()
	target, err := Parse("ftp://demo@"+srv.Addr(), s)
	if err != nil {
		t.Fatal(err)
	}
	log := queue.NewLog(10_000)
	d := New(log)
	d.SetPassword(target.Address, "demo")
	q := queue.New(queue.Options{Local: local.New(), Remote: d, Connections: 1, Backoff: func(int) time.Duration { return 0 }})
	defer func() { _ = q.Close() }()
	ids, err := q.Add([]queue.Spec{{Kind: queue.Delete, Src: queue.Place{Address: target.Address, Path: "/d"}}})
	if err != nil {
		t.Fatal(err)
	}
	for q.Totals().Active() {
		<-q.Changed()
	}
	row, _ := q.Row(ids[0])
	return row, log.Lines(0, 10_000)
}

// A tree is deleted in few round trips, and nothing is left or invented.
func TestDeleteInBursts(t *testing.T) {
	tree := deep(200)
	srv, err := ftptest.Start(ftptest.Config{Tree: tree})
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	row, lines := remove(t, srv, Settings{})
	if row.State != queue.Done || tree.Exists("/d") {
		t.Errorf("%+v", row)
	}
	deletes, waits, dir := 0, 0, byte('<')
	for _, l := range lines {
		if l.Dir == '>' && strings.HasPrefix(l.Text, "DELE ") {
			deletes++
			if dir != '>' {
				waits++
			}
		}
		dir = l.Dir
	}
	if deletes != 400 || waits > 20 {
		t.Errorf("%d files were deleted with %d waits", deletes, waits)
	}
}

// A server that loses commands is found out once; what is left is removed one
// by one on a new session.
func TestDeleteWhereCommandsAreLost(t *testing.T) {
	tree := deep(40)
	srv, err := ftptest.Start(ftptest.Config{Tree: tree, Quirks: ftptest.Quirks{LosesBursts: true}})
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	row, _ := remove(t, srv, Settings{Timeout: 200 * time.Millisecond})
	if row.State != queue.Done || tree.Exists("/d") {
		t.Errorf("%+v", row)
	}
	if srv.Logins() != 2 {
		t.Errorf("%d logins", srv.Logins())
	}
	lines := srv.Transcript()
	second := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "2> DELE") })
	if second < 0 {
		t.Fatal("the second session deleted nothing")
	}
	for i, line := range lines[second:] {
		if strings.HasPrefix(line, "2> DELE") && !strings.HasPrefix(lines[second+i+1], "2< ") {
			t.Fatal("two commands at once on the second session")
		}
	}
}
