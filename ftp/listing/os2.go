package listing

import "strings"

// os2Row reads one row of OS/2: "   1123  A  DIR  05-12-97   16:44  name".
func os2Row(line string) (Entry, verdict) {
	f := split(line)
	if f.n == 0 {
		return Entry{}, emptyRow
	}
	if !isNumber(f.at(0)) {
		return Entry{}, badRow
	}
	e := Entry{Size: parseSize(f.at(0))}
	i := 1
	for ; i < 5; i++ {
		attribute := f.at(i)
		if attribute == "DIR" {
			e.Type = Dir
		} else if attribute == "" || strings.Trim(attribute, "ARHSarhs") != "" {
			break
		}
	}
	day, ok := shortDate(f.at(i), anyOrder)
	clock, ok2 := halfClock(f.at(i + 1))
	if !ok || !ok2 || f.n < i+3 {
		return Entry{}, badRow
	}
	e.Time, e.Precision = clock.on(day), clock.precision
	// Two blanks end the time; more belong to the name.
	e.Name = strings.TrimPrefix(f.after(i+1), " ")
	if e.Type == Dir {
		e.Size = -1
	}
	if e.Name == "" {
		return Entry{}, badRow
	}
	return e, goodRow
}
