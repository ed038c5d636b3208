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

// mlsdRow reads one row of MLSD: "type=file;size=3; name".
func mlsdRow(line string) (Entry, verdict) {
	e, self, ok := facts(line)
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
	head, name, found := strings.Cut(line, " ")
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
		if e.fact(strings.ToLower(key), value) {
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

// fact takes one fact in; it returns true for the directory itself.
func (e *Entry) fact(key, value string) (self bool) {
	switch key {
	case "type":
		return e.factType(value)
	case "size":
		e.Size = parseSize(value)
	case "modify":
		e.Time, e.Precision = factTime(value), Second
	case "unix.mode":
		if bits, err := strconv.ParseUint(value, 8, 32); err == nil {
			e.Mode, e.HasMode = unixMode(uint32(bits)), true
		}
	case "unix.owner", "unix.ownername", "unix.uid":
		if e.Owner == "" || key == "unix.ownername" {
			e.Owner = value
		}
	case "unix.group", "unix.groupname", "unix.gid":
		if e.Group == "" || key == "unix.groupname" {
			e.Group = value
		}
	}
	return false
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

// factTime reads YYYYMMDDHHMMSS with an optional fraction, or returns zero.
func factTime(value string) time.Time {
	t, err := time.Parse("20060102150405", value)
	if err != nil {
		return time.Time{}
	}
	return t
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
