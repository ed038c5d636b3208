package queue

import (
	"context"
	"io"
	"io/fs"
	"iter"
	"time"
)

// Local is the address of this machine's own disk.
const Local = "local"

// Type is the kind of file an [Entry] names.
type Type uint8

// The types of an entry.
const (
	File Type = iota
	Dir
	Link
	Other // a device, a socket, a pipe: shown, never transferred
)

// String returns the name that `ls --json` prints.
func (t Type) String() string {
	switch t {
	case File:
		return "file"
	case Dir:
		return "dir"
	case Link:
		return "link"
	default:
		return "other"
	}
}

// Precision says how exact the time of an [Entry] is.
type Precision uint8

// The precisions of a time.
const (
	Second Precision = iota
	Minute
	Day
)

// String returns the name that `ls --json` prints.
func (p Precision) String() string {
	switch p {
	case Second:
		return "second"
	case Minute:
		return "minute"
	default:
		return "day"
	}
}

// Entry is one row of a directory.
type Entry struct {
	Name      string    // one path component, in the file system's own bytes
	Type      Type      //
	Size      int64     // bytes; -1 when unknown
	Time      time.Time // UTC; zero when unknown
	Precision Precision // of Time
	Mode      fs.FileMode
	HasMode   bool   // whether Mode (permission bits) is known
	Owner     string // "" when unknown
	Group     string // "" when unknown
	Target    string // what a link points to, "" when unknown
	Raw       string // a row that could not be read; then Name is empty
	Reason    string // why Raw could not be read, or why Name is never used as a path
}

// Info is what a face shows about a session.
type Info struct {
	Address  string // the queue's name for the endpoint: Local, or a URL without secrets
	Name     string // a short label: "demo@example.com"
	Home     string // the directory that the session starts in, absolute
	Security string // "TLS 1.3", "TLS 1.2", "PLAIN"; "" for the local disk
}

// FS is what the queue and the panes ask of a file system: one session at one
// place. It serves one operation at a time, and a stream that Open or Create
// returned is part of its operation until it is closed. Paths are absolute and
// come from Info().Home, Join and Parent. Errors are *fs.PathError (matching
// fs.ErrNotExist, fs.ErrExist, fs.ErrPermission where the file system tells)
// or carry a *[Failure].
type FS interface {
	// Info returns what is known since the session was opened.
	Info() Info
	// List yields the entries of dir as they arrive, without "." and "..";
	// unreadable rows are entries with Raw set. An error ends it.
	List(ctx context.Context, dir string) iter.Seq2[Entry, error]
	// Stat returns the entry at path; a link is followed where that is known.
	Stat(ctx context.Context, path string) (Entry, error)
	// Open reads path from offset (bytes) on. The stream may be an
	// io.WriterTo; its Close before the end aborts and may break the session,
	// at the end it gives the verdict.
	Open(ctx context.Context, path string, offset int64) (io.ReadCloser, error)
	// Create writes path from offset on: 0 makes it anew or truncates it,
	// more appends to what is there. The Sink may be an io.ReaderFrom.
	Create(ctx context.Context, path string, offset int64, c Commit) (Sink, error)
	// Mkdir makes one directory; fs.ErrExist if something is there.
	Mkdir(ctx context.Context, path string) error
	// Remove removes a file or a link.
	Remove(ctx context.Context, path string) error
	// RemoveDir removes an empty directory.
	RemoveDir(ctx context.Context, path string) error
	// Rename moves a file or directory; it fails with fs.ErrExist when the
	// file system can tell that to exists.
	Rename(ctx context.Context, from, to string) error
	// Join returns the path of name in dir. It refuses (fs.ErrInvalid, with
	// words) a name that is not one safe component on this file system.
	Join(dir, name string) (string, error)
	// Parent returns the directory above path, or path itself at the top.
	Parent(path string) string
	// Alive reports, without a round trip, whether the session can serve
	// another operation.
	Alive() bool
	// Close ends the session.
	Close() error
}

// Commit says what closing a [Sink] has to do once all bytes are written.
type Commit struct {
	Final   string      // the path that the whole file takes; "" keeps the written one
	Replace bool        // whether Final may be replaced; else fs.ErrExist
	Size    int64       // bytes that the whole file must have; -1 not known
	Time    time.Time   // modification time to set; zero leaves it
	Mode    fs.FileMode // permission bits to set; 0 leaves them
	SumBy   string      // the algorithm of the checksum that Expect is going to bring; "" none
}

// Sink is a file being written.
type Sink interface {
	io.Writer
	// Close ends the file, waits for the verdict, checks the size and carries
	// out the Commit. After an error nothing stands under Commit.Final that
	// did not before.
	Close() error
	// Abort stops writing and keeps what is there under the written path.
	Abort() error
}

// Rooted is an FS that can hold itself under one directory: paths of the
// returned FS that would leave dir, also through links, are refused.
// Close of the returned FS frees what it holds, not the receiver.
type Rooted interface {
	Under(dir string) (FS, error)
}

// Dialer opens sessions at the endpoints that addresses name. It keeps what
// the user answered (password, trust) in memory, by address.
type Dialer interface {
	// Dial opens one session, logged in. Errors carry a *Failure.
	Dial(ctx context.Context, address string) (FS, error)
	// Answer takes what the user said to a question of Dial.
	Answer(address string, a Answer) error
}
