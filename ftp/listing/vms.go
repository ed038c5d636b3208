package listing

import (
	"io/fs"
	"strings"
)

// vmsRow reads one row of DIRECTORY: "NAME.TXT;3  5/8  19-NOV-2001 21:41:07 [STAFF,AL] (RWED,RWED,RE,)".
// A long name stands on a row of its own, and the rest on the next. The size
// is in blocks, so that the number of bytes is not known.
func vmsRow(line string) (Entry, verdict) {
	f := split(line)
	name, ok := vmsName(f.at(0))
	if !ok {
		return Entry{}, vmsHead(line)
	}
	if f.n == 1 {
		return Entry{}, moreRow
	}
	e := Entry{Name: name, Size: -1}
	if dir, ok := cutSuffixFold(name, ".DIR"); ok {
		e.Name, e.Type = dir, Dir
	}
	if denied(f.from(1)) {
		return e, goodRow
	}
	i := 1
	if isBlocks(f.at(i)) {
		i++
	}
	day, ok := hyphenDate(f.at(i))
	if !ok {
		return Entry{}, badRow
	}
	e.Time, e.Precision = day, Day
	i++
	if clock, ok := clockTime(f.at(i)); ok {
		e.Time, e.Precision = clock.on(day), clock.precision
		i++
	}
	if !e.vmsOwner(strings.TrimLeft(f.from(i), " \t")) {
		return Entry{}, badRow
	}
	return e, goodRow
}

// vmsName cuts the version off. Several versions are one file: the newest
// stands first, and is what a name without a version means.
func vmsName(s string) (string, bool) {
	i := strings.LastIndexByte(s, ';')
	if i < 1 || !isDay(strings.TrimLeft(s[i+1:], "0123456789")+"0") || len(s)-i > 6 || len(s)-i < 2 {
		return "", false
	}
	name := s[:i]
	// A path in front is not part of the name.
	if j := strings.LastIndexByte(name, ']'); j >= 0 && strings.IndexByte(name[:j], '[') >= 0 && j+1 < len(name) {
		name = name[j+1:]
	}
	return name, strings.IndexByte(name, '.') >= 0
}

// isBlocks reports whether s is a size in blocks: "5" or "5/8".
func isBlocks(s string) bool {
	used, allocated, ok := strings.Cut(s, "/")
	return isNumber(used) && (!ok || isNumber(allocated))
}

// denied reports whether s says that nothing may be known about a file.
func denied(s string) bool {
	return strings.Contains(s, "privilege") || strings.HasPrefix(s, "%RMS-") || strings.Contains(s, "-RMS-")
}

// vmsOwner reads "[STAFF,AL] (RWED,RWED,RE,)", either or none of which may be
// there.
func (e *Entry) vmsOwner(s string) bool {
	if rest, ok := strings.CutPrefix(s, "["); ok {
		id, rest, ok := strings.Cut(rest, "]")
		if !ok {
			return false
		}
		if group, owner, ok := strings.Cut(id, ","); ok {
			e.Group, e.Owner = strings.TrimSpace(group), strings.TrimSpace(owner)
		} else {
			e.Owner = strings.TrimSpace(id)
		}
		s = strings.TrimLeft(rest, " \t")
	}
	if s == "" {
		return true
	}
	rights, ok := strings.CutPrefix(s, "(")
	rights, ok2 := strings.CutSuffix(strings.TrimRight(rights, " "), ")")
	if !ok || !ok2 || strings.Count(rights, ",") != 3 || !only(rights, 40, ",") {
		return false
	}
	// System, owner, group, world: the first has no place in a mode.
	_, rights, _ = strings.Cut(rights, ",")
	for shift := 6; shift >= 0; shift -= 3 {
		var class string
		class, rights, _ = strings.Cut(rights, ",")
		for i := range len("RWE") {
			if strings.IndexByte(class, "RWE"[i]) >= 0 {
				e.Mode |= fs.FileMode(0o4) >> i << shift
			}
		}
	}
	e.HasMode = true
	return true
}

// vmsHead tells whether a row is what DIRECTORY writes around its rows.
func vmsHead(line string) verdict {
	s := strings.TrimSpace(line)
	switch {
	case s == "":
		return emptyRow
	case strings.HasPrefix(s, "Directory ") && strings.Contains(s, "["),
		strings.HasPrefix(s, "Total of ") && strings.Contains(s, " file"),
		strings.HasPrefix(s, "Grand total of "):
		return headRow
	}
	return badRow
}

// cutSuffixFold is strings.CutSuffix in any case.
func cutSuffixFold(s, suffix string) (string, bool) {
	i := len(s) - len(suffix)
	if i <= 0 || !strings.EqualFold(s[i:], suffix) {
		return s, false
	}
	return s[:i], true
}
