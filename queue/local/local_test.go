package local_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"portside/queue"
	"portside/queue/local"
	"portside/queue/queuetest"
)

func TestLocalConforms(t *testing.T) {
	queuetest.Conformance(t, func(t *testing.T) (queue.FS, string) {
		return local.New(), t.TempDir()
	})
}

func TestUnderConforms(t *testing.T) {
	queuetest.Conformance(t, func(t *testing.T) (queue.FS, string) {
		dir := t.TempDir()
		return under(t, dir), dir
	})
}

func under(t *testing.T, dir string) queue.FS {
	t.Helper()
	f, err := local.New().Under(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// save writes a file the way a download does.
func save(t *testing.T, f queue.FS, path string, replace bool) error {
	t.Helper()
	s, err := f.Create(t.Context(), path+".part", 0, queue.Commit{Final: path, Size: 3, Replace: replace})
	if err != nil {
		return err
	}
	if _, err := s.Write([]byte("new")); err != nil {
		t.Fatal(err)
	}
	return s.Close()
}

// D5: a link that a listing planted does not lead out of the directory.
func TestNothingLeavesTheDirectory(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	write(t, filepath.Join(out, "f"), "old")
	for name, target := range map[string]string{"abs": out, "rel": "../" + filepath.Base(out)} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	f := under(t, dir)
	ctx := t.Context()
	for _, p := range []string{"abs/f", "rel/f", "../" + filepath.Base(out) + "/f", "abs/new", "rel/new"} {
		p = dir + "/" + p
		if _, err := f.Open(ctx, p, 0); err == nil {
			t.Errorf("read %s", p)
		}
		if err := save(t, f, p, true); err == nil {
			t.Errorf("wrote %s", p)
		}
		if err := f.Remove(ctx, p); err == nil {
			t.Errorf("removed %s", p)
		}
		if err := f.Mkdir(ctx, p+"d"); err == nil {
			t.Errorf("made %s", p)
		}
	}
	for _, err := range f.List(ctx, dir+"/abs") {
		if err == nil {
			t.Error("listed what is outside")
		}
	}
	if e, err := f.Stat(ctx, dir+"/abs"); err != nil || e.Type != queue.Link {
		t.Errorf("%+v %v", e, err)
	}
	if rows, _ := os.ReadDir(out); len(rows) != 1 {
		t.Errorf("outside there are %v", rows)
	}
}

// E17: what stands at the target.
func TestTargetsThatAreNoFiles(t *testing.T) {
	for _, rooted := range []bool{false, true} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "victim"), "old")
		var f queue.FS = local.New()
		if rooted {
			f = under(t, dir)
		}
		for name, make := range map[string]func(path string) error{
			"directory": func(p string) error { return os.Mkdir(p, 0o755) },
			"link":      func(p string) error { return os.Symlink("victim", p) },
			"pipe":      mkfifo,
		} {
			p := filepath.Join(dir, name)
			// as the final name
			if err := make(p); err != nil {
				t.Log(name, err)
				continue
			}
			if err := save(t, f, p, false); !errors.Is(err, fs.ErrExist) {
				t.Errorf("%s was replaced: %v", name, err)
			}
			err := save(t, f, p, true)
			if name == "link" {
				if err != nil {
					t.Error(err)
				}
			} else if err == nil {
				t.Errorf("%s was replaced", name)
			}
			// as the part's name
			q := p + "2"
			if err := make(q + ".part"); err != nil {
				t.Fatal(err)
			}
			if err := save(t, f, q, false); err == nil {
				t.Errorf("wrote into a %s", name)
			}
			if _, err := f.Open(t.Context(), q+".part", 0); err == nil && name != "link" {
				t.Errorf("read a %s", name)
			}
		}
		if b, _ := os.ReadFile(filepath.Join(dir, "victim")); string(b) != "old" {
			t.Errorf("what the link led to is now %q", b)
		}
	}
}

