package journal

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// long is a commit of several windows between two short ones.
func long() [][]byte {
	return [][]byte{[]byte("before"), bytes.Repeat([]byte("0123456789ab"), 3*window/10), []byte("behind")}
}

// A long commit comes in parts, none of them longer than a window.
func TestLongCommitsComeInParts(t *testing.T) {
	dir, _ := written(t, long())
	j := open(t, dir)
	defer j.Close()
	var got [][]byte
	parts, open := 0, false
	err := j.Load(func(part []byte, more bool) error {
		if parts++; len(part) > window {
			t.Errorf("a part of %d bytes", len(part))
		}
		if !open {
			got = append(got, nil)
		}
		got[len(got)-1], open = append(got[len(got)-1], part...), more
		return nil
	})
	if err != nil || open || parts < 6 || !slices.EqualFunc(got, long(), bytes.Equal) {
		t.Errorf("%d commits of %d parts: %v", len(got), parts, err)
	}
}

// Of a long commit with one bad byte nothing is handed out, and the good ones
// around it stay, also where a long one is written anew.
func TestLongCommitsAreWholeOrNotThere(t *testing.T) {
	dir, data := written(t, append(long(), long()...))
	data[headLen+3*window] ^= 1
	if err := os.WriteFile(filepath.Join(dir, nameJournal), data, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"was damaged", ""} {
		j := open(t, dir)
		got := load(t, j)
		if want := append(long()[:1], append(long()[2:], long()...)...); !slices.EqualFunc(got, want, bytes.Equal) {
			t.Errorf("%d commits", len(got))
		}
		if w := j.Words(); !strings.Contains(w, words) || words == "" && w != "" || j.Holes() != (w != "") {
			t.Error(w, j.Holes())
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
