package ftp

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// A server that had TLS once is not spoken to without it by itself.
func TestDowngradeC1(t *testing.T) {
	config, roots := newTLS(t)
	s := serve(t, ftptest.Config{TLS: config})
	marked := 0
	cfg := configOf(s)
	cfg.Security, cfg.Memory = Optional, NewMemory(Profile{})
	cfg.SpokeTLS = func(context.Context) {
		marked++
		if got := sent(s); got[len(got)-1] != "AUTH TLS" {
			t.Errorf("marked after %s", got[len(got)-1])
		}
	}
	withRoots(roots)(&cfg)
	c, err := Dial(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	if marked != 1 || !cfg.Memory.SpokeTLS() {
		t.Errorf("marked %d times", marked)
	}
	users := func() int {
		return len(slices.DeleteFunc(sent(s), func(cmd string) bool { return !strings.HasPrefix(cmd, "USER") }))
	}
	for _, reply := range []string{"500 what?", "502 no", "530 not here"} {
		s.SetQuirks(ftptest.Quirks{Refuse: map[string]string{"AUTH": reply}})
		if _, err = Dial(t.Context(), cfg); !errors.Is(err, ErrDowngrade) || users() != 1 {
			t.Errorf("%s: got %v, %d USER", reply, err, users())
		}
	}
	var spoke bool
	cfg.AllowPlain = func(_ context.Context, before bool) error { spoke = before; return nil }
	if c, err = Dial(t.Context(), cfg); err != nil || !spoke {
		t.Fatalf("got %v; spoke %v", err, spoke)
	}
	_ = c.Close()
}

// Whoever requires TLS says nothing before it is there.
func TestNothingBeforeTLSC2(t *testing.T) {
	t.Parallel()
	for _, steps := range [][]ftptest.Step{
		{ftptest.Send("230 in\r\n")},
		{ftptest.Send("220 hi\r\n"), ftptest.Exchange("AUTH TLS", "230 in already\r\n")},
	} {
		s := script(t, steps...)
		cfg := configOf(s)
		cfg.Security, cfg.Timeouts = Explicit, short
		if _, err := Dial(t.Context(), cfg); err == nil {
			t.Error("no error")
		}
		for _, cmd := range sent(s) {
			if strings.HasPrefix(cmd, "USER") || strings.HasPrefix(cmd, "PASS") {
				t.Errorf("sent %s", cmd)
			}
		}
	}
}

// TestHandshakeWordsC4 breaks off the handshake, and sends it byte by byte.
func TestHandshakeWordsC4(t *testing.T) {
	config, roots := newTLS(t)
	s := serve(t, ftptest.Config{TLS: config, Quirks: ftptest.Quirks{ChopTLS: true}})
	usable(t, dial(t, s, withExplicit, withRoots(roots)))
	config.MinVersion = tls.VersionTLS13
	s = serve(t, ftptest.Config{TLS: config})
	cfg := configOf(s)
	cfg.Security, cfg.TLS = Explicit, &tls.Config{RootCAs: roots, MaxVersion: tls.VersionTLS12}
	if _, err := Dial(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "refused TLS") || !strings.Contains(err.Error(), "protocol version") {
		t.Errorf("got %v", err)
	}
}

func TestSilentImplicitC6(t *testing.T) {
	t.Parallel()
	s := script(t)
	cfg := configOf(s)
	cfg.Security, cfg.Timeouts, cfg.Port = Explicit, short, 990
	cfg.dial = func(ctx context.Context, _ netip.Addr, _ netip.AddrPort) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", s.Addr())
	}
	if _, err := Dial(t.Context(), cfg); !errors.Is(err, os.ErrDeadlineExceeded) || !strings.Contains(err.Error(), "ftps://") {
		t.Errorf("got %v", err)
	}
}

