package ftp

import (
	"context"
	"errors"
	"io/fs"
	"strconv"
	"strings"
)

// do runs one operation on path: it waits for the session, and names operation
// and path in the error.
func (c *Conn) do(ctx context.Context, op, path string, f func() error) error {
	err := c.checkPath(path)
	if err == nil {
		err = c.acquire(ctx)
	}
	if err != nil {
		return pathError(op, path, err)
	}
	defer c.release()
	return pathError(op, path, c.withAccount(ctx, f))
}

// MakeDir makes one directory. It fails with fs.ErrExist when there is a
// directory already.
func (c *Conn) MakeDir(ctx context.Context, path string) error {
	return c.do(ctx, "mkdir", path, func() error {
		_, err := c.cmd(ctx, "MKD", path, 2)
		return c.notMade(ctx, path, err)
	})
}

// notMade finds out what the refusal to make a directory means. Many servers
// do not say; then a directory that can be entered does.
func (c *Conn) notMade(ctx context.Context, path string, err error) error {
	var refusal *ReplyError
	if !errors.As(err, &refusal) || wantsAccount(refusal.Code) || fatal(err) || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	switch there, probe := c.enter(ctx, path); {
	case probe != nil:
		return probe
	case there:
		return &kindError{kind: fs.ErrExist, cause: err}
	}
	return err
}

// RemoveDir removes an empty directory.
func (c *Conn) RemoveDir(ctx context.Context, path string) error {
	return c.do(ctx, "rmdir", path, func() error {
		if err := c.leave(ctx, path); err != nil {
			return err
		}
		_, err := c.cmd(ctx, "RMD", path, 2)
		return err
	})
}

// Delete removes a file or a link.
func (c *Conn) Delete(ctx context.Context, path string) error {
	return c.do(ctx, "remove", path, func() error {
		_, err := c.cmd(ctx, "DELE", path, 2)
		return err
	})
}

// Rename moves a file or directory. Most servers replace what is at to.
func (c *Conn) Rename(ctx context.Context, from, to string) error {
	return c.do(ctx, "rename", from, func() error {
		if err := c.checkPath(to); err != nil {
			return pathError("rename", to, err)
		}
		if err := c.leave(ctx, from); err != nil {
			return err
		}
		return c.rename(ctx, from, to)
	})
}

// Noop asks the server for a sign of life.
func (c *Conn) Noop(ctx context.Context) error {
	if err := c.acquire(ctx); err != nil {
		return err
	}
	defer c.release()
	_, err := c.cmd(ctx, "NOOP", "", 2)
	return err
}

// Size returns how many bytes the file at path has.
func (c *Conn) Size(ctx context.Context, path string) (size int64, err error) {
	err = c.do(ctx, "size", path, func() error {
		size, err = c.size(ctx, path)
		return err
	})
	return size, err
}

// size is Size for the holder of the token.
func (c *Conn) size(ctx context.Context, path string) (int64, error) {
	if err := c.binary(ctx); err != nil { // text has another size
		return -1, err
	}
	r, err := c.cmd(ctx, "SIZE", path, 2)
	if err != nil {
		return -1, err
	}
	size, ok := parseSize(r)
	if !ok {
		return -1, errors.New("the server told no size: " + c.mask(r.lines[0]))
	}
	return size, nil
}

// parseSize reads the number of a 213 reply.
func parseSize(r reply) (int64, bool) {
	digits, _, _ := strings.Cut(strings.TrimSpace(r.text()[0]), " ")
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && n >= 0
}

// enter makes path the server's working directory and reports whether it could.
// The error is that of the session, not a refusal.
func (c *Conn) enter(ctx context.Context, path string) (bool, error) {
	err := c.mustEnter(ctx, path)
	if fatal(err) {
		return false, err
	}
	return err == nil, nil
}

// mustEnter makes path the server's working directory, or says why it cannot.
func (c *Conn) mustEnter(ctx context.Context, path string) error {
	if c.cwd == path {
		return nil
	}
	_, err := c.cmd(ctx, "CWD", path, 2)
	if err == nil {
		c.cwd = path
	}
	return err
}

// leave makes sure that the server's working directory is not at path or
// below: some servers do not remove the directory they are in, others give up
// when it is gone.
func (c *Conn) leave(ctx context.Context, path string) error {
	if c.cwd != path && !strings.HasPrefix(c.cwd, strings.TrimSuffix(path, "/")+"/") {
		return nil
	}
	_, err := c.enter(ctx, "/")
	return err
}
