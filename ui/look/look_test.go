package look

import (
	"strings"
	"testing"

	"portside/ui/text"
	"portside/ui/theme"
)

func plain(t testing.TB, p *Pager, w, h int) string {
	t.Helper()
	rows := p.Lines(w, h, &theme.Theme{})
	for _, r := range rows {
		if text.Width(r) != w || text.Safe(r) != r {
			t.Fatalf("%q is %d cells, not %d", r, text.Width(r), w)
		}
	}
	var out []string
	for _, r := range rows {
		out = append(out, strings.TrimRight(r, " "))
	}
	return strings.TrimRight(strings.Join(out, "\n"), "\n")
}

func TestText(t *testing.T) {
	for _, c := range []struct{ what, in, want string }{
		{"lines", "a\nb\r\nc", "a\nb\nc"},
		{"tabs", "a\tb\n\u65e5\tc", "a       b\n\u65e5      c"},
		{"a CR alone", "a\rb\n", `a\x0db`},
		{"escapes", "\x1b[31mred\n", `\x1b[31mred`},
		{"bytes that are none", "a\xffb", `a\xffb`},
		{"UTF-16", "\xff\xfea\x00\xe4\x00\n\x00b\x00", "a\u00e4\nb"},
		{"UTF-16, big end first", "\xfe\xff\x00a\x00b", "ab"},
		{"a mark at the beginning", "\ufeffa", "a"},
		{"wrapped", "0123456789abcdef", "0123456789\nabcdef"},
		{"empty", "", ""},
	} {
		w := 20
		if c.what == "wrapped" {
			w = 10
		}
		if got := plain(t, New([]byte(c.in), int64(len(c.in))), w, 5); got != c.want {
			t.Errorf("%s: %q, not %q", c.what, got, c.want)
		}
	}
}

func TestHex(t *testing.T) {
	p := New([]byte("\x00\x01portside\x1b[31m\xff and more"), -1)
	if !p.Hex() {
		t.Fatal("NUL is taken for text")
	}
	want := "00000000  00 01 70 6f 72 74 73 69 64 65 1b 5b 33 31 6d ff  ..portside.[31m.\n00000010  20 61 6e 64 20 6d 6f 72 65                        and more"
	if got := plain(t, p, 80, 5); got != want {
		t.Errorf("\n%s", got)
	}
	if got := plain(t, p, 60, 2); !strings.HasPrefix(got, "00000000  00 01 70 6f 72 74 73 69  ..portsi\n00000008") {
		t.Errorf("\n%s", got)
	}
	if !p.Find("6d FF", false) || !p.Find("PORT", false) || p.Find("nowhere", false) {
		t.Error("bytes are not found")
	}
}

func TestMovesStayInTheFile(t *testing.T) {
	p := New([]byte(strings.Repeat("line\n", 100)+"last"), 1<<20)
	plain(t, p, 20, 10)
	p.Bottom()
	if got := plain(t, p, 20, 10); !strings.HasSuffix(got, "last") || p.Status(10) != "first 504 of 1.0M  text  92-101 of 101" {
		t.Errorf("%q %q", got, p.Status(10))
	}
	p.Move(-1000)
	p.Page(1, 10)
	plain(t, p, 20, 10)
	if p.Status(10) != "first 504 of 1.0M  text  9-18 of 101" {
		t.Error(p.Status(10))
	}
	if p.Text(2) != "line\nline" {
		t.Errorf("%q", p.Text(2))
	}
}

func TestCutLinesAreShifted(t *testing.T) {
	p := New([]byte("\u65e5\u672c\u8a9e0123456789\nshort"), -1)
	p.ToggleWrap()
	plain(t, p, 8, 2)
	p.Shift(8)
	if got := plain(t, p, 8, 2); got != "23456789" {
		t.Errorf("%q", got)
	}
	p.Shift(-100)
	if got := plain(t, p, 8, 2); !strings.HasSuffix(got, "short") {
		t.Errorf("%q", got)
	}
}

func TestFindGoesRound(t *testing.T) {
	p := New([]byte(strings.Repeat("x\n", 30)+"Needle one\n"+strings.Repeat("x\n", 30)+"a needle two\n"), -1)
	plain(t, p, 40, 10)
	for _, step := range []struct {
		back bool
		want int
	}{{false, 31}, {false, 62}, {false, 31}, {true, 62}, {true, 31}} {
		if !p.Find("needle", step.back) || p.hit != step.want-1 {
			t.Fatalf("row %d, not %d", p.hit+1, step.want)
		}
		if got := plain(t, p, 40, 10); !strings.Contains(strings.ToLower(got), "needle") {
			t.Errorf("%d is not in sight:\n%s", step.want, got)
		}
	}
}

func FuzzPager(f *testing.F) {
	f.Add([]byte("a\tb\r\n\x1b[31m\xff\u0301"), uint8(20), uint8(3))
	f.Add([]byte("\xff\xfea\x00"), uint8(1), uint8(1))
	f.Add([]byte(strings.Repeat("\u65e5", 100)), uint8(3), uint8(5))
	f.Fuzz(func(t *testing.T, data []byte, w, h uint8) {
		p := New(data, -1)
		for range 2 {
			for _, f := range []func(){func() {}, p.ToggleWrap, func() { p.Shift(7) }, p.Bottom, func() { p.Find(string(data), true) }, p.ToggleHex} {
				f()
				plain(t, p, int(w)+1, int(h)+1)
			}
		}
	})
}

func BenchmarkOneLongLine(b *testing.B) {
	data := []byte(strings.Repeat("0123456789abcde\t", 4096))
	for b.Loop() {
		p := New(data, -1)
		p.Lines(80, 24, &theme.Theme{})
	}
}
