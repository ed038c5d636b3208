package listing

import (
	"strconv"
	"strings"
	"time"
)

// lastUnix is the last second of the year 9999.
const lastUnix = 253402300799

// eplfRow reads one row of the easily parsed list format: "+i8388621.29609,m824255902,r,s280,\tname".
func eplfRow(line string) (Entry, verdict) {
	head, name, ok := strings.Cut(line, "\t")
	if !ok || name == "" || len(head) < 2 || head[0] != '+' {
		return Entry{}, badRow
	}
	e := Entry{Name: name, Size: -1, Type: Other}
	head = strings.TrimSuffix(head[1:], ",")
	for more := true; more; {
		var fact string
		fact, head, more = strings.Cut(head, ",")
		if fact == "" {
			return Entry{}, badRow
		}
		e.eplfFact(fact)
	}
	if e.Type != File {
		e.Size = -1
	}
	return e, goodRow
}

// eplfFact takes one fact in. Facts that we do not know are left out.
func (e *Entry) eplfFact(fact string) {
	value := fact[1:]
	switch fact[0] {
	case '/':
		e.Type = Dir
	case 'r':
		if e.Type != Dir && value == "" {
			e.Type = File
		}
	case 's':
		e.Size = parseSize(value)
	case 'm':
		if n, err := strconv.ParseInt(value, 10, 64); err == nil && n >= 0 && n <= lastUnix {
			e.Time, e.Precision, e.Zoned = time.Unix(n, 0).UTC(), Second, true
		}
	case 'u':
		if bits, err := strconv.ParseUint(strings.TrimPrefix(value, "p"), 8, 16); err == nil && value[0] == 'p' {
			e.Mode, e.HasMode = unixMode(uint32(bits)), true
		}
	}
}
