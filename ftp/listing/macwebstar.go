package listing

import "time"

// macRow reads one row of a Macintosh's server: a folder with its number of
// items, "drwxrwxr-x   folder   2 May 10 1996 name", or a file with the sizes of
// its two forks and their sum, "-rw-r--r--   326  1391972  1392298 Nov 22 1995 name".
func macRow(line string, now time.Time) (Entry, verdict) {
	f := split(line)
	if f.n == 0 {
		return Entry{}, emptyRow
	}
	e := Entry{Size: -1}
	if !e.permissions(f.at(0)) {
		return Entry{}, unixTotal(&f)
	}
	date := 4
	if e.Type == Dir {
		date = 3
		if f.at(1) != "folder" || !isNumber(f.at(2)) {
			return Entry{}, badRow
		}
	} else if !e.forks(&f) {
		return Entry{}, badRow
	}
	d, ok := dateAt(&f, date, now)
	if !ok || d.loose {
		return Entry{}, badRow
	}
	e.Time, e.Precision = d.time, d.precision
	e.Name = f.after(d.last)
	e.finishName()
	if e.Name == "" {
		return Entry{}, badRow
	}
	return e, goodRow
}

// forks reads the sizes of the resource fork, the data fork and both. What a
// transfer carries of a file with a resource fork is for the server to choose.
func (e *Entry) forks(f *fields) bool {
	resource, data, both := parseSize(f.at(1)), parseSize(f.at(2)), parseSize(f.at(3))
	if resource < 0 || data < 0 || both < 0 || both-data != resource {
		return false
	}
	if e.Type == File && resource == 0 {
		e.Size = data
	}
	return true
}
