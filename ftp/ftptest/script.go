package ftptest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
)

// ScriptServer plays exact scripts. It is for exchanges that no setting of
// [Quirks] makes.
type ScriptServer struct {
	listener net.Listener
	wg       sync.WaitGroup
	closing  chan struct{}

	mu         sync.Mutex
	conns      []*player
	closed     bool
	transcript []string
	err        error
}

// Step is one step of a script.
type Step func(p *player) error

// player is one control connection that follows a script.
type player struct {
	s        *ScriptServer
	id       int
	conn     *net.TCPConn
	in       *bufio.Reader
	listener *net.TCPListener // for passive data
	active   netip.AddrPort   // of the last PORT or EPRT
	data     *net.TCPConn
}

// Script serves steps to every connection. When the steps are done the
// connection stays open until the client closes it.
func Script(steps ...Step) (*ScriptServer, error) { return Scripts(steps) }

// Scripts serves the i-th script to the i-th connection, and the last one to
// all further ones.
func Scripts(scripts ...[]Step) (*ScriptServer, error) {
	if len(scripts) == 0 {
		return nil, errors.New("ftptest: no script")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("ftptest: %w", err)
	}
	s := &ScriptServer{listener: l, closing: make(chan struct{})}
	// Close ends the listener and with it this goroutine, and waits for it.
	s.wg.Go(func() {
		for i := 0; ; i++ {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p := &player{s: s, id: i + 1, conn: conn.(*net.TCPConn), in: bufio.NewReader(conn)}
			if !s.add(p) {
				return
			}
			// Close closes the connection, which ends the player, and waits.
			s.wg.Go(func() { p.play(scripts[min(i, len(scripts)-1)]) })
		}
	})
	return s, nil
}

func (s *ScriptServer) add(p *player) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		p.conn.Close()
		return false
	}
	s.conns = append(s.conns, p)
	return true
}

// play takes the steps, then waits for the client to leave.
func (p *player) play(steps []Step) {
	defer p.close()
	for i, step := range steps {
		if err := step(p); err != nil {
			if !errors.Is(err, errEnd) {
				p.s.fail(fmt.Errorf("connection %d, step %d: %w", p.id, i+1, err))
			}
			return
		}
	}
	for {
		if _, err := p.readLine(); err != nil {
			return
		}
	}
}

func (p *player) close() {
	p.conn.Close()
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if p.data != nil {
		p.data.Close()
	}
	if p.listener != nil {
		p.listener.Close()
	}
}

func (s *ScriptServer) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil && !s.closed {
		s.err = err
	}
}

func (s *ScriptServer) note(id int, dir byte, line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.transcript = append(s.transcript, fmt.Sprintf("%d%c %s", id, dir, line))
}

// Close ends all connections, waits for the players, and returns what went
// against a script first: a command that was not expected, say.
func (s *ScriptServer) Close() error {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.closing)
	}
	conns := s.conns
	s.mu.Unlock()
	s.listener.Close()
	for _, p := range conns {
		p.close()
	}
	s.wg.Wait()
	return s.Err()
}

// Err returns what went against a script so far.
func (s *ScriptServer) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Addr returns the address to connect to.
func (s *ScriptServer) Addr() string { return s.listener.Addr().String() }

// Host returns the IP address to connect to.
func (s *ScriptServer) Host() string { return s.listener.Addr().(*net.TCPAddr).IP.String() }

// Port returns the port to connect to.
func (s *ScriptServer) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Transcript returns what was said so far, as [Server.Transcript] does.
func (s *ScriptServer) Transcript() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.transcript...)
}

func (p *player) readLine() (string, error) {
	raw, err := p.in.ReadString('\n')
	if err != nil {
		return "", err
	}
	text := strings.TrimRight(raw, "\r\n")
	p.s.note(p.id, '>', text)
	return text, nil
}

func (p *player) send(text string) error {
	for l := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		p.s.note(p.id, '<', l)
	}
	_, err := io.WriteString(p.conn, text)
	return err
}

// Send writes text as it stands; lines need their CRLF.
func Send(text string) Step {
	return func(p *player) error { return p.send(text) }
}

// Expect reads one line, which must be want. A want that ends in "*" is a
// prefix. A script need not speak of SYST: nothing is known of it there (502).
func Expect(want string) Step {
	return func(p *player) error {
		got, err := p.readLine()
		if got == "SYST" && want != got && p.send("502 No.\r\n") == nil {
			got, err = p.readLine()
		}
		if err != nil {
			return fmt.Errorf("want %q: %w", want, err)
		}
		if prefix, ok := strings.CutSuffix(want, "*"); got != want && (!ok || !strings.HasPrefix(got, prefix)) {
			return fmt.Errorf("got %q, want %q", got, want)
		}
		verb, arg, _ := strings.Cut(got, " ")
		if verb == "PORT" || verb == "EPRT" {
			p.active = parseActive(verb, arg)
		}
		return nil
	}
}

// Exchange expects a line and answers it.
func Exchange(want, reply string) Step {
	return func(p *player) error {
		if err := Expect(want)(p); err != nil {
			return err
		}
		return p.send(reply)
	}
}

// Login greets, lets demo in, knows no FEAT, and says that "/" is home. It is
// the usual beginning of a script.
func Login() Step {
	return func(p *player) error {
		if err := p.send("220 Ready.\r\n"); err != nil {
			return err
		}
		for {
			got, err := p.readLine()
			if err != nil {
				return err
			}
			reply := "502 No.\r\n"
			switch verb, _, _ := strings.Cut(got, " "); verb {
			case "USER":
				reply = "331 Password.\r\n"
			case "PASS":
				reply = "230 In.\r\n"
			case "TYPE":
				reply = "200 OK.\r\n"
			case "PWD":
				return p.send("257 \"/\"\r\n")
			}
			if err := p.send(reply); err != nil {
				return err
			}
		}
	}
}

// Hold waits until gate is closed.
func Hold(gate <-chan struct{}) Step {
	return func(p *player) error {
		select {
		case <-gate:
			return nil
		case <-p.s.closing:
			return errEnd
		}
	}
}

// Do calls f; it tells a test that the script came this far.
func Do(f func()) Step {
	return func(*player) error { f(); return nil }
}

// Hangup closes the control connection.
func Hangup() Step {
	return func(*player) error { return errEnd }
}

// Reset resets the control connection.
func Reset() Step {
	return func(p *player) error { p.conn.SetLinger(0); return errEnd }
}

// Try takes a step whose failure does not matter: the client may be gone.
func Try(step Step) Step {
	return func(p *player) error { _ = step(p); return nil }
}
