package connect

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"portside/ftp"
)

// Settings are the connection settings that a command line or a site gives.
// The zero value leaves everything to the URL and to the defaults.
type Settings struct {
	User          string        // when the URL names none
	TLS           string        // "auto", "require", "implicit", "off"; "" takes the scheme's
	Mode          ftp.Mode      // Auto unless set
	ActiveAddress netip.Addr    // the address that PORT and EPRT announce
	ActivePorts   ftp.PortRange // the ports that active mode listens on
	Account       string        // for servers that ask for one (ACCT)
	Compress      bool          // compress what gets smaller, where the server can
	Charset       string        // what the server writes names in; "" is UTF-8, or bytes as they are
	Proxy         string        // how to get to the server, as ParseProxy returns it; "" straight
	TrustPASV     bool          // dial the address that PASV names, not the server's
	AnyPeer       bool          // in active mode let any address connect, not the server's alone
	CA            string        // a PEM file with roots; "" takes the system's
	Pins          []ftp.Pin     // keys of the server that are trusted, and no others; none: by roots
	Cert, Key     string        // PEM files with a certificate of ours; "" none, an empty Key is in Cert
	TLSMax        string        // "1.2" or "1.3", the newest version of TLS to speak; "" the newest there is
	ClearData     bool          // data connections without TLS
	Timeout       time.Duration // for each step of connecting and each reply; 0 the defaults
}

// Target is a URL taken apart.
type Target struct {
	Address  string // the endpoint: a URL with all settings and no secret
	Label    string // "demo@example.com", for people
	Path     string // "" the login directory, "a/b" below it, "/a" absolute
	Password string // from the URL; "" without one
	HasPass  bool   // whether the URL held a password
	User     string // "" is anonymous
	Host     string // without brackets
	Port     int
	Text     bool // files go as text (";type=a")
}

// Resolve returns the absolute path of the target for a session whose login
// directory is home.
func (t Target) Resolve(home string) string {
	switch {
	case strings.HasPrefix(t.Path, "/"):
		return path.Clean(t.Path)
	case t.Path == "":
		return home
	default:
		return path.Join(home, t.Path)
	}
}

// IsURL reports whether s begins like a URL of a server that Parse takes.
func IsURL(s string) bool {
	scheme, _, ok := strings.Cut(s, "://")
	return ok && slices.Contains(schemes, strings.ToLower(scheme))
}

var schemes = []string{"ftp", "ftpes", "ftps"}

// Parse takes a URL apart: ftp://, ftpes:// or ftps://, RFC 1738 §3.2. A path
// is relative to the login directory; "//" or "/%2F" makes it absolute. "?"
// and "#" are characters of a path. Without a scheme, ftp:// is meant.
func Parse(raw string, s Settings) (Target, error) {
	t, err := parse(raw, s)
	if err != nil {
		return Target{}, fmt.Errorf("%s: %w", hidePassword(raw), err)
	}
	return t, nil
}

func parse(raw string, s Settings) (Target, error) {
	if i := strings.IndexFunc(raw, func(r rune) bool { return r < ' ' || r == 0x7f }); i >= 0 {
		return Target{}, fmt.Errorf("a URL holds no control characters (position %d)", i+1)
	}
	scheme, rest, ok := strings.Cut(raw, "://")
	if !ok {
		scheme, rest = "ftp", raw
	}
	scheme = strings.ToLower(scheme)
	if !slices.Contains(schemes, scheme) {
		return Target{}, fmt.Errorf("%q is not ftp, ftpes or ftps", scheme)
	}
	scheme, off, err := security(scheme, s.TLS)
	if err != nil {
		return Target{}, err
	}
	authority, p, _ := strings.Cut(rest, "/")
	if slashInPassword(authority, p) {
		return Target{}, fmt.Errorf("a slash in a user name or a password is written as %%2F")
	}
	t := Target{}
	if err := t.authority(authority, scheme); err != nil {
		return Target{}, err
	}
	if t.User == "" {
		t.User = s.User
	}
	if err := t.path(p); err != nil {
		return Target{}, err
	}
	t.Address = s.address(t, scheme, off)
	t.Label = t.Host
	if t.User != "" {
		t.Label = t.User + "@" + t.Host
	}
	return t, nil
}

