package ftptest

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"syscall"
	"time"
)

// transfer is one use of a data connection. Its worker goroutine moves the
// bytes and sends the first reply while the session listens for ABOR.
type transfer struct {
	s    *session
	way  dataWay
	stop chan struct{} // closed to end it early

	mu   sync.Mutex
	raw  *net.TCPConn // nil before it is connected
	gone bool         // ended early
}

// end breaks the transfer off.
func (t *transfer) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone {
		return
	}
	t.gone = true
	close(t.stop)
	if t.way.listener != nil {
		t.way.listener.Close()
	}
	if t.raw != nil {
		t.raw.Close()
	}
}

// own takes the connected socket over.
func (t *transfer) own(raw *net.TCPConn) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gone || !t.s.srv.track(raw) {
		raw.Close()
		return net.ErrClosed
	}
	t.raw = raw
	return nil
}

// refuse answers a transfer that does not begin, and frees its port.
func (s *session) refuse(reply string) error {
	s.data.close(s.srv)
	return s.reply(reply)
}

// transfer runs run over a data connection: accept or connect, 150, handshake,
// bytes, goodbye, final reply.
func (s *session) transfer(opening string, up, file bool, run func(*dataConn) error) error {
	if !s.data.ready() {
		return s.reply("425 Use PASV or PORT first.")
	}
	if s.srv.cfg.TLSRequired && !s.prot {
		return s.refuse("521 Data connections must be protected.")
	}
	t := &transfer{s: s, way: s.data, stop: make(chan struct{})}
	s.data = dataWay{}
	defer t.way.close(s.srv)
	s.stop = t.stop
	defer func() { s.stop = nil }()
	final := make(chan string, 1)
	s.next() // what came in one packet with the command is there before it runs
	// Ends with its data connection, which end closes; watch waits for it.
	go func() { final <- t.work(opening, up, file, run) }()
	reply, err := s.watch(t, final)
	if err != nil {
		return err
	}
	return s.finish(reply)
}

// watch waits for a transfer's final reply and ends it for ABOR or when the
// client is gone.
func (s *session) watch(t *transfer, final <-chan string) (string, error) {
	next := s.next()
	for {
		select {
		case reply := <-final:
			return reply, nil
		case l := <-next:
			if l.err == nil && !strings.HasSuffix(strings.ToUpper(l.text), "ABOR") {
				s.ahead <- l // for later
				next = nil
				continue
			}
			t.end()
			<-final
			if l.err != nil {
				return "", l.err
			}
			s.ahead = nil
			return "426 Transfer aborted.\r\n226 Abort successful.", nil
		case <-s.srv.closing:
			t.end()
			<-final
			return "", errEnd
		}
	}
}

// finish sends the final reply of a transfer. "" is none, and "421" at its
// beginning ends the session.
func (s *session) finish(reply string) error {
	if reply == "" {
		return nil
	}
	if strings.HasPrefix(reply, "226") {
		if s.q.HideReply226 || s.q.EarlyReply226 {
			return nil
		}
		if s.q.Reply226 != "" {
			reply = s.q.Reply226
		}
	}
	err := s.reply(reply)
	if strings.HasPrefix(reply, "421") {
		return errEnd
	}
	return err
}

// work moves the bytes and returns the final reply.
func (t *transfer) work(opening string, up, file bool, run func(*dataConn) error) (reply string) {
	s := t.s
	defer func() {
		if p := recover(); p != nil { // a panic of a hook must not end the host
			reply = fmt.Sprintf("451 Internal error: %v", p)
		}
	}()
	if s.q.Reply150 != "" {
		opening = s.q.Reply150
	}
	early := s.q.AcceptAfter150 || s.q.ActiveSilent
	if early && t.open(opening) != nil {
		return ""
	}
	raw, err := t.connect()
	if err == nil {
		err = t.own(raw)
	}
	if err != nil {
		return "425 Cannot open data connection."
	}
	defer s.srv.drop(raw)
	if !early && t.open(opening) != nil {
		return ""
	}
	d := &dataConn{t: t, conn: raw, up: up, file: file, drop: t.claimDrop(file)}
	if s.prot && !s.q.PlainData {
		if reply := d.protect(raw); reply != "" {
			return reply
		}
	}
	if s.packs {
		d.conn = &packed{Conn: d.conn}
	}
	err = run(d)
	reply = d.ended(raw, err)
	if s.wait226() != nil {
		return ""
	}
	return reply
}

// open sends the preliminary reply, and the final one when it comes early.
func (t *transfer) open(opening string) error {
	s := t.s
	if gate, ok := s.q.Hold["150"]; ok {
		if err := s.wait("150", gate); err != nil {
			return err
		}
	}
	if s.q.EarlyReply226 {
		return s.reply(opening, "226 Transfer complete.")
	}
	return s.reply(opening)
}

func (s *session) wait226() error {
	if gate, ok := s.q.Hold["226"]; ok {
		return s.wait("226", gate)
	}
	return nil
}

// claimDrop returns the Drop of the quirks if it is meant for this transfer.
func (t *transfer) claimDrop(file bool) *Drop {
	q := t.s.q
	if q.Drop == nil || !file && !q.CutListings {
		return nil
	}
	if q.Drop.Times > 0 && q.drops.Add(1) > int64(q.Drop.Times) {
		return nil
	}
	return q.Drop
}

