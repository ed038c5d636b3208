package listing

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
)

var update = flag.Bool("update", false, "write what the samples are read as into testdata")

// A file of samples has a line "< row" for each sample, or `<"row"` in Go's
// quotes, lines "+ row" for further rows of it, and "> entry": what it is read
// as. Lines with "#" are remarks.
type sample struct {
	rows []string
	want string
	line int
}

func (s sample) text() string { return strings.Join(s.rows, "\r\n") + "\r\n" }

func folder(d Dialect) string {
	return filepath.Join("testdata", strings.Map(func(r rune) rune {
		if r == '/' || r == '-' || r == ':' {
			return -1
		}
		return r
	}, strings.ToLower(d.String())))
}

func load(t testing.TB, path string) []sample {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []sample
	for i, line := range strings.Split(string(b), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		text := strings.TrimPrefix(line[1:], " ")
		if strings.HasPrefix(text, `"`) && line[1] == '"' {
			if text, err = strconv.Unquote(text); err != nil {
				t.Fatalf("%s:%d: %v", path, i+1, err)
			}
		}
		switch last := len(out) - 1; line[0] {
		case '<':
			out = append(out, sample{rows: []string{text}, line: i + 1})
		case '+':
			out[last].rows = append(out[last].rows, text)
		case '>':
			out[last].want = text
		default:
			t.Fatalf("%s:%d: what is that?", path, i+1)
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s: no samples", path)
	}
	return out
}

// rewrite puts what the samples are read as into the file.
func rewrite(t *testing.T, path string, got []string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	n := 0
	golden := func() {
		if n > 0 {
			out = append(out, "> "+got[n-1])
		}
	}
	for _, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		switch {
		case strings.HasPrefix(line, ">"):
			continue
		case strings.HasPrefix(line, "<"):
			golden()
			n++
		case strings.HasPrefix(line, "#") && n > 0:
			golden()
			got, n = got[n:], 0
		}
		out = append(out, line)
	}
	golden()
	if err := os.WriteFile(path, []byte(strings.Join(out, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// readLocked reads in one dialect, whatever the rows are.
func readLocked(r io.Reader, d Dialect) (out []Entry, err error) {
	rd := newReader(r, now)
	rd.join.dialect = d
	err = rd.drain(nil, nil, func(e Entry, _ error) bool {
		out = append(out, e)
		return true
	})
	return out, err
}

func eachDialect(t *testing.T, test func(t *testing.T, d Dialect, good []sample)) {
	for d := range dialects {
		t.Run(d.String(), func(t *testing.T) { test(t, d, load(t, filepath.Join(folder(d), "good.txt"))) })
	}
}

func TestSamplesAlone(t *testing.T) {
	eachDialect(t, func(t *testing.T, d Dialect, good []sample) {
		var golden []string
		for _, s := range good {
			for i, hint := range []Dialect{Unix, MLSD, d} {
				for _, text := range []string{s.text(), strings.ReplaceAll(s.text(), "\r\n", "\n"), strings.TrimSuffix(s.text(), "\r\n")} {
					got, err := readAll(text, hint)
					if *update && i == 0 && err == nil && len(got) == 1 {
						golden, s.want = append(golden, show(got[0])), show(got[0])
						break
					}
					if err != nil || len(got) != 1 || show(got[0]) != s.want {
						t.Errorf("line %d, hint %v: %q:\n got %v %v\nwant %s", s.line, hint, text, shows(got), err, s.want)
					}
				}
			}
		}
		if *update && !t.Failed() {
			rewrite(t, filepath.Join(folder(d), "good.txt"), golden)
		}
	})
}

// together returns the samples as one listing, and what it is read as.
func together(samples []sample) (in string, want []string) {
	for _, s := range samples {
		in += s.text()
		want = append(want, s.want)
	}
	return in, want
}

func TestSamplesTogetherD25(t *testing.T) {
	eachDialect(t, func(t *testing.T, d Dialect, good []sample) {
		in, want := together(good)
		for hint := range dialects { // the rows rule, not the hint
			got, err := readAll(in, hint)
			if err != nil || !slices.Equal(shows(got), want) {
				t.Errorf("hint %v: %v:\n%s", hint, err, firstDifference(shows(got), want))
			}
		}
	})
}

func firstDifference(got, want []string) string {
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			return fmt.Sprintf(" got %s\nwant %s", g, w)
		}
	}
	return "the same"
}

// TestSamplesInPieces cuts listings in two at every byte, and reads them byte
// by byte.
func TestSamplesInPieces(t *testing.T) {
	eachDialect(t, func(t *testing.T, d Dialect, good []sample) {
		for some := range slices.Chunk(good, 10) {
			in, want := together(some)
			check := func(r io.Reader) {
				var got []string
				for e, err := range Read(r, Options{Now: now, Hint: d}) {
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, show(e))
				}
				if !slices.Equal(got, want) {
					t.Fatal(firstDifference(got, want))
				}
			}
			for i := range in {
				check(io.MultiReader(strings.NewReader(in[:i]), strings.NewReader(in[i:])))
			}
			check(iotest.OneByteReader(strings.NewReader(in)))
			check(iotest.DataErrReader(strings.NewReader(in)))
		}
	})
}

// TestBadSamples puts rows that must be refused between good ones: each is
// counted and shown, and no other is lost.
func TestBadSamples(t *testing.T) {
	eachDialect(t, func(t *testing.T, d Dialect, good []sample) {
		rows := load(t, filepath.Join(folder(d), "bad.txt"))
		for _, s := range rows {
			if got, err := readLocked(strings.NewReader(s.text()), d); err != nil || len(got) != len(s.rows) || got[0].Raw != s.rows[0] || got[0].Reason == "" {
				t.Errorf("line %d: %q is read as %v, %v", s.line, s.text(), shows(got), err)
			}
		}
		mixed := slices.Clone(good)
		for i, s := range rows {
			mixed = slices.Insert(mixed, 1+i*7%len(good), s)
		}
		in, _ := together(mixed)
		got, err := readLocked(strings.NewReader(in), d)
		var kept []string
		refused := 0
		for _, e := range got {
			if e.Reason != "" {
				refused++
				continue
			}
			kept = append(kept, show(e))
		}
		_, want := together(good)
		if n, _ := together(rows); err != nil || !slices.Equal(kept, want) || refused != strings.Count(n, "\r\n") {
			t.Errorf("%d refused of %d, %v\n%s", refused, strings.Count(n, "\r\n"), err, firstDifference(kept, want))
		}
	})
}

// TestClashesD26 reads listings whose rows fit two dialects, in any order.
func TestClashesD26(t *testing.T) {
	files, err := filepath.Glob("testdata/clash/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(string(b), "# dialect: "), "\n")
		samples := load(t, path)
		var first []row
		for _, s := range samples[:min(scoreRows, len(samples))] {
			for _, text := range s.rows {
				first = append(first, row{text: text})
			}
		}
		if got := choose(first, Unix, now).String(); got != name {
			t.Errorf("%s: chose %s, not %s", path, got, name)
		}
		if in, _ := together(samples); *update {
			got, err := readAll(in, Unix)
			if err != nil || len(got) != len(samples) {
				t.Fatalf("%s: %v, %v", path, shows(got), err)
			}
			for i := range samples {
				samples[i].want = show(got[i])
			}
			rewriteClash(t, path, string(b), shows(got))
		}
		random := rand.New(rand.NewPCG(1, 2))
		for range 50 {
			in, want := together(samples)
			got, err := readAll(in, Unix)
			if err != nil || !slices.Equal(shows(got), want) {
				t.Fatalf("%s: %v\n%s\nin %q", path, err, firstDifference(shows(got), want), in)
			}
			random.Shuffle(len(samples), func(i, j int) { samples[i], samples[j] = samples[j], samples[i] })
		}
	}
}

func rewriteClash(t *testing.T, path, text string, want []string) {
	head, rest, _ := strings.Cut(text, "\n")
	if err := os.WriteFile(path, []byte(rest), 0o644); err != nil {
		t.Fatal(err)
	}
	rewrite(t, path, want)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(head+"\n"+string(b)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestFoldersHaveDialects finds forgotten samples.
func TestFoldersHaveDialects(t *testing.T) {
	left := map[string]bool{"clash": true, "fuzz": true}
	for d := range dialects {
		left[filepath.Base(folder(d))] = true
	}
	dirs, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		if !left[dir.Name()] {
			t.Errorf("testdata/%s belongs to none of %v", dir.Name(), slices.Sorted(maps.Keys(left)))
		}
	}
	if s := dialects.String(); s != "unknown" {
		t.Error(s)
	}
}
