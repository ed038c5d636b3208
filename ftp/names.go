package ftp

import (
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"portside/ftp/listing"
)

// sameName reports whether two names are the same to a reader: systems write
// an accent as part of its letter or behind it. The bytes that are sent stay
// those that were received.
func sameName(a, b string) bool {
	if a == b {
		return true
	}
	return !isASCII(a) && !isASCII(b) && norm.NFC.String(a) == norm.NFC.String(b)
}

// entry turns what the server wrote in its own character set.
func (cs *charset) entry(e *listing.Entry) {
	if cs == nil {
		return
	}
	e.Name, e.Target = cs.decode(e.Name), cs.decode(e.Target)
	e.Owner, e.Group, e.Raw = cs.text(e.Owner), cs.text(e.Group), cs.text(e.Raw)
}

// noteForeign says once in a session that names came in another character set.
func (c *Conn) noteForeign(names int) {
	if names == 0 || c.foreign || c.names != nil {
		return
	}
	c.foreign = true
	what := "1 name is"
	if names > 1 {
		what = strconv.Itoa(names) + " names are"
	}
	c.note("%s not written in UTF-8: --charset NAME says what this server writes, as in gbk or windows-1252", what)
}

// foreign reports whether a name is in a character set of its own.
func foreign(name string) bool { return !utf8.ValidString(name) }
