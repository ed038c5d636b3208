package ftp

import (
	"context"
	pathpkg "path"
	"strings"
)

// Many servers read commands into a buffer of 512 bytes to 4 KiB. What does not
// fit is refused by some, cut by others, and taken for a second command by a
// few, whose two replies then belong to nothing. So no long path is ever sent:
// it is walked to in steps that are short, and named from there.

// long reports whether arg is a path that may be too long for a server.
func long(arg string) bool { return len(arg) > longPath && arg[0] == '/' }

// shorten runs f with path, or, from the directory above, with its last name
// only if it is long.
func (c *Conn) shorten(ctx context.Context, verb, path string, f func(arg string) error) error {
	if !long(path) {
		return f(path)
	}
	dir, name := pathpkg.Split(path)
	if verb == "CWD" {
		return c.walk(ctx, path)
	}
	if err := c.walk(ctx, strings.TrimRight(dir, "/")); err != nil {
		return err
	}
	return f(relative(name))
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
		rest = strings.TrimLeft(rest[len(step):], "/")
		if _, err := c.cmdWithin(ctx, c.cfg.Timeouts.Reply, "CWD", relative(step), 2); err != nil {
			return err
		}
	}
	c.cwd = dir
	return nil
}

// relative keeps a server from seeing an option or somebody's home at the
// beginning of a path.
func relative(path string) string {
	if strings.HasPrefix(path, "-") || strings.HasPrefix(path, "~") {
		return "./" + path
	}
	return path
}
