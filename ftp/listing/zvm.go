package listing

// zvmRow reads one file of a minidisk: "PROFILE  EXEC     V        80        12          1 2002-03-27 12:01:12 DISK19".
// Its name is "PROFILE.EXEC". The rest are records, so that the number of bytes
// is not known.
func zvmRow(line string) (Entry, verdict) {
	f := split(line)
	if f.n == 0 {
		return Entry{}, emptyRow
	}
	const letters = "@#$+-:_"
	if f.n < 7 || f.n > 9 || !only(f.at(0), 8, letters) || !only(f.at(1), 8, letters) {
		return Entry{}, badRow
	}
	e := Entry{Name: f.at(0) + "." + f.at(1), Size: -1}
	date := 6
	switch f.at(2) {
	case "F", "V":
		if !isNumber(f.at(3)) || !isNumber(f.at(4)) || !isNumber(f.at(5)) {
			return Entry{}, badRow
		}
	case "-", "DIR":
		for f.at(date-1) != "-" && date > 3 {
			date--
		}
		if f.at(1) != "DIR" && f.at(2) != "DIR" || date == 3 {
			return Entry{}, badRow
		}
		e.Type = Dir
		if f.at(1) == "DIR" {
			e.Name = f.at(0)
		}
	default:
		return Entry{}, badRow
	}
	day, ok := shortDate(f.at(date), anyOrder)
	clock, ok2 := clockTime(f.at(date + 1))
	if !ok || !ok2 || f.n > date+3 {
		return Entry{}, badRow
	}
	e.Time, e.Precision = clock.on(day), clock.precision
	return e, goodRow
}
