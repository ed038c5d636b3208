package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// commits are the first n commits of a test: of all lengths, some with bytes
// that frames are made of.
func commits(n int) [][]byte {
	var out [][]byte
	for i := range n {
		c := bytes.Repeat(fmt.Appendf(nil, "commit %d\x00%s", i, headWord), i%5)
		out = append(out, append(c, byte(i)))
	}
	return out
}

func load(t *testing.T, j *Journal) (got [][]byte) {
	t.Helper()
	var long []byte
	err := j.Load(func(part []byte, more bool) error {
		if long = append(long, part...); !more {
			got, long = append(got, long), nil
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func open(t *testing.T, dir string) *Journal {
	t.Helper()
	j, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// written returns a directory with a journal of commits, and its bytes.
func written(t *testing.T, all [][]byte) (dir string, data []byte) {
	t.Helper()
	dir = t.TempDir()
	j := open(t, dir)
	load(t, j)
	for _, c := range all {
		if err := j.Append(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(j.Sync(), j.Close()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, nameJournal))
	if err != nil {
		t.Fatal(err)
	}
	return dir, data
}

func same(a, b [][]byte) bool { return slices.EqualFunc(a, b, bytes.Equal) }

// reopened loads a directory whose journal has these bytes, appends a commit,
// and loads it again: both times all has to be in order.
func reopened(t *testing.T, dir string, data []byte) (got [][]byte, words string, err error) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, nameJournal), data, 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := openOn(disk(dir), fast{disk(dir)})
	if err != nil {
		return nil, "", err
	}
	got = load(t, j)
	words = j.Words()
	if err := errors.Join(j.Append([]byte("more")), j.Sync(), j.Close()); err != nil {
		t.Fatal(err)
	}
	if j, err = openOn(disk(dir), fast{disk(dir)}); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = j.Close() }()
	if again := load(t, j); !same(again, append(slices.Clone(got), []byte("more"))) || j.Words() != "" {
		t.Fatalf("reopened: %d commits after %d, %q", len(again), len(got), j.Words())
	}
	if words != "" && len(data) > 0 {
		keptSomewhere(t, dir, data)
	}
	return got, words, nil
}

// keptSomewhere fails unless the end of data stands in a file beside.
func keptSomewhere(t *testing.T, dir string, data []byte) {
	t.Helper()
	beside, err := filepath.Glob(filepath.Join(dir, nameJournal+".*-1"))
	if err != nil || len(beside) != 1 {
		t.Fatalf("kept: %v, %v", beside, err)
	}
	kept, err := os.ReadFile(beside[0])
	if err != nil || len(kept) == 0 || !bytes.HasSuffix(data, kept) {
		t.Fatalf("%s holds %d bytes that are not the end of the file (%v)", beside[0], len(kept), err)
	}
	if err := os.Remove(beside[0]); err != nil {
		t.Fatal(err)
	}
}

func TestEveryPrefix(t *testing.T) {
	all := commits(50)
	dir, data := written(t, all)
	seen := map[int]bool{}
	for n := range len(data) + 1 {
		got, words, err := reopened(t, dir, data[:n])
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if !same(got, all[:len(got)]) {
			t.Fatalf("%d bytes: wrong commits", n)
		}
		whole := n == 0 || n >= headLen && framesEnd(data, n)
		if whole != (words == "") {
			t.Fatalf("%d bytes: said %q", n, words)
		}
		seen[len(got)] = true
	}
	if len(seen) != 51 {
		t.Fatalf("prefixes gave %d different lengths", len(seen))
	}
}

// framesEnd reports whether a frame ends at n.
func framesEnd(data []byte, n int) bool {
	at := headLen
	for at < n {
		size, _ := frameSize(data[at:], mark(data[headLen:]))
		at += int(size)
	}
	return at == n
}

func TestEveryBitFlip(t *testing.T) {
	all := commits(8)
	dir, data := written(t, all)
	for i := range data {
		for bit := range 8 {
			bad := slices.Clone(data)
			bad[i] ^= 1 << bit
			got, words, err := reopened(t, dir, bad)
			switch {
			case err != nil && i > len(headWord)+1:
				t.Fatalf("byte %d, bit %d: %v", i, bit, err)
			case err != nil:
				continue // no journal, or a newer one: left alone
			case words == "":
				t.Fatalf("byte %d, bit %d: nothing was said", i, bit)
			}
			// All that was not hit is there, in order, and nothing else.
			lost := 0
			for _, c := range got {
				for lost+len(got) <= len(all)+1 && lost < len(all) && !bytes.Equal(c, all[0+lost]) {
					lost++
				}
				if lost >= len(all) {
					t.Fatalf("byte %d, bit %d: a commit that was never written", i, bit)
				}
				lost++
			}
			if len(got) < len(all)-1 {
				t.Fatalf("byte %d, bit %d: %d of %d commits", i, bit, len(got), len(all))
			}
		}
	}
}

func TestZerosBehind(t *testing.T) {
	all := commits(9)
	dir, data := written(t, all)
	got, words, err := reopened(t, dir, append(slices.Clone(data), make([]byte, 5000)...))
	if err != nil || !same(got, all) || !strings.Contains(words, "torn: 5000 bytes are kept") {
		t.Fatalf("%d commits, %q, %v", len(got), words, err)
	}
}

// A name of a file may hold anything, but no frame of this file.
func TestFrameInACommit(t *testing.T) {
	_, other := written(t, [][]byte{[]byte("evil")})
	all := [][]byte{[]byte("good"), append([]byte("a name "), other...)}
	dir, data := written(t, all)
	got, _, err := reopened(t, dir, data[:len(data)-1])
	if err != nil || !same(got, all[:1]) {
		t.Fatalf("%q, %v", got, err)
	}
}

func TestOthersFilesAreLeftAlone(t *testing.T) {
	for what, c := range map[string]struct{ data, says string }{
		"foreign":  {"SQLite format 3\x00", "no queue of portside"},
		"newer":    {"portside queue 2 and whatever it says\n", "format 2"},
		"much":     {"portside queue 10 00\n", "format 10"},
		"nonsense": {"portside queue x 00\n", "no queue of portside"},
		"short":    {"port of call", "no queue of portside"},
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Join(dir, nameJournal)
			if err := os.WriteFile(name, []byte(c.data), 0o600); err != nil {
				t.Fatal(err)
			}
			j, err := Open(dir)
			if err == nil {
				_ = j.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), name+" is left alone") {
				t.Error(err)
			}
			if data, _ := os.ReadFile(name); string(data) != c.data {
				t.Errorf("it is now %q", data)
			}
		})
	}
}

func TestNotALockedFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, nameJournal), 0o700); err != nil {
		t.Fatal(err)
	}
	if j, err := Open(dir); err == nil {
		_ = j.Close()
		t.Error("opened a directory as a file")
	}
}

func TestForItsOwnerAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "queue")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	j := open(t, dir)
	load(t, j)
	defer func() { _ = j.Close() }()
	for name, want := range map[string]os.FileMode{"": 0o700, nameJournal: 0o600, nameLock: 0o600} {
		if st, err := os.Stat(filepath.Join(dir, name)); err != nil || st.Mode().Perm() != want {
			t.Errorf("%q: %v, %v", name, st.Mode(), err)
		}
	}
}

func TestRewrite(t *testing.T) {
	dir, data := written(t, commits(40))
	j := open(t, dir)
	load(t, j)
	if j.Size() != int64(len(data)) {
		t.Errorf("size %d of %d", j.Size(), len(data))
	}
	less := commits(3)
	if err := j.Rewrite(slices.Values(less)); err != nil {
		t.Fatal(err)
	}
	if j.Size() >= int64(len(data)) {
		t.Error("it has not become smaller")
	}
	if err := errors.Join(j.Append([]byte("more")), j.Close()); err != nil {
		t.Fatal(err)
	}
	j = open(t, dir)
	defer func() { _ = j.Close() }()
	if got := load(t, j); !same(got, append(less, []byte("more"))) {
		t.Errorf("%q", got)
	}
}

func TestNothingBeforeLoad(t *testing.T) {
	dir, data := written(t, commits(2))
	j := open(t, dir)
	if j.Append(nil) == nil || j.Sync() == nil || j.Rewrite(slices.Values(commits(1))) == nil {
		t.Error("written before it was read")
	}
	wrong := errors.New("wrong")
	if err := j.Load(func([]byte, bool) error { return wrong }); !errors.Is(err, wrong) {
		t.Error(err)
	}
	if j.Rewrite(slices.Values(commits(1))) == nil {
		t.Error("written though it could not be read")
	}
	_ = j.Close()
	if now, _ := os.ReadFile(filepath.Join(dir, nameJournal)); !bytes.Equal(now, data) {
		t.Error("it was touched")
	}
}

// TestEveryCallFails lets the nth call to the disk fail, for every n: what was
// said to be there is there, what was refused is not, and one snapshot later
// all is well again.
func TestEveryCallFails(t *testing.T) {
	dir, _ := written(t, commits(3))
	start, err := os.ReadFile(filepath.Join(dir, nameJournal))
	if err != nil {
		t.Fatal(err)
	}
	for _, torn := range []bool{false, true} {
		for n := 1; ; n++ {
			dir := t.TempDir()
			data := start
			if torn {
				data = append(slices.Clone(start), "torn"...)
			}
			if err := os.WriteFile(filepath.Join(dir, nameJournal), data, 0o600); err != nil {
				t.Fatal(err)
			}
			calls := 0
			failing := func(string) error {
				if calls++; calls == n {
					return syscall.ENOSPC
				}
				return nil
			}
			want, sure := oneFailure(t, dir, failing)
			j := open(t, dir)
			got := load(t, j)
			_ = j.Close()
			if !same(got, want) && (sure || !same(got, want[:len(want)-1])) {
				t.Fatalf("torn %v, call %d: %q, not %q", torn, n, got, want)
			}
			if calls < n {
				if n < 12 {
					t.Fatalf("only %d calls", n)
				}
				break
			}
		}
	}
}

