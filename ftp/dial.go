package ftp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
)

// Dial opens a session: it connects, reads the greeting, starts TLS as the
// config asks, logs in and learns what the server can do.
func Dial(ctx context.Context, cfg Config) (*Conn, error) {
	cfg = cfg.withDefaults()
	for _, secret := range []string{cfg.User, cfg.Password, cfg.Account} {
		if err := checkArgument(secret); err != nil {
			return nil, &ConnectError{Stage: "login", Addr: cfg.address(), Err: err}
		}
	}
	names, err := newCharset(cfg.Charset)
	if err != nil {
		return nil, &ConnectError{Stage: "login", Addr: cfg.address(), Err: err}
	}
	if err := cfg.checkProxy(); err != nil {
		return nil, err
	}
	host, err := asciiHost(cfg.Host)
	if err != nil {
		return nil, &ConnectError{Stage: "resolve", Addr: cfg.Host, Err: err}
	}
	cfg.Host = host
	raw, err := connect(ctx, &cfg)
	if err != nil {
		return nil, err
	}
	c := newConn(cfg, raw)
	c.names = names
	c.note("connected to %v%s", raw.RemoteAddr(), cfg.beyond())
	for _, step := range []struct {
		stage string
		run   func(context.Context) error
	}{
		{"tls", c.secureFirst},
		{"greeting", c.greet},
		{"tls", c.secureByCommand},
		{"login", c.nameHost},
		{"login", c.authenticate},
		{"tls", c.protectData},
		{"login", c.settle},
	} {
		if err := step.run(ctx); err != nil {
			return nil, &ConnectError{Stage: step.stage, Addr: cfg.address(), Err: c.fail(err)}
		}
	}
	return c, nil
}

// connect opens the control connection.
func connect(ctx context.Context, cfg *Config) (net.Conn, error) {
	limited, cancel := context.WithTimeout(ctx, cfg.Timeouts.Dial)
	defer cancel()
	host, port := cfg.Host, cfg.Port
	if cfg.Proxy != nil {
		host, port = cfg.proxyHost()
	}
	conn, err := cfg.reach(limited, host, port)
	if err == nil {
		if err = cfg.tunnel(limited, conn, cfg.Host, cfg.Port); err == nil {
			return conn, nil
		}
		_ = conn.Close()
	}
	stage, addr := "connect", cfg.address()
	if cfg.Proxy != nil {
		stage, addr = "proxy", net.JoinHostPort(host, strconv.Itoa(port))
	}
	var dns *net.DNSError
	switch {
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case errors.As(err, &dns):
		if stage == "connect" {
			stage, addr = "resolve", host
		}
		if dns.IsNotFound {
			err = fmt.Errorf("no such host: %w", err)
		}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		err = fmt.Errorf("no answer within %v: %w", cfg.Timeouts.Dial, os.ErrDeadlineExceeded)
	default:
		err = bare(err)
	}
	return nil, &ConnectError{Stage: stage, Addr: addr, Err: err}
}
