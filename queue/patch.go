package queue

import "context"

// Patcher is an FS of a server that may let several sessions write one file at
// once, each from another place on.
type Patcher interface {
	// Patches reports whether that is known, and in a few words why it cannot be;
	// "" where it can. It does not block.
	Patches() (known bool, why string)
	// TryPatches finds it out for all sessions of the server, with the help of
	// another one, by a small file that it makes at path and leaves there. After an
	// error nothing is known.
	TryPatches(ctx context.Context, other FS, path string) error
	// Patch writes path from offset on and leaves what is there before and behind;
	// at 0 it makes the file anew. Close of the Sink says whether all of that is
	// there, and no more.
	Patch(ctx context.Context, path string, offset int64) (Sink, error)
	// Finish returns a Sink for a file that is written already: its Close carries
	// out the Commit.
	Finish(ctx context.Context, path string, c Commit) (Sink, error)
}
