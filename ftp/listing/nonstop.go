package listing

import "strings"

// nonStopRow reads one row of Guardian: `DATAFILE  101   16354 18-Mar-04 15:09:12 244, 10 "nnnn"`.
func nonStopRow(line string) (Entry, verdict) {
	f := split(line)
	switch {
	case f.n == 0, isRule(line):
		return Entry{}, emptyRow
	case f.at(0) == "File" && f.at(1) == "Code" && f.at(2) == "EOF":
		return Entry{}, headRow
	}
	e := Entry{Name: f.at(0), Size: -1}
	code := strings.TrimRight(f.at(1), "ALOP+")
	day, ok := hyphenDate(f.at(3))
	clock, ok2 := clockTime(f.at(4))
	if !only(e.Name, 8, "") || isDigit(e.Name[0]) || !isNumber(code) || !isNumber(f.at(2)) || !ok || !ok2 || f.n < 7 {
		return Entry{}, badRow
	}
	owner, rights, ok := strings.Cut(f.from(5), `"`)
	rights, ok2 = strings.CutSuffix(strings.TrimRight(rights, " "), `"`)
	group, user, ok3 := strings.Cut(owner, ",")
	group, user = strings.TrimSpace(group), strings.TrimSpace(user)
	if !ok || !ok2 || !ok3 || len(rights) != 4 || !only(rights, 4, "-*") || !isNumber(group) || !isNumber(user) {
		return Entry{}, badRow
	}
	e.Size, e.Time, e.Precision = parseSize(f.at(2)), clock.on(day), clock.precision
	e.Owner, e.Group = user, group
	return e, goodRow
}
