package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"portside/queue"
)

// watched is a disk whose calls that wait for the hardware are written down.
type watched struct {
	*FS
	dir string

	mu    sync.Mutex
	calls []string
	hold  chan struct{} // the first call waits for it
	fail  map[string]error
}

func newWatched(t *testing.T) *watched {
	w := &watched{FS: New(), dir: t.TempDir(), fail: map[string]error{}}
	w.landings = &landings{sync: w.call("file"), syncDir: w.call("dir")}
	return w
}

func (w *watched) call(kind string) func(*os.File) error {
	return func(f *os.File) error {
		w.mu.Lock()
		name := kind + " " + filepath.Base(f.Name())
		w.calls = append(w.calls, name)
		hold, err := w.hold, w.fail[name]
		w.hold = nil
		w.mu.Unlock()
		if hold != nil {
			<-hold
		}
		return err
	}
}

func (w *watched) count(prefix string) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.calls {
		if strings.HasPrefix(c, prefix) {
			n++
		}
	}
	return n
}

// begin writes a part of dir/name and returns what ends it.
func (w *watched) begin(t *testing.T, name string) queue.Sink {
	t.Helper()
	at := filepath.Join(w.dir, name)
	part := filepath.Join(filepath.Dir(at), queue.PartName(filepath.Base(at)))
	s, err := w.Create(t.Context(), part, 0, queue.Commit{Final: at, Size: 3})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Write([]byte("abc")); err != nil {
		t.Fatal(err)
	}
	return s
}

func (w *watched) there(name string) bool {
	_, err := os.Lstat(filepath.Join(w.dir, name))
	return err == nil
}

// A file alone is brought to the disk, named, and its directory brought to the
// disk, in that order, before Close returns.
func TestLandingOrder(t *testing.T) {
	w := newWatched(t)
	part := queue.PartName("f")
	var order []string
	look := func(what string) func(*os.File) error {
		return func(*os.File) error {
			order = append(order, fmt.Sprintf("%s: part %v, final %v", what, w.there(part), w.there("f")))
			return nil
		}
	}
	w.landings = &landings{sync: look("file"), syncDir: look("dir")}
	if err := w.begin(t, "f").Close(); err != nil {
		t.Fatal(err)
	}
	want := "[file: part true, final false dir: part false, final true]"
	if got := fmt.Sprint(order); got != want {
		t.Errorf("got %s", got)
	}
}

// What comes while the disk is busy waits together: each file once, each
// directory once for all of them.
func TestLandingInGroups(t *testing.T) {
	w := newWatched(t)
	if err := os.Mkdir(filepath.Join(w.dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	hold := make(chan struct{})
	w.hold = hold
	const files = 20
	errs := make(chan error, files+1)
	end := func(s queue.Sink) { go func() { errs <- s.Close() }() } // ends with the group; awaited below
	end(w.begin(t, "first"))
	waitFor(t, func() bool { return w.count("") == 1 })
	for i := range files {
		end(w.begin(t, fmt.Sprintf("%s/f%d", []string{".", "sub"}[i%2], i)))
	}
	waitFor(t, func() bool {
		w.landings.mu.Lock()
		defer w.landings.mu.Unlock()
		return len(w.landings.next) == files
	})
	if n := w.count(""); n != 1 {
		t.Errorf("%d calls while the disk was busy", n)
	}
	close(hold)
	for range files + 1 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if f, d := w.count("file"), w.count("dir"); f != files+1 || d != 3 {
		t.Errorf("%d files and %d directories were brought to the disk: %q", f, d, w.calls)
	}
	for i := range files {
		if !w.there(fmt.Sprintf("%s/f%d", []string{".", "sub"}[i%2], i)) {
			t.Errorf("%d is missing", i)
		}
	}
	if w.landings.going {
		t.Error("somebody still sees to a group")
	}
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for !ok() {
		if t.Context().Err() != nil {
			t.Fatal("it does not come to that")
		}
		runtime.Gosched()
	}
}

// A file that the disk did not take fails alone, gets no name, and nothing of
// it is trusted; the others of its group are whole.
func TestLandingFailsAlone(t *testing.T) {
	w := newWatched(t)
	hold := make(chan struct{})
	w.hold = hold
	w.fail["file "+queue.PartName("bad")] = syscall.EIO
	first, bad, good := make(chan error), make(chan error), make(chan error)
	end := func(s queue.Sink, c chan error) { go func() { c <- s.Close() }() } // ends with the group; awaited below
	end(w.begin(t, "first"), first)
	waitFor(t, func() bool { return w.count("") == 1 })
	end(w.begin(t, "bad"), bad)
	end(w.begin(t, "good"), good)
	waitFor(t, func() bool {
		w.landings.mu.Lock()
		defer w.landings.mu.Unlock()
		return len(w.landings.next) == 2
	})
	close(hold)
	if err := errors.Join(<-first, <-good); err != nil {
		t.Error(err)
	}
	if err := <-bad; !errors.Is(err, syscall.EIO) || !strings.Contains(err.Error(), queue.PartName("bad")) {
		t.Error(err)
	}
	st, err := os.Stat(filepath.Join(w.dir, queue.PartName("bad")))
	if err != nil || st.Size() != 0 || w.there("bad") || !w.there("good") {
		t.Errorf("part %v %v, bad %v, good %v", st, err, w.there("bad"), w.there("good"))
	}
}

// A name that the disk did not take is an error; a disk that has no such call
// is none.
func TestLandingOfNames(t *testing.T) {
	for err, ok := range map[error]bool{syscall.EIO: false, syscall.EINVAL: true, fs.ErrPermission: true} {
		w := newWatched(t)
		w.fail["dir "+filepath.Base(w.dir)] = err
		if got := w.begin(t, "f").Close(); (got == nil) != ok {
			t.Errorf("%v became %v", err, got)
		}
	}
	// A name that is taken meanwhile fails alone too, and no directory is waited for.
	w := newWatched(t)
	s := w.begin(t, "f")
	if err := os.WriteFile(filepath.Join(w.dir, "f"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	if got, _ := os.ReadFile(filepath.Join(w.dir, "f")); string(got) != "mine" || w.count("dir") != 0 {
		t.Errorf("%q, %q", got, w.calls)
	}
}

// A fault in one group neither hangs nor pleases those that wait.
func TestLandingAfterAFault(t *testing.T) {
	w := newWatched(t)
	w.landings.syncDir = func(*os.File) error { panic("fault") }
	func() {
		defer func() { _ = recover() }()
		_ = w.begin(t, "f").Close()
		t.Error("no fault")
	}()
	w.landings.syncDir = w.call("dir")
	if err := w.begin(t, "g").Close(); err != nil {
		t.Error(err)
	}
}
