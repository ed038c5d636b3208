package listing

import (
	"io/fs"
	"strings"
	"time"
)

// Type is the kind of file an [Entry] names.
type Type uint8

// The types of an entry.
const (
	File Type = iota
	Dir
	Link
	Other // a device, a socket, a pipe
)

// Precision says how exact the time of an [Entry] is.
type Precision uint8

// The precisions of a time.
const (
	Second Precision = iota
	Minute
	Day
)

// Entry is one row of a directory.
type Entry struct {
	Name      string    // one path component, in the server's own bytes
	Type      Type      //
	Size      int64     // bytes; -1 when unknown
	Time      time.Time // zero when unknown
	Zoned     bool      // Time is UTC; else it is the server's local time, written as UTC
	Precision Precision // of Time
	Mode      fs.FileMode
	HasMode   bool   // whether Mode (permission bits) is known
	Owner     string // "" when unknown
	Group     string // "" when unknown
	Target    string // what a link points to, "" when unknown
	Raw       string // a row that could not be read; then Name is empty
	Reason    string // why Raw could not be read
}

// bad returns the entry of a row that cannot be read. Of a long row the
// beginning is kept.
func bad(row, reason string) Entry {
	if len(row) > keepRow {
		row = strings.Clone(row[:keepRow])
	}
	return Entry{Size: -1, Raw: row, Reason: reason}
}
