package journal

import (
	"bytes"
	"errors"
	"io"
)

// window is how much of a file is read at once.
const window = 1 << 20

// scanner reads the frames of a file, and finds the next good one behind a bad
// one. It holds a window of the file, however long a frame is.
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

// next goes behind the frame at at and hands out its commit, a long one in parts;
// false when there is no good frame, and then nothing is handed out.
func (s *scanner) next(each func(part []byte, more bool) error) (bool, error) {
	head, err := s.hold(frameLen)
	if err != nil {
		return false, err
	}
	n, ok := frameSize(head, s.mark)
	if !ok || n > s.size-s.at {
		return false, nil
	}
	if n > window {
		return s.long(n-frameLen, frameSum(head), head[markLen:markLen+4], each)
	}
	frame, err := s.hold(n)
	if err != nil {
		return false, err
	}
	commit, ok := openFrame(frame)
	if !ok {
		return false, nil
	}
	s.at += n
	return true, each(commit, false)
}

// long is next for a frame that is longer than a window. It is read twice:
// nothing is handed out before all of it has proved to be good.
func (s *scanner) long(n int64, want uint32, length []byte, each func(part []byte, more bool) error) (bool, error) {
	here, got := s.at, sum(length, nil)
	err := s.parts(n, func(part []byte, _ bool) error {
		got = sumOn(got, part)
		return nil
	})
	if err != nil || got != want {
		s.at = here
		return false, err
	}
	s.at = here
	return true, s.parts(n, each)
}

// parts goes through the commit of n bytes of the frame at at, and behind it.
func (s *scanner) parts(n int64, each func(part []byte, more bool) error) error {
	for s.at += frameLen; n > 0; {
		part, err := s.hold(min(n, window))
		if err != nil {
			return err
		}
		s.at += int64(len(part))
		if n -= int64(len(part)); len(part) == 0 {
			return io.ErrUnexpectedEOF
		}
		if err := each(part, n > 0); err != nil {
			return err
		}
	}
	return nil
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
		if ok, err := s.next(nowhere); ok || err != nil {
			s.at = here
			return ok, err
		}
		s.at++
	}
	return false, nil
}

// nowhere takes what is only looked for.
func nowhere([]byte, bool) error { return nil }
