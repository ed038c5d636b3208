package ftp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// TestCancelOpeningE32 cancels while a connection of either kind is being
// opened. What waits is told by the trace or by the dialling.
func TestCancelOpeningE32(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	nowhere := silent.Addr().(*net.TCPAddr).AddrPort()
	config, roots := newTLS(t)
	for _, tt := range []struct {
		point    string
		at       string // what the trace says when it waits, or "" for the dialling
		blocked  int    // the dialling that never ends, from 1
		astray   int    // the dialling that leads to somebody silent
		security Security
		mode     Mode
	}{
		{point: "dial", blocked: 1},
		{point: "welcome", at: "connected to", astray: 1},
		{point: "implicit handshake", at: "connected to", astray: 1, security: Implicit},
		{point: "AUTH", at: "> AUTH", security: Explicit},
		{point: "handshake", at: "< 234", security: Explicit},
		{point: "dial for data", blocked: 2},
		{point: "handshake for data", at: "< 150", astray: 2, security: Explicit},
		{point: "accept", at: "< 150", mode: Active},
	} {
		t.Run(tt.point, func(t *testing.T) {
			t.Parallel()
			tr, _ := tree(1000)
			q := ftptest.Quirks{AcceptAfter150: true, ActiveSilent: tt.mode == Active}
			gate := make(chan struct{})
			defer close(gate)
			if tt.at == "> AUTH" {
				q.Hold = map[string]<-chan struct{}{"AUTH": gate}
			}
			var s server = serve(t, ftptest.Config{Tree: tr, TLS: config, Quirks: q})
			if tt.at == "< 234" {
				s = script(t, ftptest.Send("220 hi\r\n"), ftptest.Exchange("AUTH TLS", "234 go\r\n"), ftptest.Hold(gate))
			}
			reached := make(chan struct{})
			d := &gatedDial{blocked: tt.blocked, astray: tt.astray, to: nowhere, reached: sync.OnceFunc(func() { close(reached) })}
			cfg := configOf(s)
			cfg.Security, cfg.Mode, cfg.dial = tt.security, tt.mode, d.dial
			withRoots(roots)(&cfg)
			cfg.Trace = &Trace{Line: func(dir byte, text string) {
				if line := string(dir) + " " + text; tt.at != "" && strings.Contains(line, tt.at) {
					d.reached()
				}
			}}
			ctx, cancel := context.WithCancelCause(t.Context())
			why := errors.New("the user said so")
			result := make(chan error, 1)
			go func() { // ends when ctx does; the test waits for result
				c, err := Dial(ctx, cfg)
				if err == nil {
					err = getF(ctx, c)
				}
				result <- err
			}()
			<-reached
			cancelled := time.Now()
			cancel(why)
			if err := <-result; !errors.Is(err, why) {
				t.Errorf("got %v", err)
			}
			if passed := time.Since(cancelled); passed > time.Second {
				t.Errorf("it took %v", passed)
			}
			for _, conn := range d.conns {
				if err := conn.SetDeadline(time.Now()); !errors.Is(err, net.ErrClosed) {
					t.Errorf("the connection to %v is open: %v", conn.RemoteAddr(), err)
				}
			}
		})
	}
}

// gatedDial dials, but for one time that it waits until nobody wants it any
// more, and one time that it goes astray.
type gatedDial struct {
	n, blocked, astray int
	to                 netip.AddrPort
	reached            func()
	conns              []net.Conn
}

func (d *gatedDial) dial(ctx context.Context, _ netip.Addr, to netip.AddrPort) (net.Conn, error) {
	d.n++
	switch d.n {
	case d.blocked:
		d.reached()
		<-ctx.Done()
		return nil, ctx.Err()
	case d.astray:
		to = d.to
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", to.String())
	if err == nil {
		d.conns = append(d.conns, conn)
	}
	return conn, err
}
