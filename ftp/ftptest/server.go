package ftptest

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Config describes a server. The zero value listens on 127.0.0.1, serves an
// empty tree, and lets demo in with the password demo.
type Config struct {
	Addr           string // "127.0.0.1:0" when empty; "[::1]:0" for IPv6
	User, Password string // "demo" and "demo" when both are empty
	AllowAnonymous bool   // the user "anonymous" comes in with any password
	Tree           *Tree  // nil: an empty one
	Quirks         Quirks
	Rate           int64 // bytes a second of each data connection; 0: no limit

	TLS           *tls.Config // nil: AUTH is unknown; NewTLS makes one
	DataTLS       *tls.Config // of data connections, where it is another
	Implicit      bool        // TLS from the first byte
	TLSRequired   bool        // USER is refused before AUTH TLS, data before PROT P
	ReuseRequired bool        // data connections must resume the control connection's TLS session

	MaxConns int              // control connections at a time, 421 beyond; 0: no limit
	Quiet    bool             // keep no transcript
	Now      func() time.Time // nil: time.Now; for the years of LIST
}

// Server is a running FTP server.
type Server struct {
	cfg      Config
	listener net.Listener
	rate     atomic.Int64
	quirks   atomic.Pointer[quirkState]
	tickets  atomic.Int64 // generation of TLS tickets that are still good
	closing  chan struct{}
	wg       sync.WaitGroup // accept loop and sessions

	mu         sync.Mutex
	open       map[interface{ Close() error }]struct{} // sockets that Close has to close
	conns      int
	sessions   int // control connections so far
	logins     int
	transcript []string
	idle       chan struct{} // closed and made anew when conns reaches 0
}

// quirkState is a set of quirks and how often its Drop was used.
type quirkState struct {
	Quirks
	drops atomic.Int64
}

// Start listens at c.Addr and serves until Close.
func Start(c Config) (*Server, error) {
	if c.Addr == "" {
		c.Addr = "127.0.0.1:0"
	}
	if c.User == "" && c.Password == "" {
		c.User, c.Password = "demo", "demo"
	}
	if c.Tree == nil {
		c.Tree = NewTree()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Implicit && c.TLS == nil {
		return nil, errors.New("ftptest: Implicit needs TLS")
	}
	if c.TLS != nil {
		// All sessions clone this configuration: one ticket key for all.
		c.TLS = c.TLS.Clone()
		var key [32]byte
		rand.Read(key[:])
		c.TLS.SetSessionTicketKeys([][32]byte{key})
	}
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return nil, fmt.Errorf("ftptest: %w", err)
	}
	s := &Server{cfg: c, listener: l, closing: make(chan struct{}),
		open: map[interface{ Close() error }]struct{}{}, idle: make(chan struct{})}
	s.rate.Store(c.Rate)
	s.SetQuirks(c.Quirks)
	// Close ends the listener and with it this goroutine, and waits for it.
	s.wg.Go(s.accept)
	return s, nil
}

// accept serves every connection until the listener is closed.
func (s *Server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		if !s.track(conn) {
			return
		}
		s.mu.Lock()
		s.conns++
		s.sessions++
		id, over := s.sessions, s.cfg.MaxConns > 0 && s.conns > s.cfg.MaxConns
		s.mu.Unlock()
		// Close closes conn, which ends the session, and waits for it.
		s.wg.Go(func() {
			defer s.leave(conn)
			newSession(s, conn, id).serve(over)
		})
	}
}

// leave forgets a control connection.
func (s *Server) leave(conn net.Conn) {
	s.drop(conn)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conns--; s.conns == 0 {
		close(s.idle)
		s.idle = make(chan struct{})
	}
}

// track remembers c so that Close closes it; after Close it closes c and
// returns false.
func (s *Server) track(c interface{ Close() error }) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		c.Close()
		return false
	}
	s.open[c] = struct{}{}
	return true
}

// drop closes c and forgets it.
func (s *Server) drop(c interface{ Close() error }) {
	c.Close()
	s.mu.Lock()
	delete(s.open, c)
	s.mu.Unlock()
}

// Close stops listening, ends all connections and waits for their goroutines.
func (s *Server) Close() {
	s.mu.Lock()
	open := s.open
	s.open = nil
	s.mu.Unlock()
	if open == nil {
		s.wg.Wait()
		return
	}
	close(s.closing)
	s.listener.Close()
	for c := range open {
		c.Close()
	}
	s.wg.Wait()
}

// Addr returns the address to connect to, host:port.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Host returns the IP address that the server listens on.
func (s *Server) Host() string { return s.listener.Addr().(*net.TCPAddr).IP.String() }

// Port returns the port that the server listens on.
func (s *Server) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Tree returns the tree that is served.
func (s *Server) Tree() *Tree { return s.cfg.Tree }

// SetQuirks replaces the quirks, from the next command of each session on.
func (s *Server) SetQuirks(q Quirks) { s.quirks.Store(&quirkState{Quirks: q}) }

// SetRate changes the limit of each data connection, also of those under way.
func (s *Server) SetRate(bytesPerSecond int64) { s.rate.Store(bytesPerSecond) }

// ForgetTickets makes the server refuse to resume the TLS sessions it has made
// so far, as after a restart.
func (s *Server) ForgetTickets() { s.tickets.Add(1) }

// Transcript returns every line of every control connection so far, in order:
// "1> USER demo", "1< 331 Password required." Passwords are shown.
func (s *Server) Transcript() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.transcript)
}

func (s *Server) note(id int, dir byte, line string) {
	if s.cfg.Quiet {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.transcript = append(s.transcript, fmt.Sprintf("%d%c %s", id, dir, line))
}

// Conns returns how many control connections are open.
func (s *Server) Conns() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns
}

// Sessions returns how many control connections there have been.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions
}

// Logins returns how many logins have succeeded.
func (s *Server) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// WaitIdle waits until no control connection is open.
func (s *Server) WaitIdle(ctx context.Context) error {
	for {
		s.mu.Lock()
		n, idle := s.conns, s.idle
		s.mu.Unlock()
		if n == 0 {
			return nil
		}
		select {
		case <-idle:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
