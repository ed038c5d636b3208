package ftp

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Op is what a [Change] does.
type Op uint8

// The operations of a change.
const (
	OpDelete    Op = iota // removes a file or a link
	OpRemoveDir           // removes an empty directory
	OpMakeDir             // makes a directory
	OpSetFacts            // sets Facts
)

// String returns the word for errors.
func (op Op) String() string { return [...]string{"remove", "rmdir", "mkdir", "set"}[op] }

// Change is one change of a [Conn.Batch].
type Change struct {
	Op    Op
	Path  string
	Facts Facts // for OpSetFacts
}

// Batch carries out changes in their order, many in a round trip where the
// server bears it. each is called once for every change that was answered, with
// its index and nil or the error that the method for one of its kind returns; it
// must not use the Conn, and what needs another look comes after the rest.
//
// An error of Batch itself is that of the session, which is over. Changes that
// each was not called for were carried out or not: look again on a new session.
// A server that loses commands is asked one at a time there.
func (c *Conn) Batch(ctx context.Context, changes []Change, each func(i int, err error)) error {
	if err := c.acquire(ctx); err != nil {
		return err
	}
	defer c.release()
	b := batch{c: c, changes: changes, errs: make([]error, len(changes)), each: func(i int, err error) {
		each(i, pathError(changes[i].Op.String(), changes[i].Path, err))
	}}
	return b.run(ctx)
}

// batch is a Batch at work.
type batch struct {
	c       *Conn
	changes []Change
	each    func(i int, err error)
	cmds    []command
	of      []int   // the change that a command belongs to
	errs    []error // of the changes
	again   []int   // changes to look at one by one
}

// run is Batch without its frame.
func (b *batch) run(ctx context.Context) error {
	for i, change := range b.changes {
		if err := b.c.checkPath(change.Path); err != nil {
			b.each(i, err)
			continue
		}
		if change.Op == OpRemoveDir {
			if err := b.c.leave(ctx, change.Path); err != nil {
				return err
			}
		}
		cmds := b.c.commands(change)
		if len(cmds) == 0 {
			b.again = append(b.again, i)
		}
		for _, cmd := range cmds {
			b.cmds, b.of = append(b.cmds, cmd), append(b.of, i)
		}
	}
	if err := b.c.pipeline(ctx, b.cmds, b.answered); err != nil {
		return err
	}
	for _, i := range b.again {
		err := b.c.once(ctx, b.changes[i], b.errs[i])
		if fatal(err) && errors.Is(err, ErrBroken) {
			return err
		}
		b.each(i, err)
	}
	return nil
}

// answered takes the reply to command k.
func (b *batch) answered(k int, _ reply, refused error) {
	i := b.of[k]
	if b.errs[i] == nil {
		b.errs[i] = refused
	}
	switch {
	case k+1 < len(b.of) && b.of[k+1] == i: // another command of the same change
	case b.errs[i] != nil && b.changes[i].Op >= OpMakeDir:
		b.again = append(b.again, i)
	default:
		b.each(i, b.errs[i])
	}
}

// commands returns what carries a change out, none when that has to be found
// out.
func (c *Conn) commands(change Change) []command {
	switch change.Op {
	case OpDelete:
		return []command{{"DELE", change.Path}}
	case OpRemoveDir:
		return []command{{"RMD", change.Path}}
	case OpMakeDir:
		return []command{{"MKD", change.Path}}
	}
	f := change.Facts
	var cmds []command
	if !f.Time.IsZero() {
		ways := c.timeWays()
		if len(ways) == 0 || ways[0].feature == "" {
			return nil
		}
		cmds = append(cmds, command{ways[0].verb, ways[0].arg(stamp(f.Time), change.Path)})
	}
	if f.HasMode {
		if c.absent["SITE CHMOD"] {
			return nil
		}
		cmds = append(cmds, command{"SITE CHMOD", chmodArgument(change.Path, f.Mode)})
	}
	return cmds
}

// once looks again at a change that was refused with err, or not tried.
func (c *Conn) once(ctx context.Context, change Change, err error) error {
	if change.Op == OpMakeDir {
		return c.notMade(ctx, change.Path, err)
	}
	return c.setFacts(ctx, change.Path, change.Facts)
}

// ModTimes asks when the files at paths were last changed, many in a round trip
// where the server bears it. each is called for every path in turn; it must not
// use the Conn. An error of ModTimes itself is as one of Batch.
func (c *Conn) ModTimes(ctx context.Context, paths []string, each func(i int, t time.Time, err error)) error {
	cmds := make([]command, len(paths))
	for i, path := range paths {
		if err := c.checkPath(path); err != nil {
			return pathError("mtime", path, err)
		}
		cmds[i] = command{"MDTM", path}
	}
	if err := c.acquire(ctx); err != nil {
		return err
	}
	defer c.release()
	return c.pipeline(ctx, cmds, func(i int, r reply, err error) {
		var t time.Time
		if err == nil {
			var ok bool
			if t, ok = parseModTime(r.text()[0]); !ok {
				err = fmt.Errorf("the server told no time: %s", c.mask(r.lines[0]))
			}
		}
		each(i, t, pathError("mtime", paths[i], err))
	})
}
