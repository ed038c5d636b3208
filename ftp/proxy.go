package ftp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The kinds of proxies. The first two carry any connection to where they are
// told, so they carry ours for commands and ours for data; servers cannot
// connect to us through them. The gateway speaks FTP itself and is the server
// to us, in passive and in active mode; also TLS ends there.
const (
	proxySOCKS   = "socks5"
	proxyCONNECT = "http"
	proxyGateway = "ftp"
)

// CheckProxy returns an error in words if u does not name a proxy that
// [Config.Proxy] may be.
func CheckProxy(u *url.URL) error {
	switch {
	case u.Scheme == "https":
		return errors.New("a proxy that speaks TLS (https://) is not supported: use http://, which asks it for a tunnel just the same")
	case u.Scheme != proxySOCKS && u.Scheme != proxyCONNECT && u.Scheme != proxyGateway:
		return fmt.Errorf("%q is no kind of proxy: use socks5://, http:// or ftp://", u.Scheme)
	case u.Hostname() == "":
		return errors.New("the proxy has no host")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return fmt.Errorf("%q is not a port", port)
		}
	}
	user, password := userOf(u)
	switch {
	case u.Scheme == proxySOCKS && max(len(user), len(password)) > 255:
		return errors.New("SOCKS takes no more than 255 bytes of a user name or password")
	case u.Scheme == proxyCONNECT && strings.Contains(user, ":"):
		return errors.New("the user name at a proxy cannot hold a colon")
	}
	return errors.Join(checkArgument(user), checkArgument(password))
}

// userOf returns who logs in at a proxy, "" for nobody.
func userOf(u *url.URL) (user, password string) {
	password, _ = u.User.Password()
	return u.User.Username(), password
}

// checkProxy refuses what cannot work before anything is sent.
func (cfg *Config) checkProxy() error {
	if cfg.Proxy == nil {
		return nil
	}
	err := CheckProxy(cfg.Proxy)
	switch {
	case err != nil:
	case cfg.tunnelled() && cfg.Mode == Active:
		err = errors.New("active mode cannot pass it, since the server could not connect to us: use passive mode")
	case strings.ContainsAny(cfg.Host, "/?#@ \t\r\n\x00") || len(cfg.Host) > 255:
		err = fmt.Errorf("%q is not the name of a host", cfg.Host)
	default:
		return nil
	}
	return &ConnectError{Stage: "proxy", Addr: cfg.Proxy.Host, Err: err}
}

// tunnelled reports whether every connection goes through a proxy that does
// not speak FTP.
func (cfg *Config) tunnelled() bool {
	return cfg.Proxy != nil && cfg.Proxy.Scheme != proxyGateway
}

// gateway reports whether the server is one that logs in at another.
func (cfg *Config) gateway() bool { return cfg.Proxy != nil && cfg.Proxy.Scheme == proxyGateway }

// proxyHost returns where the proxy listens.
func (cfg *Config) proxyHost() (string, int) {
	port, err := strconv.Atoi(cfg.Proxy.Port())
	if err != nil {
		port = map[string]int{proxySOCKS: 1080, proxyCONNECT: 8080, proxyGateway: 21}[cfg.Proxy.Scheme]
		if cfg.gateway() && cfg.Security == Implicit {
			port = 990
		}
	}
	return cfg.Proxy.Hostname(), port
}

// beyond says for the trace what lies behind the proxy.
func (cfg *Config) beyond() string {
	switch {
	case cfg.tunnelled():
		return fmt.Sprintf(", and through this proxy (%s) to %s", cfg.Proxy.Scheme, cfg.address())
	case cfg.gateway():
		return ", a gateway to " + cfg.address()
	}
	return ""
}

// tunnel makes the proxy at the other end of conn connect to host. Without
// such a proxy there is nothing to do.
func (cfg *Config) tunnel(ctx context.Context, conn net.Conn, host string, port int) error {
	if !cfg.tunnelled() {
		return nil
	}
	w := newWatch(ctx, conn)
	defer w.end()
	end, limited := ctx.Deadline()
	if !limited {
		end = time.Now().Add(cfg.Timeouts.Dial)
	}
	if err := conn.SetDeadline(end); err != nil {
		return err
	}
	if w.err() != nil {
		return w.err()
	}
	user, password := userOf(cfg.Proxy)
	host = strings.TrimSuffix(host, ".")
	var err error
	if cfg.Proxy.Scheme == proxySOCKS {
		err = socksConnect(conn, user, password, host, port)
	} else {
		err = httpConnect(conn, user, password, host, port)
	}
	if cause := w.err(); cause != nil {
		return cause
	}
	if err != nil {
		return err
	}
	return conn.SetDeadline(time.Time{})
}

// serverName returns the name that the certificate of the server has to be for.
func (cfg *Config) serverName() string {
	host := cfg.Host
	if cfg.gateway() {
		host = cfg.Proxy.Hostname()
	}
	host, _, _ = strings.Cut(host, "%")
	return strings.TrimSuffix(host, ".")
}

// loginName returns what USER says: a gateway is told the server there.
func (cfg *Config) loginName() string {
	if !cfg.gateway() {
		return cfg.User
	}
	host := cfg.Host
	if cfg.Port != 21 {
		host = cfg.address()
	}
	return cfg.User + "@" + host
}

// enterGateway logs in at the gateway itself, if it has logins of its own.
func (c *Conn) enterGateway(ctx context.Context) error {
	if !c.cfg.gateway() {
		return nil
	}
	user, password := userOf(c.cfg.Proxy)
	if user == "" {
		return nil
	}
	r, err := c.cmd(ctx, "USER", user, 2, 3)
	if err == nil && r.code == 331 {
		r, err = c.cmd(ctx, "PASS", password, 2, 3)
	}
	if err == nil && r.class() != 2 {
		err = c.refusal("USER", r)
	}
	if err != nil {
		return fmt.Errorf("the gateway refuses its own login: %w", err)
	}
	return nil
}
