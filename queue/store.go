package queue

import "iter"

// Store is what a [Queue] asks of a disk, so that its jobs outlast the
// process. It knows nothing of jobs: what it keeps are commits, each there
// whole or not at all, in the order in which they were appended. It serves one
// caller at a time, and all of its methods may block on the disk.
type Store interface {
	// Load calls each with every commit, oldest first. A long one comes in parts,
	// and more says that another part follows. The bytes are each's until it
	// returns; an error of each ends it.
	Load(each func(part []byte, more bool) error) error
	// Append adds a commit: after that it outlasts the process.
	Append(commit []byte) error
	// Sync makes all that was appended outlast a power cut.
	Sync() error
	// Rewrite puts a snapshot in the place of all commits, at once.
	Rewrite(snapshot iter.Seq[[]byte]) error
	// Size returns the bytes that the commits take.
	Size() int64
	// Close gives the store to the next process.
	Close() error
}
