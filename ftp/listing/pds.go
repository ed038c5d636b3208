package listing

import "strings"

// pdsRow reads one member of a partitioned dataset: "MEMBER   01.03 2002/01/02 2003/02/12 09:45    23    20     3 USER",
// a load module: "MODULE 00000C50 00000A  00 FO RN RU 31 ANY", or a name alone.
func pdsRow(line string) (Entry, verdict) {
	f := split(line)
	e := Entry{Name: f.at(0), Size: -1}
	switch {
	case f.n == 0, isRule(line):
		return Entry{}, emptyRow
	case f.at(0) == "Name" && (f.at(1) == "VV.MM" || f.at(1) == "Size" && f.at(2) == "TTR"):
		return Entry{}, headRow
	case !only(e.Name, 8, "@#$") || isDigit(e.Name[0]) || e.Name != strings.ToUpper(e.Name):
		return Entry{}, badRow
	case f.n == 1:
		return e, bareRow
	case f.n >= 3 && isModule(&f):
		return e, goodRow
	}
	version, modification, _ := strings.Cut(f.at(1), ".")
	changed, ok := shortDate(f.at(3), yearMonthDay)
	_, ok2 := shortDate(f.at(2), yearMonthDay)
	clock, ok3 := clockTime(f.at(4))
	if !isDay(version) || !isDay(modification) || !ok || !ok2 || !ok3 || f.n < 8 || f.n > 9 {
		return Entry{}, badRow
	}
	for i := 5; i < 8; i++ {
		if !isNumber(f.at(i)) {
			return Entry{}, badRow
		}
	}
	e.Time, e.Precision, e.Owner = clock.on(changed), clock.precision, f.at(8)
	return e, goodRow
}

// isModule reports whether the row is that of a load module: size and place in
// hexadecimal digits, then an alias and attributes.
func isModule(f *fields) bool {
	size, place := f.at(1), f.at(2)
	if (len(size) != 6 && len(size) != 8) || len(place) != 6 || !isHex(size) || !isHex(place) {
		return false
	}
	for i := 3; i < f.n; i++ {
		if !only(f.at(i), 8, "@#$,:") {
			return false
		}
	}
	return true
}
