package local

import (
	"runtime"
	"strings"

	"golang.org/x/text/unicode/norm"

	"portside/queue"
)

var _ queue.Folder = (*FS)(nil)

// Fold implements [queue.Folder] for the usual disks of the system.
func (f *FS) Fold(name string) string { return foldOn(runtime.GOOS, name) }

// foldOn is Fold for a system: its usual disks do not tell upper from lower
// case, or one way to write an accent from another.
func foldOn(system, name string) string {
	switch system {
	case "windows":
		return strings.ToLower(name)
	case "darwin", "ios":
		return strings.ToLower(norm.NFC.String(name))
	}
	return name
}