// slashInPassword reports whether what looks like host and port is the
// beginning of a login whose password holds a slash.
func slashInPassword(authority, path string) bool {
	_, port, ok := strings.Cut(authority, ":")
	return ok && !strings.ContainsAny(authority, "@[") && strings.Contains(path, "@") && strings.Trim(port, "0123456789") != ""
}

// security returns the scheme that says what the TLS setting asks for, and
// whether TLS is off.
func security(scheme, tls string) (string, bool, error) {
	switch tls {
	case "":
		return scheme, false, nil
	case "auto":
		if scheme != "ftp" {
			return "", false, fmt.Errorf("%s:// requires TLS: --tls auto goes with ftp://", scheme)
		}
		return "ftp", false, nil
	case "off":
		if scheme != "ftp" {
			return "", false, fmt.Errorf("%s:// requires TLS: --tls off goes with ftp://", scheme)
		}
		return "ftp", true, nil
	case "require":
		if scheme == "ftps" {
			return "ftps", false, nil
		}
		return "ftpes", false, nil
	case "implicit":
		if scheme == "ftpes" {
			return "", false, fmt.Errorf("ftpes:// is explicit TLS: --tls implicit goes with ftp:// or ftps://")
		}
		return "ftps", false, nil
	default:
		return "", false, fmt.Errorf("TLS is auto, require, implicit or off, not %q", tls)
	}
}

func (t *Target) authority(s, scheme string) error {
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		user, pass, has := strings.Cut(s[:at], ":")
		var err error
		if t.User, err = url.PathUnescape(user); err != nil {
			return fmt.Errorf("the user name: %w", err)
		}
		if t.Password, err = url.PathUnescape(pass); err != nil {
			return fmt.Errorf("the password has a %% that begins no escape: write it as %%25")
		}
		t.HasPass = has
		s = s[at+1:]
	}
	host, port := s, ""
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return fmt.Errorf("the bracket of %q is not closed", s)
		}
		host = s[1:end]
		if _, err := netip.ParseAddr(host); err != nil {
			return fmt.Errorf("%q is not an IPv6 address", host)
		}
		port = strings.TrimPrefix(s[end+1:], ":")
	} else if h, p, ok := strings.Cut(s, ":"); ok {
		if strings.Contains(p, ":") {
			return fmt.Errorf("an IPv6 address stands in brackets: [%s]", s)
		}
		host, port = h, p
	}
	if err := checkHost(host); err != nil {
		return err
	}
	t.Host = strings.TrimSuffix(strings.ToLower(host), ".")
	t.Port = defaultPort(scheme)
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return fmt.Errorf("%q is not a port", port)
		}
		t.Port = int(n)
	}
	return nil
}

// checkHost refuses what neither names nor numbers a host.
func checkHost(host string) error {
	if host == "" {
		return fmt.Errorf("a host is missing")
	}
	if strings.Contains(host, ":") {
		return nil // an IPv6 address, read already
	}
	for _, r := range host {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-._", r) || r == unicode.ReplacementChar {
			return fmt.Errorf("%q is not the name of a host", host)
		}
	}
	return nil
}

func defaultPort(scheme string) int {
	if scheme == "ftps" {
		return 990
	}
	return 21
}

// path takes the path of a URL, and the type behind it: ";type=a" is text, "i"
// bytes, as files go without one; "d" says that it is a directory.
func (t *Target) path(p string) (err error) {
	if body, typ, ok := cutType(p); ok {
		switch typ {
		case "a":
			t.Text, p = true, body
		case "i", "d":
			p = body
		default:
			return fmt.Errorf(";type=%s is not a, i or d", typ)
		}
	}
	t.Path, err = urlPath(p)
	return err
}

func urlPath(p string) (string, error) {
	p, err := url.PathUnescape(p)
	if err != nil {
		return "", fmt.Errorf("the path has a %% that begins no escape: write it as %%25")
	}
	if strings.ContainsAny(p, "\r\n\x00") {
		return "", fmt.Errorf("a path over FTP cannot hold a line end or NUL")
	}
	if p == "" || strings.HasPrefix(p, "/") {
		return p, nil
	}
	if p = path.Clean(p); p == "." {
		return "", nil
	}
	return p, nil
}

