package listing

import (
	"bufio"
	"bytes"
	"errors"
	"hash/maphash"
	"io"
	"iter"
	"time"
)

// Limits on what a server may send.
const (
	maxRow    = 64 << 10
	maxRows   = 5_000_000
	maxName   = 4 << 10
	scoreRows = 20 // rows that choose the dialect
	keepRow   = 256
)

// ErrTooLong says that a listing has more rows than anybody could use.
var ErrTooLong = errors.New("the listing has more than five million rows")

// Options say what is known about a listing beforehand.
type Options struct {
	Now  time.Time // completes dates without a year
	Hint Dialect   // wins where the rows fit several dialects
}

// Read yields the entries of a listing while it is read, without "." and "..".
// An error of r, or too many rows, ends it.
func Read(r io.Reader, o Options) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		rd := newReader(r, o.Now)
		err := rd.run(o.Hint, yield)
		if err != nil && err != errStopped {
			yield(Entry{Size: -1}, err)
		}
	}
}

var errStopped = errors.New("the caller wants no more")

// reader is one listing being read.
type reader struct {
	rows *bufio.Reader
	join joiner
	left int // rows that may still come
	seed maphash.Seed
	seen map[uint64]struct{} // hashes of the names that came
}

// row is one row without its end.
type row struct {
	text string
	cut  bool // it was too long
}

func newReader(r io.Reader, now time.Time) *reader {
	return &reader{
		rows: bufio.NewReaderSize(r, maxRow),
		join: joiner{now: now},
		left: maxRows,
		seed: maphash.MakeSeed(),
		seen: make(map[uint64]struct{}),
	}
}

// run chooses the dialect on the first rows and keeps it.
func (rd *reader) run(hint Dialect, yield func(Entry, error) bool) error {
	var first []row
	var err error
	for len(first) < scoreRows && err == nil {
		var r row
		if r, err = rd.line(); err == nil {
			first = append(first, r)
		}
	}
	rd.join.dialect = choose(first, hint, rd.join.now)
	return rd.drain(first, err, yield)
}

// drain emits the first rows, and then the others up to the end.
func (rd *reader) drain(first []row, err error, yield func(Entry, error) bool) error {
	for _, r := range first {
		if !rd.emit(r, yield) {
			return errStopped
		}
	}
	for err == nil {
		var r row
		if r, err = rd.line(); err == nil && !rd.emit(r, yield) {
			return errStopped
		}
	}
	if held := rd.join.held; held != "" && !yield(bad(held, unread), nil) {
		return errStopped
	}
	if err == io.EOF {
		return nil
	}
	return err
}

// line returns the next row without its end. What is too long is cut, and the
// rest skipped.
func (rd *reader) line() (row, error) {
	b, err := rd.rows.ReadSlice('\n')
	if rd.left--; rd.left < 0 && len(b) > 0 {
		return row{}, ErrTooLong
	}
	if err == nil || err == io.EOF && len(b) > 0 {
		return row{text: string(bytes.TrimRight(bytes.TrimSuffix(b, []byte{'\n'}), "\r"))}, nil
	}
	if err != bufio.ErrBufferFull {
		return row{}, err
	}
	cut := row{text: string(b[:keepRow]), cut: true}
	for err == bufio.ErrBufferFull {
		_, err = rd.rows.ReadSlice('\n')
	}
	if err == io.EOF {
		err = nil
	}
	return cut, err
}

// unread is the reason of most bad rows.
const unread = "the row could not be read"

// emit yields what a row says. It returns false when the caller wants no more.
func (rd *reader) emit(r row, yield func(Entry, error) bool) bool {
	if r.text == "" {
		return true
	}
	if r.cut {
		return yield(bad(r.text, "the row is too long"), nil)
	}
	e, v, lost := rd.join.next(r.text)
	if lost != "" && !yield(bad(lost, unread), nil) {
		return false
	}
	if v == badRow {
		return yield(bad(r.text, unread), nil)
	}
	if !v.entry() || e.Name == "." || e.Name == ".." {
		return true
	}
	if reason := unsafeName(e.Name); reason != "" {
		return yield(bad(r.text, reason), nil)
	}
	key := maphash.String(rd.seed, e.Name)
	if _, twice := rd.seen[key]; twice {
		return yield(bad(r.text, "the name stands here twice"), nil)
	}
	rd.seen[key] = struct{}{}
	return yield(e, nil)
}

// unsafeName says why name is not one path component.
func unsafeName(name string) string {
	if name == "" {
		return "the name is empty"
	}
	if len(name) > maxName {
		return "the name is too long"
	}
	for i := range len(name) {
		switch name[i] {
		case '/':
			return "the name is a path"
		case 0:
			return "the name holds a zero byte"
		}
	}
	return ""
}
