package ftp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"

	"portside/ftp/ftptest"
)

// TestEveryCallFails lets one read or write of the connections of a session
// fail, the first, the second and so on until an operation comes to its end
// without it. It is always an error, or the right bytes.
func TestEveryCallFails(t *testing.T) {
	config, roots := newTLS(t)
	for _, security := range []Security{Plain, Explicit} {
		for _, op := range []string{"get", "read", "put", "list", "rename"} {
			for _, fault := range []fault{resets, halves, late} {
				t.Run(fmt.Sprint(security, " ", op, " ", fault), func(t *testing.T) {
					t.Parallel()
					for n := 1; ; n++ {
						tr, data := tree(70_000)
						s := serve(t, ftptest.Config{Tree: tr, TLS: config})
						cfg := configOf(s)
						cfg.Security, cfg.Timeouts = security, short
						withRoots(roots)(&cfg)
						f := &faulty{at: n, how: fault}
						cfg.dial = f.dial
						f.suffer(t, cfg, op, tr, data)
						s.Close()
						if t.Failed() {
							t.Fatalf("at call %d:\n%s", n, strings.Join(s.Transcript(), "\n"))
						}
						if !f.struck() {
							return
						}
					}
				})
			}
		}
	}
}

// suffer runs one operation, and checks that what it says is true.
func (f *faulty) suffer(t *testing.T, cfg Config, op string, tr *ftptest.Tree, data string) {
	t.Helper()
	c, err := Dial(t.Context(), cfg)
	if err != nil {
		if c != nil || !errors.Is(err, ErrBroken) && !f.struck() {
			t.Errorf("Dial: %v, %v", c, err)
		}
		return
	}
	err = c.undergo(t, op, tr, data)
	struck := f.struck()
	f.calm()
	switch {
	case errors.Is(err, ErrBroken):
		broken(t, c, err)
	case !struck:
		usable(t, c)
	default: // a reply may have come with the end of the session behind it
		if later := c.Noop(t.Context()); later != nil {
			broken(t, c, later)
		}
	}
	if err != nil && !struck {
		t.Errorf("without a fault: %v", err)
	}
	_ = c.Close()
}

// undergo runs one operation, and returns its error. A success has to be one.
func (c *Conn) undergo(t *testing.T, op string, tr *ftptest.Tree, data string) error {
	ctx := t.Context()
	var got string
	var err error
	switch op {
	case "get":
		var d *Download
		if d, err = c.Retr(ctx, "/f", 0); err == nil {
			var b strings.Builder
			_, err = d.WriteTo(struct{ io.Writer }{&b})
			got, err = b.String(), errors.Join(err, d.Close())
		}
	case "read":
		got, err = get(ctx, c, "/f", 60_000)
		data = data[60_000:]
	case "put":
		if err = put(ctx, c, "/up", data, 0); err == nil {
			up, _ := tr.ReadFile("/up")
			got = string(up)
		}
	case "list":
		var list []string
		list, err = names(ctx, c, "/")
		got, data = strings.Join(list, " "), "dir empty f"
	case "rename":
		err = c.Rename(ctx, "/f", "/g")
		got, data = fmt.Sprint(tr.Exists("/f"), tr.Exists("/g")), "false true"
	}
	if err == nil && got != data {
		t.Errorf("success with %d of %d bytes", len(got), len(data))
	}
	return err
}

// fault is a way in which a call fails.
type fault string

const (
	resets fault = "resets" // the connection is gone
	halves fault = "halves" // half of a write goes out before; half of a read comes in
	late   fault = "late"   // the deadline passed, they say
)

// faulty makes connections of which one call fails, counted over all of them.
type faulty struct {
	mu    sync.Mutex
	at    int // the call that fails
	how   fault
	calls int
	over  bool
}

func (f *faulty) dial(ctx context.Context, _ netip.Addr, to netip.AddrPort) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", to.String())
	if err != nil {
		return nil, err
	}
	return &faultyConn{Conn: conn, f: f}, nil
}

// strikes counts a call and reports whether it fails.
func (f *faulty) strikes() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.over {
		return false
	}
	f.calls++
	return f.calls == f.at
}

// struck reports whether the call that fails has been made.
func (f *faulty) struck() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls >= f.at
}

// calm counts no further calls.
func (f *faulty) calm() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.over = true
}

// faultyConn is one of its connections.
type faultyConn struct {
	net.Conn
	f *faulty
}

// fail ends the call that is to fail.
func (c *faultyConn) fail(op string) error {
	err := error(syscall.ECONNRESET)
	if c.f.how == late {
		err = os.ErrDeadlineExceeded
	} else if tcp, ok := c.Conn.(*net.TCPConn); ok {
		if c.f.how == resets {
			_ = tcp.SetLinger(0)
		}
		_ = tcp.Close()
	}
	return &net.OpError{Op: op, Net: "tcp", Err: err}
}

func (c *faultyConn) Read(p []byte) (int, error) {
	if !c.f.strikes() {
		return c.Conn.Read(p)
	}
	n := 0
	if c.f.how == halves && len(p) > 1 {
		n, _ = c.Conn.Read(p[:len(p)/2])
	}
	return n, c.fail("read")
}

func (c *faultyConn) Write(p []byte) (int, error) {
	if !c.f.strikes() {
		return c.Conn.Write(p)
	}
	n := 0
	if c.f.how == halves {
		n, _ = c.Conn.Write(p[:len(p)/2])
	}
	return n, c.fail("write")
}
