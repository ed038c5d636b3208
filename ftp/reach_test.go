package ftp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"portside/ftp/ftptest"
)

// hosts is a network in which each address answers as it is told to.
type hosts map[string]struct {
	after time.Duration
	err   error
}

// config returns a config for it, and a list of what was dialled and when.
func (h hosts) config(order ...string) (*Config, *[]string) {
	began := time.Now()
	var mu sync.Mutex
	var dialled []string
	cfg := Config{Host: "ftp.example", Timeouts: Timeouts{Dial: 10 * time.Second}}.withDefaults()
	cfg.lookup = func(_ context.Context, host string) ([]netip.Addr, error) {
		var addrs []netip.Addr
		for _, s := range order {
			addrs = append(addrs, netip.MustParseAddr(s))
		}
		return addrs, nil
	}
	cfg.dial = func(ctx context.Context, _ netip.Addr, to netip.AddrPort) (net.Conn, error) {
		mu.Lock()
		dialled = append(dialled, fmt.Sprintf("%v %d", to.Addr(), time.Since(began).Milliseconds()))
		mu.Unlock()
		host, known := h[to.Addr().String()]
		if !known {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		select {
		case <-time.After(host.after):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if host.err != nil {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: host.err}
		}
		return &fakeConn{to: to}, nil
	}
	return &cfg, &dialled
}

type fakeConn struct {
	net.Conn
	to     netip.AddrPort
	closed bool
}

func (c *fakeConn) Close() error { c.closed = true; return nil }

// TestManyAddressesF20 reaches a host of which some addresses are dead.
func TestManyAddressesF20(t *testing.T) {
	const a4, b4, a6, b6 = "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"
	refused := syscall.ECONNREFUSED
	for _, tt := range []struct {
		name    string
		hosts   hosts
		order   []string
		winner  string
		dialled string
	}{
		{"the first answers", hosts{a6: {after: 100 * time.Millisecond}}, []string{a6, a4}, a6, a6 + " 0"},
		{"IPv6 is dead", hosts{a4: {after: 100 * time.Millisecond}}, []string{a6, b6, a4}, a4, a6 + " 0," + a4 + " 250"},
		{"the first is slow and wins", hosts{a6: {after: 300 * time.Millisecond}, a4: {after: 100 * time.Millisecond}}, []string{a6, a4}, a6, a6 + " 0," + a4 + " 250"},
		{"the second wins", hosts{a6: {after: 900 * time.Millisecond}, a4: {after: 100 * time.Millisecond}}, []string{a6, a4}, a4, a6 + " 0," + a4 + " 250"},
		{"refused at once", hosts{a6: {err: refused}, a4: {err: refused}, b4: {}}, []string{a6, a4, b4}, b4, a6 + " 0," + a4 + " 0," + b4 + " 0"},
		{"one family", hosts{b4: {}}, []string{a4, b4}, b4, a4 + " 0," + b4 + " 250"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg, dialled := tt.hosts.config(tt.order...)
				conn, err := connect(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				if got := conn.(*fakeConn).to.Addr().String(); got != tt.winner {
					t.Errorf("%s won", got)
				}
				if got := strings.Join(*dialled, ","); got != tt.dialled {
					t.Errorf("dialled %s, want %s", got, tt.dialled)
				}
			})
		})
	}
}

// TestSecondWinnerIsClosed has two addresses answer at the same instant.
func TestSecondWinnerIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var conns []*fakeConn
		addrs := []netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:21"), netip.MustParseAddrPort("192.0.2.2:21")}
		won, err := race(t.Context(), addrs, func(_ context.Context, to netip.AddrPort) (net.Conn, error) {
			conn := &fakeConn{to: to}
			mu.Lock()
			conns = append(conns, conn)
			before := time.Duration(len(conns)-1) * headStart
			mu.Unlock()
			time.Sleep(time.Second - before) // in the bubble's time
			return conn, nil
		})
		if err != nil || len(conns) != 2 {
			t.Fatal(conns, err)
		}
		for _, conn := range conns {
			if conn.closed == (conn == won) {
				t.Errorf("%v: closed is %v", conn.to, conn.closed)
			}
		}
	})
}

