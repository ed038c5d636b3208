package ftp

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	pathpkg "path"
	"strings"
	"time"

	"portside/ftp/listing"
)

// List yields the entries of the directory dir while they arrive. The session
// waits for the loop to end; a loop that is left early may cost the session.
// The last pair may be an error; what came before it is then not the whole
// directory.
func (c *Conn) List(ctx context.Context, dir string) iter.Seq2[listing.Entry, error] {
	return func(yield func(listing.Entry, error) bool) {
		began, stopped := false, false
		var first error
		err := c.do(ctx, "list", dir, func() error {
			if began { // it was an account that was wanted: rows are handed out once
				return first
			}
			err := c.list(ctx, dir, func(e listing.Entry) bool {
				began, stopped = true, !yield(e, nil)
				return !stopped
			})
			first = c.reason(ctx, dir, err)
			return first
		})
		if err != nil && !stopped {
			yield(listing.Entry{Size: -1}, err)
		}
	}
}

// list runs one listing for the holder of the token.
func (c *Conn) list(ctx context.Context, dir string, yield func(listing.Entry) bool) error {
	l := lister{c: c, dir: dir, yield: yield}
	if why := c.know.dataMissing(); why != nil {
		if err := l.overControl(ctx, why); err != why {
			return err
		}
		c.know.missData(nil) // that does not help
	}
	err := l.overData(ctx)
	why := noWay(err)
	switch {
	case why == nil || l.rows > 0 || c.know.dataFound():
		return err
	case c.over() != nil:
		c.know.missData(why) // the next session need not wait for it again
		return err
	}
	if instead := l.overControl(ctx, why); instead != why {
		return instead
	}
	return err
}

// overData lists over a data connection, by MLSD where the server has it.
func (l *lister) overData(ctx context.Context) error {
	c, dir := l.c, l.dir
	l.clock = nil // MLSD tells UTC
	mlsd := (c.features.Has("MLSD") || c.features.Has("MLST")) && !c.absent["MLSD"]
	// A directory named in the command saves a round trip, but LIST takes some
	// names as options or patterns, and tells nothing of what it was given.
	named := mlsd && !odd(dir) && !long(dir)
	if !named {
		if err := c.enterToList(ctx, dir); err != nil {
			return err
		}
	}
	if !mlsd {
		l.clock = c.newClock(dir, l.yield)
		err := l.all(ctx)
		if lost := l.clock.finish(ctx); err == nil {
			err = lost
		}
		return err
	}
	arg := ""
	if named {
		arg = dir
	}
	err := l.run(ctx, "MLSD", arg, listing.MLSD)
	if !named && !fatal(err) {
		// Pure-FTPd gives up when another session removes where it stands.
		if _, lost := c.enter(ctx, c.home); lost != nil {
			return lost
		}
	}
	switch {
	case c.absent["MLSD"] && !fatal(err) && l.rows == 0:
		return l.overData(ctx) // announced and refused: once more by LIST
	case err == nil && named && l.bytes == 0:
		return c.mustEnter(ctx, dir) // nothing at all: empty, or not there
	}
	return err
}

// enterToList enters dir, and opens the data connection of the listing
// meanwhile, where it was agreed upon already.
func (c *Conn) enterToList(ctx context.Context, dir string) error {
	if c.cwd != dir {
		defer c.dialAhead(ctx)()
	}
	return c.mustEnter(ctx, dir)
}

// reason finds out what a refusal of a listing means, where its words do not
// tell: what the directory above lists is there, and may not be read.
func (c *Conn) reason(ctx context.Context, dir string, err error) error {
	if !unexplained(err) || dir == "/" {
		return err
	}
	there, name := false, pathpkg.Base(dir)
	listErr := c.list(ctx, pathpkg.Dir(dir), func(e listing.Entry) bool {
		there = there || sameName(e.Name, name)
		return true
	})
	switch {
	case fatal(listErr):
		return listErr
	case listErr != nil:
		return err
	case there:
		return &kindError{kind: fs.ErrPermission, cause: err}
	default:
		return &kindError{kind: fs.ErrNotExist, cause: err}
	}
}

// odd reports whether a server might see more than a name in path.
func odd(path string) bool {
	return strings.ContainsAny(path, "*?[]{}\\~\"'") || strings.Contains(path, "/-") ||
		strings.Contains(path, "/ ") || strings.Contains(path, " /") || strings.HasSuffix(path, " ")
}

// lister is one listing on its way to the caller.
type lister struct {
	c       *Conn
	dir     string
	yield   func(listing.Entry) bool
	rows    int
	bytes   int64
	foreign int    // names that are no UTF-8
	clock   *clock // nil for MLSD
	broke   bool   // the last data connection, before its first byte
	doubted bool   // it was asked once more for that
}

