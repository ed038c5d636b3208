package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// lineFile is a file of entries, one a line, that portside writes by itself: its
// first line says what it is and in which version of the format.
type lineFile struct {
	name    string
	head    string
	version int
}

// read returns the lines of entries. A file that is not ours, or newer, has none
// and an error that says so.
func (l lineFile) read() ([]string, error) {
	data, err := os.ReadFile(l.name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(data) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n"), "\n")
	number, ok := strings.CutPrefix(lines[0], l.head)
	version, err := strconv.Atoi(number)
	switch {
	case !ok || err != nil || version < 1:
		return nil, fmt.Errorf("%s is not a file that portside wrote: it is kept as it is", l.name)
	case version > l.version:
		return nil, fmt.Errorf("%s was written by a newer portside: it is kept as it is", l.name)
	}
	return lines[1:], nil
}

// change writes what f makes of the lines, while no other process does the same.
func (l lineFile) change(f func(lines []string) []string) error {
	if err := os.MkdirAll(filepath.Dir(l.name), 0o700); err != nil {
		return err
	}
	return locked(l.name, func() error {
		lines, err := l.read()
		if err != nil {
			return err
		}
		lines = append([]string{l.head + strconv.Itoa(l.version)}, f(lines)...)
		return write(l.name, []byte(strings.Join(lines, "\n")+"\n"))
	})
}

// fieldsOf takes a line apart; quoted fields lose their quotes.
func fieldsOf(line string, n int) ([]string, bool) {
	f := strings.Split(line, "\t")
	if len(f) < n {
		return nil, false
	}
	for i := range f {
		if !strings.HasPrefix(f[i], `"`) {
			continue
		}
		s, err := strconv.Unquote(f[i])
		if err != nil {
			return nil, false
		}
		f[i] = s
	}
	return f, true
}
