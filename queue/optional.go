package queue

import (
	"context"
	"io"
	"time"
)

// Lstater is an FS that can look at a link itself.
type Lstater interface {
	// Lstat is Stat that does not follow a link at the end of path.
	Lstat(ctx context.Context, path string) (Entry, error)
}

// Samer is an FS that can tell that two paths lead to one file.
type Samer interface {
	SameFile(a, b string) bool
}

// Announcer is an FS that can begin a download while the one before it ends.
type Announcer interface {
	// Announce says that Open(path, 0) is likely to be called next, behind the
	// Open that is called now, of a small file.
	Announce(path string)
}

// Removal is one removal of a [Batch].
type Removal struct {
	Path string
	Dir  bool // as RemoveDir does it; else as Remove
}

// Batch is an FS that can carry out many removals in less time than one by one.
type Batch interface {
	// RemoveAll carries out removals in their order and calls each once for
	// every one, with its index and nil or the error that Remove or RemoveDir
	// would return; not always in order. each must not use the FS. An error of
	// its own is that of the session: removals that each was not called for
	// were carried out or not.
	RemoveAll(ctx context.Context, removals []Removal, each func(i int, err error)) error
}

// Noter is a stream of an FS that may have something to say about how it ended.
type Noter interface {
	// Note returns a few words for the job's row once Close returned nil, or "".
	Note() string
}

// Resizer is a Sink that can be told that the source was longer than it seemed.
type Resizer interface {
	// Resize replaces Commit.Size.
	Resize(size int64)
}

// Keeper is an FS whose idle sessions the other side ends after a while.
type Keeper interface {
	// KeepAlive says something that changes nothing. After an error the session
	// is over.
	KeepAlive(ctx context.Context) error
}

// Hasher is an FS that can compute checksums of its files where they are.
type Hasher interface {
	// SumBy returns the algorithm of the checksums that cost both sides the
	// least: "SHA-512", "SHA-256", "SHA-1", "MD5" or "CRC32" (big-endian); ""
	// where there are none. It does not block.
	SumBy() string
	// Sum returns the checksum of the whole file at path, which has size bytes.
	Sum(ctx context.Context, path, by string, size int64) ([]byte, error)
}

// Summed is a Sink of a [Hasher] that compares what has arrived with a checksum
// before it gives it its name.
type Summed interface {
	// Expect is called before Close, which then fails with a *[SumError] where
	// the checksum of the whole file is another, and, if it is required, with
	// any error where it is not told.
	Expect(by string, sum []byte, required bool)
	// Verified reports, once Close returned nil, that the checksum is the same.
	Verified() bool
}

// Divisible is an FS whose files may be read by several sessions at once, each
// from another place on.
type Divisible interface {
	// Divisible reports whether Open behind the start is known to work, and the
	// shortest time that an answer took; 0 where that is not known. It does not
	// block.
	Divisible() (trip time.Duration, ok bool)
}

// Scattered is a Sink that can be written at several places at once.
type Scattered interface {
	// At returns a writer with a place of its own, which is offset to begin with;
	// it may be an io.ReaderFrom. It is closed before the Sink is.
	At(offset int64) (io.WriteCloser, error)
	// Sync brings to the disk what was written.
	Sync() error
}

// Recorder is an FS that keeps small files of ours whole through a crash.
type Recorder interface {
	// ReadSmall returns a plain file of at most limit bytes; anything else is an
	// error.
	ReadSmall(ctx context.Context, path string, limit int) ([]byte, error)
	// WriteSmall puts a file in place of what is there. A crash leaves the old
	// or the new one, never a mixture: it is written under a name with a tilde
	// behind, brought to the disk, and renamed.
	WriteSmall(ctx context.Context, path string, data []byte) error
}

// Roomer is an FS that can tell how much may still be written.
type Roomer interface {
	// Room returns the bytes that are free for files below path.
	Room(ctx context.Context, path string) (int64, error)
}

// Grouper is a Dialer that can tell which addresses lead to one server.
type Grouper interface {
	// Server returns the same word for all addresses of one server, and never
	// blocks.
	Server(address string) string
}

// Folder is an FS that may take several names for one file.
type Folder interface {
	// Fold returns the same for all names that one file answers to.
	Fold(name string) string
}
