package listing

import (
	"strings"
	"time"
)

// os9Row reads one row of dir -e: "  0.0   01/02/13  1442   d-ewrewr      A7       532 SYSDIR".
func os9Row(line string) (Entry, verdict) {
	f := split(line)
	switch {
	case f.n == 0:
		return Entry{}, emptyRow
	case f.at(0) == "Owner" && f.at(1) == "Last", f.at(0) == "Directory" && f.at(1) == "of", isRule(line):
		return Entry{}, headRow
	case f.n < 7:
		return Entry{}, badRow
	}
	group, user, ok := strings.Cut(f.at(0), ".")
	day, ok2 := shortDate(f.at(1), yearMonthDay)
	at := f.at(2)
	hour, minute, ok3 := 0, 0, len(at) == 4
	if ok3 {
		hour, ok3 = number(at[:2])
	}
	if ok3 {
		minute, ok3 = number(at[2:])
	}
	if !ok || !ok2 || !ok3 || hour > 24 || minute > 59 || !isNumber(group) || !isNumber(user) || !isHex(f.at(4)) || !isNumber(f.at(5)) {
		return Entry{}, badRow
	}
	e := Entry{Owner: user, Group: group, Precision: Minute, Size: -1, Name: f.after(5)}
	if !day.IsZero() {
		e.Time = day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
	}
	if !e.os9Rights(f.at(3)) || e.Name == "" {
		return Entry{}, badRow
	}
	if e.Type == File {
		e.Size = parseSize(f.at(5))
	}
	return e, goodRow
}

// os9Rights reads "d-ewrewr": directory, not shared, then the rights of all and
// those of the owner.
func (e *Entry) os9Rights(s string) bool {
	const letters = "dsewrewr"
	if len(s) != len(letters) {
		return false
	}
	// The places of the letters in a mode: execute, write, read of all, then of the owner.
	bits := [...]uint32{0, 0, 0o001, 0o002, 0o004, 0o100, 0o200, 0o400}
	var mode uint32
	for i := range letters {
		switch s[i] {
		case '-':
		case letters[i]:
			mode |= bits[i]
		default:
			return false
		}
	}
	if s[0] == 'd' {
		e.Type = Dir
	}
	e.Mode, e.HasMode = unixMode(mode), true
	return true
}
