package ftp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

// proxy starts a proxy that ends with the test.
func proxy(t *testing.T, cfg ftptest.ProxyConfig) *ftptest.Proxy {
	t.Helper()
	p, err := ftptest.StartProxy(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// through makes a config go through a proxy of a kind.
func through(kind, login string, p interface{ Addr() string }) func(*Config) {
	return func(cfg *Config) {
		cfg.Proxy = &url.URL{Scheme: kind, Host: p.Addr()}
		if user, password, ok := strings.Cut(login, ":"); ok {
			cfg.Proxy.User = url.UserPassword(user, password)
		}
	}
}

// TestProxies lists, gets and puts through proxies that resolve the server's
// name, with and without a login there, and with TLS.
func TestProxies(t *testing.T) {
	serverTLS, roots, err := ftptest.NewTLS()
	if err != nil {
		t.Fatal(err)
	}
	tr, data := tree(100_000)
	for _, kind := range []string{proxySOCKS, proxyCONNECT} {
		for _, security := range []Security{Plain, Explicit, Implicit} {
			for _, login := range []string{"", "gate:keeper"} {
				t.Run(kind+" "+security.String()+" "+login, func(t *testing.T) {
					s := serve(t, ftptest.Config{Tree: tr, TLS: serverTLS, Implicit: security == Implicit, ReuseRequired: security != Plain})
					user, password, _ := strings.Cut(login, ":")
					p := proxy(t, ftptest.ProxyConfig{HTTP: kind == proxyCONNECT, User: user, Password: password,
						Hosts: map[string]string{"localhost": s.Host()}})
					var rec recorder
					c := dial(t, s, withRoots(roots), through(kind, login, p), func(cfg *Config) {
						cfg.Host, cfg.Security, cfg.Trace = "localhost", security, rec.trace()
						cfg.lookup = func(context.Context, string) ([]netip.Addr, error) {
							return nil, errors.New("the name is the proxy's to resolve")
						}
					})
					all(t, c, data)
					targets := p.Targets()
					if targets[0] != net.JoinHostPort("localhost", strconv.Itoa(s.Port())) || len(targets) < 6 {
						t.Errorf("went to %q", targets)
					}
					for _, target := range targets {
						if !strings.HasPrefix(target, "localhost:") {
							t.Errorf("data went to %s", target)
						}
					}
					if text := rec.text(); strings.Contains(text, "keeper") || !strings.Contains(text, "through this proxy") {
						t.Errorf("the trace:\n%s", text)
					}
				})
			}
		}
	}
}

// TestProxyPASV takes PASV's port, and the host that is known.
func TestProxyPASV(t *testing.T) {
	tr, data := tree(1000)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{NoEPSV: true, PasvAddr: "192.0.2.1"}})
	p := proxy(t, ftptest.ProxyConfig{})
	c := dial(t, s, through(proxySOCKS, "", p))
	if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if targets := p.Targets(); !strings.HasPrefix(targets[1], s.Host()+":") {
		t.Errorf("went to %q", targets)
	}
}

// TestProxyNoActive never offers a port of ours through a proxy.
func TestProxyNoActive(t *testing.T) {
	tr, _ := tree(10)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{NoPassive: true}})
	p := proxy(t, ftptest.ProxyConfig{HTTP: true})
	c := dial(t, s, through(proxyCONNECT, "", p))
	_, err := c.Retr(t.Context(), "/f", 0)
	var failed *ConnectError
	if !errors.As(err, &failed) || dataCommands(s) != "EPSV PASV" {
		t.Errorf("got %v after %s", err, dataCommands(s))
	}
	usable(t, c)
	cfg := configOf(s)
	cfg.Mode = Active
	through(proxyCONNECT, "", p)(&cfg)
	if _, err = Dial(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "use passive mode") || len(p.Targets()) != 1 {
		t.Errorf("got %v", err)
	}
}

