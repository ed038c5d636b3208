package ftp

import (
	"context"
	"errors"
	"fmt"
)

// Servers differ in what STOR does behind REST. Some begin a new file, and
// leave zeros where the offset was skipped: the size is right in the end, and
// half of the file is lost. So the first upload at a server that goes on in the
// middle of a file is preceded by one of no bytes, after which the size must be
// what it was.

// goOn begins an upload at the end of what the server holds.
func (c *Conn) goOn(ctx context.Context, path string, offset int64) (*transfer, error) {
	known := c.know.Profile().Append
	if known == Fails {
		return c.add(ctx, path, offset)
	}
	t, err := c.stream(ctx, "STOR", path, offset)
	var refusal *ReplyError
	switch {
	case errors.As(err, &refusal) && refusal.Command == "REST" && !errors.Is(err, ErrBroken):
		return c.add(ctx, path, offset)
	case err != nil || known == Works:
		return t, err
	}
	if err = newUpload(t, path, offset).Close(); err != nil {
		return nil, err
	}
	switch err = c.holds(ctx, path, offset); {
	case err == nil:
		c.know.learn(func(p *Profile) { p.Append = Works })
	case errors.Is(err, errors.ErrUnsupported):
		c.know.learn(func(p *Profile) { p.Append = Fails })
		return nil, err
	case !errors.As(err, &refusal) || fatal(err):
		return nil, err
	}
	return c.stream(ctx, "STOR", path, offset)
}

// add begins an upload that appends by APPE.
func (c *Conn) add(ctx context.Context, path string, offset int64) (*transfer, error) {
	if err := c.holds(ctx, path, offset); err != nil {
		return nil, err
	}
	return c.stream(ctx, "APPE", path, 0)
}

// holds makes sure that the file at path has size bytes. It fails with
// errors.ErrUnsupported if it has fewer. More have come from somebody else: an
// earlier session, of a process that was killed perhaps, whose last bytes were
// still on their way. That is over in a moment, and says nothing of the server.
func (c *Conn) holds(ctx context.Context, path string, size int64) error {
	got, err := c.Size(ctx, path)
	switch {
	case err == nil && got > size:
		err = fmt.Errorf("it holds %d bytes by now, not %d: an earlier upload has not ended", got, size)
	case err == nil && got < size:
		err = &kindError{kind: errors.ErrUnsupported, cause: fmt.Errorf("it holds %d bytes, not %d", got, size)}
	}
	if err != nil {
		return fmt.Errorf("the server cannot go on with the upload: %w", err)
	}
	return nil
}
