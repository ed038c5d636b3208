package ftp

import (
	"context"
	"errors"
	"fmt"
)

// ErrDowngrade matches the error of a Dial whose server had TLS before and
// refuses it now, with nobody to ask.
var ErrDowngrade = errors.New("the server spoke TLS before, and refuses it now: somebody on the way may want to read along")

// allowPlain says whether a session may go on without TLS, which refused is the
// server's word on.
func (c *Conn) allowPlain(ctx context.Context, refused error) error {
	spoke := c.know.SpokeTLS()
	switch {
	case c.cfg.AllowPlain != nil:
		return c.cfg.AllowPlain(ctx, spoke)
	case spoke:
		return fmt.Errorf("%w: %w", ErrDowngrade, refused)
	}
	return nil
}

// markTLS remembers that the server speaks TLS.
func (c *Conn) markTLS(ctx context.Context) error {
	c.know.MarkTLS()
	if c.cfg.SpokeTLS != nil {
		c.cfg.SpokeTLS(ctx)
	}
	return ctx.Err()
}
