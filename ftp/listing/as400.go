package listing

import "strings"

// as400Row reads one object of IBM i: "QSYS   77824 02/23/00 15:09:55 *DIR   name/".
// A member has its kind and its name only.
func as400Row(line string) (Entry, verdict) {
	f := split(line)
	e := Entry{Size: -1}
	switch {
	case f.n == 0:
		return Entry{}, emptyRow
	case f.at(0) == "*MEM" && f.n > 1:
		e.Name = strings.TrimRight(f.from(1), " ")
		return e, looseRow
	case f.n >= 3 && f.at(1) == "*MEM":
		e.Owner, e.Name = f.at(0), strings.TrimRight(f.from(2), " ")
		return e, looseRow
	}
	day, ok := shortDate(f.at(2), anyOrder)
	clock, ok2 := clockTime(f.at(3))
	kind := f.at(4)
	if !ok || !ok2 || f.n < 6 || !isNumber(f.at(1)) || len(kind) < 2 || kind[0] != '*' {
		return Entry{}, badRow
	}
	e.Owner, e.Time, e.Precision = f.at(0), clock.on(day), clock.precision
	e.Name = strings.TrimRight(f.from(5), " ")
	name, slash := strings.CutSuffix(e.Name, "/")
	e.Name = name
	e.Type = as400Type(kind, name)
	if slash {
		e.Type = Dir
	}
	if e.Type == File {
		e.Size = parseSize(f.at(1))
	}
	if e.Name == "" {
		return Entry{}, badRow
	}
	return e, goodRow
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
