package listing

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.fuzz").Value.String() != "" {
		os.Exit(m.Run()) // the fuzzer's own goroutines may still be ending
	}
	goleak.VerifyTestMain(m)
}

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// show writes an entry on one line, to compare.
func show(e Entry) string {
	if e.Raw != "" || e.Reason != "" {
		return fmt.Sprintf("bad %q: %s", e.Raw, e.Reason)
	}
	s := fmt.Sprintf("%s %q %d", [...]string{"file", "dir", "link", "other"}[e.Type], e.Name, e.Size)
	if !e.Time.IsZero() {
		layout := [...]string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02"}[e.Precision]
		s += " " + e.Time.Format(layout)
		if e.Zoned {
			s += "Z"
		}
	}
	if e.HasMode {
		s += fmt.Sprintf(" %o", e.Mode.Perm())
		for i, bit := range []fs.FileMode{fs.ModeSetuid, fs.ModeSetgid, fs.ModeSticky} {
			if e.Mode&bit != 0 {
				s += "sgt"[i : i+1]
			}
		}
	}
	if e.Owner+e.Group != "" {
		s += " " + e.Owner + ":" + e.Group
	}
	if e.Target != "" {
		s += " -> " + e.Target
	}
	return s
}

func readAll(s string, hint Dialect) ([]Entry, error) {
	var out []Entry
	for e, err := range Read(strings.NewReader(s), Options{Now: now, Hint: hint}) {
		if err != nil {
			return out, err
		}
		out = append(out, e)
	}
	return out, nil
}

func shows(entries []Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, show(e))
	}
	return out
}

func TestBadRowsD2D13D24D27(t *testing.T) {
	got, err := readAll(strings.Join([]string{
		"type=cdir; .", "type=pdir; ..", "type=cdir; /full/path", "type=dir; .", "type=dir; ..",
		"type=file; ok", "type=file; a/b", "type=file; /etc/passwd", "type=file; ../x", "type=file; ok", "nonsense", "type=file;", "", "type=file; z\x00",
	}, "\r\n"), MLSD)
	want := []string{
		`file "ok" -1`,
		`bad "type=file; a/b": the name is a path`,
		`bad "type=file; /etc/passwd": the name is a path`,
		`bad "type=file; ../x": the name is a path`,
		`bad "type=file; ok": the name stands here twice`,
		`bad "nonsense": the row could not be read`,
		`bad "type=file;": the row could not be read`,
		`bad "type=file; z\x00": the name holds a zero byte`,
	}
	if err != nil || len(got) != len(want) {
		t.Fatalf("got %q, %v", shows(got), err)
	}
	for i, w := range want {
		if show(got[i]) != w {
			t.Errorf("got %s, want %s", show(got[i]), w)
		}
	}
	got, err = readAll("total 12\r\ntotal 4.0K\r\ntotal\r\nls: cannot open x\r\n-rw-r--r-- 1 a b 1 Nov 21 13:58 .\r\n-rw-r--r-- 1 a b 1 Nov 21 13:58 total 3\r\n", Unix)
	if err != nil || len(got) != 2 || got[0].Raw != "ls: cannot open x" || got[1].Name != "total 3" {
		t.Errorf("got %q, %v", shows(got), err)
	}
	if got, _ = readAll("<html>\r\n<body>\r\n", Unix); len(got) != 2 || got[0].Raw != "<html>" {
		t.Errorf("got %q", shows(got))
	}
}

func TestLongRowsD10(t *testing.T) {
	in := "type=file; a\n" + strings.Repeat("x", 10<<20) + "\ntype=file; b\n" + strings.Repeat("y", 100<<10)
	got, err := readAll(in, MLSD)
	if err != nil || len(got) != 4 || got[0].Name != "a" || got[2].Name != "b" {
		t.Fatalf("got %d, %v", len(got), err)
	}
	for _, i := range []int{1, 3} {
		if e := got[i]; e.Reason == "" || len(e.Raw) > maxRow || e.Name != "" {
			t.Errorf("got %s", show(e))
		}
	}
}

func TestEndlessD10(t *testing.T) {
	r := &numbered{}
	n := 0
	var failed error
	for e, err := range Read(r, Options{Now: now}) {
		if failed = err; err != nil {
			break
		}
		if n++; n > 3 {
			break
		}
		_ = e
	}
	if n != 4 || failed != nil || r.reads > 2 {
		t.Errorf("%d rows, %d reads, %v", n, r.reads, failed)
	}
}

// numbered is a listing without end.
type numbered struct{ n, reads int }