// oneFailure uses a journal on a disk of which one call fails, and returns what
// has to be there; not sure: the last of it perhaps.
func oneFailure(t *testing.T, dir string, failing func(string) error) (want [][]byte, sure bool) {
	t.Helper()
	want = commits(3)
	j, err := OpenHooked(dir, failing, func(string) {})
	if err != nil {
		return want, true
	}
	defer func() { _ = j.Close() }()
	if err := j.Load(func([]byte, bool) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		c := fmt.Appendf(nil, "new %d", i)
		err := j.Append(c)
		if err == nil {
			want = append(want, c)
			err = j.Sync()
		}
		if err == nil && i == 2 {
			err = j.Rewrite(slices.Values(want))
		}
		if err == nil {
			continue
		}
		if j.Append(c) == nil || j.Sync() == nil {
			t.Fatal("a file that is suspect was believed")
		}
		if err := j.Rewrite(slices.Values(want)); err != nil {
			t.Fatalf("the snapshot after %d: %v", i, err)
		}
	}
	return want, true
}

// Where no snapshot can be written either, what was there stays.
func TestDiskStaysFull(t *testing.T) {
	dir, _ := written(t, commits(3))
	full := false
	j, err := OpenHooked(dir, func(op string) error {
		if full && (op == "write" || op == "sync") {
			return syscall.ENOSPC
		}
		return nil
	}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	load(t, j)
	full = true
	if err := j.Append([]byte("refused")); !errors.Is(err, syscall.ENOSPC) {
		t.Error(err)
	}
	for range 3 {
		if err := j.Rewrite(slices.Values(commits(30))); !errors.Is(err, syscall.ENOSPC) {
			t.Error(err)
		}
	}
	_ = j.Close()
	j = open(t, dir)
	defer func() { _ = j.Close() }()
	if got := load(t, j); !same(got, commits(3)) || j.Words() != "" {
		t.Errorf("%q, %q", got, j.Words())
	}
}

// TestHolder is what TestOneProcessAtATime runs in other processes.
func TestHolder(t *testing.T) {
	dir := os.Getenv("PORTSIDE_TEST_QUEUE")
	if dir == "" {
		t.Skip("for another test")
	}
	j, err := Open(dir)
	if err != nil {
		fmt.Println("refused", err)
		os.Exit(1)
	}
	_ = j.Load(func([]byte, bool) error { return nil })
	fmt.Println("held", os.Getpid())
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0) // without closing it
}

func TestOneProcessAtATime(t *testing.T) {
	dir := t.TempDir()
	holder := exec.Command(os.Args[0], "-test.run=^TestHolder$")
	holder.Env = append(os.Environ(), "PORTSIDE_TEST_QUEUE="+dir)
	in, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 100)
	n, err := out.Read(line)
	if err != nil || !strings.HasPrefix(string(line[:n]), "held ") {
		t.Fatalf("%q, %v", line[:n], err)
	}
	for range 1000 {
		j, err := Open(dir)
		if err == nil {
			_ = j.Close()
			t.Fatal("two have it")
		}
		var busy *BusyError
		if !errors.As(err, &busy) || busy.PID != holder.Process.Pid {
			t.Fatalf("%v, and the process is %d", err, holder.Process.Pid)
		}
		if want := fmt.Sprintf("the queue is in use by process %d", busy.PID); err.Error() != want {
			t.Fatal(err)
		}
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = in.Close()
	_ = holder.Wait()
	j := open(t, dir) // the lock went with the process
	load(t, j)
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

// Two journals of one process exclude each other as well, in turns without end.
func TestTurns(t *testing.T) {
	dir := t.TempDir()
	for i := range 100 {
		j := open(t, dir)
		if _, err := Open(dir); !errors.As(err, new(*BusyError)) {
			t.Fatal(err)
		}
		if got := load(t, j); len(got) != i {
			t.Fatalf("%d commits of %d", len(got), i)
		}
		if err := errors.Join(j.Append([]byte{byte(i)}), j.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func FuzzLoad(f *testing.F) {
	m := mark{1, 2, 3, 4, 5, 6, 7, 8}
	good := appendHead(nil, m)
	for _, c := range commits(4) {
		good = appendFrame(good, m, c)
	}
	f.Add(good)
	f.Add(good[:len(good)-3])
	f.Add([]byte(headWord))
	bad := bytes.Clone(good[:headLen+1]) // a damaged first line, and less than a frame behind it
	bad[headLen-2] ^= 1
	f.Add(bad)
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _, _ = reopened(t, t.TempDir(), data)
	})
}