// TestProxyRefuses has proxies that say no.
func TestProxyRefuses(t *testing.T) {
	s := serve(t, ftptest.Config{})
	for _, tt := range []struct {
		name  string
		kind  string
		cfg   ftptest.ProxyConfig
		login string
		want  string
	}{
		{"SOCKS, nobody", proxySOCKS, ftptest.ProxyConfig{User: "a", Password: "secret1"}, "", "wants a user name"},
		{"SOCKS, wrong", proxySOCKS, ftptest.ProxyConfig{User: "a", Password: "secret1"}, "a:secret2", "refused the user name or password"},
		{"SOCKS, not allowed", proxySOCKS, ftptest.ProxyConfig{Status: 2}, "", "does not allow this connection (SOCKS code 2)"},
		{"SOCKS, no such host", proxySOCKS, ftptest.ProxyConfig{Status: 4}, "", "cannot reach the server"},
		{"SOCKS, odd", proxySOCKS, ftptest.ProxyConfig{Status: 99}, "", "SOCKS code 99"},
		{"HTTP, nobody", proxyCONNECT, ftptest.ProxyConfig{HTTP: true, User: "a", Password: "secret1"}, "", "wants a user name"},
		{"HTTP, wrong", proxyCONNECT, ftptest.ProxyConfig{HTTP: true, User: "a", Password: "secret1"}, "a:secret2", "refused the user name or password"},
		{"HTTP, forbidden", proxyCONNECT, ftptest.ProxyConfig{HTTP: true, Status: 403}, "", "does not allow this connection (403)"},
		{"HTTP, bad gateway", proxyCONNECT, ftptest.ProxyConfig{HTTP: true, Status: 502}, "", "cannot reach the server (502)"},
		{"HTTP, odd", proxyCONNECT, ftptest.ProxyConfig{HTTP: true, Status: 418}, "", "I'm a teapot"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := proxy(t, tt.cfg)
			cfg := configOf(s)
			through(tt.kind, tt.login, p)(&cfg)
			_, err := Dial(t.Context(), cfg)
			var failed *ConnectError
			if !errors.As(err, &failed) || failed.Stage != "proxy" || !strings.Contains(err.Error(), tt.want) ||
				!strings.Contains(err.Error(), p.Addr()) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestHostileProxies has proxies that are silent, or no proxies at all.
func TestHostileProxies(t *testing.T) {
	t.Parallel()
	s := serve(t, ftptest.Config{})
	for _, tt := range []struct {
		name string
		kind string
		cfg  ftptest.ProxyConfig
		is   func(error) bool
		want string
	}{
		{"SOCKS, silence", proxySOCKS, ftptest.ProxyConfig{Silent: true}, is(os.ErrDeadlineExceeded), "no answer within"},
		{"SOCKS, a web server", proxySOCKS, ftptest.ProxyConfig{Says: "HTTP/1.1 400 Bad Request\r\n\r\n"}, isProtocol, "does not speak SOCKS"},
		{"SOCKS, a way we did not offer", proxySOCKS, ftptest.ProxyConfig{Says: "\x05\x02\x01\x00\x05\x00\x00\x01"}, isAny, "takes neither"},
		{"SOCKS, an odd address", proxySOCKS, ftptest.ProxyConfig{Says: "\x05\x00\x05\x00\x00\x09"}, isProtocol, "unknown kind 9"},
		{"SOCKS, half an answer", proxySOCKS, ftptest.ProxyConfig{Says: "\x05\x00\x05\x00\x00\x03\xff"}, is(os.ErrDeadlineExceeded), "no answer within"},
		{"HTTP, silence", proxyCONNECT, ftptest.ProxyConfig{HTTP: true, Silent: true}, is(os.ErrDeadlineExceeded), "no answer within"},
		{"HTTP, an FTP server", proxyCONNECT, ftptest.ProxyConfig{HTTP: true, Says: "220 Ready.\r\n"}, isProtocol, "does not speak HTTP"},
		{"HTTP, no code", proxyCONNECT, ftptest.ProxyConfig{HTTP: true, Says: "HTTP/1.1\r\n\r\n"}, isProtocol, "does not speak HTTP"},
		{"HTTP, a long header", proxyCONNECT, ftptest.ProxyConfig{HTTP: true, Says: "HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Pad: y\r\n", 1<<12)}, isProtocol, "does not end within"},
		{"HTTP, a long line", proxyCONNECT, ftptest.ProxyConfig{HTTP: true, Says: "HTTP/1.1 " + strings.Repeat("9", 1<<16)}, isProtocol, "does not end within"},
		{"HTTP, an echo", proxyCONNECT, ftptest.ProxyConfig{HTTP: true, Says: "HTTP/1.1 499 secret1 YTpzZWNyZXQx\r\n\r\n"}, isAny, "499"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := proxy(t, tt.cfg)
			cfg := configOf(s)
			cfg.Timeouts = short
			cfg.Timeouts.Dial = short.Reply
			login := ""
			if tt.kind == proxyCONNECT {
				login = "a:secret1"
			}
			through(tt.kind, login, p)(&cfg)
			_, err := Dial(t.Context(), cfg)
			if err == nil || !tt.is(err) || !strings.Contains(err.Error(), tt.want) ||
				strings.Contains(err.Error(), "secret1") || strings.Contains(err.Error(), "YTpz") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func isAny(err error) bool { return err != nil }

// TestProxyHangsUp has a proxy that is gone.
func TestProxyHangsUp(t *testing.T) {
	s := serve(t, ftptest.Config{})
	for _, kind := range []string{proxySOCKS, proxyCONNECT, proxyGateway} {
		cfg := configOf(s)
		cfg.Proxy = &url.URL{Scheme: kind, Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(closedPort(t)))}
		_, err := Dial(t.Context(), cfg)
		var failed *ConnectError
		if !errors.As(err, &failed) || failed.Stage != "proxy" || !strings.Contains(err.Error(), "refused") {
			t.Errorf("%s: got %v", kind, err)
		}
	}
}

// TestProxyDataRefused has a proxy that lets commands through and no data.
func TestProxyDataRefused(t *testing.T) {
	tr, _ := tree(10)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{PortBlocked: true}})
	p := proxy(t, ftptest.ProxyConfig{HTTP: true})
	c := dial(t, s, through(proxyCONNECT, "", p))
	_, err := c.Retr(t.Context(), "/f", 0)
	if err == nil || !strings.Contains(err.Error(), "the proxy: it cannot reach the server") || dataCommands(s) != "EPSV PASV" {
		t.Errorf("got %v after %s", err, dataCommands(s))
	}
	usable(t, c)
}

// TestProxyDial cancels while a proxy is silent.
func TestProxyCancel(t *testing.T) {
	p := proxy(t, ftptest.ProxyConfig{Silent: true})
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	cfg := Config{Host: "ftp.example"}
	cfg.dial = func(ctx context.Context, _ netip.Addr, to netip.AddrPort) (net.Conn, error) {
		cancel(why)
		return new(net.Dialer).DialContext(context.WithoutCancel(ctx), "tcp", to.String())
	}
	through(proxySOCKS, "", p)(&cfg)
	if _, err := Dial(ctx, cfg); !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
}

func TestCheckProxy(t *testing.T) {
	for raw, want := range map[string]string{
		"socks5://h": "", "http://u:p@h:3128": "", "ftp://gw": "", "socks5://[::1]:1080": "",
		"https://h": "speaks TLS", "socks4://h": "no kind of proxy", "socks5://": "no host", "http://h:0": "not a port",
		"http://a%3Ab@h": "colon", "ftp://a%0d%0aQUIT@h": "line break", "socks5://" + strings.Repeat("u", 256) + "@h": "255",
	} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if err = CheckProxy(u); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", raw, err)
		}
	}
	cfg := Config{Host: "evil\r\nX: y", Proxy: &url.URL{Scheme: "http", Host: "127.0.0.1:1"}}
	if _, err := Dial(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "not the name of a host") {
		t.Errorf("got %v", err)
	}
}

