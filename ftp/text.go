package ftp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
)

// Text (TYPE A) goes with CR and LF behind each line, whatever ends a line at
// its two ends (RFC 959 §3.1.1.1). So the number of its bytes is one thing on
// the server, another on the way and a third here: nothing is counted from an
// offset, and no size or checksum is compared. What a server says of the end of
// the data has to do. Servers that take TYPE A and send files as they are
// (vsftpd does unless told otherwise) do no harm: a line that ends with LF alone
// stays as it is, and so does a CR that no LF follows.

// The types of data, as TYPE names them.
const (
	typeBytes = "I"
	typeText  = "A"
)

// binary makes the server send and count bytes as they are.
func (c *Conn) binary(ctx context.Context) error { return c.sendType(ctx, typeBytes) }

// mostly is the type that the files of the session go by.
func (c *Conn) mostly() string {
	if c.cfg.Text {
		return typeText
	}
	return typeBytes
}

// ownLineEnd says that files of this machine end their lines as the wire does.
const ownLineEnd = runtime.GOOS == "windows"

// errMidway says that a transfer of text cannot begin behind its start.
var errMidway = &kindError{kind: errors.ErrUnsupported, cause: errors.New("a text whose line ends change on the way cannot be continued in the middle")}

// translation changes the line ends of one transfer.
type translation struct {
	own   bool    // both ends write line ends as the wire has them
	held  bool    // the last byte that came was a CR: the next tells what it is
	ended bool    // the data has, and what was held is out
	rest  []byte  // of small, not yet read
	small [2]byte // for readers of single bytes
	local int64   // bytes that came, as they are here
	last  byte    // that was sent
	lines int64   // that were sent
	out   []byte  // what goes to the server next
}

// asText reports whether a transfer by verb changes line ends.
func (c *Conn) asText(verb string) bool {
	return c.cfg.Text && (verb == "RETR" || verb == "STOR")
}

// translate makes a transfer of text change its line ends.
func (t *transfer) translate() {
	if !t.c.asText(t.verb) {
		return
	}
	t.translation = &translation{own: ownLineEnd}
	if t.up() {
		if t.c.textBuf == nil {
			t.c.textBuf = make([]byte, writeChunk)
		}
		t.translation.out = t.c.textBuf
	}
}

// fromStart fails where a transfer of text is to begin behind its start.
func (c *Conn) fromStart(offset int64) error {
	if c.cfg.Text && offset > 0 {
		return errMidway
	}
	return nil
}

// chooseType says what a transfer by verb is of. Listings do not care.
func (c *Conn) chooseType(ctx context.Context, verb string) error {
	switch {
	case c.asText(verb):
		return c.sendType(ctx, typeText)
	case c.cfg.Text && c.kind != "":
		return nil
	}
	return c.binary(ctx)
}

// sendType says how bytes go from now on, when that changes. That text is
// refused is an error; bytes as they are is all that a server has which refuses
// those.
func (c *Conn) sendType(ctx context.Context, kind string) error {
	if c.kind == kind {
		return nil
	}
	if _, err := c.cmd(ctx, "TYPE", kind, 2); err != nil && (kind == typeText || fatal(err)) {
		return err
	}
	c.kind = kind
	return nil
}

// read fills p with local text; more reads what came.
func (x *translation) read(p []byte, more func(p []byte) (int, error)) (n int, err error) {
	for n == 0 && err == nil && len(p) > 0 {
		switch {
		case len(x.rest) > 0:
			n = copy(p, x.rest)
			x.rest = x.rest[n:]
		case len(p) < len(x.small):
			var filled int
			filled, err = x.fill(x.small[:], more)
			n = copy(p, x.small[:filled])
			x.rest = x.small[n:filled]
		default:
			n, err = x.fill(p, more)
		}
	}
	x.local += int64(n)
	return n, err
}

// fill reads once into p, which has room for two bytes, and makes local text of
// it. A CR at the end is held until more comes; it may be that nothing is left.
func (x *translation) fill(p []byte, more func(p []byte) (int, error)) (int, error) {
	if x.ended {
		return 0, io.EOF
	}
	at := 0
	if x.held {
		p[0], at = '\r', 1
	}
	n, err := more(p[at:])
	x.ended = err == io.EOF
	switch {
	case n == 0 && !x.ended:
		return 0, err
	case n == 0 && at == 0:
		return 0, err
	case n > 0 && x.own:
		return n, err
	}
	p = p[:at+n]
	if x.held = !x.ended && p[len(p)-1] == '\r' && !x.own; x.held {
		p = p[:len(p)-1]
	}
	if x.ended {
		err = nil // the next call tells
	}
	return fromWire(p), err
}

// fromWire takes the CR in front of each LF out of p, and returns how many bytes
// are left.
func fromWire(p []byte) int {
	to := bytes.IndexByte(p, '\r')
	if to < 0 {
		return len(p)
	}
	for from := to; from < len(p); {
		if from+1 == len(p) || p[from+1] != '\n' {
			p[to] = '\r'
			to++
		}
		from++
		next := bytes.IndexByte(p[from:], '\r')
		if next < 0 {
			next = len(p) - from
		}
		to += copy(p[to:], p[from:from+next])
		from += next
	}
	return to
}

// toWire puts text into x.out with a CR in front of each LF that has none, and
// returns how many bytes that took and how many of p are in it.
func (x *translation) toWire(p []byte) (n, used int) {
	out := x.out
	for used < len(p) && n+1 < len(out) {
		run := bytes.IndexByte(p[used:], '\n')
		if run < 0 {
			run = len(p) - used
		}
		if run = copy(out[n:], p[used:used+run]); run > 0 {
			n, used = n+run, used+run
			x.last = p[used-1]
		}
		if used == len(p) || p[used] != '\n' || n+1 >= len(out) {
			continue // all is in it, or it is full
		}
		if x.last != '\r' {
			out[n] = '\r'
			n++
		}
		out[n], x.last = '\n', '\n'
		n, used, x.lines = n+1, used+1, x.lines+1
	}
	return n, used
}

// writeText sends p as text. Of what was read all is sent, or the upload is over.
func (u *Upload) writeText(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		n, used := u.t.translation.toWire(p[done:])
		for out := u.t.translation.out[:n]; len(out) > 0; {
			sent, err := u.writeOut(out)
			out = out[sent:]
			if err != nil && !u.goesOn(sent, err) {
				return done, err
			}
		}
		done += used
	}
	return done, nil
}

// sizeThere asks for the size of the file of a transfer that is over.
func (t *transfer) sizeThere() (size int64, ok bool, err error) {
	if t.translation != nil {
		if _, err = t.exchange("TYPE", typeBytes); err != nil {
			return 0, false, err
		}
		t.c.kind = typeBytes
	}
	r, err := t.exchange("SIZE", t.arg)
	if err != nil {
		return 0, false, err
	}
	size, ok = parseSize(r)
	return size, ok, nil
}

// arrived returns how many bytes of a download are here.
func (t *transfer) arrived() int64 {
	if t.translation != nil {
		return t.translation.local
	}
	return t.n
}

// holdsAll reports whether a file of size bytes may be all that was sent behind
// offset: text is kept as it came, or with LF behind its lines.
func (t *transfer) holdsAll(offset, size int64) bool {
	return size == offset+t.n || t.translation != nil && size == t.n-t.translation.lines
}
