package queuetest

import (
	"path"
	"strings"

	"portside/queue"
)

var _ queue.Folder = (*FS)(nil)

// Fold implements queue.Folder.
func (f *FS) Fold(name string) string {
	if f.disk.Fold {
		return strings.ToLower(name)
	}
	return name
}

// real is the path under which what p names stands, on a disk that does not
// tell upper from lower case.
func (d *Disk) real(p string) string {
	if !d.Fold {
		return p
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.found(p)
}

// found is real for who holds the mutex.
func (d *Disk) found(p string) string {
	if !d.Fold || d.nodes[p] != nil {
		return p
	}
	for k := range d.nodes {
		if strings.EqualFold(k, p) {
			return k
		}
	}
	return path.Join(d.found(path.Dir(p)), path.Base(p))
}

// landing is found for a path that may be "". The caller holds the mutex.
func (d *Disk) landing(p string) string {
	if p == "" {
		return ""
	}
	return d.found(p)
}
