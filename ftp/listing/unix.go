package listing

import (
	"io/fs"
	"strings"
	"time"
)

// unixRow reads one row of ls -l:
// "-rw-r--r--   1 owner group  1234 Nov 21 13:58 name".
func unixRow(line string, now time.Time) (Entry, verdict) {
	if strings.HasSuffix(line, "m") && strings.Contains(line, "\x1b[") {
		line = plain(line)
	}
	f := split(line)
	e := Entry{Size: -1}
	if f.n < 3 || !e.permissions(f.at(0)) {
		return Entry{}, unixTotal(&f)
	}
	if e.unknown(&f) {
		return e, goodRow
	}
	d, ok := findDate(&f, now)
	if !ok {
		return e, e.undated(&f)
	}
	e.Time, e.Precision, e.Zoned = d.time, d.precision, d.zoned
	e.columns(&f, d.first)
	e.Name = f.after(d.last)
	if d.padded {
		e.Name = strings.TrimPrefix(e.Name, " ")
	}
	e.finishName()
	switch {
	case e.Name == "":
		return Entry{}, badRow
	case d.loose || e.Group == "":
		return e, looseRow
	}
	return e, goodRow
}

// finishName takes the target of a link and the mark of a directory off the
// name.
func (e *Entry) finishName() {
	switch e.Type {
	case Link:
		e.Name, e.Target, _ = strings.Cut(e.Name, " -> ")
	case Dir:
		e.Name = strings.TrimSuffix(e.Name, "/")
	}
}

// totals are the words with which ls begins, in the languages of servers.
const totals = " total totale insgesamt totaal razem celkem suma summa yhteensä итого всего toplam összesen" +
	" усього łącznie σύνολο samtals ukupno skupaj 合計 总用量 总计 總計 總用量 합계 "

// unixTotal tells whether a row is "total 12".
func unixTotal(f *fields) verdict {
	word := strings.TrimSuffix(f.at(0), ":")
	if f.n < 1 || f.n > 2 || strings.Trim(f.at(1), "0123456789.,kKMGT") != "" || !strings.Contains(totals, " "+strings.ToLower(word)+" ") {
		return badRow
	}
	return headRow
}

// undated reads a row without a date, when it is plain that it has none:
// "-rw-r--r-- 1 owner group 1234 name".
func (e *Entry) undated(f *fields) verdict {
	_, isClock := clockTime(f.at(5))
	if f.n != 6 || !isNumber(f.at(1)) || !isNumber(f.at(4)) || isNumber(f.at(5)) || isClock {
		return badRow
	}
	e.columns(f, 5)
	e.Name = f.after(4)
	e.finishName()
	return looseRow
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
	case '-', 'm': // m: moved to tape
		e.Type = File
	case 'd':
		e.Type = Dir
	case 'l':
		e.Type = Link
	case 'b', 'c', 'p', 's', 'w', 'D', 'C', 'M', 'P', 'n', '?':
		e.Type = Other
	default:
		return false
	}
	if s[1:] == "?????????" || s[0] == '?' {
		return true
	}
	e.Mode, e.HasMode = permissionBits(s[1:])
	return e.HasMode || only(s[1:], 9, "-")
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
	for i < f.n && i < 6 && f.at(i) == "?" {
		i++
	}
	if i < 5 || i >= f.n {
		return false
	}
	e.Name = f.after(i - 1)
	e.finishName()
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
	e.Group = f.span(first+1, size-1)
}

// findDate finds the date: the first that stands behind a size and behind all
// columns, else the first that stands behind a size, else the first. A month
// and a day alone are a date when there is no better.
func findDate(f *fields, now time.Time) (foundDate, bool) {
	var behind, first, bare foundDate
	for i := 2; i < f.n-1 && (i <= 5 || behind.first == 0); i++ {
		d, ok := dateAt(f, i, now)
		if !ok {
			continue
		}
		sized := isSize(f.at(i - 1))
		switch {
		case d.bare && (!sized || bare.first != 0):
		case d.bare:
			bare = d
		case sized && i >= 4:
			return d, true
		case sized && behind.first == 0:
			behind = d
		case first.first == 0:
			first = d
		}
	}
	for _, d := range []foundDate{behind, first, bare} {
		if d.first != 0 {
			return d, true
		}
	}
	return foundDate{}, false
}

// isSize reports whether s could be the size of a file, such as "12" or "4.0K".
func isSize(s string) bool {
	return s != "" && (isDigit(s[len(s)-1]) || isDigit(s[0])) && strings.Trim(s, "-0123456789.,xkKMGTPB") == ""
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
