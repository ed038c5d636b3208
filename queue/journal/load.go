package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"
)

// mostKept is how many cut tails, or damaged files, are kept.
const mostKept = 100

// gap is a part of a file that holds no good frames.
type gap struct{ from, to int64 }

// Load implements [queue.Store]. What is not whole is dealt with here, before
// anything is written.
func (j *Journal) Load(each func(part []byte, more bool) error) error {
	if j.file == nil {
		return j.begin()
	}
	st, err := j.file.Stat()
	if err != nil {
		return err
	}
	if st.Size() == 0 {
		return j.begin() // made, and nothing was written
	}
	s := &scanner{file: j.file, size: st.Size()}
	gaps, err := j.read(s, each)
	switch {
	case err != nil:
		return err
	case len(gaps) == 0:
		j.size, j.loaded = st.Size(), true
	case len(gaps) == 1 && gaps[0].to == st.Size() && gaps[0].from >= int64(headLen):
		j.loaded = true
		j.cut(gaps[0])
	default:
		return j.rescue(s, gaps)
	}
	return nil
}

// begin makes a new file. Where that fails the queue goes on without.
func (j *Journal) begin() error {
	j.loaded = true
	j.failed = j.rewrite(none)
	return nil
}

func none(func([]byte, error) bool) {}

// read calls each for every good frame, and returns what is none.
func (j *Journal) read(s *scanner, each func(part []byte, more bool) error) ([]gap, error) {
	head, err := s.hold(int64(headLen))
	if err != nil {
		return nil, err
	}
	var gaps []gap
	m, err := parseHead(head)
	s.at = int64(len(head))
	if err != nil {
		gaps = append(gaps, gap{0, s.at})
		first, err := s.hold(markLen)
		if err != nil || len(first) < markLen {
			return []gap{{0, s.size}}, err // too little is left for a frame
		}
		m = mark(first) // the first frame knows it as well
	}
	s.mark = m
	for s.at < s.size {
		ok, err := s.next(each)
		if err != nil {
			return nil, err
		}
		if ok {
			continue
		}
		from := s.at
		if _, err := s.resync(); err != nil {
			return nil, err
		}
		gaps = append(gaps, gap{from, min(s.at, s.size)})
	}
	return gaps, nil
}

// cut takes off what a crash left of the last frame, and keeps it beside.
func (j *Journal) cut(tail gap) {
	j.size = tail.from
	name, err := j.keep(nameCut, tail)
	if err == nil {
		err = j.file.Truncate(tail.from)
	}
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		j.failed = err
		j.words = append(j.words, fmt.Sprintf("the end of the queue's journal is torn, and cannot be cut off: %v", err))
		return
	}
	j.words = append(j.words, fmt.Sprintf("the end of the queue's journal was torn: %d bytes are kept as %s", tail.to-tail.from, j.dir.path(name)))
}

// rescue keeps a damaged file under another name, and puts one with its good
// frames in its place.
func (j *Journal) rescue(s *scanner, gaps []gap) error {
	bad := int64(0)
	for _, g := range gaps {
		bad += g.to - g.from
	}
	name, err := j.keep(nameDamaged, gap{0, s.size})
	if err == nil {
		again := &scanner{file: j.file, size: s.size, mark: s.mark}
		err = j.rewrite(again.around(gaps))
	}
	if err != nil {
		return fmt.Errorf("%s is damaged, and is left alone: %w", j.dir.path(nameJournal), err)
	}
	j.loaded, j.holes = true, true
	j.words = append(j.words, fmt.Sprintf("the queue's journal was damaged, %d bytes could not be read: it is kept as %s", bad, j.dir.path(name)))
	return nil
}

// around yields the frames between gaps.
func (s *scanner) around(gaps []gap) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		s.at = int64(headLen)
		for s.at < s.size {
			if i := slices.IndexFunc(gaps, func(g gap) bool { return g.from <= s.at && s.at < g.to }); i >= 0 {
				s.at = gaps[i].to
				continue
			}
			var commit []byte
			ok, err := s.next(func(part []byte, _ bool) error {
				commit = append(commit, part...)
				return nil
			})
			if err == nil && !ok {
				err = io.ErrUnexpectedEOF // it was good a moment ago
			}
			if !yield(commit, err) || err != nil {
				return
			}
		}
	}
}

// keep copies a part of the file to one of a name that is free.
func (j *Journal) keep(name string, part gap) (string, error) {
	for i := 1; i <= mostKept; i++ {
		numbered := fmt.Sprintf("%s-%d", name, i)
		f, err := j.files.open(numbered, os.O_RDWR|os.O_CREATE|os.O_EXCL)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = io.Copy(io.NewOffsetWriter(f, 0), io.NewSectionReader(j.file, part.from, part.to-part.from))
		if err == nil {
			err = f.Sync()
		}
		if worse := f.Close(); err == nil {
			err = worse
		}
		return numbered, err
	}
	return "", fmt.Errorf("there are %d files like %s already; remove those that nobody needs", mostKept, j.dir.path(name))
}
