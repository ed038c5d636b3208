package ftp

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// TestModes lists, gets and puts in every mode over both families.
func TestModes(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0"} {
		for _, mode := range []Mode{Auto, Passive, Active} {
			t.Run(fmt.Sprintf("%s %v", addr, mode), func(t *testing.T) {
				if addr == "[::1]:0" {
					skipWithoutIPv6(t)
				}
				tr, data := tree(100_000)
				s := serve(t, ftptest.Config{Addr: addr, Tree: tr})
				c := dial(t, s, func(cfg *Config) { cfg.Mode = mode })
				if c.Working() != Auto {
					t.Errorf("works in %v before the first transfer", c.Working())
				}
				all(t, c, data)
				if want := max(mode, Passive); c.Working() != want {
					t.Errorf("works in %v", c.Working())
				}
			})
		}
	}
}

func skipWithoutIPv6(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 loopback here")
	}
	_ = l.Close()
}

// all transfers /f, which holds data, in every way.
func all(t *testing.T, c *Conn, data string) {
	t.Helper()
	ctx := t.Context()
	if got, err := get(ctx, c, "/f", 0); err != nil || got != data {
		t.Errorf("get: %d bytes, %v", len(got), err)
	}
	if got, err := names(ctx, c, "/"); err != nil || strings.Join(got, " ") != "dir empty f" {
		t.Errorf("list: %q, %v", got, err)
	}
	if err := put(ctx, c, "/up", data[:len(data)/2], 0); err != nil {
		t.Errorf("put: %v", err)
	}
	if err := put(ctx, c, "/up", data[len(data)/2:], int64(len(data)/2)); err != nil {
		t.Errorf("go on: %v", err)
	}
	if got, err := get(ctx, c, "/up", 10); err != nil || got != data[10:] {
		t.Errorf("get back: %d bytes, %v", len(got), err)
	}
	if err := errors.Join(put(ctx, c, "/none", "", 0), c.Delete(ctx, "/none"), c.Delete(ctx, "/up")); err != nil {
		t.Error(err)
	}
	usable(t, c)
}

func TestFallbackB5B8(t *testing.T) {
	for _, tt := range []struct {
		name   string
		quirks ftptest.Quirks
		ways   string
		mode   Mode
	}{
		{"EPSV unknown", ftptest.Quirks{NoEPSV: true}, "EPSV PASV RETR PASV RETR", Passive},
		{"EPSV blocked", ftptest.Quirks{EPSVBlocked: true}, "EPSV PASV RETR PASV RETR", Passive},
		{"EPSV nonsense", ftptest.Quirks{EPSVText: "hello"}, "EPSV PASV RETR PASV RETR", Passive},
		{"passive unknown", ftptest.Quirks{NoPassive: true}, "EPSV PASV PORT RETR PORT RETR", Active},
		{"passive blocked", ftptest.Quirks{PortBlocked: true}, "EPSV PASV PORT RETR PORT RETR", Active},
		{"EPRT alone", ftptest.Quirks{NoPassive: true, NoPORT: true}, "EPSV PASV PORT EPRT RETR EPRT RETR", Active},
		{"PASV lies B3", ftptest.Quirks{NoEPSV: true, PasvAddr: "192.0.2.1"}, "EPSV PASV RETR PASV RETR", Passive},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tr, data := tree(1000)
			s := serve(t, ftptest.Config{Tree: tr, Quirks: tt.quirks})
			c := dial(t, s, withShort)
			for range 2 {
				if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
					t.Fatalf("got %d bytes, %v", len(got), err)
				}
			}
			if got := dataCommands(s); got != tt.ways || c.Working() != tt.mode {
				t.Errorf("sent %s, works in %v", got, c.Working())
			}
		})
	}
}

// dataCommands returns the verbs that are about data.
func dataCommands(s server) string {
	var verbs []string
	for _, cmd := range sent(s) {
		verb, _, _ := strings.Cut(cmd, " ")
		if strings.Contains(" EPSV PASV PORT EPRT RETR STOR REST APPE SIZE ", " "+verb+" ") {
			verbs = append(verbs, verb)
		}
	}
	return strings.Join(verbs, " ")
}

func TestNoFallbackWhenAsked(t *testing.T) {
	tr, _ := tree(1000)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{NoPassive: true}})
	c := dial(t, s, withPassive)
	_, err := c.Retr(t.Context(), "/f", 0)
	var connect *ConnectError
	if !errors.As(err, &connect) || connect.Stage != "data" || strings.Contains(dataCommands(s), "P"+"ORT") {
		t.Errorf("got %v after %s", err, dataCommands(s))
	}
	usable(t, c)
	s.SetQuirks(ftptest.Quirks{NoActive: true})
	c = dial(t, s, withActive)
	if _, err = c.Retr(t.Context(), "/f", 0); !errors.As(err, &connect) {
		t.Errorf("got %v", err)
	}
	usable(t, c)
}

func TestPortsB2(t *testing.T) {
	s := script(t, ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("EPSV", "229 (|||22|)\r\n"), ftptest.Exchange("PASV", "227 (127,0,0,1,0,25)\r\n"))
	c := dial(t, s, withPassive)
	_, err := c.Retr(t.Context(), "/f", 0)
	if !isProtocol(err) || !strings.Contains(err.Error(), "port 22") {
		t.Errorf("got %v", err)
	}
	broken(t, c, err)
}

