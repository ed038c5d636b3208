// Package local is the local disk as a [queue.FS].
package local

// FS is the local disk.
type FS struct{}

// New returns the local disk.
func New() *FS { return &FS{} }
