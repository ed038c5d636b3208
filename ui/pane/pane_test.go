package pane

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"portside/ui/theme"
)

var now = time.Date(2026, 11, 23, 14, 6, 0, 0, time.UTC)

func shown(p *Pane) []string {
	var out []string
	for _, i := range p.view {
		out = append(out, p.items[i].Name)
	}
	return out
}

func rows(names ...string) []Row {
	var out []Row
	for i, n := range names {
		r := Row{Name: strings.TrimSuffix(n, "/"), Size: int64(i), Time: now.Add(time.Duration(i) * time.Hour)}
		if strings.HasSuffix(n, "/") {
			r.Type, r.Size = Dir, -1
		}
		out = append(out, r)
	}
	return out
}

func filled(h int, names ...string) *Pane {
	p := &Pane{}
	p.SetHeight(h)
	p.Begin(true, "")
	p.Append(rows(names...))
	return p
}

func expect(t *testing.T, p *Pane, names ...string) {
	t.Helper()
	if got := shown(p); !slices.Equal(got, names) {
		t.Errorf("%q, want %q", got, names)
	}
}

func on(t *testing.T, p *Pane, name string) {
	t.Helper()
	if r, _ := p.Current(); r.Name != name {
		t.Errorf("the cursor is on %q, want %q", r.Name, name)
	}
}

func TestOrders(t *testing.T) {
	p := filled(10, "b.txt", "A.zip", "dir/", "c", "Bdir/", ".dot")
	expect(t, p, "Bdir", "dir", "A.zip", "b.txt", "c")
	p.SetSort(ByExt)
	expect(t, p, "Bdir", "dir", "c", "b.txt", "A.zip")
	p.SetSort(BySize)
	expect(t, p, "Bdir", "dir", "c", "A.zip", "b.txt")
	p.SetSort(ByTime)
	expect(t, p, "Bdir", "dir", "c", "A.zip", "b.txt")
	p.Reverse()
	expect(t, p, "dir", "Bdir", "b.txt", "A.zip", "c")
	if p.SortLabel() != "time ^" {
		t.Error(p.SortLabel())
	}
	p.SetSort(ByName)
	p.SetHidden(true)
	expect(t, p, "Bdir", "dir", ".dot", "A.zip", "b.txt", "c")
	p.SetFilter("*.Z?p")
	expect(t, p, "A.zip")
	p.SetFilter("B")
	expect(t, p, "Bdir", "b.txt")
}

// A directory that arrives in pieces stands as one that came at once, and the
// cursor does not wander.
func TestPiecesMakeTheWhole(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var all []Row
	for i := range 500 {
		all = append(all, Row{Name: fmt.Sprintf("f%03d", i), Size: int64(rng.IntN(20)), Type: Type(rng.IntN(3))})
	}
	for _, s := range []Sort{ByName, BySize, ByExt} {
		whole := &Pane{sort: s}
		whole.Begin(false, "")
		whole.Append(all)
		p := &Pane{sort: s}
		p.SetHeight(20)
		p.Begin(false, "")
		name := ""
		for rest := all; len(rest) > 0; {
			n := min(1+rng.IntN(40), len(rest))
			p.Append(rest[:n])
			rest = rest[n:]
			if name == "" {
				p.Move(3)
				r, _ := p.Current()
				name = r.Name
			}
			on(t, p, name)
		}
		if !slices.Equal(shown(whole), shown(p)) {
			t.Errorf("sort %d: pieces and whole differ", s)
		}
	}
}

func TestTheWantedRowIsFoundWhenItArrives(t *testing.T) {
	p := &Pane{}
	p.SetHeight(5)
	p.Begin(true, "m")
	p.Append(rows("z", "a"))
	if !p.OnParent() {
		t.Error("not at the top")
	}
	p.Append(rows("m", "b"))
	on(t, p, "m")
	p.Append(rows("c", "d"))
	on(t, p, "m")
}

