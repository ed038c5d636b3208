package ftp

import (
	"context"
	"errors"
	pathpkg "path"
	"strings"
)

// Many servers read commands into a buffer of 512 bytes or of 4 KiB and refuse
// what does not fit. A path that was refused is walked to in steps that are
// short, and named from there.

// long reports whether arg is a path that may be too long for a server.
func long(arg string) bool { return len(arg) > longPath && arg[0] == '/' }

// shorten runs f with a path that is long, and once more with its last name
// only, from the directory above, if the server may have refused its length.
func (c *Conn) shorten(ctx context.Context, verb, path string, f func(arg string) error) error {
	if !long(path) {
		return f(path)
	}
	if !c.steps {
		err := f(path)
		var refusal *ReplyError
		if !errors.As(err, &refusal) || fatal(err) || refusal.Code != 500 && refusal.Code != 501 && refusal.Code != 550 {
			return err
		}
		delete(c.absent, verb) // it was the length, perhaps
	}
	dir, name := pathpkg.Split(path)
	if verb == "CWD" {
		dir = path
	}
	if err := c.walk(ctx, strings.TrimRight(dir, "/")); err != nil {
		return err
	}
	c.steps = true
	if verb == "CWD" {
		return nil
	}
	return f(name)
}

// walk makes dir the server's working directory, some names at a time.
func (c *Conn) walk(ctx context.Context, dir string) error {
	if c.cwd == dir {
		return nil
	}
	c.cwd = ""
	for rest := dir; rest != ""; {
		step := rest
		if len(step) > stepPath {
			end := strings.LastIndexByte(step[:stepPath], '/')
			if end <= 0 {
				end = stepPath + strings.IndexByte(step[stepPath:]+"/", '/')
			}
			step = step[:end]
		}
		if _, err := c.cmdWithin(ctx, c.cfg.Timeouts.Reply, "CWD", step, 2); err != nil {
			return err
		}
		rest = strings.TrimLeft(rest[len(step):], "/")
	}
	c.cwd = dir
	return nil
}