// TestGateway logs in at a server by way of another, in both modes.
func TestGateway(t *testing.T) {
	tr, data := tree(1000)
	for _, mode := range []Mode{Passive, Active} {
		s := serve(t, ftptest.Config{Tree: tr, User: "demo@ftp.example:2121", Password: "demo"})
		c := dial(t, s, through(proxyGateway, "", s), func(cfg *Config) {
			cfg.Host, cfg.Port, cfg.Mode = "ftp.example", 2121, mode
		})
		all(t, c, data)
	}
}

// TestGatewayLogin logs in at the gateway first.
func TestGatewayLogin(t *testing.T) {
	steps := func(own string, rest ...ftptest.Step) []ftptest.Step {
		return append([]ftptest.Step{ftptest.Send("220 Gate.\r\n"), ftptest.Exchange("USER gate", "331 Password.\r\n"),
			ftptest.Exchange("PASS keeper", own)}, rest...)
	}
	var rec recorder
	change := func(s *ftptest.ScriptServer) func(*Config) {
		return func(cfg *Config) {
			through(proxyGateway, "gate:keeper", s)(cfg)
			cfg.Host, cfg.Port, cfg.Trace = "ftp.example", 21, rec.trace()
		}
	}
	s := script(t, steps("230 In, keeper.\r\n", ftptest.Exchange("USER demo@ftp.example", "331 Password.\r\n"), ftptest.Exchange("PASS demo", "230 In.\r\n"),
		ftptest.Exchange("FEAT", "502 No.\r\n"), ftptest.Exchange("*", "257 \"/\"\r\n"))...)
	dial(t, s, change(s))
	s = script(t, steps("530 No, keeper.\r\n")...)
	cfg := configOf(s)
	change(s)(&cfg)
	_, err := Dial(t.Context(), cfg)
	if err == nil || !strings.Contains(err.Error(), "the gateway refuses its own login") || strings.Contains(err.Error(), "keeper") || errors.Is(err, ErrLogin) {
		t.Errorf("got %v", err)
	}
	if text := rec.text(); strings.Contains(text, "keeper") || !strings.Contains(text, "a gateway to ftp.example:21") {
		t.Errorf("the trace:\n%s", text)
	}
}

// TestGatewayTLS checks the gateway's own certificate: TLS ends there.
func TestGatewayTLS(t *testing.T) {
	serverTLS, roots, err := ftptest.NewTLS()
	if err != nil {
		t.Fatal(err)
	}
	tr, data := tree(1000)
	s := serve(t, ftptest.Config{Tree: tr, TLS: serverTLS, TLSRequired: true, User: "demo@ftp.example", Password: "demo"})
	c := dial(t, s, withRoots(roots), through(proxyGateway, "", s), func(cfg *Config) {
		cfg.Host, cfg.Port, cfg.Security = "ftp.example", 21, Explicit
	})
	all(t, c, data)
	if cmds := sent(s); !slices.Contains(cmds, "USER demo@ftp.example") {
		t.Errorf("sent %q", cmds)
	}
}