func TestReplaceKeepsCursorAndMarks(t *testing.T) {
	p := filled(5, "a", "b", "c", "d")
	p.Move(2)
	p.Toggle()
	p.Move(1)
	p.Replace(rows("0", "a", "b", "c", "d", "e"))
	on(t, p, "c")
	if n, _ := p.Marks(); n != 1 || p.Chosen()[0].Name != "b" {
		t.Errorf("%d marks, %v", n, p.Chosen())
	}
	p.Replace(rows("a", "b"))
	on(t, p, "b")
	p.Replace(nil)
	if n, bytes := p.Marks(); n != 0 || bytes != 0 || !p.OnParent() {
		t.Errorf("%d marks of %d bytes", n, bytes)
	}
}

// An empty directory has no rows to count, so nothing may be left of the last one.
func TestAnEmptyDirectoryCountsNothing(t *testing.T) {
	p := &Pane{}
	p.SetHeight(5)
	p.Begin(true, "")
	p.Append([]Row{{Name: "a", Size: 10}, {Name: ".b", Size: 5}, {Raw: "?"}})
	p.Begin(true, "")
	if got := p.Summary(); got != "0 items 0" {
		t.Errorf("got %q", got)
	}
}

func TestScrollByHalfAPage(t *testing.T) {
	var names []string
	for i := range 100 {
		names = append(names, fmt.Sprintf("%03d", i))
	}
	p := filled(10, names...)
	tops := map[int]bool{}
	for range 100 {
		p.Move(1)
		if l := p.CursorLine(); l < 0 || l > 9 {
			t.Fatalf("line %d", l)
		}
		tops[p.top] = true
	}
	if len(tops) > 20 {
		t.Errorf("the window stood at %d places in 100 steps", len(tops))
	}
	on(t, p, "099")
	p.Page(-1)
	on(t, p, "090")
	p.Home()
	if !p.OnParent() {
		t.Error("not at the top")
	}
	p.SetHeight(3)
	p.End()
	if p.CursorLine() != 2 {
		t.Errorf("line %d", p.CursorLine())
	}
}

func TestMarks(t *testing.T) {
	p := filled(10, "a.txt", "b.txt", "c", "d/")
	p.Append([]Row{{Raw: "bad", Reason: "no"}, {Name: "x/y", Reason: "not a name"}})
	p.MarkAll()
	if n, _ := p.Marks(); n != 4 {
		t.Errorf("%d marked: what cannot be used is not", n)
	}
	p.Invert()
	if n, _ := p.Marks(); n != 0 {
		t.Error(n)
	}
	if n := p.MarkPattern("*.TXT", true); n != 2 {
		t.Error(n)
	}
	p.SetFilter("c")
	p.MarkAll()
	if n, size := p.Marks(); n != 3 || size != 0+1+2 {
		t.Errorf("%d marks, %d bytes", n, size)
	}
	p.Unmark()
	if n, size := p.Marks(); n != 0 || size != 0 {
		t.Errorf("%d marks, %d bytes", n, size)
	}
	p.Begin(true, "")
	if len(p.Chosen()) != 0 {
		t.Error("something is chosen in an empty pane")
	}
}

