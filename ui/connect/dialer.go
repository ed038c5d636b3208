package connect

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"portside/ftp"
	"portside/queue"
)

// Dialer opens sessions at FTP servers and keeps what the user answered, in
// memory only. It is safe for use by several goroutines.
type Dialer struct {
	log   *queue.Log
	conns atomic.Int64

	mu      sync.Mutex
	answers map[string]answers     // by address
	memory  map[string]*ftp.Memory // by host and port
}

// answers is what the user said about one endpoint.
type answers struct {
	password string
	known    bool // whether password was given, also an empty one
	plain    bool // speaking without TLS is allowed
}

// New returns a Dialer that writes both kinds of connection to log, which may
// be nil.
func New(log *queue.Log) *Dialer {
	return &Dialer{log: log, answers: map[string]answers{}, memory: map[string]*ftp.Memory{}}
}

// SetPassword keeps the password of address for the sessions to come.
func (d *Dialer) SetPassword(address, password string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.answers[address]
	a.password, a.known = password, true
	d.answers[address] = a
}

// Answer takes what the user said to a question that Dial ended with.
func (d *Dialer) Answer(address string, a queue.Answer) error {
	if a.Trust {
		return errors.New("this version cannot pin a certificate: give its authority with --ca")
	}
	if a.Plain {
		d.mu.Lock()
		known := d.answers[address]
		known.plain = true
		d.answers[address] = known
		d.mu.Unlock()
		return nil
	}
	d.SetPassword(address, a.Password)
	return nil
}

// Dial opens one session, logged in. It may block for the time-outs of each
// step, and ends early with ctx.
func (d *Dialer) Dial(ctx context.Context, address string) (queue.FS, error) {
	cfg, err := config(address)
	if err != nil {
		return nil, queue.Fail(queue.ClassJob, err.Error(), err)
	}
	d.mu.Lock()
	known := d.answers[address]
	cfg.Memory = d.memory[hostPort(cfg)]
	if cfg.Memory == nil {
		cfg.Memory = ftp.NewMemory(ftp.Profile{})
		d.memory[hostPort(cfg)] = cfg.Memory
	}
	d.mu.Unlock()
	cfg.Password = known.password
	cfg.NoPassword = !known.known && cfg.User != ""
	if !known.plain && !harmlessInPlain(cfg) {
		cfg.AllowPlain = func(context.Context) error { return errPlain }
	}
	cfg.Trace = d.trace(address)
	conn, err := ftp.Dial(ctx, cfg)
	if err != nil {
		return nil, dialFailure(label(cfg), cfg, err)
	}
	return newSession(address, label(cfg), conn), nil
}

// trace writes what happens on one control connection, and on the data
// connections that belong to it, to the log.
func (d *Dialer) trace(address string) *ftp.Trace {
	if d.log == nil {
		return nil
	}
	n := int(d.conns.Add(1))
	return &ftp.Trace{Line: func(dir byte, text string) {
		d.log.Add(queue.Line{Time: time.Now(), Conn: n, Dir: dir, Text: text, Address: address})
	}}
}

// harmlessInPlain reports whether a login gives nothing away without TLS:
// there is no secret, or the server is on this machine.
func harmlessInPlain(cfg ftp.Config) bool {
	if cfg.User == "" || cfg.User == "anonymous" || cfg.User == "ftp" || cfg.Host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(cfg.Host)
	return err == nil && ip.Unmap().IsLoopback()
}

func label(cfg ftp.Config) string {
	if cfg.User == "" {
		return cfg.Host
	}
	return cfg.User + "@" + cfg.Host
}

// config reads back what Settings.address wrote.
func config(address string) (ftp.Config, error) {
	u, err := url.Parse(address)
	if err != nil {
		return ftp.Config{}, fmt.Errorf("%q is no address: %w", address, err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		return ftp.Config{}, fmt.Errorf("%q is no address: it has no port", address)
	}
	cfg := ftp.Config{Host: u.Hostname(), Port: port, User: u.User.Username()}
	q := u.Query()
	switch {
	case u.Scheme == "ftps":
		cfg.Security = ftp.Implicit
	case u.Scheme == "ftpes":
		cfg.Security = ftp.Explicit
	case q.Get("tls") == "off":
		cfg.Security = ftp.Plain
	default:
		cfg.Security = ftp.Optional
	}
	if err := transport(&cfg, q); err != nil {
		return ftp.Config{}, fmt.Errorf("%s: %w", address, err)
	}
	return cfg, nil
}

func transport(cfg *ftp.Config, q url.Values) (err error) {
	if v := q.Get("mode"); v != "" {
		if cfg.Mode, err = ftp.ParseMode(v); err != nil {
			return err
		}
	}
	if v := q.Get("active-address"); v != "" {
		if cfg.ActiveAddress, err = netip.ParseAddr(v); err != nil {
			return err
		}
	}
	if v := q.Get("active-ports"); v != "" {
		if cfg.ActivePorts, err = ParsePorts(v); err != nil {
			return err
		}
	}
	if cfg.Charset, err = ftp.ParseCharset(q.Get("charset")); err != nil {
		return err
	}
	if v := q.Get("timeout"); v != "" {
		t, err := time.ParseDuration(v)
		if err != nil {
			return err
		}
		cfg.Timeouts = ftp.Timeouts{Dial: t, Greeting: t, Handshake: t, Reply: t, FirstDial: t, DataDial: t, Accept: t, Stall: t,
			Finish: t, UploadFinish: t}
	}
	if v := q.Get("ca"); v != "" {
		roots, err := loadRoots(v)
		if err != nil {
			return err
		}
		cfg.TLS = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	return nil
}

func loadRoots(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate in PEM form", file)
	}
	return roots, nil
}

func hostPort(cfg ftp.Config) string {
	return net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port))
}
