package listing

import "strings"

// wfftpRow reads one row of a Nortel router: "config      13512   04/13/05  Wed.   11:17:01".
func wfftpRow(line string) (Entry, verdict) {
	f := split(line)
	switch {
	case f.n == 0:
		return Entry{}, emptyRow
	case f.at(0) == "Volume" && strings.HasSuffix(line, ":"), f.at(0) == "File" && f.at(1) == "Name" && f.at(2) == "Size", isRule(line):
		return Entry{}, headRow
	case f.at(1) == "bytes" && f.at(2) == "-" && grouped(f.at(0)) >= 0:
		return Entry{}, headRow // total, free and contiguous space
	}
	day, ok := shortDate(f.at(2), anyOrder)
	weekday := strings.TrimSuffix(f.at(3), ".")
	clock, ok2 := clockTime(f.at(4))
	if f.n != 5 || !ok || !ok2 || strings.IndexByte(f.at(2), '/') < 0 || !only(weekday, 9, "") || weekday == f.at(3) || grouped(f.at(1)) < 0 {
		return Entry{}, badRow
	}
	return Entry{Name: f.at(0), Size: grouped(f.at(1)), Time: clock.on(day), Precision: clock.precision}, goodRow
}
