package connect

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
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
	marks Marks // nil: none beyond this process
	conns atomic.Int64

	mu      sync.Mutex
	answers map[string]answers     // by address
	asked   map[string]question    // by address
	memory  map[string]*ftp.Memory // by host and port
	proxies map[string]string      // their passwords, by URL
}

// Marks remembers, beyond this process, which servers have spoken TLS: those
// are not spoken to without it by itself.
type Marks interface {
	// Has reports whether the server at a host and port has.
	Has(hostPort string) bool
	// Add remembers that it has. It may block on the disk for a moment.
	Add(hostPort string) error
}

// answers is what the user said about one endpoint.
type answers struct {
	password string
	known    bool      // whether password was given, also an empty one
	plain    bool      // speaking without TLS is allowed
	despite  bool      // also after the server spoke TLS
	pins     []ftp.Pin // keys that are trusted
}

// question is what the last question about an endpoint was about. None comes
// before it is answered: the queue does not dial while it asks.
type question struct {
	key   ftp.Pin // of the certificate
	spoke bool    // the server spoke TLS before
}

// Option is something that a Dialer may be given.
type Option func(*Dialer)

// WithMarks makes a Dialer keep to marks, and add to them.
func WithMarks(m Marks) Option { return func(d *Dialer) { d.marks = m } }

// New returns a Dialer that writes both kinds of connection to log, which may
// be nil.
func New(log *queue.Log, options ...Option) *Dialer {
	d := &Dialer{log: log, answers: map[string]answers{}, asked: map[string]question{}, memory: map[string]*ftp.Memory{}, proxies: map[string]string{}}
	for _, option := range options {
		option(d)
	}
	return d
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
	if !a.Trust && !a.Plain {
		d.SetPassword(address, a.Password)
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	known, asked := d.answers[address], d.asked[address]
	switch {
	case a.Plain:
		known.plain, known.despite = true, asked.spoke
	case asked.key == ftp.Pin{}:
		return fmt.Errorf("%s: no certificate waits for an answer", address)
	default:
		known.pins = append(slices.Clip(known.pins), asked.key)
	}
	d.answers[address] = known
	return nil
}

// Dial opens one session, logged in. It may block for the time-outs of each
// step, and ends early with ctx.
func (d *Dialer) Dial(ctx context.Context, address string) (queue.FS, error) {
	cfg, err := config(address)
	if err != nil {
		return nil, queue.Fail(queue.ClassJob, err.Error(), err)
	}
	known := d.remember(address, &cfg)
	cfg.Password = known.password
	cfg.NoPassword = !known.known && cfg.User != ""
	cfg.AllowPlain = func(_ context.Context, spoke bool) error {
		switch {
		case known.plain && (known.despite || !spoke):
			return nil
		case spoke:
			return errSpoke
		case harmlessInPlain(cfg):
			return nil
		}
		return errPlain
	}
	cfg.Trace = d.trace(address)
	cfg.SpokeTLS = func(context.Context) { d.mark(address, &cfg) }
	conn, err := ftp.Dial(ctx, cfg)
	if err != nil {
		d.ask(address, err)
		return nil, dialFailure(label(cfg), cfg, err)
	}
	s := newSession(address, label(cfg), conn)
	s.note, s.packs, s.text = d.noter(address), cfg.Compress, cfg.Text
	s.redial = func(ctx context.Context) (*ftp.Conn, error) {
		cfg.Trace = d.trace(address)
		return ftp.Dial(ctx, cfg)
	}
	return s, nil
}

// Server implements queue.Grouper: addresses that differ in users or settings
// lead to one server.
func (d *Dialer) Server(address string) string {
	cfg, err := config(address)
	if err != nil {
		return address
	}
	return hostPort(cfg)
}

// noter writes remarks on an endpoint to the log.
func (d *Dialer) noter(address string) func(format string, args ...any) {
	if d.log == nil {
		return nil
	}
	return func(format string, args ...any) {
		d.log.Add(queue.Line{Time: time.Now(), Dir: '*', Text: fmt.Sprintf(format, args...), Address: address})
	}
}

// remember fills in what earlier sessions and answers left, and returns the
// answers.
func (d *Dialer) remember(address string, cfg *ftp.Config) answers {
	server := hostPort(*cfg)
	d.mu.Lock()
	defer d.mu.Unlock()
	cfg.Memory = d.memory[server]
	if cfg.Memory == nil {
		cfg.Memory = ftp.NewMemory(ftp.Profile{})
		d.memory[server] = cfg.Memory
		if d.marks != nil && d.marks.Has(server) {
			cfg.Memory.MarkTLS()
		}
	}
	known := d.answers[address]
	cfg.Pins = append(cfg.Pins, known.pins...)
	d.enterProxy(cfg)
	return known
}

// mark takes down that a server speaks TLS. An answer that it may go without is
// worth nothing any more.
func (d *Dialer) mark(address string, cfg *ftp.Config) {
	d.mu.Lock()
	known := d.answers[address]
	known.plain, known.despite = false, false
	d.answers[address] = known
	d.mu.Unlock()
	if d.marks == nil {
		return
	}
	if err := d.marks.Add(hostPort(*cfg)); err != nil && cfg.Trace != nil {
		cfg.Trace.Line('*', "cannot remember that this server speaks TLS: "+err.Error())
	}
}

// ask keeps what an error asks about.
func (d *Dialer) ask(address string, err error) {
	q := question{spoke: errors.Is(err, errSpoke)}
	var cert *ftp.CertError
	if errors.As(err, &cert) {
		q.key = cert.Fingerprint
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked[address] = q
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
// there is no secret, or the server is on this machine and nobody between.
func harmlessInPlain(cfg ftp.Config) bool {
	if cfg.User == "" || cfg.User == "anonymous" || cfg.User == "ftp" {
		return true
	}
	if cfg.Proxy != nil {
		return false
	}
	if cfg.Host == "localhost" {
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
	cfg.Account = q.Get("account")
	cfg.Compress = q.Get("compress") == "yes"
	if cfg.Charset, err = ftp.ParseCharset(q.Get("charset")); err != nil {
		return err
	}
	cfg.TrustPASV = q.Get("pasv-address") == "trust"
	cfg.AnyPeer = q.Get("active-peer") == "any"
	if v := q.Get("proxy"); v != "" {
		if cfg.Proxy, err = url.Parse(v); err != nil {
			return err
		}
	}
	if v := q.Get("timeout"); v != "" {
		t, err := time.ParseDuration(v)
		if err != nil {
			return err
		}
		cfg.Timeouts = ftp.Timeouts{Dial: t, Greeting: t, Handshake: t, Reply: t, FirstDial: t, DataDial: t, Accept: t, Stall: t,
			Finish: t, UploadFinish: t}
	}
	cfg.ClearData, cfg.Text = q.Get("clear-data") != "", q.Get("type") == "a"
	for _, v := range q["pin"] {
		pin, err := ftp.ParsePin(v)
		if err != nil {
			return err
		}
		cfg.Pins = append(cfg.Pins, pin)
	}
	cfg.TLS, err = tlsConfig(q)
	return err
}

func hostPort(cfg ftp.Config) string {
	return net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port))
}