// G4: whatever a name is, columns stand still at every width.
func TestEveryRowIsAsWideAsThePane(t *testing.T) {
	names := []string{"a", strings.Repeat("long", 80) + ".tar.gz", "日本語のとても長いファイル名です.txt", "👨‍👩‍👧‍👦👍🏽.png", "e\u0301te\u0301",
		"שלום עולם.doc", "\u202egnp.exe", "\x1b[31mred", "tab\there", "\xff\xfe", "🇩🇪🇫🇷", strings.Repeat("\u0301", 20), " ", "a\u200bb"}
	p := &Pane{}
	p.SetHeight(len(names) + 3)
	p.Begin(true, "")
	p.SetHidden(true)
	for i, n := range names {
		p.Append([]Row{{Name: n, Size: int64(1) << (4 * i), Time: now, Mode: 0o755, HasMode: true, Precision: Precision(i % 3)}, {Raw: n, Reason: "x"}})
	}
	p.Append([]Row{{Name: "no size", Size: -1, Time: time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC)}})
	p.MarkAll()
	th := theme.New(theme.Options{})
	for w := 10; w <= 200; w++ {
		c := Layout(w)
		for i := range p.lines() + 2 {
			var b strings.Builder
			p.Draw(&b, i, c, Style{Theme: th, Focus: i%2 == 0, Now: now})
			if n := ansi.StringWidthWc(b.String()); n != w {
				t.Errorf("width %d, row %d: %d cells: %q", w, i, n, b.String())
			}
		}
		heads := p.Heads(c)
		head := p.Header(Header{Label: names[2], Path: "/" + names[1], Security: "PLAIN", Page: "1/2"}, w, th)
		if ansi.StringWidthWc(heads) != w || ansi.StringWidthWc(head) != w {
			t.Errorf("width %d: %q %q", w, heads, head)
		}
	}
}

func TestAnUnknownTimeOrSizeIsBlank(t *testing.T) {
	p := filled(3)
	p.Append([]Row{{Name: "x", Size: -1}})
	var b strings.Builder
	p.Draw(&b, 1, Layout(80), Style{Theme: theme.New(theme.Options{}), Now: now})
	if got := strings.TrimRight(ansi.Strip(b.String()), " "); got != "  x" {
		t.Errorf("%q", got)
	}
}

func BenchmarkAppendHundredThousand(b *testing.B) {
	var all []Row
	for i := range 100_000 {
		all = append(all, Row{Name: fmt.Sprintf("IMG_%06d.jpeg", (i*7919)%100_000)})
	}
	for b.Loop() {
		p := &Pane{}
		p.Begin(true, "")
		for rest := all; len(rest) > 0; rest = rest[min(5000, len(rest)):] {
			p.Append(rest[:min(5000, len(rest))])
		}
	}
}

// D9: a name is found in whatever form its accents are written; rows keep
// their bytes.
func TestFormsOfANameD9(t *testing.T) {
	const composed, apart = "caf\u00e9", "cafe\u0301"
	p := filled(10, "aa", apart, "zz")
	if !p.Select(composed) || !p.Has(composed) || p.Has("cafe") {
		t.Error("the other form is not found")
	}
	on(t, p, apart)
	p.SetFilter("CAF\u00c9")
	expect(t, p, apart)
	p.SetFilter("c*\u00e9")
	expect(t, p, apart)
	p.SetFilter("")
	if n := p.MarkPattern("*\u00e9", true); n != 1 {
		t.Errorf("%d marked", n)
	}
	p = filled(10, apart, composed)
	if len(p.items) != 2 || !p.Select(composed) {
		t.Error("two forms are two rows")
	}
	on(t, p, composed)
	p.Append(rows("x"))
	p.Replace(rows(apart, composed, "x"))
	on(t, p, composed)
	p.Want("x\u0301")
	p.Replace(rows(apart, "\u1e8d", "x\u0301"))
	on(t, p, "x\u0301")
}

// D29: a pattern is matched in a time that grows with the name, whatever both
// hold, and one that is never closed matches nothing.
func TestPatternsAreQuickD29(t *testing.T) {
	p := filled(10, strings.Repeat("a", 4000), "x[y")
	pattern := strings.Repeat("*a", 1000) + "*b"
	began := time.Now()
	if n := p.MarkPattern(pattern, true); n != 0 || time.Since(began) > 2*time.Second {
		t.Errorf("%d marked in %v", n, time.Since(began))
	}
	for _, open := range []string{"x[", "[", "*[a", "a[b-", `\`} {
		if n := p.MarkPattern(open, true); n != 0 {
			t.Errorf("%q marked %d", open, n)
		}
	}
	if n := p.MarkPattern("x[[]*", true); n != 1 {
		t.Errorf("%d marked", n)
	}
}
