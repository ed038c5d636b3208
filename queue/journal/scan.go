package journal

import (
	"bytes"
	"errors"
	"io"
)

// window is how much of a file is read at once.
const window = 1 << 20

// scanner reads the frames of a file, and finds the next good one behind a bad
// one. It holds a window of the file, or one frame where that is longer.
type scanner struct {
	file io.ReaderAt
	size int64
	mark mark
	at   int64 // the next frame

	buf  []byte
	from int64 // what buf holds begins there
}

// hold returns up to n bytes from at on; fewer at the end of the file only.
func (s *scanner) hold(n int64) ([]byte, error) {
	n = min(n, s.size-s.at)
	if s.at < s.from || s.at+n > s.from+int64(len(s.buf)) {
		want := min(max(n, window), s.size-s.at)
		if int64(cap(s.buf)) < want {
			s.buf = make([]byte, want)
		}
		s.buf, s.from = s.buf[:want], s.at
		if got, err := s.file.ReadAt(s.buf, s.at); int64(got) < want {
			s.buf = s.buf[:0]
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
	b := s.buf[s.at-s.from:]
	return b[:n], nil
}

// next returns the commit of the frame at at and goes behind it; false when
// there is no good one. The commit is good until the next call.
func (s *scanner) next() ([]byte, bool, error) {
	head, err := s.hold(frameLen)
	if err != nil {
		return nil, false, err
	}
	n, ok := frameSize(head, s.mark)
	if !ok || n > s.size-s.at {
		return nil, false, nil
	}
	frame, err := s.hold(n)
	if err != nil {
		return nil, false, err
	}
	commit, ok := openFrame(frame)
	if ok {
		s.at += n
	}
	return commit, ok, nil
}

// resync goes to the next good frame behind at; false when there is none.
func (s *scanner) resync() (bool, error) {
	for s.at++; s.at < s.size; {
		b, err := s.hold(window)
		if err != nil {
			return false, err
		}
		i := bytes.Index(b, s.mark[:])
		if i < 0 {
			s.at += int64(max(len(b)-markLen+1, 1))
			continue
		}
		s.at += int64(i)
		here := s.at
		if _, ok, err := s.next(); ok || err != nil {
			s.at = here
			return ok, err
		}
		s.at++
	}
	return false, nil
}
