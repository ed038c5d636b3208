package ftp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Download is a file being read from a server. One goroutine uses it, and has
// to close it.
type Download struct {
	t      *transfer
	path   string
	offset int64
	size   int64
	err    error // what Read returns from now on
	reset  bool  // the data connection did not end in order
	closed bool
	result error // of Close
}

var errAbandoned = errors.New("the download was stopped before its end")

// Retr reads the file at path from offset on. The session waits for the
// Download to be closed.
func (c *Conn) Retr(ctx context.Context, path string, offset int64) (*Download, error) {
	return c.retr(ctx, path, offset, wish{})
}

// retr is Retr of a file of which something more may be asked.
func (c *Conn) retr(ctx context.Context, path string, offset int64, also wish) (*Download, error) {
	t, err := c.streamFor(ctx, "RETR", path, offset, also)
	if err != nil {
		return nil, pathError("open", path, err)
	}
	d := &Download{t: t, path: path, offset: offset, size: announcedSize(t.text)}
	t.packed.expect(d.size)
	if t.translation != nil {
		d.size = -1 // it is that of the file, as the server has it
	}
	return d, nil
}

// stream takes the session for a transfer of the file at path.
func (c *Conn) stream(ctx context.Context, verb, path string, offset int64) (*transfer, error) {
	return c.streamFor(ctx, verb, path, offset, wish{})
}

// streamFor is stream for a transfer with which more goes out.
func (c *Conn) streamFor(ctx context.Context, verb, path string, offset int64, also wish) (*transfer, error) {
	if err := c.checkPath(path); err != nil {
		return nil, err
	}
	if offset < 0 {
		return nil, fmt.Errorf("offset %d: %w", offset, fs.ErrInvalid)
	}
	if err := c.fromStart(offset); err != nil {
		return nil, err
	}
	if err := c.take(ctx); err != nil {
		return nil, err
	}
	c.dated = also.date
	f := c.takeFollower()
	if f != nil && verb == "RETR" && path == f.path && offset == 0 {
		return c.held(c.follow(ctx, f))
	}
	if err := c.dismiss(ctx, f); err != nil {
		return c.held(nil, err)
	}
	c.landing = also.landing
	var t *transfer
	err := c.withAccount(ctx, func() error {
		return c.shorten(ctx, verb, path, func(arg string) (err error) {
			t, err = c.start(ctx, verb, arg, offset)
			return err
		})
	})
	return c.held(t, err)
}

// held gives the token back if there is no transfer to hold it.
func (c *Conn) held(t *transfer, err error) (*transfer, error) {
	if err != nil {
		c.release()
		return nil, err
	}
	return t, nil
}

// Size returns how many bytes the server announced, of the whole file or (after
// an offset) of the rest, as servers differ; -1 when it announced none.
func (d *Download) Size() int64 { return d.size }

// Read reads data. Its end is not yet success: Close has the verdict.
func (d *Download) Read(p []byte) (int, error) {
	if d.err != nil || len(p) == 0 {
		return 0, d.err
	}
	n, err := d.t.read(p, d.t.stall())
	d.note(err)
	if n > 0 {
		return n, nil
	}
	return n, d.err
}

// WriteTo writes all data to dst. Over plain connections dst, if it is an
// io.ReaderFrom, is given the socket itself, so that the kernel can move the
// bytes; its ReadFrom is called again and again, a quarter of a second each, so
// that dst can count.
func (d *Download) WriteTo(dst io.Writer) (int64, error) {
	if d.err != nil {
		return 0, eofIsNil(d.err)
	}
	if rf, ok := dst.(io.ReaderFrom); ok {
		if tcp, ok := d.t.conn.(*net.TCPConn); ok && d.t.packed == nil && d.t.translation == nil {
			return d.splice(dst, rf, tcp)
		}
	}
	return d.copy(dst)
}

// splice hands the socket to dst in slices of time.
func (d *Download) splice(dst io.Writer, rf io.ReaderFrom, tcp *net.TCPConn) (int64, error) {
	var total int64
	slice, idle := sliceTime, time.Now()
	for d.err == nil {
		d.t.beat()
		before := time.Now()
		err := d.t.w.read(tcp, d.t.pulse.before(before.Add(slice)))
		var n int64
		if err == nil {
			n, err = rf.ReadFrom(&io.LimitedReader{R: tcp, N: 1 << 62})
		}
		total += n
		d.t.count(n, before)
		gather(tcp, inMoment(n, time.Since(before), err == nil))
		switch {
		case err == nil: // the end, or dst wants no more at once: reading tells
			n, err = d.copyOnce(dst)
			total += n
			if err != nil {
				return total, err
			}
		case !isTimeout(err) && !isNetwork(err) && d.t.w.err() == nil:
			return total, err // dst failed: it is not for us to explain
		case !isTimeout(err) || d.t.w.err() != nil || d.t.crawls():
			d.note(err)
			continue
		}
		if n > 0 {
			slice, idle = sliceTime, time.Now()
			continue
		}
		// Nothing came, or dst was busy for the whole slice: give it more.
		if d.err == nil && time.Since(idle) >= d.t.c.cfg.Timeouts.Stall {
			d.note(err)
		}
		slice = min(2*slice, time.Until(idle.Add(d.t.c.cfg.Timeouts.Stall)))
		slice = max(slice, sliceTime)
	}
	return total, eofIsNil(d.err)
}

