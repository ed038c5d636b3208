package ftp

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
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
	return pathError(op, path, f())
}

// MakeDir makes one directory. It fails with fs.ErrExist when there is a
// directory already.
func (c *Conn) MakeDir(ctx context.Context, path string) error {
	return c.do(ctx, "mkdir", path, func() error {
		_, err := c.cmd(ctx, "MKD", path, 2)
		if err == nil || fatal(err) || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
			return err
		}
		// Many servers do not say why; then a directory that can be entered does.
		switch there, probe := c.enter(ctx, path); {
		case probe != nil:
			return probe
		case there:
			return &kindError{kind: fs.ErrExist, cause: err}
		}
		return err
	})
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
		if _, err := c.cmd(ctx, "RNFR", from, 3); err != nil {
			return err
		}
		_, err := c.cmd(ctx, "RNTO", to, 2)
		return err
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
		return -1, errors.New("the server told no size: " + r.lines[0])
	}
	return size, nil
}

// parseSize reads the number of a 213 reply.
func parseSize(r reply) (int64, bool) {
	digits, _, _ := strings.Cut(strings.TrimSpace(r.text()[0]), " ")
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && n >= 0
}

// mtimeLayout is how FTP writes a time, in UTC.
const mtimeLayout = "20060102150405"

// ModTime returns when the file at path was last changed.
func (c *Conn) ModTime(ctx context.Context, path string) (t time.Time, err error) {
	err = c.do(ctx, "mtime", path, func() error {
		t, err = c.modTime(ctx, path)
		return err
	})
	return t, err
}

// modTime is ModTime for the holder of the token.
func (c *Conn) modTime(ctx context.Context, path string) (time.Time, error) {
	r, err := c.cmd(ctx, "MDTM", path, 2)
	if err != nil {
		return time.Time{}, err
	}
	t, ok := parseModTime(r.text()[0])
	if !ok {
		return time.Time{}, errors.New("the server told no time: " + r.lines[0])
	}
	return t, nil
}

// parseModTime reads the time of a 213 reply. Some servers count the years
// since 1900 behind "19": 19100 is 2000.
func parseModTime(text string) (time.Time, bool) {
	digits, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	whole, _, _ := strings.Cut(digits, ".")
	if len(whole) == len(mtimeLayout)+1 && strings.HasPrefix(whole, "191") {
		years, _ := strconv.Atoi(whole[2:5])
		digits = strconv.Itoa(1900+years) + digits[5:]
	}
	t, err := time.Parse(mtimeLayout, digits) // takes fractions as well
	return t, err == nil
}

// SetModTime sets when the file at path was last changed, to the second. It
// fails with errors.ErrUnsupported where the server has no way to.
func (c *Conn) SetModTime(ctx context.Context, path string, t time.Time) error {
	return c.do(ctx, "chtimes", path, func() error {
		arg := t.UTC().Format(mtimeLayout) + " " + path
		for _, verb := range []string{"MFMT", "MDTM"} {
			if c.absent[verb] || c.features.Known() && !c.features.Has(verb) {
				continue
			}
			_, err := c.cmd(ctx, verb, arg, 2)
			var refusal *ReplyError
			if !errors.As(err, &refusal) || !refusal.unknown() || fatal(err) {
				return err
			}
		}
		return fmt.Errorf("the server cannot set times: %w", errors.ErrUnsupported)
	})
}

// Chmod sets the permission bits of the file at path. It fails with
// errors.ErrUnsupported where the server has no way to.
func (c *Conn) Chmod(ctx context.Context, path string, mode fs.FileMode) error {
	return c.do(ctx, "chmod", path, func() error {
		if c.absent["SITE CHMOD"] {
			return fmt.Errorf("the server cannot set permissions: %w", errors.ErrUnsupported)
		}
		_, err := c.cmd(ctx, "SITE CHMOD", fmt.Sprintf("%03o %s", unixBits(mode), path), 2)
		var refusal *ReplyError
		if errors.As(err, &refusal) && refusal.unknown() && !fatal(err) {
			return &kindError{kind: errors.ErrUnsupported, cause: err}
		}
		return err
	})
}

// unixBits returns mode as chmod writes it.
func unixBits(mode fs.FileMode) uint32 {
	bits := uint32(mode.Perm())
	for _, special := range []struct {
		mode fs.FileMode
		bit  uint32
	}{{fs.ModeSetuid, 0o4000}, {fs.ModeSetgid, 0o2000}, {fs.ModeSticky, 0o1000}} {
		if mode&special.mode != 0 {
			bits |= special.bit
		}
	}
	return bits
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