func cutType(p string) (body, typ string, ok bool) {
	i := strings.LastIndexByte(p, ';')
	if i < 0 {
		return p, "", false
	}
	key, value, ok := strings.Cut(p[i+1:], "=")
	if !ok || !strings.EqualFold(key, "type") || strings.Contains(value, "/") {
		return p, "", false
	}
	return p[:i], strings.ToLower(value), true
}

// address is the endpoint's name: equal settings give an equal string, so that
// sessions are only shared between jobs that asked for the same.
func (s Settings) address(t Target, scheme string, off bool) string {
	u := url.URL{Scheme: scheme, Host: net.JoinHostPort(t.Host, strconv.Itoa(t.Port))}
	if t.User != "" {
		u.User = url.User(t.User)
	}
	q := url.Values{}
	set := func(k, v string, given bool) {
		if given {
			q.Set(k, v)
		}
	}
	set("tls", "off", off)
	set("mode", s.Mode.String(), s.Mode != ftp.Auto)
	set("active-address", s.ActiveAddress.String(), s.ActiveAddress.IsValid())
	set("active-ports", fmt.Sprintf("%d-%d", s.ActivePorts.Lo, s.ActivePorts.Hi), s.ActivePorts != ftp.PortRange{})
	set("account", s.Account, s.Account != "")
	set("compress", "yes", s.Compress)
	set("charset", s.Charset, s.Charset != "")
	set("pasv-address", "trust", s.TrustPASV)
	set("active-peer", "any", s.AnyPeer)
	set("proxy", s.Proxy, s.Proxy != "")
	set("ca", s.CA, s.CA != "")
	set("cert", s.Cert, s.Cert != "")
	set("key", s.Key, s.Key != "" && s.Key != s.Cert)
	set("tls-max", s.TLSMax, s.TLSMax != "")
	set("clear-data", "yes", s.ClearData)
	set("type", "a", t.Text)
	for _, pin := range s.Pins {
		q.Add("pin", pin.String())
	}
	slices.Sort(q["pin"])
	q["pin"] = slices.Compact(q["pin"])
	set("timeout", s.Timeout.String(), s.Timeout != 0)
	u.RawQuery = q.Encode()
	return u.String()
}

// hidePassword returns raw with the password of its userinfo replaced, for
// messages.
func hidePassword(raw string) string {
	start := strings.Index(raw, "://")
	if start < 0 {
		start = -3
	}
	start += 3
	end := strings.IndexByte(raw[start:], '/')
	if end < 0 {
		end = len(raw) - start
	}
	at := strings.LastIndexByte(raw[start:start+end], '@')
	if at < 0 { // a password may hold a slash that was not escaped: then more is hidden than need be
		at = strings.LastIndexByte(raw[start:], '@')
	}
	if at < 0 {
		return raw
	}
	user, _, has := strings.Cut(raw[start:start+at], ":")
	if !has || strings.Contains(user, "/") {
		return raw
	}
	return raw[:start] + user + ":****" + raw[start+at:]
}

// ParseMode reads the name of a mode: auto, passive or active.
func ParseMode(s string) (ftp.Mode, error) { return ftp.ParseMode(s) }

// ParseCharset returns the usual name of a character set for names.
func ParseCharset(s string) (string, error) { return ftp.ParseCharset(s) }

// ParsePorts reads a range of ports, "50000-50100" or one port.
func ParsePorts(s string) (ftp.PortRange, error) {
	lo, hi, ok := strings.Cut(s, "-")
	if !ok {
		hi = lo
	}
	l, errLo := strconv.ParseUint(lo, 10, 16)
	h, errHi := strconv.ParseUint(hi, 10, 16)
	if errLo != nil || errHi != nil || l == 0 || l > h {
		return ftp.PortRange{}, fmt.Errorf("%q is not a range of ports: write 50000-50100", s)
	}
	return ftp.PortRange{Lo: uint16(l), Hi: uint16(h)}, nil
}
