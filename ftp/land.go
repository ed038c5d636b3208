package ftp

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// Landing says what makes an upload whole after the server's verdict on it.
type Landing struct {
	Path    string    // where the bytes are
	Size    int64     // how many there have to be; -1: unknown
	Time    time.Time // of the last change, to set; zero leaves it
	Final   string    // the name to give; "" or Path keeps the one that it has
	Replace bool      // whether what has that name may be replaced
	Sum     *Checksum // what the bytes have to add up to; nil: nobody asks
}

// SizeError says that a server holds another number of bytes than it was sent.
type SizeError struct {
	Path      string
	Got, Want int64
}

// Error returns both numbers.
func (e *SizeError) Error() string {
	return fmt.Sprintf("%s: the server has %d of %d bytes, although it said that all is well", e.Path, e.Got, e.Want)
}

// Land finishes an upload in as few round trips as the server bears: it
// compares the size, sets the time and gives the file its final name. The size
// and the name in use are looked at first; nothing is renamed when the one is
// wrong (*SizeError), the checksum differs (*SumError) or the other is taken (fs.ErrExist). Where SIZE is not to
// be had, the verdict has to do; a time that cannot be set is no error. Most
// servers replace silently; where one does not and Replace is set, the old
// file is renamed until the new one has its name, and removed. A name that is refused leaves the
// file at Path.
func (c *Conn) Land(ctx context.Context, l Landing) error {
	if l.Final == "" {
		l.Final = l.Path
	}
	return c.do(ctx, "create", l.Path, func() error {
		if err := c.checkPath(l.Final); err != nil {
			return pathError("rename", l.Final, err)
		}
		taken, err := c.inspect(ctx, l)
		switch {
		case err != nil || l.Final == l.Path:
			return err
		case taken:
			return &fs.PathError{Op: "rename", Path: l.Final, Err: fs.ErrExist}
		}
		return pathError("rename", l.Final, c.christen(ctx, l))
	})
}

// inspect checks the size, sets the time, and finds out whether a file has the
// final name already: nothing can be renamed onto a directory.
func (c *Conn) inspect(ctx context.Context, l Landing) (taken bool, err error) {
	if err := c.binary(ctx); err != nil {
		return false, err
	}
	var cmds []command
	var then []func(r reply, refused error) error
	add := func(cmd command, f func(r reply, refused error) error) {
		cmds, then = append(cmds, cmd), append(then, f)
	}
	if l.Size >= 0 && !c.sizeless {
		add(command{"SIZE", l.Path}, func(r reply, refused error) error { return c.compare(l, r, refused) })
	}
	asked := c.soon(l)
	if asked {
		for _, cmd := range c.sumCommands(l) {
			add(cmd, func(r reply, refused error) error {
				if cmd.verb == "OPTS" {
					return nil // what HASH is answered with tells
				}
				return c.summed(ctx, l, cmd.verb, r, refused)
			})
		}
	}
	if ways := c.timeWays(); !l.Time.IsZero() && !c.timeless && len(ways) > 0 {
		add(command{ways[0].verb, ways[0].arg(stamp(l.Time), l.Path)}, func(_ reply, refused error) error {
			return c.timed(ctx, l, refused)
		})
	}
	if look := l.Final != l.Path && !l.Replace; look && c.sizeless {
		if taken, err = c.isThere(ctx, l.Final); err != nil {
			return false, err
		}
	} else if look {
		add(command{"SIZE", l.Final}, func(_ reply, refused error) (err error) {
			if taken = refused == nil; c.sizeless {
				taken, err = c.isThere(ctx, l.Final) // it was not the answer of a server that has SIZE
			}
			return err
		})
	}
	replies, refusals := make([]reply, len(cmds)), make([]error, len(cmds))
	err = c.pipeline(ctx, cmds, func(i int, r reply, refused error) { replies[i], refusals[i] = r, refused })
	for i := 0; i < len(cmds) && err == nil; i++ {
		err = then[i](replies[i], refusals[i])
	}
	if l.Sum != nil && !asked && err == nil && !taken {
		err = c.prove(ctx, l)
	}
	return taken, err
}

// isThere reports whether something is at path. The error is that of the
// session.
func (c *Conn) isThere(ctx context.Context, path string) (bool, error) {
	_, err := c.stat(ctx, path)
	if fatal(err) && errors.Is(err, ErrBroken) {
		return false, err
	}
	return err == nil, nil
}

// compare judges the answer to SIZE.
func (c *Conn) compare(l Landing, r reply, refused error) error {
	var refusal *ReplyError
	if errors.As(refused, &refusal) {
		if refusal.Temporary() {
			return refused
		}
		// What hides what was uploaded says nothing of other files.
		c.sizeless = !errors.Is(refused, fs.ErrNotExist)
		return nil
	}
	if size, ok := parseSize(r); ok && size != l.Size {
		return &SizeError{Path: l.Path, Got: size, Want: l.Size}
	}
	return nil
}

// timed goes on after the first command that sets a time: the others are tried
// where the server does not know it, and none of them again where all fail.
func (c *Conn) timed(ctx context.Context, l Landing, refused error) error {
	var refusal *ReplyError
	if !errors.As(refused, &refusal) {
		return refused
	}
	err := c.setTime(ctx, l.Path, l.Time)
	if fatal(err) && errors.Is(err, ErrBroken) {
		return err
	}
	if err != nil && (!errors.As(err, &refusal) || !refusal.Temporary()) {
		c.timeless = true
	}
	return nil
}

// christen gives an upload its final name.
func (c *Conn) christen(ctx context.Context, l Landing) error {
	err := c.rename(ctx, l.Path, l.Final)
	var refusal *ReplyError
	if !l.Replace || !errors.As(err, &refusal) || refusal.Temporary() || fatal(err) || refusal.Command != "RNTO" {
		return err
	}
	// Some servers do not rename over a file. It goes aside until the new one has
	// the name: the refusal may have had another reason.
	aside := l.Path + ".old"
	if moved := c.rename(ctx, l.Final, aside); moved != nil {
		return onlyWorse(err, moved)
	}
	if err = c.rename(ctx, l.Path, l.Final); err != nil {
		return onlyWorse(err, onlyFatal(c.rename(ctx, aside, l.Final)))
	}
	_, err = c.cmd(ctx, "DELE", aside, 2)
	if onlyFatal(err) == nil && err != nil {
		c.note("the old file stays as %s", aside)
	}
	return onlyFatal(err)
}

// onlyWorse returns the first error, or the second if it ended the session.
func onlyWorse(first, second error) error {
	if fatal(second) {
		return second
	}
	return first
}

// rename sends RNFR and RNTO, which fails by itself if RNFR does.
func (c *Conn) rename(ctx context.Context, from, to string) error {
	var first error
	err := c.pipeline(ctx, []command{{"RNFR", from}, {"RNTO", to}}, func(_ int, _ reply, refused error) {
		if first == nil {
			first = refused
		}
	})
	if err != nil {
		return err
	}
	return first
}
