package wire

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"portside/ui/theme"
)

func line(i int, dir byte, s string) Line {
	return Line{Time: time.Date(2026, 11, 23, 14, 1, i%60, 0, time.UTC), Conn: 1, Dir: dir, Text: s}
}

func screen(v *View, w, h int) []string {
	var out []string
	for _, l := range v.Lines(w, h, theme.New(theme.Options{})) {
		out = append(out, strings.TrimRight(ansi.Strip(l), " "))
	}
	return out
}

func TestScreen(t *testing.T) {
	v := New(100)
	v.Append(line(2, '*', "connecting files.example.com:21"), line(2, '<', "220 \x1b]0;owned\a ready"), line(3, '!', "552 quota"))
	want := []string{
		" LOG                      follow on   all connections   passwords hidden",
		" 14:01:02 1 *  connecting files.example.com:21",
		` 14:01:02 1 <  220 \x1b]0;owned\x07 ready`,
		" 14:01:03 1 !  552 quota",
		"",
	}
	got := screen(v, 73, 5)
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d:\n%q\n%q", i, got[i], want[i])
		}
	}
}

// A window that grows shows more lines, not empty rows.
func TestTheWindowStaysFull(t *testing.T) {
	v := New(100)
	for i := range 50 {
		v.Append(line(i, '<', fmt.Sprint("line ", i)))
	}
	screen(v, 40, 8)
	for _, move := range []int{0, -1} {
		v.Move(move)
		if s := screen(v, 80, 40); s[39] == "" || s[1] == "" {
			t.Errorf("%q", s)
		}
	}
}

func TestEveryLineIsAsWideAsTheScreen(t *testing.T) {
	v := New(100)
	v.Append(line(1, '<', strings.Repeat("日本", 60)), line(1, '!', "x"))
	v.Move(-1)
	for _, w := range []int{0, 1, 3, 10, 40, 80, 140} {
		for h := range 6 {
			lines := v.Lines(w, h, theme.New(theme.Options{}))
			if len(lines) != h {
				t.Fatalf("%d lines for %d", len(lines), h)
			}
			for _, l := range append(lines, v.Tail(w, h, theme.New(theme.Options{}))...) {
				if ansi.StringWidthWc(l) != w {
					t.Errorf("%dx%d: %q", w, h, l)
				}
			}
		}
	}
}

func TestFollowAndScroll(t *testing.T) {
	v := New(50)
	for i := range 200 {
		v.Append(line(i, '<', fmt.Sprintf("line %d", i)))
	}
	if got := screen(v, 40, 6); !strings.Contains(got[5], "line 199") || !v.Following() {
		t.Errorf("%q", got)
	}
	v.Move(-10)
	here, _ := v.Selected()
	for i := range 20 {
		v.Append(line(i, '<', "new"))
	}
	if l, _ := v.Selected(); l != here || v.Following() {
		t.Errorf("the cursor moved from %v to %v", here, l)
	}
	screen(v, 40, 6)
	if r := v.CursorRow(); r < 1 || r > 5 {
		t.Errorf("cursor in row %d", r)
	}
	for range 60 {
		v.Append(line(1, '<', "newer"))
	}
	if l, ok := v.Selected(); !ok || l.Text != "newer" {
		t.Errorf("%v", l)
	}
	v.Top()
	v.Bottom()
	if !v.Following() {
		t.Error("the end does not follow")
	}
	v.Follow(false)
	v.Append(line(1, '<', "last"))
	if l, _ := v.Selected(); l.Text == "last" {
		t.Error("follows although told not to")
	}
}

func TestFilterAndErrors(t *testing.T) {
	v := New(100)
	if v.NextError() {
		t.Error("an error in an empty log")
	}
	v.Append(line(1, '>', "STOR a"), line(2, '!', "550 no"), line(3, '>', "RETR b"), line(4, '!', "552 Quota"))
	v.Top()
	for _, want := range []string{"550 no", "552 Quota", "550 no"} {
		v.NextError()
		if l, _ := v.Selected(); l.Text != want {
			t.Errorf("%q, want %q", l.Text, want)
		}
	}
	v.Filter("quota")
	v.Append(line(5, '<', "over QUOTA again"), line(6, '<', "else"))
	got := screen(v, 80, 4)
	if !strings.Contains(got[0], "filter: quota   2 of 6") || !strings.Contains(got[1], "552") || !strings.Contains(got[2], "again") || got[3] != "" {
		t.Errorf("%q", got)
	}
	v.Filter("nothing like it")
	if _, ok := v.Selected(); ok {
		t.Error("something is selected")
	}
	v.Move(3)
	v.Filter("")
	if got := screen(v, 80, 7); !strings.Contains(got[6], "else") {
		t.Errorf("%q", got)
	}
}
