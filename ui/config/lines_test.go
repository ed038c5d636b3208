package config

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestTheNewestServerIsFirstAndStandsThereOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made")
	if all, err := LoadRecent(dir); err != nil || len(all) != 0 {
		t.Fatalf("without a file: %v %v", all, err)
	}
	begun := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	for i := range maxRecent + 5 {
		r := Recent{Address: "ftp://h" + strconv.Itoa(i), Path: "/a\tb\n" + strconv.Itoa(i), Security: "PLAIN", Last: begun.Add(time.Duration(i) * time.Minute)}
		if err := AddRecent(dir, r); err != nil {
			t.Fatal(err)
		}
	}
	again := Recent{Address: "ftp://h20", Path: "/new", Security: "TLS 1.3", Last: begun.Add(time.Hour * 2)}
	if err := AddRecent(dir, again); err != nil {
		t.Fatal(err)
	}
	all, err := LoadRecent(dir)
	if err != nil || len(all) != maxRecent || all[0] != again || all[1].Path != "/a\tb\n54" {
		t.Errorf("%v: %d, first %+v, then %+v", err, len(all), all[0], all[1])
	}
	info, err := os.Stat(filepath.Join(dir, "recent"))
	if err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		t.Errorf("others can read it: %v %v", info, err)
	}
}

func TestALetterLeadsToOneBookmark(t *testing.T) {
	dir := t.TempDir()
	first, second, other := Bookmark{"a", "ftp://h", "/one"}, Bookmark{"a", "local", "/two"}, Bookmark{"#", "ftp://h", "/\x1b]0;x"}
	for _, b := range []Bookmark{first, other, second} {
		if err := SetBookmark(dir, b); err != nil {
			t.Fatal(err)
		}
	}
	all, err := LoadBookmarks(dir)
	if err != nil || !slices.Equal(all, []Bookmark{other, second}) {
		t.Errorf("%v %+v", err, all)
	}
}

func TestWhatIsNotOursIsKept(t *testing.T) {
	for head, want := range map[string]string{
		"portside bookmarks 2\nx": "newer portside", "something else\n": "not a file that portside wrote", "portside bookmarks": "not a file",
	} {
		dir := t.TempDir()
		name := filepath.Join(dir, "bookmarks")
		if err := os.WriteFile(name, []byte(head), 0o600); err != nil {
			t.Fatal(err)
		}
		_, read := LoadBookmarks(dir)
		set := SetBookmark(dir, Bookmark{"a", "local", "/"})
		data, err := os.ReadFile(name)
		if read == nil || set == nil || !strings.Contains(set.Error(), want) || err != nil || string(data) != head {
			t.Errorf("%q: %v, %v, now %q", head, read, set, data)
		}
	}
}

func TestATornLineIsLeftOutAndKept(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "bookmarks")
	if err := os.WriteFile(name, []byte("portside bookmarks 1\n\"a\"\t\"local\"\t\"/one\"\n\"b\"\t\"loc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := SetBookmark(dir, Bookmark{"c", "local", "/three"}); err != nil {
		t.Fatal(err)
	}
	all, err := LoadBookmarks(dir)
	if err != nil || len(all) != 2 || all[1].Letter != "c" {
		t.Errorf("%v %+v", err, all)
	}
	if data, _ := os.ReadFile(name); !strings.Contains(string(data), `"loc`) {
		t.Errorf("the torn line is gone: %q", data)
	}
}
