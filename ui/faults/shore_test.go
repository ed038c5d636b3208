//go:build unix

package faults

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"portside/ftp/ftptest"
)

// shore is one side's directory. Names are relative, with slashes.
type shore interface {
	mkdir(name string) error
	write(name string, data io.Reader, t time.Time) error
	// walk calls f for all files and directories, in no order.
	walk(f func(name string, size int64, t time.Time, dir bool)) error
	open(name string) (io.ReadCloser, error)
}

// disk is a directory of this machine's, perhaps of another owner.
type disk struct {
	root  string
	owner *syscall.Stat_t // nil: ours
}

func (d disk) own(p string) error {
	for ; d.owner != nil && len(p) >= len(d.root); p = filepath.Dir(p) {
		if err := os.Lchown(p, int(d.owner.Uid), int(d.owner.Gid)); err != nil {
			return err
		}
	}
	return nil
}

func (d disk) mkdir(name string) error {
	p := filepath.Join(d.root, name)
	if err := os.MkdirAll(p, 0o755); err != nil {
		return err
	}
	return d.own(p)
}

func (d disk) write(name string, data io.Reader, t time.Time) error {
	if err := d.mkdir(path.Dir(name)); err != nil {
		return err
	}
	p := filepath.Join(d.root, name)
	f, err := os.Create(p)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(f, data); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Chtimes(p, t, t); err != nil {
		return err
	}
	return d.own(p)
}

func (d disk) walk(f func(name string, size int64, t time.Time, dir bool)) error {
	return filepath.WalkDir(d.root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			if os.IsNotExist(err) {
				return nil // it was renamed or removed just now
			}
			return err
		}
		info, err := e.Info()
		if err != nil || p == d.root {
			return nil
		}
		name, err := filepath.Rel(d.root, p)
		f(filepath.ToSlash(name), info.Size(), info.ModTime(), e.IsDir())
		return err
	})
}

func (d disk) open(name string) (io.ReadCloser, error) { return os.Open(filepath.Join(d.root, name)) }

// memory is a directory of a server's in this process.
type memory struct {
	tree *ftptest.Tree
	root string
}

func (m memory) mkdir(name string) error {
	m.tree.Mkdir(path.Join(m.root, name))
	return nil
}

func (m memory) write(name string, data io.Reader, t time.Time) error {
	all, err := io.ReadAll(data)
	if err == nil {
		m.tree.WriteFile(path.Join(m.root, name), all, t)
	}
	return err
}

func (m memory) walk(f func(name string, size int64, t time.Time, dir bool)) error {
	var all []func() // f may look at the tree, which Walk holds
	m.tree.Walk(func(p string, info fs.FileInfo) {
		if name, below := strings.CutPrefix(p, m.root+"/"); below {
			all = append(all, func() { f(name, info.Size(), info.ModTime(), info.IsDir()) })
		}
	})
	for _, tell := range all {
		tell()
	}
	return nil
}

func (m memory) open(name string) (io.ReadCloser, error) {
	all, err := m.tree.ReadFile(path.Join(m.root, name))
	return io.NopCloser(strings.NewReader(string(all))), err
}

// thing is a file or a directory as it has to be in the end.
type thing struct {
	size int64
	time time.Time
	sum  [sha256.Size]byte
	dir  bool
	far  bool // it was the server's to begin with
}

// cargo is what one side has to begin with.
type cargo struct {
	files   int   // small ones
	bigs    int   // big ones
	bigSize int64 // of each
}

// sow puts cargo below top, and into all what it is.
func (c cargo) sow(s shore, far bool, top string, seed uint64, all map[string]thing) error {
	rng := rand.New(rand.NewPCG(seed, 3))
	put := func(name string, size int64) error {
		var key [32]byte
		copy(key[:], fmt.Sprint(seed, name))
		sum := sha256.New()
		data := io.TeeReader(io.LimitReader(rand.NewChaCha8(key), size), sum)
		t := time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rng.Int64N(6*365*24*3600)) * time.Second)
		if err := s.write(name, data, t); err != nil {
			return err
		}
		all[name] = thing{size: size, time: t, sum: [32]byte(sum.Sum(nil)), far: far}
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			all[dir] = thing{dir: true, far: far}
		}
		return nil
	}
	for i := range c.files {
		if err := put(path.Join(top, place(i, rng), name(i, rng)), length(i, rng)); err != nil {
			return err
		}
	}
	for i := range c.bigs {
		if err := put(fmt.Sprintf("%s big %d.bin", top, i), c.bigSize+int64(rng.IntN(1000))); err != nil {
			return err
		}
	}
	all[top+"/nothing in here"] = thing{dir: true, far: far}
	return s.mkdir(top + "/nothing in here")
}

// place is the directory of the nth file: flat, or up to eight deep.
func place(n int, rng *rand.Rand) string {
	dirs := []string{"photos 2024", "src", "Übersicht", "a", "b", "c", "d", "end of the path"}
	return path.Join(dirs[:min(n/20%9, rng.IntN(9))]...)
}

// name is the name of the nth file.
func name(n int, rng *rand.Rand) string {
	forms := []string{"%d.txt", "file %d with spaces.dat", "größe-%d.csv", "-%d", ".hidden%d", "#%d;x", "it's %d (copy).md", "日本-%d.png", "%d.tar.gz"}
	return fmt.Sprintf(forms[rng.IntN(len(forms))], n)
}

// length is the size of the nth file.
func length(n int, rng *rand.Rand) int64 {
	switch n % 25 {
	case 0:
		return 0
	case 1:
		return 1 << 16
	case 2:
		return 1<<20 + rng.Int64N(1<<20)
	default:
		return rng.Int64N(20_000)
	}
}
