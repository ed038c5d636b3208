package ftp

import (
	"context"
	"errors"
	"io/fs"
	pathpkg "path"

	"portside/ftp/listing"
)

// Stat returns the entry at path: by MLST, or else by what SIZE, MDTM, CWD and
// the listing of the parent tell.
func (c *Conn) Stat(ctx context.Context, path string) (e listing.Entry, err error) {
	err = c.do(ctx, "stat", path, func() error {
		if c.greeted != nil {
			defer c.dialAhead(ctx)()
		}
		e, err = c.stat(ctx, path)
		return err
	})
	return e, err
}

// stat is Stat for the holder of the token.
func (c *Conn) stat(ctx context.Context, path string) (listing.Entry, error) {
	if c.features.Has("MLST") && !c.absent["MLST"] {
		e, err := c.statFacts(ctx, path)
		if !c.absent["MLST"] || fatal(err) {
			return e, err
		}
	}
	return c.statProbe(ctx, path)
}

// statFacts asks for the facts of one path (RFC 3659).
func (c *Conn) statFacts(ctx context.Context, path string) (listing.Entry, error) {
	r, err := c.cmd(ctx, "MLST", path, 2)
	switch {
	case fatal(err):
		return listing.Entry{}, err
	case err != nil:
		return listing.Entry{}, missing(err)
	}
	for _, line := range r.text() {
		if e, ok := listing.Facts(line); ok {
			c.names.entry(&e)
			e.Name = pathpkg.Base(path)
			return e, nil
		}
	}
	return listing.Entry{}, errors.New("the server told nothing about it: " + c.mask(r.lines[0]))
}

// statProbe finds out by other commands.
func (c *Conn) statProbe(ctx context.Context, path string) (listing.Entry, error) {
	e := listing.Entry{Name: pathpkg.Base(path), Size: -1}
	if c.bursts() && c.kind == typeBytes && !c.absent["SIZE"] {
		return c.statBurst(ctx, e, path)
	}
	size, sizeErr := c.size(ctx, path)
	switch {
	case fatal(sizeErr):
		return e, sizeErr
	case sizeErr == nil:
		e.Size = size
		t, err := c.modTime(ctx, path)
		if fatal(err) && errors.Is(err, ErrBroken) {
			return e, err
		}
		e.Time = t
		return e, nil
	}
	there, err := c.enter(ctx, path)
	if err != nil {
		return e, err
	}
	if there {
		e.Type = listing.Dir
		return e, nil
	}
	if !c.absent["SIZE"] {
		return e, missing(sizeErr)
	}
	return c.statByList(ctx, path)
}

// statBurst asks all that may tell what stands at path at once.
func (c *Conn) statBurst(ctx context.Context, e listing.Entry, path string) (listing.Entry, error) {
	var sizeErr error
	cmds := []command{{"SIZE", path}, {"MDTM", path}, {"CWD", path}}
	err := c.pipeline(ctx, cmds, func(i int, r reply, refused error) {
		switch {
		case i == 0:
			sizeErr = refused
			if size, ok := parseSize(r); ok && refused == nil {
				e.Size = size
			}
		case refused != nil:
		case i == 1:
			e.Time, _ = parseModTime(r.text()[0])
		default:
			c.cwd = path
			e = listing.Entry{Name: e.Name, Type: listing.Dir, Size: -1}
		}
	})
	switch {
	case err != nil:
		return e, err
	case e.Type == listing.Dir || sizeErr == nil:
		return e, nil
	case !c.absent["SIZE"]:
		return e, missing(sizeErr)
	}
	return c.statByList(ctx, path)
}

// statByList looks for path in the listing of its parent.
func (c *Conn) statByList(ctx context.Context, path string) (listing.Entry, error) {
	var found *listing.Entry
	name := pathpkg.Base(path)
	err := c.list(ctx, pathpkg.Dir(path), func(e listing.Entry) bool {
		if e.Name == name || found == nil && sameName(e.Name, name) {
			found = &e
		}
		return true
	})
	switch {
	case err != nil:
		return listing.Entry{}, err
	case found == nil:
		return listing.Entry{}, &kindError{kind: fs.ErrNotExist, cause: errors.New("the listing does not hold it")}
	}
	return *found, nil
}

// missing says that there is nothing, where a refusal has no clear words.
func missing(err error) error {
	if !unexplained(err) {
		return err
	}
	return &kindError{kind: fs.ErrNotExist, cause: err}
}

// unexplained reports whether err is a refusal whose words do not tell what is
// at the path.
func unexplained(err error) bool {
	var refusal *ReplyError
	return errors.As(err, &refusal) && !fatal(err) && refusal.Code == 550 && !refusal.mentions("not a directory") &&
		!errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission)
}
