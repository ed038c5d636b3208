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
	scoreRows = 20 // rows that choose the dialect
	keepRow   = 256
)

// ErrTooLong says that a listing has more rows than anybody could use.
var ErrTooLong = errors.New("the listing has more than five million rows")

// Dialect is a way to write a listing.
type Dialect uint8

// The dialects.
const (
	MLSD Dialect = iota // facts (RFC 3659)
	Unix                // like ls -l
	DOS                 // like dir
	dialects
)

// Options say what is known about a listing beforehand.
type Options struct {
	Now  time.Time // completes dates without a year
	Hint Dialect   // wins where the rows fit several dialects
}

// verdict says what a row turned out to be.
type verdict uint8

const (
	badRow   verdict = iota
	goodRow          // an entry
	emptyRow         // nothing: a blank line, a total, the directory itself
)

// row reads one row in a dialect.
func (d Dialect) row(line string, now time.Time) (Entry, verdict) {
	switch d {
	case MLSD:
		return mlsdRow(line)
	case Unix:
		return unixRow(line, now)
	default:
		return dosRow(line)
	}
}

// Read yields the entries of a listing while it is read, without "." and "..".
// An error of r, or too many rows, ends it.
func Read(r io.Reader, o Options) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		rd := reader{rows: bufio.NewReaderSize(r, maxRow), now: o.Now, seed: maphash.MakeSeed(), seen: make(map[uint64]struct{})}
		err := rd.run(o.Hint, yield)
		if err != nil && err != errStopped {
			yield(Entry{Size: -1}, err)
		}
	}
}

var errStopped = errors.New("the caller wants no more")

// reader is one listing being read.
type reader struct {
	rows  *bufio.Reader
	now   time.Time
	count int
	seed  maphash.Seed
	seen  map[uint64]struct{} // hashes of the names that came
}

// run chooses the dialect on the first rows and keeps it.
func (rd *reader) run(hint Dialect, yield func(Entry, error) bool) error {
	var first []string
	var err error
	for len(first) < scoreRows && err == nil {
		var line string
		if line, err = rd.line(); err == nil {
			first = append(first, line)
		}
	}
	dialect := choose(first, hint, rd.now)
	for _, line := range first {
		if !rd.emit(dialect, line, yield) {
			return errStopped
		}
	}
	for err == nil {
		var line string
		if line, err = rd.line(); err == nil && !rd.emit(dialect, line, yield) {
			return errStopped
		}
	}
	if err == io.EOF {
		return nil
	}
	return err
}

// choose returns the dialect that reads most of the rows.
func choose(rows []string, hint Dialect, now time.Time) Dialect {
	best, most := hint, -1
	for i := range dialects {
		d := (hint + i) % dialects
		score := 0
		for _, line := range rows {
			if _, v := d.row(line, now); v == goodRow {
				score++
			}
		}
		if score > most {
			best, most = d, score
		}
	}
	return best
}

// line returns the next row without its end. What is too long is cut, and the
// rest skipped.
func (rd *reader) line() (string, error) {
	if rd.count++; rd.count > maxRows {
		return "", ErrTooLong
	}
	b, err := rd.rows.ReadSlice('\n')
	if err == nil || err == io.EOF && len(b) > 0 {
		return string(bytes.TrimRight(bytes.TrimSuffix(b, []byte{'\n'}), "\r")), nil
	}
	if err != bufio.ErrBufferFull {
		return "", err
	}
	cut := string(b[:keepRow]) + tooLong
	for err == bufio.ErrBufferFull {
		_, err = rd.rows.ReadSlice('\n')
	}
	if err == io.EOF {
		err = nil
	}
	return cut, err
}

// tooLong marks a row that was cut. No dialect reads a row with a zero byte.
const tooLong = "\x00"

// emit yields what a row says. It returns false when the caller wants no more.
func (rd *reader) emit(d Dialect, line string, yield func(Entry, error) bool) bool {
	if line == "" {
		return true
	}
	if line[len(line)-1:] == tooLong {
		return yield(bad(line[:len(line)-1], "the row is too long"), nil)
	}
	e, v := d.row(line, rd.now)
	switch v {
	case emptyRow:
		return true
	case badRow:
		return yield(bad(line, "the row could not be read"), nil)
	}
	if e.Name == "." || e.Name == ".." {
		return true
	}
	if reason := unsafeName(e.Name); reason != "" {
		return yield(bad(line, reason), nil)
	}
	key := maphash.String(rd.seed, e.Name)
	if _, twice := rd.seen[key]; twice {
		return yield(bad(line, "the name stands here twice"), nil)
	}
	rd.seen[key] = struct{}{}
	return yield(e, nil)
}

// unsafeName says why name is not one path component.
func unsafeName(name string) string {
	if name == "" {
		return "the name is empty"
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
