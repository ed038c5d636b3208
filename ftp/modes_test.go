package ftp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// blackHole makes the first n data connections lead nowhere.
func blackHole(n int) func(*Config) {
	return func(cfg *Config) {
		cfg.dial = func(ctx context.Context, from netip.Addr, to netip.AddrPort) (net.Conn, error) {
			if n--; from.IsValid() && n >= 0 {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			if !from.IsValid() {
				n++
			}
			return (&Config{}).dialAddr(ctx, from, to)
		}
	}
}

// TestBlackHoleB5B8 has ports that never answer: each way is tried for a
// bounded time, and what works is the first that the next session tries.
func TestBlackHoleB5B8(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		holes  int
		ways   string
		method string
	}{
		{1, "EPSV PASV RETR", "PASV"},
		{2, "EPSV PASV PORT RETR", "PORT"},
	} {
		tr, data := tree(1000)
		s := serve(t, ftptest.Config{Tree: tr})
		know := NewMemory(Profile{})
		remember := func(cfg *Config) { cfg.Memory = know }
		c := dial(t, s, withShort, remember, blackHole(tt.holes))
		began := time.Now()
		if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("took %v", took)
		}
		if got := dataCommands(s); got != tt.ways || know.Profile().Method != tt.method {
			t.Errorf("sent %s; the profile says %s", got, know.Profile().Method)
		}
		c = dial(t, s, withShort, remember)
		if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
		if got := dataCommands(s); got != tt.ways+" "+tt.method+" RETR" {
			t.Errorf("sent %s", got)
		}
	}
}

// TestResetOnAcceptB8B9 has a server, or somebody on its port, that closes the
// data connection, and a server that says so: the session lives on.
func TestResetOnAcceptB8B9(t *testing.T) {
	for _, end := range []ftptest.Step{ftptest.CloseData(), ftptest.ResetData()} {
		for _, begun := range []string{"", "150 soon\r\n"} {
			s := script(t, passiveSteps(ftptest.Expect("RETR /f"), ftptest.Connect(), end, ftptest.Send(begun+"425 Somebody else was on that port\r\n"),
				ftptest.Exchange("NOOP", "200 ok\r\n"))...)
			c := dial(t, s, withPassive)
			got, err := get(t.Context(), c, "/f", 0)
			if !isCode(425)(err) || errors.Is(err, ErrBroken) || got != "" {
				t.Errorf("got %q, %v", got, err)
			}
			usable(t, c)
		}
	}
}

// twins listens on one port of two addresses of this machine.
func twins(t *testing.T) (home, foreign *net.TCPListener) {
	t.Helper()
	for range 100 {
		away, err := net.Listen("tcp", "127.0.0.2:0")
		if err != nil {
			t.Skip("this system has no 127.0.0.2")
		}
		at := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), addrPort(away.Addr()).Port())
		if near, err := net.Listen("tcp", at.String()); err == nil {
			t.Cleanup(func() { _, _ = near.Close(), away.Close() })
			return near.(*net.TCPListener), away.(*net.TCPListener)
		}
		_ = away.Close()
	}
	t.Fatal("no port is free on both")
	return nil, nil
}

// visited reports whether somebody has connected to l.
func visited(t *testing.T, l *net.TCPListener) bool {
	t.Helper()
	if err := l.SetDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	conn, err := l.Accept()
	if err == nil {
		_ = conn.Close()
	}
	return err == nil
}

