package text

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// D6, D7, G1: what a server may put into a name.
func TestSafe(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain name.txt", "plain name.txt"},
		{"", ""},
		{"\x1b[31mred\x1b]0;title\a", `\x1b[31mred\x1b]0;title\x07`},
		{"a\tb\nc\rd\x7f", `a\x09b\x0ac\x0dd\x7f`},
		{"\u009b31m", `\x9b31m`},
		{"\x9b31m", `\x9b31m`},
		{"gpj.\u202eexe", `gpj.\u202eexe`},
		{"\u2066iso\u2069", `\u2066iso\u2069`},
		{"zero\u200bwidth\ufeff", `zero\u200bwidth\ufeff`},
		{"soft\u00adhyphen", `soft\xadhyphen`},
		{"Käse 日本語 e\u0301te\u0301", "Käse 日本語 e\u0301te\u0301"},
		{"\u0301leading", `\u0301leading`},
		{"\x1b\u0301", `\x1b\u0301`},
		{"z" + strings.Repeat("\u0301", 500), "z" + strings.Repeat("\u0301", 4)},
		{"bad \xff\xfe bytes", `bad \xff\xfe bytes`},
		{"\ufffd stays", "\ufffd stays"},
		{"می\u200cخواهم", "می\u200cخواهم"},
		{"a\u200db", `a\u200db`},
		{"blank\u3164", `blank\u3164`},
		{"line\u2028sep", `line\u2028sep`},
		{"tag\U000e0041", `tag\U000e0041`},
	}
	for _, tt := range tests {
		if got := Safe(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzSafe(f *testing.F) {
	for _, s := range []string{"a", "\x1b[2J", "日本語.txt", "e\u0301\u0301\u0301\u0301\u0301\u0301", "\xff\x9b", "\u202e", "👨‍👩‍👧", "🇩🇪", "ⅰ\u200d", "\U000e0001"} {
		f.Add(s, 7)
	}
	f.Fuzz(func(t *testing.T, s string, w int) {
		safe := Safe(s)
		check(t, s, safe)
		if again := Safe(safe); again != safe {
			t.Errorf("%q: %q became %q", s, safe, again)
		}
		w = w & 255
		for name, fitted := range map[string]string{"Fit": Fit(s, w), "FitLeft": FitLeft(s, w), "FitMiddle": FitMiddle(s, w)} {
			check(t, s, fitted)
			if got := ansi.StringWidthWc(fitted); got != w {
				t.Errorf("%s(%q, %d): %q has %d cells", name, s, w, fitted, got)
			}
		}
		if got := ansi.StringWidthWc(Middle(s, w)); got > w {
			t.Errorf("Middle(%q, %d): %d cells", s, w, got)
		}
		if Width(s) != ansi.StringWidthWc(safe) {
			t.Errorf("Width(%q) = %d, drawn %d", s, Width(s), ansi.StringWidthWc(safe))
		}
	})
}

func check(t *testing.T, in, out string) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Errorf("%q: invalid UTF-8 in %q", in, out)
	}
	for _, r := range out {
		switch {
		case r < 0x20, r >= 0x7f && r <= 0x9f:
			t.Errorf("%q: control %U in %q", in, r, out)
		case r == 0x061c, r == 0x200b, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff:
			t.Errorf("%q: %U in %q", in, r, out)
		}
	}
}

func TestFit(t *testing.T) {
	tests := []struct{ got, want string }{
		{Fit("hero.mp4", 10), "hero.mp4  "},
		{Fit("hero.mp4", 8), "hero.mp4"},
		{Fit("hero.mp4", 5), "hero~"},
		{Fit("hero.mp4", 1), "~"},
		{Fit("hero.mp4", 0), ""},
		{Fit("hero.mp4", -3), ""},
		{Fit("日本語", 6), "日本語"},
		{Fit("日本語", 5), "日本~"},
		{Fit("日本語", 4), "日~ "},
		{Fit("e\u0301te\u0301", 2), "e\u0301~"},
		{FitLeft("1.8K", 6), "  1.8K"},
		{FitLeft("184.2M", 4), "184~"},
		{FitMiddle("/var/www/html/index.html", 13), "/var/w~x.html"},
		{FitMiddle("short", 8), "short   "},
		{FitMiddle("日本語日本語", 6), "日~語 "},
		{Middle("日本語日本語", 6), "日~語"},
		{Middle("ab\x1b", 10), `ab\x1b`},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	tests := []struct{ got, want string }{
		{Size(-1), ""}, {Size(0), "0"}, {Size(612), "612"}, {Size(1023), "1023"}, {Size(1024), "1.0K"}, {Size(1843), "1.8K"},
		{Size(193147699), "184.2M"}, {Size(1023 << 10), "1.0M"}, {Size(math.MaxInt64), "8.0E"},
		{Rate(0), "0/s"}, {Rate(3040870), "2.9M/s"}, {Rate(math.NaN()), ""}, {Rate(math.Inf(1)), ""}, {Rate(-1), ""},
		{Time(time.Time{}, now), "           "},
		{Time(time.Date(2026, 11, 21, 13, 58, 0, 0, time.UTC), now), "11-21 13:58"},
		{Time(time.Date(2025, 2, 11, 0, 0, 0, 0, time.UTC), now), " 2025-02-11"},
		{Time(time.Date(12025, 2, 11, 0, 0, 0, 0, time.UTC), now), "          ?"},
		{Time(time.Date(2025, 12, 31, 23, 30, 0, 0, time.UTC), now.In(time.FixedZone("", 3600))), "01-01 00:30"},
		{Left(-1), ""}, {Left(139 * time.Second), "2:19"}, {Left(3850 * time.Second), "1:04:10"}, {Left(200 * time.Hour), "8 days"}, {Left(0), "0:00"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func BenchmarkFitWide(b *testing.B) {
	for b.Loop() {
		Fit("日本語の名前がついているファイル.txt", 40)
	}
}