func TestTimeAndMode(t *testing.T) {
	dir := t.TempDir()
	when := time.Date(1999, 12, 31, 23, 59, 58, 0, time.UTC)
	s, err := local.New().Create(t.Context(), filepath.Join(dir, "p"), 0, queue.Commit{Final: filepath.Join(dir, "f"), Size: 0, Time: when, Mode: 0o640})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(filepath.Join(dir, "f"))
	if err != nil || !st.ModTime().Equal(when) || runtime.GOOS != "windows" && st.Mode().Perm() != 0o640 {
		t.Error(st, err)
	}
}

// E23: one writer for a part, also between processes.
func TestAPartHasOneWriter(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows locks by itself")
	}
	p := filepath.Join(t.TempDir(), "part")
	a, err := local.New().Create(t.Context(), p, 0, queue.Commit{Size: -1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := local.New().Create(t.Context(), p, 0, queue.Commit{Size: -1}); err == nil || !strings.Contains(err.Error(), "another program") {
		t.Error(err)
	}
	if err := a.Abort(); err != nil {
		t.Error(err)
	}
	b, err := local.New().Create(t.Context(), p, 0, queue.Commit{Size: -1})
	if err != nil {
		t.Fatal(err)
	}
	_ = b.Abort()
}

func TestLinksInListings(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "real"), "12345")
	if err := os.Symlink("real", filepath.Join(dir, "link")); err != nil {
		t.Skip(err)
	}
	os.Symlink("nowhere", filepath.Join(dir, "lost"))
	f := local.New()
	for e, err := range f.List(t.Context(), dir) {
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case e.Name == "real" && (e.Type != queue.File || e.Size != 5 || !e.HasMode),
			e.Name == "link" && (e.Type != queue.Link || e.Target != "real" || e.Size != -1),
			e.Name == "lost" && (e.Type != queue.Link || e.Target != "nowhere"):
			t.Errorf("%+v", e)
		}
	}
	if e, err := f.Stat(t.Context(), filepath.Join(dir, "link")); err != nil || e.Type != queue.File || e.Size != 5 {
		t.Errorf("%+v %v", e, err)
	}
	if e, err := f.Stat(t.Context(), filepath.Join(dir, "lost")); err != nil || e.Type != queue.Link {
		t.Errorf("%+v %v", e, err)
	}
}

func TestWords(t *testing.T) {
	dir := t.TempDir()
	_, err := local.New().Open(t.Context(), filepath.Join(dir, "x"), 0)
	if f := queue.FailureOf(err); f.Class != queue.ClassJob || !strings.HasSuffix(f.Text, "x: no such file or directory") {
		t.Errorf("%+v", f)
	}
	if os.Getuid() != 0 && runtime.GOOS != "windows" {
		os.Chmod(dir, 0o555)
		err := save(t, local.New(), filepath.Join(dir, "f"), false)
		if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "no permission to write") {
			t.Error(err)
		}
	}
}

// A socket's bytes reach a file, and a file's bytes a socket, also where the
// kernel moves them.
func TestSockets(t *testing.T) {
	dir := t.TempDir()
	want := bytes.Repeat([]byte("0123456789abcdef"), 1<<18) // 4 MiB
	write(t, filepath.Join(dir, "src"), string(want))
	client, server := pair(t)
	f := local.New()
	src, err := f.Open(t.Context(), filepath.Join(dir, "src"), 5)
	if err != nil {
		t.Fatal(err)
	}
	sent := make(chan error, 1)
	// Ends with the connection; awaited by the receive below.
	go func() {
		_, err := client.ReadFrom(&io.LimitedReader{R: src, N: 1 << 40})
		client.CloseWrite()
		sent <- err
	}()
	s, err := f.Create(t.Context(), filepath.Join(dir, "part"), 0, queue.Commit{Final: filepath.Join(dir, "dst"), Size: int64(len(want)) - 5})
	if err != nil {
		t.Fatal(err)
	}
	n, err := s.(io.ReaderFrom).ReadFrom(&io.LimitedReader{R: server, N: 1 << 40})
	if err != nil || n != int64(len(want))-5 {
		t.Fatal(n, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "dst")); !bytes.Equal(got, want[5:]) {
		t.Error("bytes differ")
	}
}

