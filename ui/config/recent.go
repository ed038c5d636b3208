package config

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxRecent is how many places of late are kept.
const maxRecent = 50

// Recent is a server that a pane was connected to.
type Recent struct {
	Address  string // without a secret
	Path     string // the directory that was opened
	Security string // what protected the connection, as it was shown
	Last     time.Time
}

func recentFile(dir string) lineFile {
	return lineFile{filepath.Join(dir, "recent"), "portside recent ", 1}
}

// LoadRecent returns the servers of late in dir, the newest first. Lines that
// cannot be read are left out.
func LoadRecent(dir string) ([]Recent, error) {
	lines, err := recentFile(dir).read()
	var all []Recent
	for _, line := range lines {
		if r, ok := recentOf(line); ok {
			all = append(all, r)
		}
	}
	slices.SortStableFunc(all, func(a, b Recent) int { return b.Last.Compare(a.Last) })
	return all, err
}

// AddRecent puts a server on top of those in dir, in the place of what was known
// of it.
func AddRecent(dir string, r Recent) error {
	return recentFile(dir).change(func(lines []string) []string {
		lines = slices.DeleteFunc(lines, func(line string) bool {
			old, ok := recentOf(line)
			return ok && old.Address == r.Address
		})
		fields := []string{r.Last.UTC().Format(time.RFC3339), strconv.Quote(r.Address), strconv.Quote(r.Path), strconv.Quote(r.Security)}
		lines = slices.Insert(lines, 0, strings.Join(fields, "\t"))
		return lines[:min(len(lines), maxRecent)]
	})
}

func recentOf(line string) (Recent, bool) {
	f, ok := fieldsOf(line, 4)
	if !ok {
		return Recent{}, false
	}
	last, err := time.Parse(time.RFC3339, f[0])
	return Recent{Address: f[1], Path: f[2], Security: f[3], Last: last}, err == nil && f[1] != ""
}
