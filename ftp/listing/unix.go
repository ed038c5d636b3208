package listing

import (
	"io/fs"
	"strings"
	"time"
)

// unixRow reads one row of ls -l:
// "-rw-r--r--   1 owner group  1234 Nov 21 13:58 name".
func unixRow(line string, now time.Time) (Entry, verdict) {
	if strings.Contains(line, "\x1b[") && strings.HasSuffix(line, "m") {
		line = plain(line)
	}
	if rest, ok := strings.CutPrefix(line, "total "); ok && strings.Trim(rest, "0123456789.,kKMGT ") == "" || line == "total" {
		return Entry{}, emptyRow
	}
	f := split(line)
	e := Entry{Size: -1}
	if f.n < 3 || !e.permissions(f.at(0)) {
		return Entry{}, badRow
	}
	if e.unknown(f) {
		return e, goodRow
	}
	d, ok := findDate(f, now)
	if !ok {
		return Entry{}, badRow
	}
	e.Time, e.Precision = d.time, d.precision
	e.columns(f, d.first)
	// One space ends the date; more belong to the name.
	e.Name = strings.TrimPrefix(line[f.end[d.last]:], " ")
	if e.Type == Link {
		e.Name, e.Target, _ = strings.Cut(e.Name, " -> ")
	}
	if e.Name == "" {
		return Entry{}, badRow
	}
	return e, goodRow
}

// fields are the first fields of a row.
type fields struct {
	line       string
	start, end [16]int
	n          int
}

// split finds the fields of line.
func split(line string) *fields {
	f := &fields{line: line}
	for i := 0; i < len(line) && f.n < len(f.start); {
		for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
			i++
		}
		if i == len(line) {
			break
		}
		f.start[f.n] = i
		for i < len(line) && line[i] != ' ' && line[i] != '\t' {
			i++
		}
		f.end[f.n] = i
		f.n++
	}
	return f
}

func (f *fields) at(i int) string {
	if i < 0 || i >= f.n {
		return ""
	}
	return f.line[f.start[i]:f.end[i]]
}

// permissions reads "drwxr-xr-x", with or without a mark for access lists
// behind it, and reports whether s is that.
func (e *Entry) permissions(s string) bool {
	if len(s) == 11 && strings.IndexByte("+.@*", s[10]) >= 0 {
		s = s[:10]
	}
	if len(s) != 10 {
		return false
	}
	switch s[0] {
	case '-':
		e.Type = File
	case 'd':
		e.Type = Dir
	case 'l':
		e.Type = Link
	case 'b', 'c', 'p', 's', 'D', 'C', 'M', 'P', 'n':
		e.Type = Other
	default:
		return false
	}
	if s[1:] == "?????????" {
		return true
	}
	bits, ok := permissionBits(s[1:])
	e.Mode, e.HasMode = bits, ok
	return ok
}

// permissionBits reads "rwxr-xr-x".
func permissionBits(s string) (fs.FileMode, bool) {
	var bits uint32
	for i := range 9 {
		bit := uint32(1) << (8 - i)
		special := uint32(0o4000) >> (i / 3)
		switch c := s[i]; {
		case c == '-':
		case i%3 == 0 && c == 'r', i%3 == 1 && c == 'w', i%3 == 2 && c == 'x':
			bits |= bit
		case i%3 == 2 && (c == 's' || c == 't'):
			bits |= bit | special
		case i%3 == 2 && (c == 'S' || c == 'T' || c == 'l' || c == 'L'):
			bits |= special
		default:
			return 0, false
		}
	}
	return unixMode(bits), true
}

// unknown reads the row of a file of which ls knows the name only:
// "-????????? ? ? ? ? ? name".
func (e *Entry) unknown(f *fields) bool {
	i := 1
	for i < f.n && f.at(i) == "?" {
		i++
	}
	if e.HasMode || i < 5 || i >= f.n {
		return false
	}
	e.Name = f.line[f.start[i]:]
	return true
}

// columns reads what stands between the permissions and the date, where some
// columns may be missing.
func (e *Entry) columns(f *fields, date int) {
	size := date - 1
	first := 1
	if size > 1 && isNumber(f.at(1)) {
		first = 2 // the number of links
	}
	if major, ok := strings.CutSuffix(f.at(size-1), ","); ok && isNumber(major) {
		size-- // a device: "8, 0"
		e.Type = Other
	} else if e.Type == File {
		e.Size = parseSize(f.at(size))
	}
	if first >= size {
		return
	}
	e.Owner = f.at(first)
	if first+1 < size {
		e.Group = f.line[f.start[first+1]:f.end[size-1]]
	}
}

// foundDate is a date in a row: the fields first to last.
type foundDate struct {
	first, last int
	time        time.Time
	precision   Precision
}

// findDate finds the date: the first that stands behind a number, else the
// first.
func findDate(f *fields, now time.Time) (foundDate, bool) {
	var spare foundDate
	for i := 2; i < f.n-1; i++ {
		d, ok := dateAt(f, i, now)
		if !ok {
			continue
		}
		if isNumber(f.at(i - 1)) {
			return d, true
		}
		if spare.first == 0 {
			spare = d
		}
	}
	return spare, spare.first != 0
}

// plain removes colours.
func plain(line string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(line, "\x1b[")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		i := 0
		for i < len(rest) && (rest[i] == ';' || rest[i] >= '0' && rest[i] <= '9') {
			i++
		}
		if i == len(rest) || rest[i] != 'm' && rest[i] != 'K' {
			b.WriteString("\x1b[")
			line = rest
			continue
		}
		line = rest[i+1:]
	}
}
