package queue

import "golang.org/x/text/unicode/norm"

// present are the names in a target directory, by what a reader takes them
// for: an accent may be written as part of its letter or behind it, and many
// disks do not tell upper from lower case. A name in two forms is "".
type present map[string]string

func (p present) add(name string) {
	key := formKey(name)
	switch was, ok := p[key]; {
	case ok && was != name:
		p[key] = ""
	case ok || len(p) < maxNames:
		p[key] = name
	}
}

// find reports whether a name is taken. Where what has it is written in another
// form, as is how: a second file beside it would look the same.
func (p present) find(name string) (as string, taken bool) {
	as, taken = p[formKey(name)]
	if as == name || as != "" && norm.NFC.String(as) != norm.NFC.String(name) {
		as = ""
	}
	return as, taken
}

// formKey makes one key of the forms of a name.
func formKey(name string) string { return foldLocal(norm.NFC.String(name)) }

// settleNames lets rows take over the forms in which their targets stand, but
// where that is the name of another row.
func settleNames(rows []child, seen map[string]bool) []child {
	for i := range rows {
		if c := &rows[i]; seen[c.as] {
			c.as = ""
		} else {
			seen[c.as] = true
		}
	}
	return rows
}
