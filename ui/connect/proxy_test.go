package connect

import (
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"portside/ftp"
	"portside/ftp/ftptest"
	"portside/queue"
)

func TestParseProxy(t *testing.T) {
	for raw, want := range map[string][2]string{
		"socks5://proxy:1080":         {"socks5://proxy:1080", ""},
		"socks5h://proxy":             {"socks5://proxy", ""},
		"http://me:se%40cret@Proxy:3": {"http://me@proxy:3", "se@cret"},
		"ftp://gate@[::1]:2121/":      {"ftp://gate@[::1]:2121", ""},
	} {
		proxy, password, err := ParseProxy(raw)
		if err != nil || proxy != want[0] || password != want[1] {
			t.Errorf("%s: %q, %q, %v", raw, proxy, password, err)
		}
	}
	for _, raw := range []string{"", "proxy", "proxy:1080", "https://me:secret@proxy", "http://me:sec/ret@proxy", "http://me:secret@proxy/path", "http://me:secret@proxy:x", "socks5://me:secret@"} {
		if _, _, err := ParseProxy(raw); err == nil || strings.Contains(err.Error(), "sec") {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

// The password of a proxy gets to the proxy, and nowhere else.
func TestProxyPasswordIsKeptBeside(t *testing.T) {
	srv, err := ftptest.Start(ftptest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	for _, http := range []bool{false, true} {
		p, err := ftptest.StartProxy(ftptest.ProxyConfig{HTTP: http, User: "me", Password: "se@cret"})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		kind := map[bool]string{false: "socks5", true: "http"}[http]
		proxy, password, err := ParseProxy(kind + "://me:se%40cret@" + p.Addr())
		if err != nil {
			t.Fatal(err)
		}
		target, err := Parse("ftp://demo@"+srv.Addr(), Settings{Proxy: proxy})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(target.Address, "cret") {
			t.Errorf("the address is %s", target.Address)
		}
		log := queue.NewLog(100)
		d := New(log)
		d.SetPassword(target.Address, "demo")
		_, err = d.Dial(t.Context(), target.Address)
		f := queue.FailureOf(err)
		if err == nil || f.Class != queue.ClassServer || !strings.Contains(f.Text, "the proxy "+p.Addr()) || !strings.Contains(f.Text, "user name") {
			t.Errorf("%s without a password: %v", kind, err)
		}
		d.SetProxyPassword(proxy, password)
		if _, err = d.Dial(t.Context(), target.Address); err == nil || !strings.Contains(err.Error(), "no TLS") {
			// The server is on this machine, but the proxy need not be.
			t.Errorf("%s: a password would go through a proxy in the clear: %v", kind, err)
		}
		if err := d.Answer(target.Address, queue.Answer{Plain: true}); err != nil {
			t.Fatal(err)
		}
		s, err := d.Dial(t.Context(), target.Address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Stat(t.Context(), "/"); err != nil {
			t.Error(err)
		}
		_ = s.Close()
		for _, l := range log.Lines(0, 100) {
			if strings.Contains(l.Text+l.Address, "cret") {
				t.Errorf("the log says %s", l.Text)
			}
		}
	}
}

// What the address says of the network gets to the engine.
func TestNetworkSettings(t *testing.T) {
	target, err := Parse("ftp://demo@h.example", Settings{Proxy: "socks5://me@p:1080", TrustPASV: true, AnyPeer: true, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := config(target.Address)
	if err != nil || !cfg.TrustPASV || !cfg.AnyPeer || cfg.Proxy == nil || cfg.Proxy.String() != "socks5://me@p:1080" {
		t.Errorf("%s: %+v, %v", target.Address, cfg, err)
	}
	cfg, err = config("ftp://demo@h.example:21")
	if err != nil || cfg.TrustPASV || cfg.AnyPeer || cfg.Proxy != nil {
		t.Errorf("%+v, %v", cfg, err)
	}
}

// Words for proxies that lead nowhere name the proxy, not the server.
func TestProxyWords(t *testing.T) {
	at := func(err error) error { return &ftp.ConnectError{Stage: "proxy", Addr: "p:1080", Err: err} }
	for want, err := range map[string]error{
		"the proxy p:1080: no such host":          at(&net.DNSError{IsNotFound: true}),
		"the proxy p:1080 did not answer in time": at(os.ErrDeadlineExceeded),
		"the proxy p:1080: connection refused":    at(syscall.ECONNREFUSED),
	} {
		if got := dialFailure("h", ftp.Config{Host: "h", Port: 21}, err).Error(); !strings.HasPrefix(got, "cannot connect to h:21: "+want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
