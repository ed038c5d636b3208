package ftp

import (
	"context"
	"errors"
	"fmt"
)

// Available returns how many bytes can still be stored in the directory dir
// (AVBL, draft-peterson-streamlined-ftp-command-extensions). It fails with
// errors.ErrUnsupported where the server does not tell.
func (c *Conn) Available(ctx context.Context, dir string) (bytes int64, err error) {
	err = c.do(ctx, "available", dir, func() error {
		const verb = "AVBL"
		if c.absent[verb] || !c.features.may(verb) {
			return fmt.Errorf("the server does not tell how much room there is: %w", errors.ErrUnsupported)
		}
		r, err := c.cmd(ctx, verb, dir, 2)
		if err != nil {
			return unsupported(err)
		}
		var ok bool
		if bytes, ok = parseSize(r); !ok {
			return errors.New("the server told no number of bytes: " + c.mask(r.lines[0]))
		}
		return nil
	})
	return bytes, err
}