// copy moves data through the buffer of the session.
func (d *Download) copy(dst io.Writer) (int64, error) {
	var total int64
	for d.err == nil {
		n, err := d.copyOnce(dst)
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, eofIsNil(d.err)
}

// copyOnce fills the buffer, as far as data comes soon, and writes it. It
// returns errors of dst only.
func (d *Download) copyOnce(dst io.Writer) (int64, error) {
	buf := d.t.c.copyBuffer()
	filled, limit := 0, d.t.stall()
	for filled < len(buf)/2 {
		n, err := d.t.read(buf[filled:], limit)
		if filled == 0 {
			limit = time.Now().Add(sliceTime)
		}
		filled += n
		if err != nil {
			if filled == 0 || !isTimeout(err) || d.t.w.err() != nil {
				d.note(err)
			}
			break
		}
	}
	if filled == 0 {
		return 0, nil
	}
	n, err := dst.Write(buf[:filled])
	if err == nil && n < filled {
		err = io.ErrShortWrite
	}
	return int64(n), err
}

// note keeps the error that ended the data, explained.
func (d *Download) note(err error) {
	switch err {
	case nil:
	case io.EOF:
		d.err = io.EOF
	default:
		explained := d.t.explain(explainTLS(err))
		if d.t.succeeded() && (d.complete() || d.t.n == 0) && !errors.Is(explained, ErrBroken) {
			d.err, d.reset = io.EOF, true // a reset behind the last byte, or in place of any
			return
		}
		d.err = pathError("read", d.path, explained)
	}
}

// complete reports whether all bytes that were announced may have come: behind
// an offset the number may be that of the file or of its rest.
func (d *Download) complete() bool {
	return d.size >= 0 && (d.t.n == d.size || d.offset+d.t.n == d.size)
}

// Close ends the download and returns the server's verdict on it. Before the
// end of the data it aborts, which is an error; the session goes on if the
// server answers ABOR in order within three seconds, and is over otherwise (or
// at once, when the context of Retr has ended).
func (d *Download) Close() error {
	if d.closed {
		return d.result
	}
	d.closed = true
	defer d.t.c.release()
	defer d.t.end()
	d.result = pathError("read", d.path, d.finish())
	return d.result
}

// finish is Close without its frame.
func (d *Download) finish() error {
	if d.err == nil && d.complete() {
		var b [1]byte // the reader stopped at the last byte
		if n, err := d.t.read(b[:], d.t.stall()); n == 0 {
			d.note(err)
		}
	}
	switch {
	case d.err == nil:
		return d.t.abort(errAbandoned)
	case d.err != io.EOF:
		return d.err
	}
	_ = d.t.goodbye()
	d.t.closeData()
	if err := d.t.verdict(d.t.c.cfg.Timeouts.Finish); err != nil {
		return err
	}
	if d.size >= 0 && d.t.n < d.size && d.offset+d.t.n < d.size {
		d.t.c.know.learn(forgetAhead) // one doubt is enough
		return fmt.Errorf("the server sent %d of %d bytes and called that complete: %w", d.t.n, d.size, io.ErrUnexpectedEOF)
	}
	unordered := d.reset || d.t.tail != nil && d.t.tail.eof
	if d.t.n == 0 && (!d.t.begun || d.reset) || unordered && d.t.n != d.size {
		return d.confirm()
	}
	return nil
}

// confirm asks for the size where the end of the data proves nothing: no word
// of a beginning, no TLS goodbye, or a reset.
func (d *Download) confirm() error {
	if d.t.c.follows() { // what was asked for behind it is answered first
		d.t.c.know.learn(forgetAhead)
		return d.t.c.fail(d.cutOff())
	}
	size, ok, err := d.t.sizeThere()
	if ok && size == d.offset+d.t.arrived() {
		return nil
	}
	if fatal(err) {
		return err
	}
	return d.cutOff()
}

// cutOff says why a download may not be whole.
func (d *Download) cutOff() error {
	if d.t.tail != nil {
		return fmt.Errorf("the data ended without a TLS goodbye: it may be cut off: %w", io.ErrUnexpectedEOF)
	}
	if d.t.n > 0 {
		return fmt.Errorf("the data connection was reset: the data may be cut off: %w", io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("the server sent nothing and called that complete: %w", io.ErrUnexpectedEOF)
}

// exchange is one command after the transfer, under its context.
func (t *transfer) exchange(verb, arg string) (reply, error) {
	if err := t.c.send(t.w, command{verb, arg}); err != nil {
		return reply{}, err
	}
	r, err := t.c.receive(t.w, verb, t.c.cfg.Timeouts.Reply)
	if err != nil {
		return reply{}, err
	}
	return r, t.c.judge(verb, r, 2)
}

// announcedSize reads "(123 bytes)" in the text of a 150 reply; a name in the
// text may hold the like, so the last one counts.
func announcedSize(text string) int64 {
	for {
		i := strings.LastIndexByte(text, '(')
		if i < 0 {
			return -1
		}
		digits, _, ok := strings.Cut(text[i+1:], " bytes)")
		if n, err := strconv.ParseInt(digits, 10, 64); ok && err == nil && n >= 0 {
			return n
		}
		text = text[:i]
	}
}

// copyBuffer returns the buffer of the session. The transfer that runs owns it.
func (c *Conn) copyBuffer() []byte {
	if c.buf == nil {
		c.buf = make([]byte, bufferSize)
	}
	return c.buf
}

// eofIsNil is for calls whose end is success.
func eofIsNil(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// isNetwork reports whether err came from the socket. What the kernel moved
// from socket to file fails with the errors of both under one name.
func isNetwork(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) {
		return true
	}
	for _, number := range []syscall.Errno{
		syscall.ECONNRESET, syscall.ECONNABORTED, syscall.ETIMEDOUT,
		syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.ENETDOWN,
	} {
		if errors.Is(err, number) {
			return true
		}
	}
	return false
}
