package ftptest

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io/fs"
	"net"
	"strings"
	"syscall"
	"time"
)

// session is one control connection. One goroutine runs it, besides the one
// that reads a line ahead while a transfer runs.
type session struct {
	srv    *Server
	id     int
	tcp    *net.TCPConn
	conn   net.Conn // tcp, or TLS over it
	in     *bufio.Reader
	ahead  chan line // a line that is being read, nil if none
	q      *quirkState
	tls    bool
	mute   bool // nothing is answered any more
	prot   bool // PROT P
	user   string
	logged bool
	cwd    string
	from   string // of RNFR
	rest   int64
	ascii  bool
	packs  bool      // MODE Z
	hashes string    // by OPTS HASH
	rang   fileRange // by RANG; the zero value is none
	data   dataWay
	stop   <-chan struct{} // closed when the transfer under way is to end, nil if none
	buf    []byte          // of transfers
}

// line is a command as it was read.
type line struct {
	text string
	err  error
}

func newSession(srv *Server, conn net.Conn, id int) *session {
	return &session{srv: srv, id: id, tcp: conn.(*net.TCPConn), conn: conn,
		in: bufio.NewReader(conn), cwd: "/", q: srv.quirks.Load()}
}

// errEnd ends a session without another word.
var errEnd = errors.New("session ends")

// serve speaks until the peer leaves or the server is closed.
func (s *session) serve(over bool) {
	defer func() { s.data.close(s.srv) }()
	if s.srv.cfg.Implicit {
		if s.startTLS() != nil {
			return
		}
		s.prot = true
	}
	if err := s.greet(over); err != nil {
		return
	}
	for {
		l := s.read()
		if l.err != nil {
			return
		}
		s.q = s.srv.quirks.Load()
		if s.command(l.text) != nil {
			return
		}
	}
}

// greet sends the first reply.
func (s *session) greet(over bool) error {
	if err := s.hold("greeting"); err != nil {
		return err
	}
	switch {
	case over:
		return s.last("421 Too many connections, try again later.\r\n")
	case s.q.CloseGreeting:
		return s.last("220-Welcome to a serv")
	case s.q.Garbage:
		return s.send("\x00\x01\xff\xfeSSH-2.0-garbage \x1b[31m%$\r\n\x80\x81\r\n")
	case s.q.Greeting != "":
		return s.send(s.q.Greeting)
	}
	return s.reply("220 portside test server ready.")
}

// next returns the channel on which the next line arrives.
func (s *session) next() <-chan line {
	if s.ahead == nil {
		ahead := make(chan line, 1)
		s.ahead = ahead
		if there, _ := s.in.Peek(s.in.Buffered()); bytes.IndexByte(there, '\n') >= 0 {
			ahead <- s.readLine() // at once, so that the transcript has it where it came
			return ahead
		}
		// Ends with the line or with the connection, which leave closes; the
		// session waits for the line or, leaving, for nothing: Close does.
		s.srv.wg.Go(func() { ahead <- s.readLine() })
	}
	return s.ahead
}

// read returns the next line.
func (s *session) read() line {
	if s.ahead == nil {
		return s.readLine()
	}
	l := <-s.ahead
	s.ahead = nil
	return l
}

func (s *session) readLine() line {
	raw, err := s.in.ReadSlice('\n')
	if err != nil {
		return line{err: err}
	}
	text := untelnet(strings.TrimRight(string(raw), "\r\n"))
	s.srv.note(s.id, '>', text)
	if s.srv.quirks.Load().LosesBursts {
		_, _ = s.in.Discard(s.in.Buffered()) // all of it is there
	}
	return line{text: text}
}

