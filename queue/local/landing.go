package local

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// syncers is how many files of a group are brought to the disk at once.
const syncers = 4

// landings brings files to the disk in groups. A file alone is seen to at
// once. Those that come meanwhile wait together and are the next group: the
// disk then writes one journal for all of them, and each directory once.
type landings struct {
	sync    func(*os.File) error // of a file's bytes
	syncDir func(*os.File) error // of the names in a directory

	mu    sync.Mutex
	next  []*landing
	going bool // somebody sees to a group
}

func newLandings() *landings { return &landings{sync: syncData, syncDir: syncDir} }

// landing is a file whose bytes are all written.
type landing struct {
	s    *sink
	err  error
	turn chan bool // receives once: true, see to the group; false, all is done
}

// land brings a file to the disk, gives it its final name, and returns once
// both would outlast a power cut.
func (l *landings) land(s *sink) error {
	me := &landing{s: s, turn: make(chan bool, 1)}
	l.mu.Lock()
	l.next = append(l.next, me)
	lead := !l.going
	l.going = true
	l.mu.Unlock()
	if lead || <-me.turn {
		l.see(me)
	}
	return me.err
}

// see sees to all that wait, hands on to the first of those that came
// meanwhile, and lets the group go.
func (l *landings) see(me *landing) {
	l.mu.Lock()
	group := l.next
	l.next = nil
	l.mu.Unlock()
	whole := false
	defer func() {
		for _, o := range group {
			if !whole && o.err == nil {
				o.err = errLeft // a fault; whoever called us says which
			}
		}
		l.mu.Lock()
		if l.going = len(l.next) > 0; l.going {
			l.next[0].turn <- true
		}
		l.mu.Unlock()
		for _, o := range group {
			if o != me {
				o.turn <- false
			}
		}
	}()
	down(group)
	for _, b := range berths(group) {
		b.name()
	}
	whole = true
}

var errLeft = errors.New("the disk was not waited for")

// down brings the bytes of a group to the disk.
func down(group []*landing) {
	if len(group) == 1 {
		group[0].err = group[0].s.down()
		return
	}
	for _, l := range group {
		startWriting(l.s.f, 0, 0)
	}
	work := make(chan *landing, len(group))
	for _, l := range group {
		work <- l
	}
	close(work)
	var wg sync.WaitGroup
	for range min(syncers, len(group)) {
		// Ends with the group's files; awaited below.
		wg.Go(func() {
			for l := range work {
				l.err = l.s.down()
			}
		})
	}
	wg.Wait()
}

// down brings the file's bytes to the disk and closes it. What the disk did
// not take is not to be trusted in any part: a second call would say that all
// is well.
func (s *sink) down() error {
	err := s.fs.landings.sync(s.f)
	if err != nil && !unsupported(err) {
		_ = s.f.Truncate(0) // the error before matters
		_ = s.f.Close()
		return explain("write", s.path, err)
	}
	// Some systems tell only at the end that bytes did not reach the disk.
	if err := s.f.Close(); err != nil {
		return explain("close", s.path, err)
	}
	return s.stampClosed()
}

// berth is a directory and the files of a group that get their names there.
type berth struct {
	fs    *FS
	dir   string // as fs names it
	files []*landing
}

// berths sorts a group by directory, leaving out what failed.
func berths(group []*landing) []*berth {
	type key struct{ root, dir string }
	at := map[key]*berth{}
	var out []*berth
	for _, l := range group {
		if l.err != nil {
			continue
		}
		k := key{l.s.fs.dir, filepath.Dir(l.s.name)}
		if at[k] == nil {
			at[k] = &berth{fs: l.s.fs, dir: k.dir}
			out = append(out, at[k])
		}
		at[k].files = append(at[k].files, l)
	}
	return out
}

// name gives the files their final names and brings those to the disk.
func (b *berth) name() {
	d, err := b.fs.disk.Open(b.dir)
	if err != nil {
		for _, l := range b.files {
			l.err = explain("rename", l.s.path, err)
		}
		return
	}
	defer d.Close()
	named := b.files[:0]
	for _, l := range b.files {
		if l.s.c.Final != "" {
			l.err = l.s.commit(d)
		}
		if l.err == nil {
			named = append(named, l)
		}
	}
	if len(named) == 0 {
		return
	}
	if err := b.fs.landings.syncDir(d); err != nil && !mute(err) {
		for _, l := range named {
			l.err = explain("rename", l.s.path, err)
		}
	}
}

// mute reports that a directory cannot be brought to the disk here at all.
func mute(err error) bool {
	return unsupported(err) || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EBADF)
}