func TestIPv6OnlyPASVB7(t *testing.T) {
	skipWithoutIPv6(t)
	tr, _ := tree(10)
	s := serve(t, ftptest.Config{Addr: "[::1]:0", Tree: tr, Quirks: ftptest.Quirks{NoEPSV: true}})
	c := dial(t, s, withPassive)
	for range 2 {
		if _, err := c.Retr(t.Context(), "/f", 0); err == nil {
			t.Fatal("no error")
		}
	}
	if got := dataCommands(s); got != "EPSV" {
		t.Errorf("sent %s", got)
	}
}

func TestActiveSilentB30(t *testing.T) {
	t.Parallel()
	tr, _ := tree(10)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{ActiveSilent: true}})
	c := dial(t, s, withShort, withActive)
	_, err := c.Retr(t.Context(), "/f", 0)
	if !errors.Is(err, os.ErrDeadlineExceeded) || !strings.Contains(err.Error(), "firewall") {
		t.Errorf("got %v", err)
	}
	broken(t, c, err)
}

func TestActiveRefusedLaterB30(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"", "150 soon\r\n"} {
		s := script(t, ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Expect("PORT *"), ftptest.Send("200 ok\r\n"),
			ftptest.Exchange("RETR /f", first+"425 cannot reach you\r\n"), ftptest.Exchange("NOOP", "200 ok\r\n"))
		c := dial(t, s, withActive)
		_, err := c.Retr(t.Context(), "/f", 0)
		var refusal *ReplyError
		if !errors.As(err, &refusal) || refusal.Code != 425 || errors.Is(err, ErrBroken) {
			t.Errorf("got %v", err)
		}
		usable(t, c)
	}
}

func TestActiveStrangerB31B32(t *testing.T) {
	t.Parallel()
	tr, _ := tree(10)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{ActiveFrom: "127.0.0.2"}})
	var rec recorder
	c := dial(t, s, withShort, withActive, func(cfg *Config) { cfg.Trace = rec.trace() })
	if got, err := get(t.Context(), c, "/f", 0); err == nil {
		t.Errorf("took %q from another address", got)
	}
	if !strings.Contains(rec.text(), "refused a connection from 127.0.0.2") {
		t.Skip("this system has no 127.0.0.2")
	}
}

func TestActiveListenerB33(t *testing.T) {
	told := make(chan string, 1)
	var c *Conn
	s := script(t, ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Expect("PORT *"), ftptest.Send("200 ok\r\n"),
		ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.Send("150 go\r\n"), ftptest.SendData("hello"), ftptest.CloseData(), ftptest.Send("226 ok\r\n"))
	c = dial(t, s, withActive, func(cfg *Config) {
		cfg.Trace = &Trace{Line: func(dir byte, text string) {
			if rest, ok := strings.CutPrefix(text, "active "); ok {
				addr, _, _ := strings.Cut(rest, " ")
				told <- addr
			}
		}}
	})
	d, err := c.Retr(t.Context(), "/f", 0)
	if err != nil {
		t.Fatal(err)
	}
	if conn, err := net.DialTimeout("tcp", <-told, time.Second); err == nil {
		_ = conn.Close()
		t.Error("the listener is open after the server has connected")
	}
	b := make([]byte, 10)
	if n, err := d.Read(b); err != nil || string(b[:n]) != "hello" {
		t.Errorf("got %q, %v", b[:n], err)
	}
	if n, err := d.Read(b); n != 0 || err == nil {
		t.Errorf("got %d, %v", n, err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

func TestActivePortsB35(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	taken := uint16(l.Addr().(*net.TCPAddr).Port)
	tr, _ := tree(10)
	s := serve(t, ftptest.Config{Tree: tr})
	c := dial(t, s, withShort, withActive, func(cfg *Config) { cfg.ActivePorts = PortRange{taken, taken} })
	_, err = c.Retr(t.Context(), "/f", 0)
	if err == nil || !strings.Contains(err.Error(), "no free port in") {
		t.Errorf("got %v", err)
	}
	usable(t, c)
}

func TestActiveAddressB36(t *testing.T) {
	for how, want := range map[method]string{
		methodPORT: "192,0,2,7,4,1",
		methodEPRT: "|1|192.0.2.7|1025|",
	} {
		if got, err := activeArgument(how, netip.MustParseAddrPort("192.0.2.7:1025")); err != nil || got != want {
			t.Errorf("got %q, %v", got, err)
		}
	}
	if got, _ := activeArgument(methodEPRT, netip.MustParseAddrPort("[2001:db8::1]:65535")); got != "|2|2001:db8::1|65535|" {
		t.Errorf("got %q", got)
	}
	if _, err := activeArgument(methodPORT, netip.MustParseAddrPort("[2001:db8::1]:1")); err == nil {
		t.Error("PORT with an IPv6 address")
	}
	tr, _ := tree(10)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{NoPORT: true, NoEPRT: true}})
	c := dial(t, s, withActive, func(cfg *Config) { cfg.ActiveAddress = netip.MustParseAddr("192.0.2.7") })
	_, _ = c.Retr(t.Context(), "/f", 0)
	if got := strings.Join(sent(s), "\n"); !strings.Contains(got, "PORT 192,0,2,7,") || !strings.Contains(got, "EPRT |1|192.0.2.7|") {
		t.Errorf("sent %s", got)
	}
}