// TestForeignPASVB3 counts the connections to the address that PASV names.
func TestForeignPASVB3(t *testing.T) {
	home, foreign := twins(t)
	port := addrPort(home.Addr()).Port()
	pasv := []ftptest.Step{ftptest.Exchange("PASV", fmt.Sprintf("227 (127,0,0,2,%d,%d)\r\n", port>>8, port&255)), ftptest.Exchange("RETR /f", "425 not now\r\n")}
	steps := slices.Concat([]ftptest.Step{ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("EPSV", "502 no\r\n")}, pasv, pasv)
	for _, trust := range []bool{false, true} {
		var rec recorder
		c := dial(t, script(t, steps...), withPassive, func(cfg *Config) { cfg.Trace, cfg.TrustPASV = rec.trace(), trust })
		for range 2 {
			if _, err := c.Retr(t.Context(), "/f", 0); !isCode(425)(err) {
				t.Errorf("got %v", err)
			}
			if near, far := visited(t, home), visited(t, foreign); near == trust || far != trust {
				t.Errorf("trust %v: the server's address was dialled: %v, the other: %v", trust, near, far)
			}
		}
		if n := strings.Count(rec.text(), "PASV names 127.0.0.2; using 127.0.0.1"); n == 1 == trust {
			t.Errorf("trust %v: noted %d times:\n%s", trust, n, rec.text())
		}
	}
}

// TestForeignPortsB2 never goes to ports of other services elsewhere.
func TestForeignPortsB2(t *testing.T) {
	c := &Conn{peer: netip.MustParseAddrPort("192.0.2.1:21")}
	here, there := c.peer.Addr(), netip.MustParseAddr("192.0.2.2")
	for _, tt := range []struct {
		addr netip.Addr
		port uint16
		good bool
	}{
		{here, 20, true}, {here, 80, true}, {there, 1025, true}, {there, 20, true},
		{there, 22, false}, {there, 25, false}, {there, 80, false}, {there, 443, false},
	} {
		if err := c.checkPort(tt.addr, tt.port); (err == nil) != tt.good || err != nil && !isProtocol(err) {
			t.Errorf("%v port %d: %v", tt.addr, tt.port, err)
		}
	}
	c.peer = netip.MustParseAddrPort("192.0.2.1:2121")
	if c.checkPort(here, 1023) == nil || c.checkPort(here, 1024) != nil {
		t.Error("ports below 1024 go with a control port below 1024")
	}
}

