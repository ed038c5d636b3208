package ftp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

func withRoots(roots *x509.CertPool) func(*Config) {
	return func(cfg *Config) { cfg.TLS = &tls.Config{RootCAs: roots} }
}

func withExplicit(cfg *Config) { cfg.Security = Explicit }

func newTLS(t *testing.T, names ...string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	config, roots, err := ftptest.NewTLS(names...)
	if err != nil {
		t.Fatal(err)
	}
	return config, roots
}

// TestTLS transfers over both versions, in every mode, at servers that demand
// session reuse (C7, B39).
func TestTLS(t *testing.T) {
	config, roots := newTLS(t)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		for _, implicit := range []bool{false, true} {
			for _, mode := range []Mode{Passive, Active} {
				t.Run(fmt.Sprintf("%s implicit=%v %v", tls.VersionName(version), implicit, mode), func(t *testing.T) {
					tr, data := tree(300_000)
					theirs := config.Clone()
					theirs.MinVersion, theirs.MaxVersion = version, version
					s := serve(t, ftptest.Config{Tree: tr, TLS: theirs, Implicit: implicit, TLSRequired: true, ReuseRequired: true})
					c := dial(t, s, withRoots(roots), func(cfg *Config) {
						cfg.Security, cfg.Mode = Explicit, mode
						if implicit {
							cfg.Security = Implicit
						}
					})
					if state, ok := c.TLS(); !ok || state.Version != version {
						t.Errorf("got %v, %v", state.Version, ok)
					}
					all(t, c, data)
				})
			}
		}
	}
}

func TestNoTLSC1(t *testing.T) {
	tr, _ := tree(10)
	s := serve(t, ftptest.Config{Tree: tr})
	_, err := Dial(t.Context(), func() Config { c := configOf(s); c.Security = Explicit; return c }())
	var connect *ConnectError
	if !errors.As(err, &connect) || connect.Stage != "tls" || !strings.Contains(err.Error(), "no TLS") {
		t.Errorf("got %v", err)
	}
	refuse := errors.New("not in plain")
	cfg := configOf(s)
	cfg.Security, cfg.AllowPlain = Optional, func(context.Context, bool) error { return refuse }
	if _, err = Dial(t.Context(), cfg); !errors.Is(err, refuse) {
		t.Errorf("got %v", err)
	}
	for _, cmd := range sent(s) {
		if strings.HasPrefix(cmd, "USER") {
			t.Errorf("sent %s", cmd)
		}
	}
	c := dial(t, s, func(cfg *Config) { cfg.Security = Optional })
	if _, ok := c.TLS(); ok {
		t.Error("TLS out of nothing")
	}
	usable(t, c)
}

func TestPlainTextBehind234C3(t *testing.T) {
	s := script(t, ftptest.Send("220 hi\r\n"), ftptest.Exchange("AUTH TLS", "234 ok\r\n230 in\r\n"))
	cfg := configOf(s)
	cfg.Security = Explicit
	_, err := Dial(t.Context(), cfg)
	if !isProtocol(err) {
		t.Errorf("got %v", err)
	}
}

func TestHandshakeC4C5(t *testing.T) {
	t.Parallel()
	s := script(t, ftptest.Send("220 hi\r\n"), ftptest.Exchange("AUTH TLS", "234 ok\r\n"))
	cfg := configOf(s)
	cfg.Security, cfg.Timeouts = Explicit, short
	if _, err := Dial(t.Context(), cfg); !errors.Is(err, os.ErrDeadlineExceeded) || !strings.Contains(err.Error(), "handshake") {
		t.Errorf("silence: got %v", err)
	}
	s = script(t, ftptest.Send("220 welcome to plain text\r\n"))
	cfg = configOf(s)
	cfg.Security, cfg.Timeouts = Implicit, short
	if _, err := Dial(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "220 welcome to plain text") || !strings.Contains(err.Error(), "ftpes") {
		t.Errorf("plain text: got %v", err)
	}
}

func TestGoodbyeC10(t *testing.T) {
	config, roots := newTLS(t)
	tr, data := tree(10_000)
	for _, tt := range []struct {
		quirks ftptest.Quirks
		ok     bool
	}{
		{ftptest.Quirks{NoCloseNotify: true}, true}, // SIZE agrees
		{ftptest.Quirks{NoCloseNotify: true, NoSIZE: true, Reply150: "150 go"}, false},
		{ftptest.Quirks{NoCloseNotify: true, NoSIZE: true, Reply150: "150 /f (10000 bytes)"}, true},
		{ftptest.Quirks{NoCloseNotify: true, Truncate: true, TruncateAfter: 5000}, false},
		{ftptest.Quirks{CutRecord: true}, true}, // behind the last byte
		{ftptest.Quirks{CutRecord: true, NoSIZE: true, Reply150: "150 go"}, false},
		{ftptest.Quirks{CutRecord: true, Truncate: true, TruncateAfter: 5000}, false},
		{ftptest.Quirks{NoSIZE: true, Reply150: "150 go"}, true},
	} {
		s := serve(t, ftptest.Config{Tree: tr, TLS: config, Quirks: tt.quirks})
		c := dial(t, s, withExplicit, withRoots(roots))
		got, err := get(t.Context(), c, "/f", 0)
		if (err == nil) != tt.ok || tt.ok && got != data {
			t.Errorf("%+v: got %d bytes, %v", tt.quirks, len(got), err)
		}
		usable(t, c)
	}
}

func TestPlainDataC19(t *testing.T) {
	config, roots := newTLS(t)
	tr, data := tree(1000)
	s := serve(t, ftptest.Config{Tree: tr, TLS: config, Quirks: ftptest.Quirks{PlainData: true}})
	c := dial(t, s, withShort, withExplicit, withRoots(roots))
	if got, err := get(t.Context(), c, "/f", 0); err == nil || got == data {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
	for _, security := range []Security{Optional, Explicit} {
		s = serve(t, ftptest.Config{Tree: tr, TLS: config, Quirks: ftptest.Quirks{Refuse: map[string]string{"PROT": "536 no"}}})
		cfg := configOf(s)
		cfg.Security = security
		withRoots(roots)(&cfg)
		if _, err := Dial(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "does not protect") || !strings.Contains(err.Error(), "--clear-data") {
			t.Errorf("got %v", err)
		}
	}
}
