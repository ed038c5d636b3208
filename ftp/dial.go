package ftp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
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
	raw, err := connect(ctx, &cfg)
	if err != nil {
		return nil, err
	}
	c := newConn(cfg, raw)
	c.names = names
	c.note("connected to %v", raw.RemoteAddr())
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
	dial := cfg.dial
	if dial == nil {
		dial = (&net.Dialer{KeepAlive: keepAlive}).DialContext
	}
	limited, cancel := context.WithTimeout(ctx, cfg.Timeouts.Dial)
	defer cancel()
	conn, err := dial(limited, "tcp", cfg.address())
	if err == nil {
		return conn, nil
	}
	stage, addr := "connect", cfg.address()
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	case errors.As(err, &dns):
		stage, addr = "resolve", cfg.Host
		if dns.IsNotFound {
			err = fmt.Errorf("no such host: %w", err)
		}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		err = fmt.Errorf("no answer within %v: %w", cfg.Timeouts.Dial, os.ErrDeadlineExceeded)
	case errors.As(err, &op):
		err = op.Err
	}
	return nil, &ConnectError{Stage: stage, Addr: addr, Err: err}
}
