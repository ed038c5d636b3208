package pane

import (
	"io/fs"
	"time"
)

// Type is the kind of file that a [Row] names.
type Type uint8

// The types of a row.
const (
	File Type = iota
	Dir
	Link
	Other
)

// Precision says how exact the time of a [Row] is.
type Precision uint8

// The precisions of a time.
const (
	Second Precision = iota
	Minute
	Day
)

// Row is one entry of a directory.
type Row struct {
	Name      string // as the file system has it, unsafe to print
	Type      Type
	Size      int64 // -1 unknown
	Time      time.Time
	Precision Precision // of Time
	Mode      fs.FileMode
	HasMode   bool
	Owner     string
	Group     string
	Target    string // of a link
	Raw       string // a row that could not be read; then Name is empty
	Reason    string // why it could not be read, or may not be used
}

// Usable reports whether the row names something that can be worked on.
func (r Row) Usable() bool { return r.Name != "" && r.Reason == "" }

// suffix tells types apart without colour or icons.
func (r *Row) suffix() string {
	switch {
	case r.Type == Dir:
		return "/"
	case r.Type == Link:
		return "@"
	case r.HasMode && r.Type == File && r.Mode&0o111 != 0:
		return "*"
	}
	return ""
}

// item is a row with what the pane keeps about it.
type item struct {
	Row
	key   string // the name without case and in one form, for order and filter
	mark  bool
	holds string // what a directory holds, once it was added up
	sign  Sign
}
