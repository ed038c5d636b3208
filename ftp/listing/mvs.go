package listing

import "strings"

// mvsRow reads one dataset of z/OS:
// "WRK001 3390   2003/05/21  1  200  FB      80  8053  PS  DATA.SET".
func mvsRow(line string) (Entry, verdict) {
	f := split(line)
	if f.n == 0 {
		return Entry{}, emptyRow
	}
	if f.at(0) == "Volume" && f.at(1) == "Unit" && strings.EqualFold(f.at(f.n-1), "Dsname") {
		return Entry{}, headRow
	}
	e := Entry{Size: -1}
	var ok bool
	if e.Name, ok = dataset(f.at(f.n - 1)); !ok || f.n < 2 {
		return Entry{}, badRow
	}
	if kind, known := mvsAway(f.span(0, f.n-2)); known {
		e.Type = kind
		return e, goodRow
	}
	if f.n < 4 || !only(f.at(0), 6, "@#$") {
		return Entry{}, badRow
	}
	if f.n == 4 && f.at(2) == "VSAM" && isNumber(f.at(1)) {
		e.Type = Other
		return e, goodRow
	}
	if f.at(2) != "**NONE**" {
		day, ok := shortDate(f.at(2), yearMonthDay)
		if !ok || len(f.at(2)) != 10 {
			return Entry{}, badRow
		}
		e.Time, e.Precision = day, Day
	}
	if e.Type, ok = mvsType(f.at(f.n - 2)); !ok || f.n < 6 || f.n > 10 {
		return Entry{}, badRow
	}
	// Extents and tracks run into each other when they are large.
	for i := 3; i < f.n-2; i++ {
		if !only(f.at(i), 12, "+*?") {
			return Entry{}, badRow
		}
	}
	return e, goodRow
}

// mvsAway reads what stands in front of a name that has no columns, and tells
// the type.
func mvsAway(s string) (Type, bool) {
	switch {
	case strings.EqualFold(s, "Migrated"), s == "ARCIVE", s == "ARCHIVED":
		return File, true
	case s == "Pseudo Directory":
		return Dir, true
	case s == "User catalog connector", s == "VSAM", s == "GDG", s == "Alias":
		return Other, true
	case strings.HasSuffix(s, "Not Direct Access Device"), strings.HasSuffix(s, "Not Mounted"), strings.HasSuffix(s, " Tape"),
		strings.HasPrefix(s, "Error determining attributes"):
		return File, true
	}
	return File, false
}

// mvsType returns the type of a dataset's organization.
func mvsType(dsorg string) (Type, bool) {
	switch dsorg {
	case "PS", "PS-E", "PS-L", "PSU", "DA", "DAU":
		return File, true
	case "PO", "PO-E", "POU", "PATH":
		return Dir, true
	case "VS", "VSAM", "IS", "ISU", "GDG", "HFS", "ZFS":
		return Other, true
	}
	return File, false
}

// dataset returns the name of a dataset without quotes.
func dataset(s string) (string, bool) {
	if len(s) > 2 && s[0] == '\'' && s[len(s)-1] == '\'' {
		s = s[1 : len(s)-1]
	}
	return s, only(s, 54, ".@#$-{()+") && !isDigit(s[0]) && s[0] != '.'
}
