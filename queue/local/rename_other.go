//go:build !linux && !windows

package local

import "os"

// renameNew moves from to to unless something is there.
func renameNew(d disk, from, to string) error { return linkNew(d, from, to) }

// renameBeside is renameNew within dir, which is open.
func renameBeside(d disk, _ *os.File, from, to string) error { return renameNew(d, from, to) }
