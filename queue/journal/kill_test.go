package journal_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// witness knows what victims said of the queue in a directory, and holds the
// next one, and the files, against it.
type witness struct {
	t     *testing.T
	dir   string
	next  int
	added map[int]string // by ID: what the job makes
	ended map[int]bool   // by ID: it may be forgotten, or come to no file
	clear bool           // finished jobs may have been forgotten
	files map[string]fs.FileInfo
	kills int
}

func newWitness(t *testing.T) *witness {
	w := &witness{t: t, dir: t.TempDir(), added: map[int]string{}, ended: map[int]bool{}, files: map[string]fs.FileInfo{}}
	for _, d := range []string{"src", "dst", "mv", "rm"} {
		if err := os.Mkdir(filepath.Join(w.dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for k := range sources {
		if err := os.WriteFile(filepath.Join(w.dir, "src", fmt.Sprintf("f%d", k)), contents(k), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// victim runs a process that does something, and kills it after a while (0:
// never) or lets it end itself. It reports whether it was killed.
func (w *witness) victim(does string, after time.Duration, ends int) (killed bool) {
	w.t.Helper()
	w.next += 1000
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "PORTSIDE_TEST_VICTIM="+w.dir, "PORTSIDE_TEST_DOES="+does,
		fmt.Sprint("PORTSIDE_TEST_NEXT=", w.next), fmt.Sprint("PORTSIDE_TEST_ENDS=", ends))
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		w.t.Fatal(err)
	}
	if after == 0 {
		after = time.Minute
	}
	hour := (*time.Timer)(nil)
	var rows []int
	finished := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		switch f := fields(lines.Text(), 4); f[0] {
		case "row":
			rows = append(rows, w.row(f))
		case "open":
			w.rows(rows)
			hour = time.AfterFunc(after, func() { _ = c.Process.Kill() })
		case "added":
			w.added[number(f[1])] = f[2]
		case "cancel":
			w.ended[number(f[1])] = true
		case "clear":
			w.clear = true
		case "end":
			w.end(f, lines.Text())
		case "closed":
			finished = true
		default:
			w.t.Errorf("after %d kills: %s", w.kills, lines.Text())
		}
	}
	_ = c.Wait()
	if hour != nil {
		hour.Stop()
	}
	w.look()
	w.kills++
	return !finished
}

func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// row takes a job that a victim found in its queue.
func (w *witness) row(f []string) int {
	id := number(f[1])
	if at, known := w.added[id]; known && at != f[2] {
		w.t.Errorf("after %d kills: job %d makes %s, was to make %s", w.kills, id, f[2], at)
	}
	w.added[id] = f[2]
	switch f[3] {
	case "failed", "asking", "skipped":
		w.t.Errorf("after %d kills: job %d (%s) is %s", w.kills, id, f[2], f[3])
	}
	return id
}

// rows compares the jobs that a victim found with those that it should have:
// each once, and within a group of states in the order in which they came, but
// for those that were moved. The screen's groups make up to six such runs.
func (w *witness) rows(found []int) {
	seen := map[int]bool{}
	falls, last := 0, 0
	for _, id := range found {
		if seen[id] {
			w.t.Errorf("after %d kills: job %d is there twice", w.kills, id)
		}
		seen[id] = true
		if id%3 != 0 {
			if id < last {
				falls++
			}
			last = id
		}
	}
	if falls > 5 {
		w.t.Errorf("after %d kills: the order is lost: %v", w.kills, found)
	}
	for id, at := range w.added {
		if seen[id] || w.ended[id] {
			continue
		}
		if !w.clear || !w.made(at) {
			w.t.Errorf("after %d kills: job %d (%s) is lost", w.kills, id, at)
		}
		w.ended[id] = true
	}
}

// made reports whether what a job makes is there.
func (w *witness) made(at string) bool {
	if strings.HasPrefix(at, "r") {
		_, err := os.Lstat(filepath.Join(w.dir, "rm", at))
		return err != nil
	}
	st, err := os.Stat(filepath.Join(w.dir, "dst", at))
	if err != nil || !st.IsDir() {
		return err == nil
	}
	names, err := os.ReadDir(filepath.Join(w.dir, "dst", at, "sub"))
	n := 0
	for _, e := range names {
		if !strings.HasPrefix(e.Name(), ".") {
			n++
		}
	}
	return err == nil && n == inDir
}

// end takes what became of a job in the end.
func (w *witness) end(f []string, line string) {
	id := number(f[1])
	switch {
	case f[3] == "cancelled" && (w.ended[id] || w.added[id] == ""):
	case f[3] == "done" && w.made(f[2]):
	default:
		w.t.Errorf("after %d kills: %s", w.kills, line)
	}
}

// look makes sure that every file of a final name is whole, and is the one
// that it was: what is done is not done again.
func (w *witness) look() {
	dst := filepath.Join(w.dir, "dst")
	err := filepath.WalkDir(dst, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			return err
		}
		now, err := e.Info()
		if err != nil {
			return err
		}
		before := w.files[p]
		w.files[p] = now
		if before != nil {
			if !os.SameFile(before, now) || !before.ModTime().Equal(now.ModTime()) {
				w.t.Errorf("after %d kills: %s was made again", w.kills, p)
			}
			return nil
		}
		data, err := os.ReadFile(p)
		k := number(e.Name()[strings.LastIndexByte(e.Name(), 'f')+1:])
		if err == nil && !bytes.Equal(data, contents(k)) {
			w.t.Errorf("after %d kills: %s is not whole", w.kills, p)
		}
		return err
	})
	if err != nil {
		w.t.Error(err)
	}
}

// kills is how many processes a test may kill: few, unless it is told.
func kills(few int) int {
	if n := number(os.Getenv("PORTSIDE_KILLS")); n > 0 {
		return n
	}
	if testing.Short() {
		return few / 5
	}
	return few
}

// TestKilledAnywhere kills processes with a busy queue, one after the other.
func TestKilledAnywhere(t *testing.T) {
	const each = 25
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 2))
	for left := kills(50); left > 0 && !t.Failed(); left -= each {
		w := newWitness(t)
		for range min(left, each) {
			if !w.victim("anything", time.Duration(1+random.IntN(60))*time.Millisecond, 0) {
				t.Error("it ended by itself")
			}
		}
		if w.victim("", 0, 0) {
			t.Error("it did not come to its end")
		}
		for id := range w.added {
			if w.clear = true; !w.ended[id] && !w.made(w.added[id]) {
				t.Errorf("job %d made no %s", id, w.added[id])
			}
		}
		_ = os.RemoveAll(w.dir)
	}
}

// TestKilledAtEveryCall kills a process before and after every call that the
// journal makes to the disk: between them lie all steps of the jobs.
func TestKilledAtEveryCall(t *testing.T) {
	step := max(1, 160/kills(40))
	for n := 1; !t.Failed(); n += step {
		w := newWitness(t)
		killed := w.victim("script", 0, n)
		if w.victim("", 0, 0) {
			t.Errorf("killed at call %d: the next one did not come to its end", n)
		}
		for id, at := range w.added {
			if !w.made(at) {
				t.Errorf("killed at call %d: job %d made no %s", n, id, at)
			}
		}
		_ = os.RemoveAll(w.dir)
		if !killed {
			if n < 50 {
				t.Errorf("only %d calls", n)
			}
			return
		}
	}
}