// TestNoAddressAnswersF20 tells what each address said.
func TestNoAddressAnswersF20(t *testing.T) {
	const a4, b4, a6 = "192.0.2.1", "192.0.2.2", "2001:db8::1"
	for _, tt := range []struct {
		name  string
		hosts hosts
		order []string
		stage string
		want  []string
		took  time.Duration
	}{
		{"refused everywhere", hosts{a4: {err: syscall.ECONNREFUSED}, b4: {err: syscall.ECONNREFUSED}}, []string{a4, b4}, "connect", []string{"connection refused"}, 0},
		{"each its own", hosts{a4: {err: syscall.ECONNREFUSED}, a6: {err: syscall.ENETUNREACH}}, []string{a6, a4}, "connect",
			[]string{a4 + ": connection refused", a6 + ": network is unreachable"}, 0},
		{"silence", nil, []string{a6, a4}, "connect", []string{"no answer within 10s"}, 10 * time.Second},
		{"no address", nil, nil, "resolve", []string{"no address"}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg, _ := tt.hosts.config(tt.order...)
				began := time.Now()
				_, err := connect(t.Context(), cfg)
				var failed *ConnectError
				if !errors.As(err, &failed) || failed.Stage != tt.stage || time.Since(began) != tt.took {
					t.Fatalf("got %v after %v", err, time.Since(began))
				}
				for _, want := range tt.want {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("got %v, want %s in it", err, want)
					}
				}
			})
		})
	}
}

// TestReachCancelled ends a race in its middle.
func TestReachCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg, dialled := hosts{}.config("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4")
		ctx, cancel := context.WithCancelCause(t.Context())
		why := errors.New("enough")
		time.AfterFunc(300*time.Millisecond, func() { cancel(why) })
		if _, err := connect(ctx, cfg); !errors.Is(err, why) || len(*dialled) != 2 {
			t.Errorf("got %v after %v", err, *dialled)
		}
	})
}

func TestInterleave(t *testing.T) {
	var in []netip.Addr
	for _, s := range strings.Fields("::1 ::2 ::3 192.0.2.1 192.0.2.2") {
		in = append(in, netip.MustParseAddr(s))
	}
	if got := fmt.Sprint(interleave(in)); got != "[::1 192.0.2.1 ::2 192.0.2.2 ::3]" {
		t.Errorf("got %s", got)
	}
	slices.Reverse(in)
	if got := fmt.Sprint(interleave(in)); got != "[192.0.2.2 ::3 192.0.2.1 ::2 ::1]" {
		t.Errorf("got %s", got)
	}
}

// TestDataStaysAtOneAddressF20B10 has a name whose address changes, and a
// machine with several addresses: data goes between those of the control
// connection.
func TestDataStaysAtOneAddressF20B10(t *testing.T) {
	tr, data := tree(1000)
	s := serve(t, ftptest.Config{Tree: tr})
	lookups := 0
	var from []netip.Addr
	c := dial(t, s, func(cfg *Config) {
		cfg.Host = "ftp.example"
		cfg.lookup = func(context.Context, string) ([]netip.Addr, error) {
			lookups++
			return []netip.Addr{netip.MustParseAddr(s.Host())}, nil
		}
		cfg.dial = func(ctx context.Context, local netip.Addr, to netip.AddrPort) (net.Conn, error) {
			if !local.IsValid() {
				local = netip.MustParseAddr("127.0.0.2")
			}
			from = append(from, local)
			d := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(local, 0))}
			conn, err := d.DialContext(ctx, "tcp", to.String())
			if err != nil && len(from) == 1 {
				t.Skip("this system has no 127.0.0.2")
			}
			return conn, err
		}
	})
	if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	if lookups != 1 || len(from) != 2 || from[1] != from[0] {
		t.Errorf("%d lookups; connections from %v", lookups, from)
	}
}