func (r *numbered) Read(p []byte) (int, error) {
	r.reads++
	var b []byte
	for len(b) < len(p) {
		b = fmt.Appendf(b, "type=file; %d\n", r.n)
		r.n++
	}
	return copy(p, b), nil
}

func TestErrors(t *testing.T) {
	boom := errors.New("boom")
	r := io.MultiReader(strings.NewReader("type=file; a\ntype=file; b"), iotest.ErrReader(boom))
	var names []string
	var failed error
	for e, err := range Read(r, Options{Now: now}) {
		if err != nil {
			failed = err
			continue
		}
		names = append(names, e.Name)
	}
	if !errors.Is(failed, boom) || strings.Join(names, " ") != "a" {
		t.Errorf("got %q, %v", names, failed)
	}
}

func TestFacts(t *testing.T) {
	e, ok := Facts(" type=file;size=3; /a/b c")
	if !ok || e.Name != "/a/b c" || e.Size != 3 {
		t.Errorf("got %+v, %v", e, ok)
	}
	if e, ok = Facts(" type=cdir; /"); !ok || e.Type != Dir {
		t.Errorf("got %+v, %v", e, ok)
	}
	if _, ok = Facts("Listing of /a"); ok {
		t.Error("that is no row of facts")
	}
}

// TestSizesD15D16 reads sizes that are none as unknown, never as 0.
func TestSizesD15D16(t *testing.T) {
	for row, want := range map[string]int64{
		"type=file;size=0; n": 0, "type=file;size=-1; n": -1, "type=file;size=0x10; n": -1, "type=file;size=9223372036854775807; n": 1<<63 - 1,
		"type=file;size=9223372036854775808; n": -1, "type=file;size=; n": -1, "type=file; n": -1, "type=file;size=1e3; n": -1, "type=dir;size=4096; n": -1,
		"-rw-r--r-- 1 a b 0 Nov 21 13:58 n": 0, "-rw-r--r-- 1 a b -1 Nov 21 13:58 n": -1, "-rw-r--r-- 1 a b 4.0K Nov 21 13:58 n": -1,
		"-rw-r--r-- 1 a b 0x10 Nov 21 13:58 n": -1, "-rw-r--r-- 1 a b 99999999999999999999 Nov 21 13:58 n": -1, "drwxr-xr-x 1 a b 4096 Nov 21 13:58 n": -1,
		"lrwxrwxrwx 1 a b 5 Nov 21 13:58 n -> x": -1, "01-31-24  03:04PM            1,234 n": 1234, "01-31-24  03:04PM            1,23 n": -1,
	} {
		got, err := readAll(row+"\r\n", Unix)
		if err != nil || len(got) != 1 || got[0].Name != "n" || got[0].Size != want {
			t.Errorf("%q: %q, %v", row, shows(got), err)
		}
	}
}

// TestArrowsD28 splits links at their first arrow, and nothing else.
func TestArrowsD28(t *testing.T) {
	for row, want := range map[string]string{
		"lrwxrwxrwx 1 a b 5 Nov 21  2020 n -> x":      `link "n" -1 2020-11-21 777 a:b -> x`,
		"lrwxrwxrwx 1 a b 5 Nov 21  2020 n -> x -> y": `link "n" -1 2020-11-21 777 a:b -> x -> y`,
		"lrwxrwxrwx 1 a b 5 Nov 21  2020 n":           `link "n" -1 2020-11-21 777 a:b`,
		"lrwxrwxrwx 1 a b 5 Nov 21  2020 n ->":        `link "n ->" -1 2020-11-21 777 a:b`,
		"-rw-r--r-- 1 a b 5 Nov 21  2020 n -> x":      `file "n -> x" 5 2020-11-21 644 a:b`,
		"drwxr-xr-x 1 a b 5 Nov 21  2020 n -> x":      `dir "n -> x" -1 2020-11-21 755 a:b`,
		"type=OS.unix=slink:/a -> b;size=1; n -> x":   `link "n -> x" -1 -> /a -> b`,
		"type=file;size=1; n -> x":                    `file "n -> x" 1`,
		"lrwxrwxrwx 1 a b 5 Nov 21  2020  -> x":       `bad "lrwxrwxrwx 1 a b 5 Nov 21  2020  -> x": the row could not be read`,
		"lrwxrwxrwx 1 a b 5 Nov 21  2020 a/b -> x":    `bad "lrwxrwxrwx 1 a b 5 Nov 21  2020 a/b -> x": the name is a path`,
	} {
		if got, err := readAll(row+"\r\n", Unix); err != nil || len(got) != 1 || show(got[0]) != want {
			t.Errorf("%q:\n got %s, %v\nwant %s", row, shows(got), err, want)
		}
	}
}
