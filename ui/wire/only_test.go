package wire

import (
	"strings"
	"testing"
)

func TestOneConnectionOrOnlyErrors(t *testing.T) {
	v := New(100)
	a, b := line(1, '<', "220 ready"), line(2, '!', "552 \x1b[2J quota")
	b.Conn, b.Server = 12, "demo@files.example.com:21"
	c := line(3, '>', "NOOP")
	c.Conn, c.Server = 12, b.Server
	v.Append(a, b, c)
	for _, tt := range []struct{ words, first, second string }{
		{"connection 12 demo@files.example.com:21", " 14:01:02 12 !  552 \\x1b[2J quota", " 14:01:03 12 >  NOOP"},
		{"only errors", " 14:01:02 12 !  552 \\x1b[2J quota", ""},
		{"all connections", " 14:01:01  1 <  220 ready", " 14:01:02 12 !  552 \\x1b[2J quota"},
	} {
		if got := v.Narrow(); got != tt.words {
			t.Errorf("%q, not %q", got, tt.words)
		}
		s := screen(v, 80, 5)
		if !strings.Contains(s[0], tt.words) || s[1] != tt.first || s[2] != tt.second {
			t.Errorf("%q", s)
		}
	}
	v.Narrow()
	v.Append(a)
	v.Filter("日本")
	v.Append(Line{Conn: 12, Dir: '<', Text: "日本語"})
	if got := v.Shown(); got != "0001-01-01 00:00:00 12 <  日本語\n" {
		t.Errorf("%q", got)
	}
}

// What is kept outside the screen holds nothing that a terminal obeys.
func TestCopiedLinesAreSafe(t *testing.T) {
	v := New(10)
	v.Append(line(1, '<', "220 \x1b]52;c;eA==\a\r\n\u202e"))
	l, _ := v.Selected()
	for _, s := range []string{l.String(), strings.TrimSuffix(v.Shown(), "\n")} {
		if strings.ContainsAny(s, "\x1b\a\r\n\u202e") {
			t.Errorf("%q", s)
		}
	}
}
