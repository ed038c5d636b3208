package queue

import "context"

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
