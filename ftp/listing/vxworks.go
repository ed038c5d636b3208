package listing

import "strings"

// vxworksRow reads one row of dosFs: "   2048    Feb-17-1998  06:27:00   name              <DIR>".
func vxworksRow(line string) (Entry, verdict) {
	f := split(line)
	switch {
	case f.n == 0:
		return Entry{}, emptyRow
	case f.at(0) == "size" && f.at(1) == "date" && f.at(2) == "time", isRule(line):
		return Entry{}, headRow
	}
	day, ok := hyphenDate(f.at(1))
	clock, ok2 := clockTime(f.at(2))
	if !ok || !ok2 || f.n < 4 || !isNumber(f.at(0)) || isDigit(f.at(1)[0]) {
		return Entry{}, badRow
	}
	e := Entry{Size: -1, Time: clock.on(day), Precision: clock.precision}
	name, dir := strings.CutSuffix(strings.TrimRight(f.from(3), " "), "<DIR>")
	if dir {
		e.Type = Dir
	} else {
		e.Size = parseSize(f.at(0))
	}
	// The column of names is filled with blanks.
	if e.Name = strings.TrimRight(name, " "); e.Name == "" {
		return Entry{}, badRow
	}
	return e, goodRow
}