// take counts a row and hands it on, and reports whether more are wanted.
func (l *lister) take(e listing.Entry) bool {
	l.rows++
	l.c.names.entry(&e)
	if foreign(e.Name) {
		l.foreign++
	}
	if l.clock != nil {
		return l.clock.take(e)
	}
	return l.yield(e)
}

// all lists the working directory by LIST, with the names that begin with a
// dot: many servers leave them out unless they are asked with an option, and
// some take the option for a name.
func (l *lister) all(ctx context.Context) error {
	c := l.c
	if err := c.learnSystem(ctx); err != nil {
		return err
	}
	p := c.know.Profile()
	known, hint := p.ListAll, hintOf(p.System)
	if known == Fails || !takesOptions(hint) {
		return l.run(ctx, "LIST", "", hint)
	}
	err := l.run(ctx, "LIST", "-a", hint)
	if l.bytes > 0 && err == nil {
		c.know.learn(func(p *Profile) { p.ListAll = Works }) // even an empty directory lists itself
	}
	if fatal(err) || noWay(err) != nil || l.bytes > 0 || known == Works || errors.Is(err, fs.ErrPermission) {
		return err
	}
	if err = l.run(ctx, "LIST", "", hint); err == nil && l.bytes > 0 {
		c.know.learn(func(p *Profile) { p.ListAll = Fails })
	}
	return err
}

// run transfers one listing. A data connection that broke before its first byte
// may be one that the server never took, since it had nothing to say, or the
// loss of all it said: whoever is empty is so a second time.
func (l *lister) run(ctx context.Context, verb, arg string, hint listing.Dialect) error {
	err := l.once(ctx, verb, arg, hint)
	if err == nil && l.broke && !l.doubted {
		l.doubted = true
		err = l.once(ctx, verb, arg, hint)
	}
	return err
}

// once is one try of run.
func (l *lister) once(ctx context.Context, verb, arg string, hint listing.Dialect) error {
	t, err := l.c.start(ctx, verb, arg, 0)
	if err != nil {
		return l.emptyOrNot(verb, err)
	}
	defer t.end()
	in := &listReader{t: t}
	stopped := false
	for e, readErr := range listing.Read(in, listing.Options{Now: l.clock.now(), Hint: hint}) {
		if readErr != nil {
			err = readErr
			break
		}
		if stopped = !l.take(e); stopped {
			break
		}
	}
	l.bytes, l.broke = t.n, in.broke
	l.c.noteForeign(l.foreign)
	if stopped || err != nil && in.err == nil {
		in.skip()
	}
	switch {
	case in.err == nil:
		return t.abort(errors.Join(err, errAbandoned))
	case in.err != io.EOF:
		return in.err
	}
	if verdict := t.listed(); verdict != nil {
		return verdict
	}
	return err
}

// emptyOrNot recognizes the refusals that mean an empty directory. By then the
// directory was entered, so it is there.
func (l *lister) emptyOrNot(verb string, err error) error {
	var refusal *ReplyError
	if verb == "LIST" && errors.As(err, &refusal) && !fatal(err) && refusal.Command == verb &&
		(refusal.Code == 450 || refusal.Code == 550) &&
		refusal.mentions("no files", "no such file", "not found", "empty") {
		return nil
	}
	return err
}

// listed returns the verdict on a listing. vsftpd calls a directory that it
// could not read transferred.
func (t *transfer) listed() error {
	_ = t.goodbye()
	t.closeData()
	if err := t.verdict(t.c.cfg.Timeouts.Finish); err != nil {
		return err
	}
	if said := t.final.refusal(t.verb); said.mentions("failed to open directory") {
		return &kindError{kind: fs.ErrPermission, cause: said}
	}
	return nil
}

// listReader reads the data of a listing and keeps how it ended.
type listReader struct {
	t     *transfer
	err   error
	broke bool // before its first byte, and the server calls that a success
}

// Read implements io.Reader.
func (r *listReader) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.t.read(p, r.t.stall())
	switch {
	case err == io.EOF:
		r.err = io.EOF
	case err != nil:
		r.err = r.t.explain(explainTLS(err))
		if r.t.succeeded() && r.t.n == 0 && !errors.Is(r.err, ErrBroken) {
			r.err, r.broke = io.EOF, true
		}
	}
	if n > 0 {
		return n, nil
	}
	return n, r.err
}

// skip reads on for a moment: a listing that is nearly over need not cost the
// session.
func (r *listReader) skip() {
	limit := time.Now().Add(sliceTime)
	r.t.packed.lastUntil(limit)
	buf := make([]byte, 16<<10)
	for range 16 {
		if r.err != nil {
			return
		}
		if _, err := r.t.read(buf, limit); err == io.EOF {
			r.err = io.EOF
		} else if err != nil {
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				r.err = r.t.explain(err)
			}
			return
		}
	}
}
