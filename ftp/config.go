package ftp

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"time"
)

// Security says whether and how a session uses TLS.
type Security uint8

// The kinds of security.
const (
	Plain    Security = iota // no TLS
	Optional                 // AUTH TLS when the server offers it
	Explicit                 // AUTH TLS, or no session
	Implicit                 // TLS from the first byte
)

// String returns a word for the log.
func (s Security) String() string {
	switch s {
	case Plain:
		return "plain"
	case Optional:
		return "optional TLS"
	case Explicit:
		return "explicit TLS"
	default:
		return "implicit TLS"
	}
}

// Mode says who opens the data connections.
type Mode uint8

// The modes.
const (
	Auto    Mode = iota // passive, and active when passive cannot work
	Passive             // we connect to the server
	Active              // the server connects to us
)

// String returns the name that [ParseMode] understands.
func (m Mode) String() string {
	switch m {
	case Passive:
		return "passive"
	case Active:
		return "active"
	default:
		return "auto"
	}
}

// ParseMode returns the mode that s names.
func ParseMode(s string) (Mode, error) {
	for _, m := range []Mode{Auto, Passive, Active} {
		if s == m.String() {
			return m, nil
		}
	}
	return Auto, fmt.Errorf("%q is not a mode: use auto, passive or active", s)
}

// PortRange is a range of TCP ports, both ends included. Zero is any port.
type PortRange struct{ Lo, Hi uint16 }

// Timeouts limit each wait of a session. A zero field takes its default from
// limits.go.
type Timeouts struct {
	Dial         time.Duration // to open the control connection
	Greeting     time.Duration // from there to the welcome
	Handshake    time.Duration // each TLS handshake
	Reply        time.Duration // each reply
	FirstDial    time.Duration // a data connection by EPSV, the first time
	DataDial     time.Duration // a data connection
	Accept       time.Duration // until the server connects, in active mode
	Stall        time.Duration // without one byte of data
	Crawl        time.Duration // spent waiting for 1 KiB of data
	Finish       time.Duration // from the end of a download to the verdict
	UploadFinish time.Duration // from the end of an upload to the verdict
	Drain        time.Duration // for the server's goodbye after an upload over TLS
}

// Config says where and how to open a session.
type Config struct {
	Host string
	Port int // 0: 21, or 990 when Security is Implicit

	User, Password string // empty User: anonymous
	Account        string // for servers that want one (ACCT)
	// NoPassword says that Password is not known: a server that asks for one
	// ends Dial with ErrNoPassword, and none is sent.
	NoPassword bool

	Security Security
	// TLS holds roots, client certificates and VerifyConnection. It is cloned
	// once for each session; ServerName and a fresh session cache are set there.
	TLS *tls.Config
	// Pins are the keys that are trusted. A server whose key is one of them is
	// trusted, whatever its name, dates and issuer; with pins, no other is.
	Pins []Pin
	// ClearData leaves the data connections without TLS (PROT C).
	ClearData bool

	Mode          Mode
	ActiveAddress netip.Addr // what PORT and EPRT name; zero: our own address
	ActivePorts   PortRange  // where active mode listens
	AnyPeer       bool       // active mode lets in any address, not the server's alone
	TrustPASV     bool       // the address that PASV names is dialled, not the server's

	// Proxy is how to get to the server: "socks5://", "http://" (CONNECT) or
	// "ftp://" (a gateway that takes USER user@host), with user and password of
	// its own in it; see [CheckProxy]. The first two resolve Host and carry all
	// connections, in passive mode; at a gateway TLS ends, with its certificate.
	// Nil: straight.
	Proxy *url.URL

	// Charset is what names are in on the wire, as in "gbk"; paths of the Conn
	// are UTF-8 then. "" takes names as they are. See [ParseCharset].
	Charset  string
	Compress bool // MODE Z where the server has it and it may help
	// Text sends files as text (TYPE A): lines end on the wire with CR and LF, and
	// here as this system ends them. Such transfers begin at the start alone.
	Text bool
	// TransferNoop sends NOOP at this interval while a transfer runs, for
	// networks that forget idle connections. Some servers break the transfer
	// off: 0, never, is the default.
	TransferNoop time.Duration

	Timeouts Timeouts

	// AllowPlain is asked before USER when Security is Optional and the server
	// refuses TLS; its error ends Dial. spoke says that the server had TLS
	// before. Nil allows it, except where the server had.
	AllowPlain func(ctx context.Context, spoke bool) error
	// SpokeTLS is called when the control connection has TLS, before USER: from
	// then on the server is one that has it.
	SpokeTLS func(ctx context.Context)

	// Memory is what is known of the server; sessions read it and add to it. Nil:
	// the session has one of its own.
	Memory *Memory

	Trace *Trace

	// now replaces the clock of certificates and tickets in tests; lookup and dial
	// replace the network, and afar makes every server one that is far away.
	now    func() time.Time
	lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	dial   func(ctx context.Context, from netip.Addr, to netip.AddrPort) (net.Conn, error)
	afar   bool
}

// anonymous is who logs in without a name.
const (
	anonymous         = "anonymous"
	anonymousPassword = "anonymous@"
)

// withDefaults returns the config with every default filled in.
func (cfg Config) withDefaults() Config {
	if cfg.Port == 0 {
		cfg.Port = 21
		if cfg.Security == Implicit {
			cfg.Port = 990
		}
	}
	if cfg.User == "" {
		cfg.User = anonymous
	}
	if cfg.User == anonymous && cfg.Password == "" {
		cfg.Password = anonymousPassword
	}
	if cfg.Memory == nil {
		cfg.Memory = NewMemory(Profile{})
	}
	if cfg.now == nil {
		cfg.now = time.Now
	}
	cfg.Timeouts = cfg.Timeouts.withDefaults()
	return cfg
}

// address returns host and port for the network.
func (cfg *Config) address() string {
	return net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port))
}