// protect puts TLS over the data connection; it returns the reply of a failure.
func (d *dataConn) protect(raw *net.TCPConn) string {
	s := d.t.s
	c := tls.Server(raw, s.dataTLS())
	c.SetDeadline(time.Now().Add(handshakeTime))
	if err := c.Handshake(); err != nil {
		return "425 TLS handshake failed on the data connection."
	}
	c.SetDeadline(time.Time{})
	if s.srv.cfg.ReuseRequired && !c.ConnectionState().DidResume {
		if s.q.ReuseReply != "" {
			return s.q.ReuseReply
		}
		return "522 SSL connection failed: session reuse required."
	}
	d.conn = c
	return ""
}

// ended closes the data connection as fits how the transfer ended, and returns
// the final reply.
func (d *dataConn) ended(raw *net.TCPConn, err error) string {
	switch {
	case err == nil && d.up && d.t.s.q.LateVerdict:
		_ = raw.SetReadDeadline(time.Now().Add(connectTime))
		_, _ = io.Copy(io.Discard, raw) // until it is closed
		raw.Close()
		return "226 Transfer complete."
	case err == nil, errors.Is(err, errTruncate):
		switch c, ok := d.unpack().(*tls.Conn); {
		case ok && d.t.s.q.CutRecord:
			_, _ = raw.Write([]byte{23, 3, 3, 16, 0, 1, 2, 3}) // of 4096 bytes
		case ok && !d.t.s.q.NoCloseNotify:
			_ = c.CloseWrite() // a peer that is gone needs no goodbye
		}
		raw.Close()
		return "226 Transfer complete."
	case errors.Is(err, errFull):
		raw.Close()
		return "452 Insufficient storage space."
	case errors.Is(err, errDrop):
		return d.cut(raw)
	}
	raw.Close()
	if errors.Is(err, errDiscarded) {
		return "451 The content was not kept."
	}
	return "426 Connection closed; transfer aborted."
}

// cut ends the data connection as the Drop says.
func (d *dataConn) cut(raw *net.TCPConn) string {
	how := d.drop.How
	if how == DropRST || how == DropAll {
		raw.SetLinger(0)
	}
	raw.Close()
	switch how {
	case DropFIN:
		return ""
	case DropAll:
		d.t.s.tcp.SetLinger(0)
		d.t.s.tcp.Close()
		return ""
	case DropGoodbye:
		return "421 Timeout."
	}
	return "426 Connection closed; transfer aborted."
}

// offset takes the pending REST.
func (s *session) offset() int64 {
	n := s.rest
	s.rest = 0
	if s.q.RESTWrap > 0 {
		n %= s.q.RESTWrap
	}
	switch {
	case s.q.IgnoreREST || n == 0:
		return 0
	default:
		return max(0, n+s.q.RESTShift)
	}
}

func (s *session) retrCmd(arg string) error {
	offset := s.offset()
	file, err := s.tree().open(s.path(arg))
	switch {
	case err != nil:
		return s.refuse(reason(err))
	case offset > file.size():
		return s.refuse("554 Restart offset is beyond the end.")
	}
	opening := fmt.Sprintf("150 Opening BINARY mode data connection for %s (%d bytes).", arg, file.size()-offset)
	return s.transfer(opening, false, true, func(d *dataConn) error {
		var err error
		if s.translates() {
			err = s.sendText(d, &file)
		} else {
			err = s.sendFile(d, &file, offset)
		}
		if err != nil {
			return err
		}
		if len(s.q.Extra) == 0 {
			return nil
		}
		_, err = d.Write(s.q.Extra)
		return err
	})
}

// sendFile writes file from offset on, without allocating more than once a
// session.
func (s *session) sendFile(d *dataConn, file *content, offset int64) error {
	if data, ok := file.direct(offset); ok {
		_, err := d.Write(data)
		return err
	}
	buf := s.buffer()
	for offset < file.size() {
		n, err := file.ReadAt(buf, offset)
		if err != nil && err != io.EOF {
			return err
		}
		if _, err := d.Write(buf[:n]); err != nil {
			return err
		}
		offset += int64(n)
	}
	return nil
}

// buffer returns the session's buffer.
func (s *session) buffer() []byte {
	if s.buf == nil {
		s.buf = make([]byte, bufferSize)
	}
	return s.buf
}

// store answers STOR and APPE.
func (s *session) store(verb, arg string) error {
	offset := s.offset()
	if verb == "APPE" {
		offset = -1
	}
	if s.q.Scatter != ScatterCuts && offset >= 0 {
		return s.scatter(arg, offset)
	}
	zeros := int64(0)
	if s.q.StorZeroes && offset > 0 {
		offset, zeros = 0, offset
	}
	file, err := s.tree().create(s.path(arg), offset)
	switch {
	case errors.Is(err, syscall.EINVAL):
		return s.refuse("554 Restart offset is beyond the end.")
	case err != nil:
		return s.refuse(strings.Replace(reason(err), "550", "553", 1))
	}
	return s.transfer("150 Ok to send data.", true, true, func(d *dataConn) error {
		in, buf := io.Reader(d), s.buffer()
		if s.translates() {
			in = lineReader{bufio.NewReader(d)}
		}
		for {
			n, err := in.Read(buf)
			if n > 0 && zeros > 0 {
				file.append(make([]byte, zeros))
				zeros = 0
			}
			file.append(buf[:n])
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
		}
	})
}
