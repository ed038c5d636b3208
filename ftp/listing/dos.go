package listing

import (
	"strings"
	"time"
)

// dosLayouts are the dates of dir, by the length of their text.
var dosLayouts = [...]string{"01-02-06", "01-02-2006", "2006-01-02", "01/02/06", "01/02/2006", "2006/01/02"}

// dosRow reads one row of dir: "01-31-24  03:04PM       <DIR>          name".
func dosRow(line string) (Entry, verdict) {
	date, rest := field(line)
	clock, rest := field(rest)
	if half, after := field(rest); half == "AM" || half == "PM" || half == "am" || half == "pm" {
		clock, rest = clock+half, after
	}
	t, ok := dosTime(date, clock)
	if !ok {
		return Entry{}, badRow
	}
	e := Entry{Size: -1, Time: t, Precision: Minute}
	size, name := field(rest)
	switch size {
	case "<DIR>":
		e.Type = Dir
		// dir fills the column of sizes: what is left is the separator and the name.
		e.Name = strings.TrimLeft(name, " ")
	case "<JUNCTION>", "<SYMLINK>", "<SYMLINKD>":
		e.Type = Link
		e.Name = strings.TrimLeft(name, " ")
		if i := strings.Index(e.Name, " ["); i > 0 && strings.HasSuffix(e.Name, "]") {
			e.Name, e.Target = e.Name[:i], e.Name[i+2:len(e.Name)-1]
		}
	default:
		if size == "" || strings.Trim(size, "0123456789") != "" {
			return Entry{}, badRow
		}
		e.Size = parseSize(size)
		e.Name = strings.TrimPrefix(name, " ")
	}
	if e.Name == "" {
		return Entry{}, badRow
	}
	return e, goodRow
}

// field cuts the next field off; the rest keeps the space that ends it.
func field(s string) (f, rest string) {
	s = strings.TrimLeft(s, " \t")
	if i := strings.IndexAny(s, " \t"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// dosTime reads date and time of day.
func dosTime(date, clock string) (time.Time, bool) {
	if len(date) < 8 || len(date) > 10 || len(clock) < 4 || len(clock) > 8 {
		return time.Time{}, false
	}
	clock = strings.ToUpper(clock)
	layout := "15:04"
	if strings.HasSuffix(clock, "M") {
		layout = "3:04PM"
	}
	day := time.Time{}
	for _, l := range dosLayouts {
		if len(l) != len(date) {
			continue
		}
		if t, err := time.Parse(l, date); err == nil {
			day = t
			break
		}
	}
	at, err := time.Parse(layout, clock)
	if err != nil || day.IsZero() {
		return time.Time{}, false
	}
	return day.Add(time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute), true
}
