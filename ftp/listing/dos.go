package listing

import "strings"

// dosRow reads one row of dir: "01-31-24  03:04PM       <DIR>          name".
func dosRow(line string) (Entry, verdict) {
	f := split(line)
	day, ok := shortDate(f.at(0), anyOrder)
	if !ok || len(f.at(0)) < 6 {
		return Entry{}, dosHead(line)
	}
	at := 1
	text := f.at(1)
	if half := f.at(2); only(half, 2, "") && (strings.EqualFold(half, "AM") || strings.EqualFold(half, "PM")) {
		at, text = 2, text+half
	}
	clock, ok := halfClock(text)
	if !ok || f.n < at+3 {
		return Entry{}, badRow
	}
	e := Entry{Size: -1, Time: clock.on(day), Precision: clock.precision}
	switch size := f.at(at + 1); strings.ToUpper(size) {
	case "<DIR>":
		e.Type = Dir
		// dir fills the column of sizes: what is left is the separator and the name.
		e.Name = strings.TrimSuffix(f.from(at+2), "/")
	case "<JUNCTION>", "<SYMLINK>", "<SYMLINKD>":
		e.Type = Link
		e.Name = f.from(at + 2)
		if i := strings.Index(e.Name, " ["); i > 0 && strings.HasSuffix(e.Name, "]") {
			e.Name, e.Target = e.Name[:i], e.Name[i+2:len(e.Name)-1]
		}
	default:
		if size == "" || strings.Trim(size, "0123456789,") != "" {
			return Entry{}, badRow
		}
		e.Size = grouped(size)
		e.Name = f.after(at + 1)
	}
	if e.Name == "" {
		return Entry{}, badRow
	}
	return e, goodRow
}

// dosHead tells whether a row is what dir writes around its rows.
func dosHead(line string) verdict {
	s := strings.TrimLeft(line, " \t")
	switch {
	case s == "":
		return emptyRow
	case strings.HasPrefix(s, "Volume in drive "), strings.HasPrefix(s, "Volume Serial Number is "), strings.HasPrefix(s, "Directory of "):
		return headRow
	}
	f := split(s)
	if kind := f.at(1); kind == "File(s)" || kind == "Dir(s)" {
		if grouped(f.at(0)) >= 0 && (f.at(3) == "bytes" || f.n == 3 && f.at(2) == "bytes") {
			return headRow
		}
	}
	return badRow
}
