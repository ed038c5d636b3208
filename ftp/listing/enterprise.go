package listing

import (
	"strings"
	"time"
)

// enterpriseRow reads one batch of a mailbox of Connect:Enterprise:
// "-C--E-----FTP B MAILBOX      7670  1294495 Jan 13 07:42 name".
func enterpriseRow(line string, now time.Time) (Entry, verdict) {
	f := split(line)
	if f.n == 0 {
		return Entry{}, emptyRow
	}
	flags := f.at(0)
	if len(flags) != 13 || flags[0] != '-' || !only(flags, 13, "-") || strings.IndexByte(flags[10:], '-') >= 0 {
		return Entry{}, badRow
	}
	if len(f.at(1)) != 1 || !isNumber(f.at(3)) || !isNumber(f.at(4)) {
		return Entry{}, badRow
	}
	d, ok := dateAt(&f, 5, now)
	if !ok || d.loose {
		return Entry{}, badRow
	}
	e := Entry{Name: f.after(d.last), Size: parseSize(f.at(4)), Time: d.time, Precision: d.precision, Owner: f.at(2)}
	if e.Name == "" {
		return Entry{}, badRow
	}
	return e, goodRow
}
