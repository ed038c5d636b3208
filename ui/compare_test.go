package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"portside/queue"
	"portside/ui/pane"
)

func TestSigns(t *testing.T) {
	noon := time.Date(2026, 5, 6, 12, 0, 0, 0, time.UTC)
	row := func(size int64, t time.Time, p pane.Precision) pane.Row {
		return pane.Row{Name: "x", Size: size, Time: t, Precision: p}
	}
	for _, c := range []struct {
		what string
		a, b pane.Row
		want pane.Sign
	}{
		{"equal", row(1, noon, pane.Second), row(1, noon, pane.Second), pane.Same},
		{"even seconds", row(1, noon.Add(time.Second), pane.Second), row(1, noon, pane.Second), pane.Same},
		{"newer", row(1, noon.Add(3*time.Second), pane.Second), row(2, noon, pane.Second), pane.Newer},
		{"older", row(1, noon, pane.Second), row(1, noon.Add(time.Hour), pane.Second), pane.Older},
		{"within the minute", row(1, noon.Add(59*time.Second), pane.Second), row(1, noon, pane.Minute), pane.Same},
		{"the next minute", row(1, noon.Add(61*time.Second), pane.Second), row(1, noon, pane.Minute), pane.Newer},
		{"a day in another zone", row(1, noon.Add(14*time.Hour), pane.Second), row(1, noon.Truncate(24*time.Hour), pane.Day), pane.Same},
		{"two days", row(1, noon.Add(48*time.Hour), pane.Second), row(1, noon.Truncate(24*time.Hour), pane.Day), pane.Newer},
		{"size alone", row(1, noon, pane.Second), row(2, noon, pane.Second), pane.Differs},
		{"no time", row(1, time.Time{}, pane.Second), row(2, noon, pane.Second), pane.Differs},
		{"no size", row(-1, noon, pane.Second), row(2, noon, pane.Second), pane.Same},
		{"a link", pane.Row{Name: "x", Type: pane.Link}, row(2, noon, pane.Second), pane.Differs},
		{"directories", pane.Row{Name: "x", Type: pane.Dir, Time: noon}, pane.Row{Name: "x", Type: pane.Dir}, pane.Same},
	} {
		a, b := signsOf([]pane.Row{c.a}, []pane.Row{c.b})
		if a[0] != c.want || b[0] != turned(c.want) {
			t.Errorf("%s: %q and %q, not %q", c.what, a[0], b[0], c.want)
		}
	}
}

// Names in the two forms of their accents are one name; rows that nothing can
// be done with have no sign.
func TestSignsOfNames(t *testing.T) {
	rows := func(names ...string) (out []pane.Row) {
		for _, n := range names {
			out = append(out, pane.Row{Name: n, Size: 1})
		}
		return out
	}
	a, b := signsOf(rows("cafe\u0301", "mine", "", "caf\u00e9s"), append(rows("caf\u00e9", "theirs", "cafe\u0301s"), pane.Row{Name: "bad", Reason: "a path"}))
	if want := []pane.Sign{0, '+', 0, 0}; !slices.Equal(a, want) {
		t.Errorf("%q, not %q", a, want)
	}
	if want := []pane.Sign{0, '+', 0, 0}; !slices.Equal(b, want) {
		t.Errorf("%q, not %q", b, want)
	}
}

func TestCompare(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		d.press("C")
		d.sees(" compare ")
		d.sees("about.html       n   6.1K")
		d.sees("wp-old.tar.gz     +   1.4G")
		d.press("M")
		d.sees("*about.html")
		d.sees("*robots.txt")
		d.seesNot("*assets")
		d.press("u")
		// What lands or goes is compared again.
		d.f.dirs[queue.Place{Address: remote, Path: "/www"}] = []queue.Entry{file("about.html", 6246, at(11, 21, 13, 58))}
		d.press("tab", "ctrl+r")
		d.seesNot(" n   6.1K")
		d.press("C")
		d.seesNot(" compare ")
		d.seesNot(" +   ")
		d.press("M")
		d.sees("C compares the panes first")
	})
}

// Signs of one directory are not shown in another.
func TestCompareEndsWithTheDirectory(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		d.press("C", "backspace")
		d.seesNot(" compare ")
		if strings.Contains(d.screen(), " +  ") {
			t.Errorf("signs are left:\n%s", d.screen())
		}
	})
}

func TestComparedScreens(t *testing.T) {
	shots(t, []shot{{name: "compare", engine: acme, do: func(d *drive) { d.press("C") }}})
}

func BenchmarkSigns(b *testing.B) {
	rows := make([]pane.Row, 100_000)
	for i := range rows {
		rows[i] = pane.Row{Name: strings.Repeat("n", i%40) + time.Duration(i).String(), Size: 1, Time: time.Unix(int64(i), 0)}
	}
	for b.Loop() {
		signsOf(rows, rows)
	}
}
