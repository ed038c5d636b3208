package listing

import (
	"strings"
	"time"
)

// netwareRow reads one row of a Netware server: "d [RWCEAFMS] supervisor    512 Jan 16 18:53 login".
func netwareRow(line string, now time.Time) (Entry, verdict) {
	if line == "" {
		return Entry{}, emptyRow
	}
	if f := split(line); f.at(0) == "total" {
		return Entry{}, unixTotal(&f)
	}
	e := Entry{Size: -1}
	switch line[0] {
	case 'd':
		e.Type = Dir
	case '-':
	default:
		return Entry{}, badRow
	}
	rights, rest, ok := strings.Cut(strings.TrimLeft(line[1:], " "), "]")
	if !ok || len(rights) < 2 || rights[0] != '[' || strings.Trim(rights[1:], "SRWCEMFAI- ") != "" || len(rights) > 20 {
		return Entry{}, badRow
	}
	f := split(rest)
	d, ok := netwareDate(&f, now)
	if !ok {
		return Entry{}, badRow
	}
	e.Time, e.Precision = d.time, d.precision
	if e.Type == File {
		e.Size = parseSize(f.at(d.first - 1))
	}
	owner := 0
	if d.first > 2 && isNumber(f.at(0)) {
		owner = 1 // the number of links
	}
	e.Owner = f.span(owner, d.first-2)
	e.Name = f.after(d.last)
	e.finishName()
	if e.Name == "" {
		return Entry{}, badRow
	}
	return e, goodRow
}

// netwareDate finds the first date that stands behind a size.
func netwareDate(f *fields, now time.Time) (foundDate, bool) {
	for i := 1; i < f.n-1; i++ {
		if !isNumber(f.at(i - 1)) {
			continue
		}
		if s := f.at(i); len(s) == 6 && s[2] == '-' {
			if d, ok := dayMonth(f, i, now); ok {
				return d, true
			}
		}
		if d, ok := dateAt(f, i, now); ok {
			return d, true
		}
	}
	return foundDate{}, false
}

// dayMonth reads "04-may 20:06" and "04-may 1999".
func dayMonth(f *fields, i int, now time.Time) (foundDate, bool) {
	d := foundDate{first: i, last: i + 1}
	s := f.at(i)
	day, ok := number(s[:2])
	m, ok2 := english(s[3:])
	if !ok || !ok2 || day < 1 || day > 31 {
		return d, false
	}
	ok = d.finish(f, i+1, m, day, now)
	return d, ok && !d.loose
}
