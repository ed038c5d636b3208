package ftptest

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"syscall"
	"time"
)

// The methods of this file are what the server asks of a tree: they check
// permission bits and return errors that [reason] words.

func (n *node) writable() error {
	if n.mode&0o200 == 0 {
		return fs.ErrPermission
	}
	return nil
}

// dirFor returns the writable directory that holds p.
func (t *Tree) dirFor(p string) (*node, string, error) {
	dir, name, err := t.parent(p)
	if err == nil {
		err = dir.writable()
	}
	return dir, name, err
}

// stat returns the facts of p, links followed when asked.
func (t *Tree) stat(p string, follow bool) (fileInfo, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, err := t.walk(p, follow)
	if err != nil {
		return fileInfo{}, err
	}
	return n.info(), nil
}

// list returns the facts of what is in dir, in the order of names.
func (t *Tree) list(dir string) ([]fileInfo, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, err := t.walk(dir, true)
	switch {
	case err != nil:
		return nil, err
	case n.kids == nil:
		return nil, syscall.ENOTDIR
	case n.mode&0o400 == 0:
		return nil, fs.ErrPermission
	}
	infos := make([]fileInfo, 0, len(n.kids))
	for _, name := range slices.Sorted(maps.Keys(n.kids)) {
		infos = append(infos, n.kids[name].info())
	}
	return infos, nil
}

// mkdir makes one directory.
func (t *Tree) mkdir(p string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, err := t.walk(p, false); err == nil {
		return fs.ErrExist
	}
	dir, name, err := t.dirFor(p)
	if err != nil {
		return err
	}
	dir.kids[name] = t.newDir(name)
	dir.mtime = t.now()
	return nil
}

// remove removes a file or link, or an empty directory.
func (t *Tree) remove(p string, isDir bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, err := t.walk(p, false)
	if err != nil {
		return err
	}
	dir, name, err := t.dirFor(p)
	switch {
	case err != nil:
		return err
	case isDir && n.kids == nil:
		return syscall.ENOTDIR
	case isDir && len(n.kids) > 0:
		return syscall.ENOTEMPTY
	case !isDir && n.kids != nil:
		return syscall.EISDIR
	}
	delete(dir.kids, name)
	dir.mtime = t.now()
	return nil
}

// rename moves from to to; a file in the way is replaced if replace is set.
func (t *Tree) rename(from, to string, replace bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, err := t.walk(from, false)
	if err != nil {
		return err
	}
	oldDir, oldName, err := t.dirFor(from)
	if err != nil {
		return err
	}
	newDir, newName, err := t.dirFor(to)
	if err != nil {
		return err
	}
	if inside(clean(to), clean(from)) && clean(to) != clean(from) {
		return syscall.EINVAL
	}
	if there := newDir.kids[newName]; there != nil && there != n {
		if !replace || there.kids != nil || n.kids != nil {
			return fs.ErrExist
		}
	}
	delete(oldDir.kids, oldName)
	n.name = newName
	newDir.kids[newName] = n
	return nil
}

// inside reports whether p is dir or below it.
func inside(p, dir string) bool {
	for ; p != "/"; p = path.Dir(p) {
		if p == dir {
			return true
		}
	}
	return dir == "/"
}

// change sets permission bits or a time of an existing file.
func (t *Tree) change(p string, f func(*node)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, err := t.walk(p, true)
	if err == nil {
		f(n)
	}
	return err
}

// upload is a file that is being written.
type upload struct {
	tree *Tree
	node *node
}

// create opens p for writing from offset on; -1 is its end.
func (t *Tree) create(p string, offset int64) (*upload, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, err := t.walk(p, true)
	if errors.Is(err, fs.ErrNotExist) {
		dir, name, err := t.dirFor(p)
		if err != nil {
			return nil, err
		}
		n = &node{name: name, mode: 0o644, owner: "demo", mtime: t.now()}
		dir.kids[name] = n
	} else if err != nil {
		return nil, err
	}
	if n.kids != nil {
		return nil, syscall.EISDIR
	}
	if err := n.writable(); err != nil {
		return nil, err
	}
	if offset >= 0 {
		if err := n.file.truncate(offset); err != nil {
			return nil, err
		}
	}
	return &upload{tree: t, node: n}, nil
}

// append adds to the end of the file.
func (u *upload) append(p []byte) {
	u.tree.mu.Lock()
	defer u.tree.mu.Unlock()
	u.node.file.write(p, u.tree.discard)
	u.node.mtime = u.tree.now().Truncate(time.Second)
}
