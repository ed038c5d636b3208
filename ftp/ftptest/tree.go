package ftptest

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Tree is a file tree in memory. All methods may be called from any goroutine.
// Paths are absolute and slash-separated. Names may hold any bytes but '/'.
type Tree struct {
	mu      sync.Mutex
	root    *node
	discard int64 // uploads beyond this size are only counted; 0 = never
	now     func() time.Time
}

// node is a file, a directory or a link. The tree's mutex guards it.
type node struct {
	name  string
	mode  fs.FileMode // type and permission bits
	mtime time.Time
	owner string
	kids  map[string]*node // of a directory
	link  string           // target of a link
	file  content          // of a file
	lock  chan struct{}    // of the upload that holds it; see ScatterLocks
}

// NewTree returns a tree that holds only its root directory.
func NewTree() *Tree {
	t := &Tree{now: time.Now}
	t.root = t.newDir("/")
	return t
}

func (t *Tree) newDir(name string) *node {
	return &node{name: name, mode: fs.ModeDir | 0o755, mtime: t.now(), owner: "demo", kids: map[string]*node{}}
}

// clean makes p absolute without "." and "..".
func clean(p string) string { return path.Clean("/" + p) }

// walk returns the node at p; links are followed, the last one only if follow
// is set. The mutex is held.
func (t *Tree) walk(p string, follow bool) (*node, error) {
	return t.walkDepth(p, follow, 0)
}

func (t *Tree) walkDepth(p string, follow bool, depth int) (*node, error) {
	if depth > 40 {
		return nil, syscall.ELOOP
	}
	n, at := t.root, "/"
	rest := strings.Trim(clean(p), "/")
	for rest != "" {
		var name string
		name, rest, _ = strings.Cut(rest, "/")
		if n.kids == nil {
			return nil, syscall.ENOTDIR
		}
		kid := n.kids[name]
		if kid == nil {
			return nil, fs.ErrNotExist
		}
		if kid.link != "" && (rest != "" || follow) {
			target := kid.link
			if !strings.HasPrefix(target, "/") {
				target = path.Join(at, target)
			}
			return t.walkDepth(path.Join(target, rest), follow, depth+1)
		}
		n, at = kid, path.Join(at, name)
	}
	return n, nil
}

// parent returns the directory that holds p, and p's last name.
func (t *Tree) parent(p string) (*node, string, error) {
	dir, name := path.Split(clean(p))
	if name == "" {
		return nil, "", fs.ErrExist
	}
	n, err := t.walk(dir, true)
	if err == nil && n.kids == nil {
		err = syscall.ENOTDIR
	}
	return n, name, err
}

// must panics when a test builds an impossible tree.
func must(op, p string, err error) {
	if err != nil {
		panic(fmt.Sprintf("ftptest: %s %q: %v", op, p, err))
	}
}

// mkdirAll makes p and what is missing above it.
func (t *Tree) mkdirAll(p string) *node {
	n := t.root
	for name := range strings.SplitSeq(strings.Trim(clean(p), "/"), "/") {
		if name == "" {
			continue
		}
		kid := n.kids[name]
		if kid == nil {
			kid = t.newDir(name)
			n.kids[name] = kid
		}
		if kid.kids == nil {
			must("mkdir", p, syscall.ENOTDIR)
		}
		n = kid
	}
	return n
}

// put places a node of a test at p, with the directories above it.
func (t *Tree) put(p string, n *node) {
	dir, name := path.Split(clean(p))
	if name == "" {
		must("write", p, syscall.EISDIR)
	}
	n.name, n.owner = name, "demo"
	if n.mtime.IsZero() {
		n.mtime = t.now()
	}
	t.mkdirAll(dir).kids[name] = n
}

// Mkdir makes a directory and what is missing above it.
func (t *Tree) Mkdir(p string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mkdirAll(p)
}

// WriteFile makes a file, and the directories above it. A zero mtime is now.
func (t *Tree) WriteFile(p string, data []byte, mtime time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.put(p, &node{mode: 0o644, mtime: mtime, file: content{tail: slices.Clone(data)}})
}

// AddGenerated makes a file whose content is computed from seed when it is
// read: any size costs no memory. Seed 0 makes zeros.
func (t *Tree) AddGenerated(p string, size int64, seed uint64, mtime time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.put(p, &node{mode: 0o644, mtime: mtime, file: content{base: newGenerated(size, seed), baseLen: size}})
}

// Link makes a symbolic link to target, absolute or relative to the link.
func (t *Tree) Link(p, target string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.put(p, &node{mode: fs.ModeSymlink | 0o777, link: target})
}

// Chmod sets permission bits. A directory without 0200 takes no new names and
// gives none up; a file without 0400 is not read, without 0200 not written.
func (t *Tree) Chmod(p string, mode fs.FileMode) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, err := t.walk(p, true)
	must("chmod", p, err)
	n.mode = n.mode.Type() | mode.Perm()
}

// Chtimes sets a modification time.
func (t *Tree) Chtimes(p string, mtime time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, err := t.walk(p, true)
	must("chtimes", p, err)
	n.mtime = mtime
}

// Discard makes uploads keep only their length and checksum once they are
// longer than over bytes; such a file cannot be read. 0 keeps all.
func (t *Tree) Discard(over int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.discard = over
}

// ReadFile returns the content of a file.
func (t *Tree) ReadFile(p string) ([]byte, error) {
	c, err := t.open(p)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: p, Err: err}
	}
	data := make([]byte, c.size())
	if _, err := c.ReadAt(data, 0); err != nil && err != io.EOF {
		return nil, &fs.PathError{Op: "read", Path: p, Err: err}
	}
	return data, nil
}

// Sum returns the length and the CRC-32C of a file, discarded or not.
func (t *Tree) Sum(p string) (size int64, crc uint32, err error) {
	c, err := t.open(p)
	if err != nil {
		return 0, 0, &fs.PathError{Op: "sum", Path: p, Err: err}
	}
	return c.size(), c.sum(), nil
}

// open returns a snapshot of the content of a file.
func (t *Tree) open(p string) (content, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, err := t.walk(p, true)
	switch {
	case err != nil:
		return content{}, err
	case n.kids != nil:
		return content{}, syscall.EISDIR
	case n.mode&0o400 == 0:
		return content{}, fs.ErrPermission
	}
	return n.file, nil
}

// Exists reports whether something is at p; a link counts by itself.
func (t *Tree) Exists(p string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, err := t.walk(p, false)
	return err == nil
}

// Stat returns what is known of p, links not followed.
func (t *Tree) Stat(p string) (fs.FileInfo, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, err := t.walk(p, false)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: p, Err: err}
	}
	return n.info(), nil
}

// Remove removes p and everything below it; a missing p is fine.
func (t *Tree) Remove(p string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if dir, name, err := t.parent(p); err == nil {
		delete(dir.kids, name)
	}
}

// Walk calls f for everything in the tree but the root, parents first, in the
// order of names. f must not change the tree.
func (t *Tree) Walk(f func(path string, info fs.FileInfo)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.root.each("/", f)
}

func (n *node) each(at string, f func(string, fs.FileInfo)) {
	for _, name := range slices.Sorted(maps.Keys(n.kids)) {
		kid, p := n.kids[name], path.Join(at, name)
		f(p, kid.info())
		kid.each(p, f)
	}
}