// TestAddressFamiliesB37 reads which families a server offers.
func TestAddressFamiliesB37(t *testing.T) {
	for text, want := range map[string]string{
		"Network protocol not supported, use (1,2)": "1 2", "use (1)": "1", "use ( 2 )": "2", "no list": "", "use (12": "", "use (12)": "",
	} {
		err := fmt.Errorf("x: %w", &ReplyError{Command: "EPSV", Code: 522, Lines: []string{text}})
		var got []string
		for _, family := range []string{"1", "2"} {
			if offers(err, family) {
				got = append(got, family)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	s := script(t, ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("EPSV", "522 use (1,2)\r\n"), ftptest.Expect("EPSV 1"), ftptest.Listen("229 (|||%d|)\r\n"),
		ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.Send("150 go\r\n"), ftptest.SendData("f"), ftptest.CloseData(), ftptest.Send("226 ok\r\n"))
	if got, err := get(t.Context(), dial(t, s), "/f", 0); got != "f" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	// On IPv4 PORT says the same as EPRT; what is refused is not asked again.
	s = script(t, ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("PORT *", "502 no\r\n"), ftptest.Exchange("EPRT |1|*", "522 use (2)\r\n"),
		ftptest.Exchange("NOOP", "200 ok\r\n"))
	c := dial(t, s, withActive)
	for range 2 {
		_, err := c.Retr(t.Context(), "/f", 0)
		if err == nil || !strings.Contains(err.Error(), "EPRT: the server said 522: use (2)") {
			t.Errorf("got %v", err)
		}
	}
	usable(t, c)
}

// TestActiveBeginsAnewB30 lets a server stop connecting to us: the next
// session is back to passive mode first.
func TestActiveBeginsAnewB30(t *testing.T) {
	t.Parallel()
	for _, stop := range []ftptest.Quirks{{ActiveSilent: true, NoPassive: true}, {Refuse: map[string]string{"RETR": "425 Cannot reach you."}, NoPassive: true}} {
		tr, data := tree(1000)
		s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{NoPassive: true}})
		know := NewMemory(Profile{})
		remember := func(cfg *Config) { cfg.Memory = know }
		c := dial(t, s, withShort, remember)
		if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data || c.Working() != Active {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
		s.SetQuirks(stop)
		began := time.Now()
		if _, err := c.Retr(t.Context(), "/f", 0); err == nil || time.Since(began) > 3*time.Second {
			t.Errorf("got %v after %v", err, time.Since(began))
		}
		if got := know.Profile().Method; got != "" || c.Working() != Auto {
			t.Errorf("the profile says %q, the session %v", got, c.Working())
		}
		s.SetQuirks(ftptest.Quirks{})
		before := len(dataCommands(s))
		c = dial(t, s, withShort, remember)
		if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
		if got := dataCommands(s)[before:]; got != " EPSV RETR" {
			t.Errorf("sent %s", got)
		}
	}
}

// TestStrangerFirstB31 has somebody else connect before the server does.
func TestStrangerFirstB31(t *testing.T) {
	var got []byte
	var failed error
	s := script(t, ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("PORT *", "200 ok\r\n"), ftptest.Expect("STOR /f"),
		ftptest.Stranger("127.0.0.2", func(data []byte, err error) { got, failed = data, err }),
		ftptest.Connect(), ftptest.Send("150 go\r\n"), ftptest.ReadData(func(data []byte, err error) {
			if string(data) != "secret" || err != nil {
				t.Errorf("the server got %q, %v", data, err)
			}
		}), ftptest.CloseData(), ftptest.Send("226 ok\r\n"), ftptest.Exchange("NOOP", "200 ok\r\n"))
	c := dial(t, s, withActive)
	if err := put(t.Context(), c, "/f", "secret", 0); err != nil {
		t.Fatal(err)
	}
	usable(t, c)
	var op *net.OpError
	if errors.As(failed, &op) && op.Op == "dial" {
		t.Skip("this system has no 127.0.0.2")
	}
	if len(got) > 0 {
		t.Errorf("the stranger got %q", got)
	}
}

// TestOtherPeerB32 has a server connect from another address of its own.
func TestOtherPeerB32(t *testing.T) {
	t.Parallel()
	tr, data := tree(1000)
	for _, late := range []bool{false, true} {
		s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{ActiveFrom: "127.0.0.3", AcceptAfter150: late}})
		c := dial(t, s, withActive, func(cfg *Config) { cfg.AnyPeer = true })
		if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
			if l, err := net.Listen("tcp", "127.0.0.3:0"); err != nil {
				t.Skip("this system has no 127.0.0.3")
			} else {
				_ = l.Close()
			}
			t.Fatalf("%d bytes, %v", len(got), err)
		}
		c = dial(t, s, withShort, withActive)
		_, err := get(t.Context(), c, "/f", 0)
		if err == nil || !strings.Contains(err.Error(), "from 127.0.0.3 was refused") || !strings.Contains(err.Error(), "--active-peer any") {
			t.Errorf("got %v", err)
		}
	}
}

// TestPortIsFreeSoonB35 waits for the one port of a range.
func TestPortIsFreeSoonB35(t *testing.T) {
	tr, data := tree(1000)
	s := serve(t, ftptest.Config{Tree: tr})
	port := uint16(closedPort(t))
	c := dial(t, s, withActive, func(cfg *Config) { cfg.ActivePorts = PortRange{port, port} })
	l, err := net.Listen("tcp", netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port).String())
	if err != nil {
		t.Skip(err)
	}
	timer := time.AfterFunc(3*portRetry, func() { _ = l.Close() }) // another transfer's server has connected
	defer timer.Stop()
	if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	again, err := net.Listen("tcp", l.Addr().String())
	if err != nil {
		t.Fatalf("the port is still in use: %v", err)
	}
	defer func() { _ = again.Close() }()
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	stop := time.AfterFunc(portRetry, func() { cancel(why) })
	defer stop.Stop()
	if _, err := c.Retr(ctx, "/f", 0); !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
	usable(t, c)
}

