package ftp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"time"
)

// Upload is a file being written to a server. One goroutine uses it, and has to
// Close or Abort it.
type Upload struct {
	t      *transfer
	path   string
	offset int64
	err    error // what Write returns from now on
	polled int64 // bytes written when tickets were last looked for
	closed bool
	apart  bool  // others may have written behind it
	result error // of Close
}

var errAborted = errors.New("the upload was stopped before its end")

// Stor writes the file at path from offset on. An offset appends to what the
// server holds, by REST or, where that does not work, by APPE if the size there
// is the offset. The session waits for the Upload to be closed.
func (c *Conn) Stor(ctx context.Context, path string, offset int64) (*Upload, error) {
	var t *transfer
	var err error
	if err = c.fromStart(offset); err != nil {
		return nil, pathError("create", path, err)
	}
	if offset > 0 {
		t, err = c.goOn(ctx, path, offset)
	} else {
		t, err = c.stream(ctx, "STOR", path, 0)
	}
	if err != nil {
		return nil, pathError("create", path, err)
	}
	return newUpload(t, path, offset), nil
}

// Write sends data. Only Close tells whether the server keeps it.
func (u *Upload) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) && u.err == nil {
		n, err := u.write(p[done:min(len(p), done+writeChunk)])
		done += n
		if err != nil && !u.goesOn(n, err) {
			u.note(err)
		}
		if u.t.n-u.polled >= ticketPoll {
			u.poll()
		}
	}
	return done, u.err
}

// goesOn reports whether an upload of which n bytes got through before err is
// slow, and no more than that.
func (u *Upload) goesOn(n int, err error) bool {
	return n > 0 && u.plain() && isTimeout(err) && u.t.w.err() == nil
}

// write sends one chunk.
func (u *Upload) write(p []byte) (int, error) {
	if u.t.conn == nil {
		return 0, errors.New("the server took no data")
	}
	if u.t.translation != nil {
		return u.writeText(p)
	}
	return u.writeOut(p)
}

// writeOut is write behind the change of line ends.
func (u *Upload) writeOut(p []byte) (int, error) {
	if u.t.packed != nil {
		n, err := u.t.packed.write(p)
		u.t.n += int64(n)
		return n, err
	}
	return u.t.writeWire(p)
}

// writeWire sends p on the data connection as it is.
func (t *transfer) writeWire(p []byte) (int, error) {
	if t.crawls() {
		return 0, os.ErrDeadlineExceeded
	}
	t.beat()
	if err := t.w.write(t.conn, t.stall()); err != nil {
		return 0, err
	}
	began := time.Now()
	n, err := t.conn.Write(p)
	t.count(int64(n), began)
	return n, err
}

// plain reports whether the data goes without TLS.
func (u *Upload) plain() bool { return u.t.tail == nil }

// poll takes in what the server sent beside the upload: over TLS, session
// tickets and requests for new keys would pile up otherwise.
func (u *Upload) poll() {
	u.polled = u.t.n
	if u.plain() {
		return
	}
	var b [1]byte
	if _, err := u.t.read(b[:], time.Now().Add(time.Millisecond)); err != nil && !isTimeout(err) {
		u.note(err)
	}
}

// ReadFrom sends all that src has. Over plain connections to other machines the
// kernel moves the bytes of an *os.File, also one inside an *io.LimitedReader. A
// server on this machine has to copy them all the same, and does so faster from
// a small buffer that was just written than from pages that no processor has
// at hand.
func (u *Upload) ReadFrom(src io.Reader) (int64, error) {
	if u.t.within() {
		return u.copy(src, withinChunk)
	}
	if tcp, ok := u.t.conn.(*net.TCPConn); ok && u.err == nil && u.t.packed == nil && u.t.translation == nil {
		part, ok := src.(*io.LimitedReader)
		if !ok {
			part = &io.LimitedReader{R: src, N: math.MaxInt64}
		}
		if file, ok := part.R.(*os.File); ok {
			if pos, err := file.Seek(0, io.SeekCurrent); err == nil {
				return u.sendFile(tcp, part, file, pos)
			}
		}
	}
	return u.copy(src, bufferSize)
}

// within reports whether the data connection leads to this machine.
func (t *transfer) within() bool {
	if t.conn == nil || t.conn != t.raw || t.c.cfg.afar {
		return false
	}
	there := addrPort(t.raw.RemoteAddr()).Addr()
	return there.IsLoopback() || there.IsValid() && there == addrPort(t.raw.LocalAddr()).Addr()
}

