package ftp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// authority makes an authority for one test.
func authority(t *testing.T) *ftptest.Authority {
	t.Helper()
	a, err := ftptest.NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// issue makes the TLS config of a server whose certificate is c.
func issue(t *testing.T, a *ftptest.Authority, c ftptest.Cert) *tls.Config {
	t.Helper()
	cert, err := a.Issue(c)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}}
}

// refused dials, and returns why the certificate was not trusted. Nothing but
// AUTH may have been said.
func refused(t *testing.T, s *ftptest.Server, cfg Config) *CertError {
	t.Helper()
	c, err := Dial(t.Context(), cfg)
	if err == nil {
		_ = c.Close()
		t.Fatal("the certificate was trusted")
	}
	var e *CertError
	if !errors.As(err, &e) || !errors.Is(err, ErrBroken) {
		t.Fatalf("got %v", err)
	}
	for _, cmd := range sent(s) {
		if cmd != "AUTH TLS" {
			t.Errorf("sent %s", cmd)
		}
	}
	return e
}

func TestCertificatesC15(t *testing.T) {
	a := authority(t)
	past, future := time.Now().AddDate(-1, 0, 0), time.Now().AddDate(1, 0, 0)
	for _, tt := range []struct {
		name string
		cert ftptest.Cert
		kind CertKind
		says []string
	}{
		{"wrong host", ftptest.Cert{Names: []string{"other.example"}}, CertWrongHost, []string{"another name"}},
		{"expired", ftptest.Cert{From: past, To: past.AddDate(0, 1, 0)}, CertExpired, []string{"expired on " + past.AddDate(0, 1, 0).UTC().Format(time.DateOnly)}},
		{"not yet valid", ftptest.Cert{From: future, To: future.AddDate(0, 1, 0)}, CertNotYetValid, []string{"not valid before"}},
		{"self-signed", ftptest.Cert{SelfSigned: true}, CertSelfSigned, []string{"by itself"}},
		{"common name only", ftptest.Cert{NameOnly: true}, CertWrongHost, []string{"another name"}},
		{"SHA-1", ftptest.Cert{SHA1: true}, CertOther, []string{"SHA-1"}},
		{"everything", ftptest.Cert{SelfSigned: true, Names: []string{"other.example"}, From: past, To: past.AddDate(0, 1, 0)},
			CertSelfSigned, []string{"by itself", "another name", "expired"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			config := issue(t, a, tt.cert)
			s := serve(t, ftptest.Config{TLS: config})
			cfg := configOf(s)
			cfg.Security = Explicit
			withRoots(a.Pool)(&cfg)
			e := refused(t, s, cfg)
			if e.Kind != tt.kind || len(e.Chain) != 1 || e.Fingerprint != PinOf(e.Chain[0]) {
				t.Errorf("got %v: %v", e.Kind, e)
			}
			for _, word := range tt.says {
				if !strings.Contains(e.Error(), word) {
					t.Errorf("%v lacks %q", e, word)
				}
			}
			cfg.Pins = []Pin{{}, e.Fingerprint} // its key makes up for everything
			c, err := Dial(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if _, err := names(t.Context(), c, "/"); err != nil {
				t.Error(err)
			}
		})
	}
	s := serve(t, ftptest.Config{TLS: issue(t, authority(t), ftptest.Cert{})})
	cfg := configOf(s)
	cfg.Security = Explicit
	withRoots(a.Pool)(&cfg)
	if e := refused(t, s, cfg); e.Kind != CertUnknownAuthority || !strings.Contains(e.Error(), "unknown authority") {
		t.Errorf("unknown authority: got %v: %v", e.Kind, e)
	}
}

// A caller's own check comes on top of ours.
func TestVerifyConnection(t *testing.T) {
	a := authority(t)
	s := serve(t, ftptest.Config{TLS: issue(t, a, ftptest.Cert{})})
	cfg := configOf(s)
	cfg.Security = Explicit
	cfg.TLS = &tls.Config{RootCAs: a.Pool, VerifyConnection: func(tls.ConnectionState) error { return errors.New("not that one") }}
	if e := refused(t, s, cfg); e.Kind != CertOther || !strings.Contains(e.Error(), "not that one") {
		t.Errorf("got %v: %v", e.Kind, e)
	}
	cfg.TLS = &tls.Config{InsecureSkipVerify: true}
	c, err := Dial(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
}

// A pin holds for a key: with new dates it is the same, a new key is not, and an
// authority does not make up for it.
func TestPinsC16(t *testing.T) {
	a := authority(t)
	key, err := ftptest.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	leaf := issue(t, a, ftptest.Cert{Key: key, SelfSigned: true})
	s := serve(t, ftptest.Config{TLS: leaf})
	cfg := configOf(s)
	cfg.Security = Explicit
	pin := refused(t, s, cfg).Fingerprint

	s = serve(t, ftptest.Config{TLS: issue(t, a, ftptest.Cert{Key: key, To: time.Now().AddDate(1, 0, 0)})})
	dial(t, s, withExplicit, func(cfg *Config) { cfg.Pins = []Pin{pin} })

	s = serve(t, ftptest.Config{TLS: issue(t, a, ftptest.Cert{})})
	cfg = configOf(s)
	cfg.Security, cfg.Pins = Explicit, []Pin{pin}
	withRoots(a.Pool)(&cfg)
	if e := refused(t, s, cfg); e.Kind != CertChanged || e.Fingerprint == pin {
		t.Errorf("got %v: %v", e.Kind, e)
	}
}

func TestParsePin(t *testing.T) {
	pin := Pin{1, 2, 255}
	for _, s := range []string{
		pin.String(),
		"0102ff" + strings.Repeat("00", 29),
		"01:02:FF" + strings.Repeat(":00", 29),
	} {
		if got, err := ParsePin(s); err != nil || got != pin {
			t.Errorf("%s: got %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "sha256//", "sha256//AAAA", pin.String() + "=", "0102", strings.Repeat("x", 64), "sha1//" + pin.String()[8:]} {
		if got, err := ParsePin(s); err == nil {
			t.Errorf("%q became %v", s, got)
		}
	}
}

// What a data connection shows has to be what the control connection showed.
func TestOtherCertificateOnDataC17(t *testing.T) {
	a := authority(t)
	tr, _ := tree(1000)
	s := serve(t, ftptest.Config{Tree: tr, TLS: issue(t, a, ftptest.Cert{}), DataTLS: issue(t, a, ftptest.Cert{})})
	c := dial(t, s, withShort, withExplicit, withRoots(a.Pool))
	_, err := get(t.Context(), c, "/f", 0)
	if !errors.Is(err, errOtherCert) || errors.As(err, new(*CertError)) {
		t.Errorf("got %v", err)
	}
	broken(t, c, err)
}

// TestClientCertificateC21 shows ours, none, and one that the server does not
// trust. TLS 1.3 says so only after the handshake.
func TestClientCertificateC21(t *testing.T) {
	a := authority(t)
	ours := func(a *ftptest.Authority) []tls.Certificate {
		cert, err := a.Issue(ftptest.Cert{Client: true})
		if err != nil {
			t.Fatal(err)
		}
		return []tls.Certificate{cert}
	}
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		for _, security := range []Security{Explicit, Implicit} {
			theirs := issue(t, a, ftptest.Cert{})
			theirs.ClientAuth, theirs.ClientCAs, theirs.MaxVersion = tls.RequireAndVerifyClientCert, a.Pool, version
			s := serve(t, ftptest.Config{TLS: theirs, Implicit: security == Implicit})
			cfg := configOf(s)
			cfg.Security = security
			for name, certs := range map[string][]tls.Certificate{"none": nil, "strange": ours(authority(t))} {
				cfg.TLS = &tls.Config{RootCAs: a.Pool, Certificates: certs}
				_, err := Dial(t.Context(), cfg)
				var e *CertError
				if !errors.As(err, &e) || e.Kind != CertRefused || !strings.Contains(err.Error(), "--cert") {
					t.Errorf("%s, %v, %s: got %v", tls.VersionName(version), security, name, err)
				}
			}
			cfg.TLS = &tls.Config{RootCAs: a.Pool, Certificates: ours(a)}
			c, err := Dial(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := names(t.Context(), c, "/"); err != nil {
				t.Error(err)
			}
			_ = c.Close()
		}
	}
}

// TestServerNameC22 looks at the name that TLS asks for.
func TestServerNameC22(t *testing.T) {
	a := authority(t)
	for host, want := range map[string]string{
		"127.0.0.1":        "",
		"ftp.example.":     "ftp.example",
		"bücher.example":   "xn--bcher-kva.example",
		"my_host.example":  "my_host.example",
		"BÜCHER.example.":  "xn--bcher-kva.example",
		"fe80::1%ethernet": "",
	} {
		var asked []string
		config := issue(t, a, ftptest.Cert{Names: []string{"127.0.0.1", "fe80::1", "ftp.example", "xn--bcher-kva.example", "my_host.example"}})
		config.GetConfigForClient = func(h *tls.ClientHelloInfo) (*tls.Config, error) {
			asked = append(asked, h.ServerName)
			return nil, nil
		}
		s := serve(t, ftptest.Config{TLS: config, ReuseRequired: true})
		c := dial(t, s, withExplicit, withRoots(a.Pool), func(cfg *Config) {
			cfg.Host = host
			cfg.lookup = func(context.Context, string) ([]netip.Addr, error) {
				return []netip.Addr{netip.MustParseAddr(s.Host())}, nil
			}
			cfg.dial = func(ctx context.Context, _ netip.Addr, to netip.AddrPort) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(s.Host(), fmt.Sprint(to.Port())))
			}
		})
		if _, err := names(t.Context(), c, "/"); err != nil {
			t.Errorf("%s: %v", host, err)
		}
		if !slices.Equal(asked, []string{want, want}) {
			t.Errorf("%s: asked for %q", host, asked)
		}
	}
	cfg := Config{Host: "ö x.example"}
	if _, err := Dial(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "not the name of a host") {
		t.Errorf("got %v", err)
	}
	strict := issue(t, a, ftptest.Cert{})
	strict.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) { return &tls.Config{}, nil } // has nothing to show
	s := serve(t, ftptest.Config{TLS: strict})
	cfg = configOf(s)
	cfg.Security = Explicit
	if _, err := Dial(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "by its IP address") {
		t.Errorf("got %v", err)
	}
}