// TestFinalRepliesB15 has transfers that end badly after some of the data.
func TestFinalRepliesB15(t *testing.T) {
	for _, code := range []int{425, 426, 451, 452, 552} {
		for _, n := range []int{0, 1, 100_000} {
			sent := strings.Repeat("x", n)
			s := script(t, passiveSteps(ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.Send("150 go\r\n"), ftptest.SendData(sent), ftptest.CloseData(),
				ftptest.Send(fmt.Sprintf("%d over\r\n", code)), ftptest.Exchange("NOOP", "200 ok\r\n"))...)
			c := dial(t, s)
			got, err := get(t.Context(), c, "/f", 0)
			if !isCode(code)(err) || errors.Is(err, ErrBroken) || got != sent {
				t.Errorf("%d after %d: %d bytes, %v", code, n, len(got), err)
			}
			usable(t, c)
		}
	}
}

// TestMoreThanPromisedB18 takes all of a file that has grown.
func TestMoreThanPromisedB18(t *testing.T) {
	tr, data := tree(10)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Extra: []byte("xy"), Reply150: "150 /f (10 bytes)."}})
	c := dial(t, s)
	if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data+"xy" {
		t.Errorf("got %q, %v", got, err)
	}
	usable(t, c)
}

// TestRefusedOverTLSB20 has a server accept the data connection and refuse the
// command: no handshake, no data, and the session lives on.
func TestRefusedOverTLSB20(t *testing.T) {
	config, roots, err := ftptest.NewTLS()
	if err != nil {
		t.Fatal(err)
	}
	tr, data := tree(1000)
	s := serve(t, ftptest.Config{Tree: tr, TLS: config, Quirks: ftptest.Quirks{Refuse: map[string]string{"RETR": "550 No such file."}}})
	c := dial(t, s, withRoots(roots), func(cfg *Config) { cfg.Security = Explicit })
	for range 2 {
		if _, err := c.Retr(t.Context(), "/f", 0); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("got %v", err)
		}
	}
	s.SetQuirks(ftptest.Quirks{})
	if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// TestEmptyFilesB19 moves nothing, in both modes, plain and over TLS.
func TestEmptyFilesB19(t *testing.T) {
	config, roots, err := ftptest.NewTLS()
	if err != nil {
		t.Fatal(err)
	}
	for _, security := range []Security{Plain, Explicit, Implicit} {
		for _, mode := range []Mode{Passive, Active} {
			tr, _ := tree(10)
			s := serve(t, ftptest.Config{Tree: tr, TLS: config, Implicit: security == Implicit, ReuseRequired: security != Plain})
			c := dial(t, s, withRoots(roots), func(cfg *Config) { cfg.Security, cfg.Mode = security, mode })
			if err := put(t.Context(), c, "/none", "", 0); err != nil {
				t.Errorf("%v %v: %v", security, mode, err)
			}
			for _, path := range []string{"/none", "/empty"} {
				if got, err := get(t.Context(), c, path, 0); got != "" || err != nil {
					t.Errorf("%v %v: got %q, %v", security, mode, got, err)
				}
			}
			usable(t, c)
		}
	}
}

// TestActiveCancelB38 gives up waiting for the server: the listener goes with
// the operation.
func TestActiveCancelB38(t *testing.T) {
	reached := make(chan struct{}, 1)
	gate := make(chan struct{})
	defer close(gate)
	s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{ActiveSilent: true, Hold: map[string]<-chan struct{}{"STOR": gate},
		Reached: func(string) { reached <- struct{}{} }}})
	c := dial(t, s, withActive)
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	go func() { // ends when the server has the command
		<-reached
		cancel(why)
	}()
	_, err := c.Stor(ctx, "/f", 0)
	if !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
	broken(t, c, err)
	for _, cmd := range sent(s) {
		if arg, ok := strings.CutPrefix(cmd, "PORT "); ok {
			told, port, err := parsePASV(arg)
			if err != nil {
				t.Fatal(err)
			}
			if conn, err := net.DialTimeout("tcp", netip.AddrPortFrom(told, port).String(), time.Second); err == nil {
				_ = conn.Close()
				t.Error("the listener is still open")
			}
			return
		}
	}
	t.Error("no PORT was sent")
}
