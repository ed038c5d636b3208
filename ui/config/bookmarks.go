package config

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Bookmark is a directory that a letter or a digit leads to.
type Bookmark struct {
	Letter  string
	Address string // without a secret
	Path    string
}

func bookmarkFile(dir string) lineFile {
	return lineFile{filepath.Join(dir, "bookmarks"), "portside bookmarks ", 1}
}

// LoadBookmarks returns the bookmarks in dir, by their letters. Lines that cannot
// be read are left out.
func LoadBookmarks(dir string) ([]Bookmark, error) {
	lines, err := bookmarkFile(dir).read()
	var all []Bookmark
	for _, line := range lines {
		if b, ok := bookmarkOf(line); ok {
			all = append(all, b)
		}
	}
	slices.SortStableFunc(all, func(a, b Bookmark) int { return strings.Compare(a.Letter, b.Letter) })
	return all, err
}

// SetBookmark keeps a bookmark in dir, in the place of what the letter led to.
func SetBookmark(dir string, b Bookmark) error {
	return bookmarkFile(dir).change(func(lines []string) []string {
		lines = slices.DeleteFunc(lines, func(line string) bool {
			old, ok := bookmarkOf(line)
			return ok && old.Letter == b.Letter
		})
		return append(lines, strings.Join([]string{strconv.Quote(b.Letter), strconv.Quote(b.Address), strconv.Quote(b.Path)}, "\t"))
	})
}

func bookmarkOf(line string) (Bookmark, bool) {
	f, ok := fieldsOf(line, 3)
	if !ok {
		return Bookmark{}, false
	}
	return Bookmark{Letter: f[0], Address: f[1], Path: f[2]}, f[0] != "" && f[1] != ""
}
