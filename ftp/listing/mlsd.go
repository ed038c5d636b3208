package listing

import (
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// Facts reads one row of facts as MLST sends it. Its name may be a path.
func Facts(line string) (Entry, bool) {
	e, _, ok := facts(strings.TrimPrefix(line, " "))
	return e, ok
}

// mlsdRow reads one row of MLSD: "type=file;size=3; name". Some servers write
// it as MLST does, with a blank in front.
func mlsdRow(line string) (Entry, verdict) {
	e, self, ok := facts(strings.TrimPrefix(line, " "))
	switch {
	case !ok:
		return Entry{}, badRow
	case self:
		return Entry{}, emptyRow
	}
	return e, goodRow
}

// facts reads facts and a name; self says that the row is the directory itself
// or the one above.
func facts(line string) (e Entry, self, ok bool) {
	head, name, found := cutFacts(line)
	if !found || name == "" || !strings.Contains(head, "=") {
		return e, false, false
	}
	e = Entry{Name: name, Size: -1}
	for head != "" {
		var fact string
		fact, head, _ = strings.Cut(head, ";")
		if fact == "" {
			continue
		}
		key, value, isFact := strings.Cut(fact, "=")
		if !isFact {
			return e, false, false
		}
		if e.fact(key, value) {
			self = true
		}
	}
	if self {
		e.Type = Dir
	}
	if e.Type != File {
		e.Size = -1
	}
	return e, self, true
}

// cutFacts parts the facts from the name, at the first blank. The target of a
// link may hold blanks too; then the facts end at a semicolon.
func cutFacts(line string) (head, name string, found bool) {
	head, name, found = strings.Cut(line, " ")
	if !found || strings.HasSuffix(head, ";") {
		return head, name, found
	}
	last := strings.ToLower(head[strings.LastIndexByte(head, ';')+1:])
	if !strings.HasPrefix(last, "type=os.unix=slink:") && !strings.HasPrefix(last, "type=os.unix=symlink:") {
		return head, name, found
	}
	if target, rest, ok := strings.Cut(name, "; "); ok {
		return head + " " + target + ";", rest, true
	}
	return head, name, found
}

// fact takes one fact in; it returns true for the directory itself.
func (e *Entry) fact(key, value string) (self bool) {
	switch {
	case strings.EqualFold(key, "type"):
		return e.factType(value)
	case strings.EqualFold(key, "size"):
		e.Size = parseSize(value)
	case strings.EqualFold(key, "modify"):
		e.Time, e.Precision, e.Zoned = factTime(value), Second, true
	case len(key) > 5 && strings.EqualFold(key[:5], "unix."):
		e.unixFact(key[5:], value)
	}
	return false
}

// unixFact takes a fact in whose name begins with "UNIX.". Names win over
// numbers.
func (e *Entry) unixFact(key, value string) {
	switch {
	case strings.EqualFold(key, "mode"):
		if bits, err := strconv.ParseUint(value, 8, 32); err == nil {
			e.Mode, e.HasMode = unixMode(uint32(bits)), true
		}
	case strings.EqualFold(key, "ownername"), e.Owner == "" && (strings.EqualFold(key, "owner") || strings.EqualFold(key, "uid")):
		e.Owner = value
	case strings.EqualFold(key, "groupname"), e.Group == "" && (strings.EqualFold(key, "group") || strings.EqualFold(key, "gid")):
		e.Group = value
	}
}

// factType reads the type fact.
func (e *Entry) factType(value string) (self bool) {
	lower := strings.ToLower(value)
	switch lower {
	case "file":
		e.Type = File
		return false
	case "dir":
		e.Type = Dir
		return false
	case "cdir", "pdir":
		return true
	case "link", "slink", "symlink":
		e.Type = Link
		return false
	}
	e.Type = Other
	if os, kind, ok := strings.Cut(lower, "="); ok && os == "os.unix" {
		kind, _, _ = strings.Cut(kind, ":")
		if kind == "slink" || kind == "symlink" {
			e.Type = Link
			_, e.Target, _ = strings.Cut(value, ":")
		}
	}
	return false
}

// factTime reads YYYYMMDDHHMMSS with an optional fraction, or returns zero. The
// year 2000 as "19100" is repaired.
func factTime(value string) time.Time {
	whole, _, _ := strings.Cut(value, ".")
	if len(whole) == 15 && whole[:3] == "191" {
		year, _ := number(whole[2:5])
		return factTimeIn(1900+year, whole[5:])
	}
	if len(whole) != 14 {
		return time.Time{}
	}
	year, ok := number(whole[:4])
	if !ok {
		return time.Time{}
	}
	return factTimeIn(year, whole[4:])
}

// factTimeIn reads MMDDHHMMSS.
func factTimeIn(year int, s string) time.Time {
	var parts [5]int
	for i := range parts {
		n, ok := number(s[2*i : 2*i+2])
		if !ok {
			return time.Time{}
		}
		parts[i] = n
	}
	if parts[2] > 24 || parts[3] > 59 || parts[4] > 60 {
		return time.Time{}
	}
	c := clock{hour: parts[2], minute: parts[3], second: parts[4]}
	return c.on(dayOf(year, time.Month(parts[0]), parts[1]))
}

// parseSize returns the number that value is, or -1.
func parseSize(value string) int64 {
	n, err := strconv.ParseUint(value, 10, 63)
	if err != nil {
		return -1
	}
	return int64(n)
}

// unixMode turns permission bits as chmod writes them into a FileMode.
func unixMode(bits uint32) fs.FileMode {
	mode := fs.FileMode(bits & 0o777)
	if bits&0o4000 != 0 {
		mode |= fs.ModeSetuid
	}
	if bits&0o2000 != 0 {
		mode |= fs.ModeSetgid
	}
	if bits&0o1000 != 0 {
		mode |= fs.ModeSticky
	}
	return mode
}
