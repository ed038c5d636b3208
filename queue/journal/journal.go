package journal

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"portside/queue"
)

// Journal is a [queue.Store] in a directory.
type Journal struct {
	files files
	dir   disk
	lock  *os.File

	file   file // nil while there is none
	mark   mark
	size   int64 // of what is good
	loaded bool
	failed error // why nothing is written to file any more
	holes  bool  // frames were lost
	words  []string
	buf    []byte
}

var (
	_ queue.Store = (*Journal)(nil)
	_ queue.Holed = (*Journal)(nil)
)

var errNotLoaded = errors.New("the queue has not been read")

// Open takes a directory for this process, making it. A [BusyError] says that
// another has it; other errors say, too, why it is left alone.
func Open(dir string) (*Journal, error) { return openOn(disk(dir), disk(dir)) }

func openOn(dir disk, on files) (*Journal, error) {
	if err := dir.prepare(); err != nil {
		return nil, err
	}
	lock, err := dir.lock()
	if err != nil {
		return nil, err
	}
	j := &Journal{files: on, dir: dir, lock: lock}
	if err := j.look(); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// look opens the file, if there is one that is ours.
func (j *Journal) look() error {
	f, err := j.files.open(nameJournal, os.O_RDWR)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	j.file = f
	st, err := f.Stat()
	switch {
	case err != nil:
		return err
	case !st.Mode().IsRegular():
		return fmt.Errorf("%s is left alone: it is no file", j.dir.path(nameJournal))
	case !ours(st):
		return fmt.Errorf("%s is left alone: %w", j.dir.path(nameJournal), errOwner)
	}
	head, err := readHead(f, st.Size())
	if err != nil {
		return err
	}
	if j.mark, err = parseHead(head); err != nil && !errors.Is(err, errTorn) && !errors.Is(err, errHead) {
		return fmt.Errorf("%s is left alone: %w", j.dir.path(nameJournal), err)
	}
	return nil
}

func readHead(f file, size int64) ([]byte, error) {
	head := make([]byte, min(size, int64(headLen)))
	_, err := f.ReadAt(head, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return head, err
}

// Words says what was wrong with the file when it was loaded, "" nothing.
func (j *Journal) Words() string { return strings.Join(j.words, "; ") }

// Holes implements [queue.Holed].
func (j *Journal) Holes() bool { return j.holes }

// Size implements [queue.Store].
func (j *Journal) Size() int64 { return j.size }

// Append implements [queue.Store]. After an error nothing of the commit is
// there, and nothing more is taken before a Rewrite.
func (j *Journal) Append(commit []byte) error {
	switch {
	case !j.loaded:
		return errNotLoaded
	case j.failed != nil:
		return j.failed
	case len(commit) > maxFrame:
		return fmt.Errorf("a commit of %d bytes is too long", len(commit))
	}
	j.buf = appendFrame(j.buf[:0], j.mark, commit)
	n := int64(len(j.buf))
	_, err := j.file.WriteAt(j.buf, j.size)
	if cap(j.buf) > window {
		j.buf = nil
	}
	if err != nil {
		j.failed = errors.Join(err, j.file.Truncate(j.size))
		return err
	}
	j.size += n
	return nil
}

// Sync implements [queue.Store]. A system that failed to bring a file to the
// disk may say the next time that all is well: the file is not believed again.
func (j *Journal) Sync() error {
	switch {
	case !j.loaded:
		return errNotLoaded
	case j.failed != nil:
		return j.failed
	}
	j.failed = j.file.Sync()
	return j.failed
}

// Rewrite implements [queue.Store]: a new file takes the place of the old one
// once it is on the disk.
func (j *Journal) Rewrite(snapshot iter.Seq[[]byte]) error {
	if !j.loaded {
		return errNotLoaded
	}
	j.failed = j.rewrite(func(yield func([]byte, error) bool) {
		for commit := range snapshot {
			if !yield(commit, nil) {
				return
			}
		}
	})
	return j.failed
}

// rewrite puts a file with commits in the place of the one that is there,
// unless there is an error among them.
func (j *Journal) rewrite(commits iter.Seq2[[]byte, error]) error {
	var m mark
	_, _ = rand.Read(m[:]) // never fails
	size, err := j.writeNew(m, commits)
	if err != nil {
		return err
	}
	// Windows renames nothing that is open.
	if j.file != nil {
		_ = j.file.Close() // all that is in it is in the new one
		j.file = nil
	}
	if err := j.files.rename(nameNew, nameJournal); err != nil {
		return err
	}
	if j.file, err = j.files.open(nameJournal, os.O_RDWR); err != nil {
		j.file = nil
		return err
	}
	j.mark, j.size = m, size
	return j.files.syncDir()
}

// writeNew writes a whole file under its working name, and brings it to the
// disk.
func (j *Journal) writeNew(m mark, commits iter.Seq2[[]byte, error]) (size int64, err error) {
	f, err := j.files.open(nameNew, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return 0, err
	}
	w := bufio.NewWriterSize(io.NewOffsetWriter(f, 0), 64<<10)
	head := appendHead(nil, m)
	_, err = w.Write(head)
	size = int64(len(head))
	var frame []byte
	for commit, broken := range commits {
		if err = errors.Join(err, broken); err != nil {
			break
		}
		frame = appendFrame(frame[:0], m, commit)
		_, err = w.Write(frame)
		size += int64(len(frame))
	}
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if worse := f.Close(); err == nil {
		err = worse
	}
	return size, err
}

// Close implements [queue.Store].
func (j *Journal) Close() error {
	var err error
	if j.file != nil {
		err = j.file.Close()
	}
	j.file, j.loaded = nil, false
	if j.lock != nil {
		_ = j.lock.Truncate(0) // whom the next one that has to wait asks about
		err = errors.Join(err, j.lock.Close())
		j.lock = nil
	}
	return err
}
