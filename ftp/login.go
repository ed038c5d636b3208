package ftp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// greet reads the welcome, which may be announced by 120 replies.
func (c *Conn) greet(ctx context.Context) error {
	w := newWatch(ctx, c.wire)
	defer w.end()
	limit := time.Now().Add(c.cfg.Timeouts.Greeting)
	for range maxPreliminary {
		r, err := c.receive(w, "", time.Until(limit))
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded) && c.cfg.Security != Implicit && c.cfg.Port == 990:
			return fmt.Errorf("the server is silent: port 990 may want implicit TLS (ftps://): %w", err)
		case errors.Is(err, os.ErrDeadlineExceeded):
			return c.fail(fmt.Errorf("no welcome within %v: %w", c.cfg.Timeouts.Greeting, os.ErrDeadlineExceeded))
		case err != nil:
			return err
		case r.code == 230:
			return &ProtocolError{Text: "the server claims a login before there was one", Seen: r.lines[0]}
		case r.class() == 2:
			c.recognize(strings.Join(r.lines, "\n"))
			return nil
		case r.class() != 1:
			return c.refusal("", r)
		}
	}
	return &ProtocolError{Text: "the server announces its welcome for ever"}
}

// loginError tells a wrong password from other refusals.
func (c *Conn) loginError(err error) error {
	var refusal *ReplyError
	if !errors.As(err, &refusal) || refusal.TooMany() || refusal.Temporary() && refusal.Code != 430 {
		return err
	}
	switch {
	case wantsAccount(refusal.Code):
		return &kindError{kind: ErrAccount, cause: err}
	case c.tlsBase == nil && refusal.WantsTLS():
		return fmt.Errorf("the server wants TLS (ftpes://): %w", refusal)
	case refusal.Code == 530, refusal.Code == 430, refusal.Command == "PASS" && !refusal.unknown():
		return fmt.Errorf("%w: %w", ErrLogin, refusal)
	}
	return err
}

// settle learns what the server can do and where the session stands.
func (c *Conn) settle(ctx context.Context) error {
	c.home = "/"
	if len(c.promised) > 0 {
		return c.hearPromised(ctx)
	}
	var cmds []command
	c.recall()
	known, burst := c.features.telling(), c.bursts()
	if !known && !burst {
		if err := c.learnFeatures(ctx); err != nil {
			return err
		}
		known = true
	}
	if known {
		cmds = c.introduction()
	} else {
		cmds = []command{{verb: "FEAT"}}
	}
	cmds = append(cmds, c.whereabouts(burst)...)
	err := c.series(ctx, cmds, func(i int, r reply, refused error) { c.settled(cmds[i].verb, r, refused) })
	if err != nil || known {
		return err
	}
	return c.series(ctx, c.introduction(), func(int, reply, error) {})
}

// settled takes the answer to one of the commands behind a login.
func (c *Conn) settled(verb string, r reply, refused error) {
	switch {
	case verb == "FEAT":
		c.takeFeatures(r, refused)
	case verb == "EPSV":
		c.offered(r, refused)
	case refused != nil:
	case verb == "PWD":
		c.home = c.names.decode(parsePWD(r.text()[len(r.lines)-1]))
		c.cwd = c.home
	case verb == "TYPE":
		c.kind = c.mostly()
	}
}

// fatal reports whether err is more than a refusal.
func fatal(err error) bool {
	var refusal *ReplyError
	return err != nil && (!errors.As(err, &refusal) || errors.Is(err, ErrBroken))
}

// parsePWD returns the directory that a 257 reply names in quotes, doubled
// inside (RFC 959, appendix II), or "/" when there is none.
func parsePWD(text string) string {
	_, rest, ok := strings.Cut(text, `"`)
	if !ok {
		return "/"
	}
	var dir strings.Builder
	for {
		part, after, closed := strings.Cut(rest, `"`)
		if !closed {
			return "/"
		}
		dir.WriteString(part)
		if !strings.HasPrefix(after, `"`) {
			break
		}
		dir.WriteByte('"')
		rest = after[1:]
	}
	if checkPath(dir.String()) != nil {
		return "/"
	}
	return dir.String()
}