// A deadline on the socket is not an error of the file.
func TestDeadlinesPass(t *testing.T) {
	client, server := pair(t)
	defer client.Close()
	s, err := local.New().Create(t.Context(), filepath.Join(t.TempDir(), "f"), 0, queue.Commit{Size: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Abort()
	server.SetReadDeadline(time.Unix(1, 0))
	_, err = s.(io.ReaderFrom).ReadFrom(&io.LimitedReader{R: server, N: 1 << 40})
	var f *queue.Failure
	if !errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &f) {
		t.Errorf("%T %v", err, err)
	}
}

func pair(t *testing.T) (client, server *net.TCPConn) {
	t.Helper()
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err = net.DialTCP("tcp", nil, l.Addr().(*net.TCPAddr))
	if err != nil {
		t.Fatal(err)
	}
	server, err = l.AcceptTCP()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

// The queue on the real disk: copies, merges, moves and deletes.
func TestQueueOnDisk(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	write(t, filepath.Join(a, "d/x"), strings.Repeat("x", 3<<20))
	write(t, filepath.Join(a, "d/e/y"), "hello")
	os.MkdirAll(filepath.Join(a, "d/void"), 0o755)
	os.Symlink(a, filepath.Join(a, "d/loop"))
	os.Symlink("x", filepath.Join(a, "d/link"))
	q := queue.New(queue.Options{Local: local.New()})
	defer q.Close()
	do := func(k queue.Kind, from, to string, p queue.Policy) queue.Totals {
		t.Helper()
		s := queue.Spec{Kind: k, Src: queue.Place{Address: queue.Local, Path: from}, Exists: p}
		if to != "" {
			s.Dst = queue.Place{Address: queue.Local, Path: to}
		}
		if _, err := q.Add([]queue.Spec{s}); err != nil {
			t.Fatal(err)
		}
		for q.Totals().Active() {
			select {
			case <-q.Changed():
			case <-t.Context().Done():
				t.Fatal("hangs")
			}
		}
		tot := q.Totals()
		for _, r := range q.Rows(0, 99) {
			if r.Failure != nil {
				t.Error(r.Name, r.Failure.Text)
			}
		}
		q.Clear()
		return tot
	}
	if tot := do(queue.Copy, filepath.Join(a, "d"), b, queue.ExistsFail); tot.FilesDone != 3 || tot.Skipped != 1 {
		t.Errorf("%+v", tot)
	}
	if got, _ := os.ReadFile(filepath.Join(b, "d/link")); len(got) != 3<<20 {
		t.Errorf("the link's copy has %d bytes", len(got))
	}
	sa, _ := os.Stat(filepath.Join(a, "d/e/y"))
	sb, err := os.Stat(filepath.Join(b, "d/e/y"))
	if err != nil || !sa.ModTime().Equal(sb.ModTime()) || sa.Mode() != sb.Mode() {
		t.Error(sa, sb, err)
	}
	if tot := do(queue.Copy, filepath.Join(a, "d"), b, queue.ExistsSkip); tot.Skipped != 4 {
		t.Errorf("%+v", tot)
	}
	if tot := do(queue.Move, filepath.Join(a, "d"), b, queue.ExistsOverwrite); tot.FilesDone != 4 {
		t.Errorf("%+v", tot)
	}
	if l, err := os.Readlink(filepath.Join(b, "d/link")); err != nil || l != "x" {
		t.Error("the link was not moved as one", err)
	}
	write(t, filepath.Join(a, "precious"), "p")
	os.Symlink(a, filepath.Join(b, "d/out"))
	do(queue.Delete, filepath.Join(b, "d"), "", "")
	if rows, _ := os.ReadDir(b); len(rows) != 0 {
		t.Errorf("left: %v", rows)
	}
	if _, err := os.Stat(filepath.Join(a, "precious")); err != nil {
		t.Error(err)
	}
}