// sendFile lets the kernel send a file from pos on, in slices of time. Where it
// cannot, bytes may have been read that were not sent when a slice ends; so
// the position is set right after each.
func (u *Upload) sendFile(tcp *net.TCPConn, part *io.LimitedReader, file *os.File, pos int64) (int64, error) {
	var total int64
	idle := time.Now()
	for u.err == nil && part.N > 0 {
		u.t.beat()
		left := part.N
		began := time.Now()
		err := u.t.w.write(tcp, began.Add(sliceTime))
		var n int64
		if err == nil {
			n, err = tcp.ReadFrom(part)
		}
		total += n
		u.t.count(n, began)
		if err == nil {
			break
		}
		part.N = left - n
		if _, seekErr := file.Seek(pos+total, io.SeekStart); seekErr != nil {
			return total, seekErr
		}
		if n > 0 {
			idle = time.Now()
		}
		if !isTimeout(err) || u.t.w.err() != nil || time.Since(idle) >= u.t.c.cfg.Timeouts.Stall || u.t.crawls() {
			u.note(err)
		}
	}
	return total, u.err
}

// copy sends src through the buffer of the session, at most size bytes at once.
func (u *Upload) copy(src io.Reader, size int) (int64, error) {
	var total int64
	buf := u.t.c.copyBuffer()[:size]
	for u.err == nil {
		n, err := src.Read(buf)
		if n > 0 {
			sent, _ := u.Write(buf[:n])
			total += int64(sent)
		}
		switch {
		case u.err != nil:
		case err == io.EOF:
			return total, nil
		case err != nil:
			return total, err
		}
	}
	return total, u.err
}

// note keeps the error that ended the data, explained.
func (u *Upload) note(err error) {
	if u.err == nil {
		u.err = pathError("write", u.path, u.t.explain(explainTLS(err)))
	}
}

// Close ends the file and returns the server's verdict on it.
func (u *Upload) Close() error {
	if u.closed {
		return u.result
	}
	u.closed = true
	defer u.t.c.release()
	defer u.t.end()
	u.result = u.err
	if u.err == nil {
		u.result = pathError("write", u.path, u.finish())
	}
	if u.result == nil {
		orderly(u.t.raw)
	}
	u.t.packed.refused(u.result)
	return u.result
}

// finish says that the data is complete and waits for the verdict. Over TLS it
// reads what the server still sends before it closes: tickets left unread would
// turn the close into a reset, and the file would stay short.
func (u *Upload) finish() error {
	if u.t.conn == nil && u.t.n == 0 {
		return u.t.verdict(u.t.c.cfg.Timeouts.UploadFinish)
	}
	if u.t.early && u.t.replyWaits() {
		if err := u.t.hearStart(); err != nil {
			return err
		}
	}
	early := u.t.n > 0 && (u.t.final != nil || u.t.answered() && u.t.replyWaits())
	if err := u.end(); err != nil {
		return err
	}
	if err := u.t.hearStart(); err != nil {
		return err
	}
	if err := u.t.verdict(u.t.c.cfg.Timeouts.UploadFinish); err != nil || !early {
		return err
	}
	return u.confirm()
}

// confirm asks for the size where the server called the upload complete before
// it could know.
func (u *Upload) confirm() error {
	size, ok, err := u.t.sizeThere()
	if ok && (u.t.holdsAll(u.offset, size) || u.apart && size > u.offset+u.t.n) {
		return nil
	}
	if fatal(err) {
		return err
	}
	return fmt.Errorf("the server called the upload complete before its end: %w", io.ErrUnexpectedEOF)
}

// end ends the data.
func (u *Upload) end() error {
	err := u.t.packed.end()
	if err != nil {
		return u.t.explain(explainTLS(err))
	}
	if u.plain() {
		if tcp, ok := u.t.conn.(*net.TCPConn); ok {
			err = tcp.CloseWrite()
		}
	} else if err = u.t.goodbye(); err == nil {
		u.drain()
	}
	if err != nil {
		return u.t.explain(explainTLS(err))
	}
	if _, half := u.t.conn.(*net.TCPConn); !half {
		orderly(u.t.raw)
		u.t.closeData()
	}
	return nil
}

// drain reads until the server closes, says its verdict or takes too long.
func (u *Upload) drain() {
	c := u.t.c
	wait := c.cfg.Timeouts.Drain
	if c.know.Profile().Goodbye == Fails {
		wait = min(wait, shortDrain)
	}
	buf := c.copyBuffer()
	for end := time.Now().Add(wait); time.Now().Before(end); {
		_, err := u.t.read(buf, time.Now().Add(sliceTime))
		if err != nil && !isTimeout(err) || u.t.w.err() != nil || u.t.replyWaits() {
			return
		}
	}
	c.know.learn(func(p *Profile) { p.Goodbye = Fails })
}

// replyWaits reports whether the server has said something.
func (t *transfer) replyWaits() bool {
	if t.c.br.Buffered() == 0 && quiet(t.c.raw) {
		return false
	}
	err := t.w.read(t.c.wire, time.Now().Add(time.Millisecond))
	if err == nil {
		_, err = t.c.br.Peek(1)
	}
	return err == nil && t.ownReplyWaits()
}

// Abort stops the upload and leaves on the server what is there. It costs the
// session.
func (u *Upload) Abort() error {
	if u.closed {
		return u.result
	}
	u.closed = true
	defer u.t.c.release()
	defer u.t.end()
	u.t.closeData()
	u.result = pathError("write", u.path, u.t.c.fail(errAborted))
	return nil
}
