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
	}
	if e.HasMode {
		s += fmt.Sprintf(" %o", e.Mode.Perm())
		for bit, letter := range map[fs.FileMode]string{fs.ModeSetuid: "s", fs.ModeSetgid: "g", fs.ModeSticky: "t"} {
			if e.Mode&bit != 0 {
				s += letter
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

var rows = []struct {
	dialect   Dialect
	row, want string
}{
	{MLSD, "type=file;size=12;modify=20240203040506;UNIX.mode=0644;UNIX.owner=1;UNIX.ownername=al; a b", `file "a b" 12 2024-02-03T04:05:06 644 al:`},
	{MLSD, "Type=DIR;Size=4096;Modify=20240203040506.123; d", `dir "d" -1 2024-02-03T04:05:06`},
	{MLSD, "type=OS.unix=slink:/x;size=3; l", `link "l" -1 -> /x`},
	{MLSD, "type=OS.unix=symlink; l2", `link "l2" -1`},
	{MLSD, "type=OS.unix=chr-1/3; null", `other "null" -1`},
	{MLSD, "type=file;size=-1;modify=x;  lead; x", `file " lead; x" -1`},
	{MLSD, "type=file;size=99999999999999999999; big", `file "big" -1`},
	{MLSD, "type=file;size=0x10; hex", `file "hex" -1`},
	{MLSD, "size=5;type=file swapped", `file "swapped" 5`},
	{MLSD, "type=file;size=1;modify=20241303040506; date", `file "date" 1`},

	{Unix, "-rw-r--r--   1 al   staff      1234 Nov 21 13:58 name", `file "name" 1234 2026-11-21T13:58 644 al:staff`},
	{Unix, "drwxr-xr-t   2 0    0          4096 Feb  3  2024 d", `dir "d" -1 2024-02-03 755t 0:0`},
	{Unix, "-rwsr-xr-x+  1 al   staff         1 Jan 12 00:01 acl", `file "acl" 1 2026-01-12T00:01 755s al:staff`},
	{Unix, "lrwxrwxrwx   1 al   staff         7 Dec 31 23:59 l -> a -> b", `link "l" -1 2025-12-31T23:59 777 al:staff -> a -> b`},
	{Unix, "-rw-r--r--   1 al   staff         7 Dec 31 23:59 f -> g", `file "f -> g" 7 2025-12-31T23:59 644 al:staff`},
	{Unix, "-rw-r--r--   1 al         1234 Nov 21 13:58 nogroup", `file "nogroup" 1234 2026-11-21T13:58 644 al:`},
	{Unix, "-rw-r--r--   al   staff      1234 Nov 21 13:58 nolinks", `file "nolinks" 1234 2026-11-21T13:58 644 al:staff`},
	{Unix, "-rw-r--r--   1 al   Domain Users  1234 Nov 21 13:58 words", `file "words" 1234 2026-11-21T13:58 644 al:Domain Users`},
	{Unix, "crw-rw-rw-   1 root root     1,   3 Nov 21 13:58 null", `other "null" -1 2026-11-21T13:58 666 root:root`},
	{Unix, "-rw-r--r--   1 al   staff      1234 2024-02-03 04:05 iso", `file "iso" 1234 2024-02-03T04:05 644 al:staff`},
	{Unix, "-rw-r--r--   1 al   staff      1234 2024-02-03 04:05:06.123456789 +0100 full", `file "full" 1234 2024-02-03T03:05:06 644 al:staff`},
	{Unix, "-rw-r--r--   1 al   staff      1234 21 Nov 13:58 dayfirst", `file "dayfirst" 1234 2026-11-21T13:58 644 al:staff`},
	{Unix, "-rw-r--r--   1 al   staff      1234 21. Mär 2020 deutsch", `file "deutsch" 1234 2020-03-21 644 al:staff`},
	{Unix, "-rw-r--r--   1 al   staff      1234 août 3 2020 french", `file "french" 1234 2020-08-03 644 al:staff`},
	{Unix, "-rw-r--r--   1 al   staff      1234 11月 21 13:58 中", `file "中" 1234 2026-11-21T13:58 644 al:staff`},
	{Unix, "-rw-r--r--   1 al   staff      1234 qwx 21 13:58 unknown month", `file "unknown month" 1234 644 al:staff`},
	{Unix, "-rw-r--r--   1 al   staff      1234 Feb 30 2024 nodate", `file "nodate" 1234 644 al:staff`},
	{Unix, "-rw-r--r--   1 al   staff      4.0K Nov 21 13:58 human", `file "human" -1 2026-11-21T13:58 644 al:staff`},
	{Unix, "-rw-r--r--   1 Jan  May      1234 Nov 21 13:58 May 1 2020 x", `file "May 1 2020 x" 1234 2026-11-21T13:58 644 Jan:May`},
	{Unix, "-rw-r--r--   1 al   staff      1234 Nov 21 13:58  lead", `file " lead" 1234 2026-11-21T13:58 644 al:staff`},
	{Unix, "-rw-r--r--   1 al   staff      1234 Nov 21 13:58 trail ", `file "trail " 1234 2026-11-21T13:58 644 al:staff`},
	{Unix, "-rw-r--r--   1 al   staff      1234 Nov 21 13:58 a\rb", `file "a\rb" 1234 2026-11-21T13:58 644 al:staff`},
	{Unix, "d????????? ? ? ? ? ? lost name", `dir "lost name" -1`},
	{Unix, "-rw-r--r--   1 al   staff      1234 Nov 21 13:58 \x1b[0m\x1b[01;34mblue\x1b[0m", `file "blue" 1234 2026-11-21T13:58 644 al:staff`},

	{DOS, "01-31-24  03:04PM       <DIR>          some dir", `dir "some dir" -1 2024-01-31T15:04`},
	{DOS, "01-31-2024  3:04AM                 123 a.txt", `file "a.txt" 123 2024-01-31T03:04`},
	{DOS, "2024-01-31  15:04                 123  lead", `file " lead" 123 2024-01-31T15:04`},
	{DOS, "01/31/2024  12:00 AM    <JUNCTION>     j [C:\\x]", `link "j" -1 2024-01-31T00:00 -> C:\x`},
}

func TestRows(t *testing.T) {
	for _, tt := range rows {
		for _, line := range []string{tt.row + "\r\n", tt.row + "\n", tt.row} {
			got, err := readAll(line, tt.dialect)
			if err != nil || len(got) != 1 || show(got[0]) != tt.want {
				t.Errorf("%q:\n got %v %v\nwant %s", line, shows(got), err, tt.want)
			}
		}
	}
}

func shows(entries []Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, show(e))
	}
	return out
}

// TestTogether reads all rows of a dialect as one listing, in any chunks.
func TestTogether(t *testing.T) {
	for _, d := range []Dialect{MLSD, Unix, DOS} {
		var in strings.Builder
		var want []string
		for _, tt := range rows {
			if tt.dialect == d {
				in.WriteString(tt.row + "\r\n")
				want = append(want, tt.want)
			}
		}
		for _, hint := range []Dialect{MLSD, Unix, DOS} { // D25: the rows rule, not the hint
			var got []string
			r := iotest.OneByteReader(strings.NewReader(in.String()))
			for e, err := range Read(r, Options{Now: now, Hint: hint}) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, show(e))
			}
			if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
				t.Errorf("dialect %d, hint %d:\n got %s\nwant %s", d, hint, g, w)
			}
		}
	}
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
		`bad "type=file; z": the row is too long`,
	}
	if err != nil || len(got) != len(want) {
		t.Fatalf("got %q, %v", shows(got), err)
	}
	for i, w := range want[:len(want)-1] {
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

func TestYearsD17D18(t *testing.T) {
	for _, tt := range []struct{ now, row, want string }{
		{"2026-01-01T00:30:00", "Jan  1 00:10", "2026-01-01T00:10"},
		{"2026-01-01T00:30:00", "Dec 31 23:50", "2025-12-31T23:50"},
		{"2025-12-31T23:50:00", "Jan  1 08:00", "2026-01-01T08:00"},
		{"2025-12-31T23:50:00", "Jan  2 08:00", "2025-01-02T08:00"},
		{"2026-06-15T12:00:00", "Jun 16 11:00", "2026-06-16T11:00"},
		{"2026-06-15T12:00:00", "Jun 17 11:00", "2025-06-17T11:00"},
		{"2024-02-29T12:00:00", "Feb 29 11:00", "2024-02-29T11:00"},
		{"2025-02-28T12:00:00", "Feb 29 11:00", "2024-02-29T11:00"},
		{"2026-03-01T12:00:00", "Feb 29 11:00", "0001-01-01T00:00"},
		{"2026-06-15T12:00:00", "Apr 31 11:00", "0001-01-01T00:00"},
		{"2026-06-15T12:00:00", "Mar 10 24:00", "2026-03-11T00:00"},
		{"2026-06-15T12:00:00", "Mar 10  1969", "1969-03-10T00:00"},
		{"2026-06-15T12:00:00", "Mar 10  9999", "9999-03-10T00:00"},
	} {
		at, err := time.Parse("2006-01-02T15:04:05", tt.now)
		if err != nil {
			t.Fatal(err)
		}
		e, v := unixRow("-rw-r--r-- 1 a b 1 "+tt.row+" n", at)
		if got := e.Time.Format("2006-01-02T15:04"); v != goodRow || got != tt.want {
			t.Errorf("%s at %s: got %s, want %s", tt.row, tt.now, got, tt.want)
		}
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

// fuzzRow checks what every accepted row must keep.
func fuzzRow(f *testing.F, d Dialect) {
	for _, tt := range rows {
		if tt.dialect == d {
			f.Add(tt.row)
		}
	}
	f.Fuzz(func(t *testing.T, in string) {
		_, _ = d.row(in, now)
		for e, err := range Read(iotest.HalfReader(strings.NewReader(in)), Options{Now: now, Hint: d}) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Raw != "" || e.Reason != "" {
				if e.Name != "" || e.Reason == "" {
					t.Fatalf("%q: %+v", in, e)
				}
				continue
			}
			if e.Name == "" || e.Name == "." || e.Name == ".." || strings.ContainsAny(e.Name, "/\n\x00") || e.Size < -1 {
				t.Fatalf("%q: %+v", in, e)
			}
		}
	})
}

func FuzzMLSD(f *testing.F) { fuzzRow(f, MLSD) }
func FuzzUnix(f *testing.F) { fuzzRow(f, Unix) }
func FuzzDOS(f *testing.F)  { fuzzRow(f, DOS) }

func BenchmarkUnix(b *testing.B) {
	in := strings.Repeat("-rw-r--r--   1 al   staff      1234 Nov 21 13:58 name\r\n", 1000)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		for range Read(strings.NewReader(in), Options{Now: now, Hint: Unix}) {
		}
	}
}

func BenchmarkMLSD(b *testing.B) {
	in := strings.Repeat("type=file;size=12;modify=20240203040506;UNIX.mode=0644; name\r\n", 1000)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		for range Read(strings.NewReader(in), Options{Now: now}) {
		}
	}
}
