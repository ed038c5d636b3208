package connect

import (
	"errors"
	"net"
	"net/url"
	"strings"

	"portside/ftp"
)

// ParseProxy takes the URL of a proxy apart: "socks5://", "http://" or "ftp://",
// with USER:PASSWORD@ where the proxy has logins. What it returns as proxy holds
// no password, and neither does an error.
func ParseProxy(raw string) (proxy, password string, err error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" && u.Opaque != "" || u.Scheme == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", "", errors.New("not the URL of a proxy: write socks5://HOST:1080, http://HOST:8080 or ftp://HOST, with USER@ before HOST where it has logins")
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme == "socks5h" || u.Scheme == "socks" {
		u.Scheme = "socks5" // names are resolved by the proxy in any case
	}
	if err := ftp.CheckProxy(u); err != nil {
		return "", "", err
	}
	password, _ = u.User.Password()
	clean := url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}
	if user := u.User.Username(); user != "" {
		clean.User = url.User(user)
	}
	return clean.String(), password, nil
}

// SetProxyPassword keeps the password of a proxy, as ParseProxy returned both,
// for the sessions to come.
func (d *Dialer) SetProxyPassword(proxy, password string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.proxies[proxy] = password
}

// enterProxy gives the config the password of its proxy. The caller holds the
// mutex.
func (d *Dialer) enterProxy(cfg *ftp.Config) {
	if cfg.Proxy == nil {
		return
	}
	if password := d.proxies[cfg.Proxy.String()]; password != "" && cfg.Proxy.User != nil {
		withPassword := *cfg.Proxy
		withPassword.User = url.UserPassword(cfg.Proxy.User.Username(), password)
		cfg.Proxy = &withPassword
	}
}

// proxyText says in words why a proxy led nowhere.
func proxyText(e *ftp.ConnectError) string {
	var dns *net.DNSError
	switch {
	case errors.As(e, &dns) && dns.IsNotFound:
		return "the proxy " + e.Addr + ": no such host: check the name"
	case isTimeout(e):
		return "the proxy " + e.Addr + " did not answer in time"
	}
	return "the proxy " + e.Addr + ": " + e.Err.Error()
}
