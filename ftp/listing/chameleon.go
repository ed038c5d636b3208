package listing

// chameleonRow reads one row of the servers of Windows 3, where the name comes
// first: "DESIGN1.DOC     11264    May 11 1995 14:20" and
// "DESIGN1.DOC     11264    05-11-95   14:20".
func chameleonRow(line string) (Entry, verdict) {
	f := split(line)
	if f.n == 0 {
		return Entry{}, emptyRow
	}
	const letters = "!#$%&'()-.@^_`{}~"
	e := Entry{Name: f.at(0), Size: -1}
	if f.n != 4 && f.n != 6 || !only(e.Name, 12, letters) {
		return Entry{}, badRow
	}
	if f.at(1) == "<DIR>" {
		e.Type = Dir
	} else if e.Size = parseSize(f.at(1)); e.Size < 0 {
		return Entry{}, badRow
	}
	day, ok := shortDate(f.at(2), anyOrder)
	if f.n == 6 {
		m, isMonth := english(f.at(2))
		n, isNumber := number(f.at(3))
		year, isYear := fourDigits(f.at(4))
		day, ok = dayOf(year, m, n), isMonth && isNumber && isYear
	}
	clock, ok2 := clockTime(f.at(f.n - 1))
	if !ok || !ok2 {
		return Entry{}, badRow
	}
	e.Time, e.Precision = clock.on(day), clock.precision
	return e, goodRow
}
