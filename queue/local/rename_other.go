//go:build !linux && !windows

package local

// renameNew moves from to to unless something is there.
func renameNew(d disk, from, to string) error { return linkNew(d, from, to) }
