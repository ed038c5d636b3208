package ftp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"
)

// unhurried is a server for one session that says when a verb has come, and how
// its connections end.
type unhurried struct {
	ln, data net.Listener
	heard    chan string
	control  chan error
	upload   chan error
}

func newUnhurried(t *testing.T) *unhurried {
	t.Helper()
	s := &unhurried{heard: make(chan string, 100), control: make(chan error, 1), upload: make(chan error, 1)}
	for _, ln := range []*net.Listener{&s.ln, &s.data} {
		var err error
		if *ln, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = (*ln).Close() })
	}
	go func() { s.control <- s.serve() }()  // ends with the connection, or the listener
	go func() { s.upload <- s.receive() }() // likewise
	return s
}

func (s *unhurried) receive() error {
	conn, err := s.data.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = io.Copy(io.Discard, conn)
	return err
}

func (s *unhurried) serve() error {
	conn, err := s.ln.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	fmt.Fprint(conn, "220 hello\r\n")
	for r := bufio.NewReader(conn); ; {
		line, err := r.ReadString('\n')
		if err != nil {
			return err
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch verb {
		case "USER":
			fmt.Fprint(conn, "230 in\r\n")
		case "PWD":
			fmt.Fprint(conn, "257 \"/\"\r\n")
		case "EPSV":
			fmt.Fprintf(conn, "229 there (|||%d|)\r\n", s.data.Addr().(*net.TCPAddr).Port)
		case "STOR":
			fmt.Fprint(conn, "150 go on\r\n")
		case "TYPE":
			fmt.Fprint(conn, "200 fine\r\n")
		case "DELE", "RNFR", "SIZE":
		default:
			fmt.Fprint(conn, "500 no\r\n")
		}
		s.heard <- verb
	}
}

func (s *unhurried) dial(t *testing.T) *Conn {
	t.Helper()
	addr := s.ln.Addr().(*net.TCPAddr)
	c, err := Dial(t.Context(), Config{Host: "127.0.0.1", Port: addr.Port, User: "u", Password: "p", Security: Plain})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func (s *unhurried) hears(t *testing.T, verb string) {
	t.Helper()
	for limit := time.After(20 * time.Second); ; {
		select {
		case got := <-s.heard:
			if got == verb {
				return
			}
		case <-limit:
			t.Fatalf("no %s", verb)
		}
	}
}

// A process that is killed leaves no command on its way that changes something:
// the kernel, which closes its sockets, breaks such a connection.
func TestKilledCommandsAreTakenBack(t *testing.T) {
	for verb, tt := range map[string]struct {
		do    func(ctx context.Context, c *Conn) error
		reset bool
	}{
		"DELE": {func(ctx context.Context, c *Conn) error { return c.Delete(ctx, "/f") }, true},
		"RNFR": {func(ctx context.Context, c *Conn) error { return c.Rename(ctx, "/f", "/g") }, true},
		"SIZE": {func(ctx context.Context, c *Conn) error { _, err := c.Size(ctx, "/f"); return err }, false},
	} {
		t.Run(verb, func(t *testing.T) {
			s := newUnhurried(t)
			c := s.dial(t)
			ended := make(chan error, 1)
			go func() { ended <- tt.do(t.Context(), c) }() // ends with the connection; awaited below
			s.hears(t, verb)
			_ = c.raw.Close() // as the kernel does
			if err := <-s.control; errors.Is(err, syscall.ECONNRESET) != tt.reset {
				t.Errorf("the server saw %v", err)
			}
			if <-ended == nil {
				t.Error("that was a success")
			}
		})
	}
}

// Nor does it leave bytes of a file that the next process may go on with. The
// command itself was answered: that connection ends in order, as they all do.
func TestKilledUploadsAreTakenBack(t *testing.T) {
	for _, tt := range []struct {
		size  int64
		reset bool
	}{{1 << 20, true}, {-1, true}, {4 << 10, false}} {
		s := newUnhurried(t)
		c := s.dial(t)
		u, err := c.Put(t.Context(), Landing{Path: "/.f", Final: "/f", Size: tt.size})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := u.Write(make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
		_ = u.t.raw.Close()
		_ = c.raw.Close()
		if err := <-s.upload; errors.Is(err, syscall.ECONNRESET) != tt.reset {
			t.Errorf("%d: the server saw %v on the data connection", tt.size, err)
		}
		if err := <-s.control; !errors.Is(err, io.EOF) {
			t.Errorf("%d: the server saw %v", tt.size, err)
		}
		_ = u.Abort()
	}
}
