package ftp

import (
	"context"
	"errors"
	"fmt"
)

// ErrAccount matches the error of whatever a server refused for want of an
// account (RFC 959, ACCT) that the Config does not hold, or that was refused.
var ErrAccount = errors.New("the server wants an account name")

// wantsAccount reports whether code asks for ACCT.
func wantsAccount(code int) bool { return code == 332 || code == 532 }

// sendAccount names the account, once in a session. The reply is the one to
// ACCT.
func (c *Conn) sendAccount(ctx context.Context, why *ReplyError) (reply, error) {
	if c.cfg.Account == "" || c.accounted {
		return reply{}, &kindError{kind: ErrAccount, cause: why}
	}
	c.accounted = true
	r, err := c.cmd(ctx, "ACCT", c.cfg.Account, 2, 3)
	if err != nil && !fatal(err) && c.absent["ACCT"] {
		return r, &kindError{kind: ErrAccount, cause: err}
	}
	return r, err
}

// withAccount carries out f, and once more when the server first wanted an
// account for it and took ours.
func (c *Conn) withAccount(ctx context.Context, f func() error) error {
	err := f()
	var refusal *ReplyError
	if !errors.As(err, &refusal) || !wantsAccount(refusal.Code) || fatal(err) || errors.Is(err, ErrAccount) {
		return err
	}
	if _, err = c.sendAccount(ctx, refusal); err != nil {
		return err
	}
	return f()
}

// authenticate logs in: USER, and PASS and ACCT as the server asks for them,
// each once.
func (c *Conn) authenticate(ctx context.Context) error {
	if err := c.enterGateway(ctx); err != nil {
		return err
	}
	if c.logsInBriefly() {
		return c.logInBriefly(ctx)
	}
	last := "USER"
	r, err := c.cmd(ctx, last, c.cfg.loginName(), 2, 3)
	for err == nil && r.class() == 3 {
		switch {
		case r.code == 331 && last != "PASS" && c.cfg.NoPassword:
			return ErrNoPassword
		case r.code == 331 && last != "PASS":
			last = "PASS"
			r, err = c.cmd(ctx, "PASS", c.cfg.Password, 2, 3)
		case r.code == 332:
			if r, err = c.sendAccount(ctx, c.refusal(last, r)); errors.Is(err, ErrAccount) {
				return err
			}
			if last == "PASS" && r.class() == 3 {
				return c.unending("ACCT", r)
			}
		default:
			return c.unending(last, r)
		}
	}
	if err == nil {
		c.know.admit(c.asWhom(), last == "PASS" && !c.accounted)
	}
	return c.loginError(err)
}

// unending ends a login that asks for ever.
func (c *Conn) unending(verb string, r reply) error {
	return fmt.Errorf("the server asks for more than user, password and account: %w", c.refusal(verb, r))
}
