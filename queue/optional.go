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
