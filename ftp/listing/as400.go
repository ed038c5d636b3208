package listing

import "strings"

// as400Row reads one object of IBM i: "QSYS   77824 02/23/00 15:09:55 *DIR   name/".
// The owner is left out for guests, the size where there is none, and a member
// has its kind and its name only. The job's settings part day and time.
func as400Row(line string) (Entry, verdict) {
	f := split(line)
	if f.n == 0 {
		return Entry{}, emptyRow
	}
	kind := 0
	for kind < 5 && (f.at(kind) == "" || f.at(kind)[0] != '*') {
		kind++
	}
	if kind == 5 || kind+1 >= f.n || !only(f.at(kind)[1:], 9, "") {
		return Entry{}, badRow
	}
	e := Entry{Size: -1}
	if kind >= 2 && !e.as400Time(f.at(kind-2), f.at(kind-1)) {
		return Entry{}, badRow
	}
	name, slash := strings.CutSuffix(strings.TrimRight(f.from(kind+1), " "), "/")
	e.Name = name
	e.Type = as400Type(f.at(kind), name)
	if slash {
		e.Type = Dir
	}
	if kind == 1 || kind == 4 || kind == 3 && !isNumber(f.at(0)) {
		e.Owner = f.at(0)
	}
	if kind >= 3 && isNumber(f.at(kind-3)) && e.Type == File {
		e.Size = parseSize(f.at(kind - 3))
	}
	switch {
	case e.Name == "" || kind == 4 && !isNumber(f.at(1)) || kind < 2 && f.at(kind) != "*MEM":
		return Entry{}, badRow
	case kind < 2:
		return e, looseRow
	}
	return e, goodRow
}

// as400Time reads a date and a time of day: "02/23/00 15:09:55", "23.02.00 15.09.55".
func (e *Entry) as400Time(date, at string) bool {
	day, ok := shortDate(date, anyOrder)
	if len(at) == 8 && at[2] == at[5] && (at[2] == '.' || at[2] == ',') {
		at = at[:2] + ":" + at[3:5] + ":" + at[6:]
	}
	clock, ok2 := clockTime(at)
	e.Time, e.Precision = clock.on(day), clock.precision
	return ok && ok2
}

// as400Type returns the type of a kind of object. A *FILE holds members, unless
// it is a save file.
func as400Type(kind, name string) Type {
	switch kind {
	case "*DIR", "*DDIR", "*LIB", "*FLR":
		return Dir
	case "*STMF", "*DSTMF", "*DOC", "*MEM":
		return File
	case "*FILE":
		if _, ok := cutSuffixFold(name, ".FILE"); ok {
			return Dir
		}
		return File
	case "*SYMLNK":
		return Link
	}
	return Other
}