// untelnet removes Telnet commands: IAC IAC is one 255, IAC x is nothing.
func untelnet(s string) string {
	if strings.IndexByte(s, 0xff) < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == 0xff && i+1 < len(s) {
			i++
			if s[i] != 0xff {
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return strings.TrimPrefix(b.String(), "\xf2") // the data mark of a synch, whose IAC was urgent
}

// send writes text as it stands.
func (s *session) send(text string) error {
	if s.mute {
		return errEnd
	}
	for l := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		s.srv.note(s.id, '<', l)
	}
	_, err := s.conn.Write([]byte(text))
	return err
}

// reply writes lines, each with its CRLF, in one write.
func (s *session) reply(lines ...string) error {
	return s.send(strings.Join(lines, "\r\n") + "\r\n")
}

// last sends text and ends the session.
func (s *session) last(text string) error {
	if err := s.send(text); err != nil {
		return err
	}
	return errEnd
}

// hold waits where the quirks say so, at most until the client leaves.
func (s *session) hold(point string) error {
	gate, ok := s.q.Hold[point]
	if !ok {
		return nil
	}
	var next <-chan line
	if point != "AUTH" { // a line read ahead would be TLS
		next = s.next()
	}
	s.reached(point)
	for {
		select {
		case <-gate:
			return nil
		case l := <-next:
			s.ahead <- l // for later
			if l.err != nil {
				return l.err
			}
			next = nil
		case <-s.srv.closing:
			return errEnd
		}
	}
}

func (s *session) reached(point string) {
	if s.q.Reached != nil {
		s.q.Reached(point)
	}
}

// wait waits for a gate within a transfer, at most until that is broken off.
func (s *session) wait(point string, gate <-chan struct{}) error {
	s.reached(point)
	select {
	case <-gate:
		return nil
	case <-s.stop:
		return errEnd
	case <-s.srv.closing:
		return errEnd
	}
}

// command carries out one command line. An error ends the session.
func (s *session) command(text string) error {
	verb, arg, _ := strings.Cut(text, " ")
	verb = strings.ToUpper(verb)
	if err := s.hold(verb); err != nil {
		return err
	}
	switch {
	case s.q.MaxCommand > 0 && len(text) > s.q.MaxCommand:
		return s.reply("500 Command line too long.")
	case s.q.Hangup[verb]:
		return errEnd
	case s.q.Reset[verb]:
		s.tcp.SetLinger(0)
		return errEnd
	case s.q.PlainText[verb] != "":
		s.conn = s.tcp
		return s.last(s.q.PlainText[verb])
	case s.q.DropTLS[verb]:
		if err := s.dropTLS(); err != nil {
			return err
		}
	case s.q.At421[verb]:
		return s.last("421 Service not available, closing control connection.\r\n")
	}
	if line, ok := s.q.refusal(verb); ok {
		if line == "" {
			return nil
		}
		return s.reply(line)
	}
	run, known := commands[verb]
	switch {
	case !known:
		return s.reply("500 Unknown command.")
	case run.login && !s.logged:
		return s.reply("530 Please log in with USER and PASS.")
	}
	s.mute = s.q.Swallow[verb]
	if verb != "RNTO" {
		defer func(from string) {
			if s.from == from {
				s.from = ""
			}
		}(s.from)
	}
	return run.do(s, arg)
}

// reason words an error of the tree as a reply.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "550 No such file or directory."
	case errors.Is(err, fs.ErrPermission):
		return "550 Permission denied."
	case errors.Is(err, fs.ErrExist) && !errors.Is(err, syscall.ENOTEMPTY):
		return "550 File exists."
	case errors.Is(err, syscall.EISDIR):
		return "550 Is a directory."
	default:
		text := err.Error()
		return "550 " + strings.ToUpper(text[:1]) + text[1:] + "."
	}
}

// startTLS puts TLS over the control connection; what was read ahead is lost.
func (s *session) startTLS() error {
	c := tls.Server(s.below(), s.controlTLS())
	c.SetDeadline(time.Now().Add(handshakeTime))
	if err := c.Handshake(); err != nil {
		return err
	}
	c.SetDeadline(time.Time{})
	s.conn, s.in, s.tls = c, bufio.NewReader(c), true
	return nil
}