// The server answers no goodbye, and says its verdict once we have hung up.
func TestLateVerdictC11(t *testing.T) {
	t.Parallel()
	config, roots := newTLS(t)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		theirs := config.Clone()
		theirs.MaxVersion = version
		s := serve(t, ftptest.Config{TLS: theirs, Quirks: ftptest.Quirks{LateVerdict: true}})
		c := dial(t, s, withExplicit, withRoots(roots), func(cfg *Config) { cfg.Timeouts.Drain = 50 * time.Millisecond })
		for _, data := range []string{"hello", ""} {
			if err := put(t.Context(), c, "/up", data, 0); err != nil {
				t.Error(err)
			}
		}
		if c.know.Profile().Goodbye != Fails {
			t.Error("nothing was learned")
		}
		usable(t, c)
	}
}

// The server hangs up instead of answering QUIT, without a TLS goodbye, or says
// nothing at all.
func TestQuitC12(t *testing.T) {
	config, roots := newTLS(t)
	for _, q := range []ftptest.Quirks{{Hangup: map[string]bool{"QUIT": true}}, {Reset: map[string]bool{"QUIT": true}}, {Refuse: map[string]string{"QUIT": "500 no"}}} {
		s := serve(t, ftptest.Config{TLS: config, Quirks: q})
		c := dial(t, s, withExplicit, withRoots(roots))
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestRenegotiationC13(t *testing.T) {
	// What package tls says when a server of TLS 1.2 asks for it.
	err := explainTLS(&net.OpError{Op: "local error", Err: tls.AlertError(100)})
	if !strings.Contains(err.Error(), "TLSRenegotiate none") {
		t.Errorf("got %v", err)
	}
}

// A server that ends TLS by itself has ended the session.
func TestDroppedTLSC20(t *testing.T) {
	config, roots := newTLS(t)
	s := serve(t, ftptest.Config{TLS: config, Quirks: ftptest.Quirks{DropTLS: map[string]bool{"NOOP": true}}})
	c := dial(t, s, withExplicit, withRoots(roots))
	broken(t, c, c.Noop(t.Context()))
	if slices.Contains(sent(s), "CCC") {
		t.Error("CCC was sent")
	}
}

// A server in trouble writes plain text into TLS: it is shown.
func TestPlainTextInTLSA33(t *testing.T) {
	config, roots := newTLS(t)
	s := serve(t, ftptest.Config{TLS: config, Quirks: ftptest.Quirks{PlainText: map[string]string{"NOOP": "500 OOPS: vsf_sysutil_read\r\n"}}})
	c := dial(t, s, withExplicit, withRoots(roots))
	err := c.Noop(t.Context())
	if err == nil || !strings.Contains(err.Error(), `broke off TLS and said "500 OOPS: vsf_sysutil_read"`) {
		t.Errorf("got %v", err)
	}
	broken(t, c, err)
}

// Data goes in the clear when that was asked for, and only then.
func TestClearData(t *testing.T) {
	config, roots := newTLS(t)
	tr, data := tree(50_000)
	for _, security := range []Security{Optional, Explicit, Implicit} {
		s := serve(t, ftptest.Config{Tree: tr, TLS: config, Implicit: security == Implicit})
		c := dial(t, s, withRoots(roots), func(cfg *Config) { cfg.Security, cfg.ClearData = security, true })
		if _, ok := c.TLS(); !ok {
			t.Error("the control connection is in the clear as well")
		}
		all(t, c, data)
		if got := sent(s); !slices.Contains(got, "PROT C") || slices.Contains(got, "PROT P") {
			t.Errorf("sent %v", got)
		}
	}
	s := serve(t, ftptest.Config{Tree: tr, TLS: config, TLSRequired: true})
	cfg := configOf(s)
	cfg.Security, cfg.ClearData = Explicit, true
	withRoots(roots)(&cfg)
	if _, err := Dial(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "in the clear: the server said 534") {
		t.Errorf("got %v", err)
	}
}
