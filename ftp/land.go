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
	Path    string      // where the bytes are
	Size    int64       // how many there have to be; -1: unknown
	Time    time.Time   // of the last change, to set; zero leaves it
	Mode    fs.FileMode // permission bits to set; 0 leaves them
	Final   string      // the name to give; "" or Path keeps the one that it has
	Replace bool        // whether what has that name may be replaced
	Sum     *Checksum   // what the bytes have to add up to; nil: nobody asks
	// NoMode is told why the permissions are not set; nil: nobody asks.
	NoMode func(refused error)
}

// moves reports whether the upload is to be renamed.
func (l *Landing) moves() bool { return l.Final != "" && l.Final != l.Path }

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
// compares the size, sets the time and the permissions, and gives the file its
// final name. The size and the name in use are looked at first; nothing is
// renamed when the one is wrong (*SizeError), the checksum differs (*SumError)
// or the other is taken (fs.ErrExist). Where SIZE is not to be had, the verdict has to do; a time that
// cannot be set is no error, nor are permissions. In a session of text neither
// size nor checksum is compared. Most
// servers replace silently; where one does not and Replace is set, the old
// file is renamed until the new one has its name, and removed. A name that is refused leaves the
// file at Path.
func (c *Conn) Land(ctx context.Context, l Landing) error {
	if c.cfg.Text {
		l.Size, l.Sum = -1, nil
	}
	return c.do(ctx, "create", l.Path, func() error {
		if err := c.checkPath(l.Final); l.moves() && err != nil {
			return pathError("rename", l.Final, err)
		}
		defer c.dialAhead(ctx)()
		taken, err := c.inspect(ctx, l)
		switch {
		case err != nil || !l.moves():
			return err
		case taken:
			return &fs.PathError{Op: "rename", Path: l.Final, Err: fs.ErrExist}
		}
		return pathError("rename", l.Final, c.christen(ctx, l))
	})
}

// question is a command that Land sends before it gives a name, and what its
// answer means.
type question struct {
	command
	heard func(i *inspection, ctx context.Context, r reply, refused error) error
}

// inspection is a look at an upload before it gets its name.
type inspection struct {
	c     *Conn
	l     Landing
	taken bool // a file has the final name: nothing can be renamed onto a directory
}

// questions returns what Land asks about an upload, in its order.
func (c *Conn) questions(l Landing) []question {
	var all []question
	if l.Size >= 0 && !c.sizeless {
		all = append(all, question{command{"SIZE", l.Path}, (*inspection).size})
	}
	if c.soon(l) {
		for _, cmd := range c.sumCommands(l) {
			all = append(all, question{cmd, func(i *inspection, ctx context.Context, r reply, refused error) error {
				return i.sum(ctx, cmd.verb, r, refused)
			}})
		}
	}
	if ways := c.timeWays(); !l.Time.IsZero() && !c.timeless && len(ways) > 0 {
		all = append(all, question{command{ways[0].verb, ways[0].arg(stamp(l.Time), l.Path)}, (*inspection).time})
	}
	if cmd, ok := c.modeCommand(l.Path, l.Mode); ok && l.Mode != 0 {
		all = append(all, question{cmd, (*inspection).mode})
	}
	if l.moves() && !l.Replace && !c.sizeless {
		all = append(all, question{command{"SIZE", l.Final}, (*inspection).name})
	}
	return all
}

// inspect checks the size, sets the time and the permissions, and finds out
// whether the final name is taken.
func (c *Conn) inspect(ctx context.Context, l Landing) (taken bool, err error) {
	if err := c.binary(ctx); err != nil {
		return false, err
	}
	i := &inspection{c: c, l: l}
	asked, questions := c.soon(l), c.questions(l)
	if l.moves() && !l.Replace && c.sizeless {
		if i.taken, err = c.isThere(ctx, l.Final); err != nil {
			return false, err
		}
	}
	replies, refusals, err := c.ask(ctx, questions)
	for k := 0; k < len(questions) && err == nil; k++ {
		err = questions[k].heard(i, ctx, replies[k], refusals[k])
	}
	if l.Sum != nil && !asked && err == nil && !i.taken {
		err = c.prove(ctx, l)
	}
	return i.taken, err
}

// ask returns the answers to all questions: those that came behind the upload
// already, or else in one round trip where the server bears it.
func (c *Conn) ask(ctx context.Context, questions []question) ([]reply, []error, error) {
	cmds := make([]command, len(questions))
	for i := range questions {
		cmds[i] = questions[i].command
	}
	refusals := make([]error, len(cmds))
	if replies := c.foretold(cmds); replies != nil {
		for i, r := range replies {
			if refusals[i] = c.judge(cmds[i].verb, r, 2, 3); fatal(refusals[i]) {
				return nil, nil, refusals[i]
			}
		}
		return replies, refusals, nil
	}
	replies := make([]reply, len(cmds))
	err := c.pipeline(ctx, cmds, func(i int, r reply, refused error) { replies[i], refusals[i] = r, refused })
	return replies, refusals, err
}

// size takes the answer to SIZE of the upload.
func (i *inspection) size(_ context.Context, r reply, refused error) error {
	return i.c.compare(i.l, r, refused)
}

// sum takes the answer to one of the commands that ask for the checksum.
func (i *inspection) sum(ctx context.Context, verb string, r reply, refused error) error {
	if verb == "OPTS" {
		return nil // what HASH is answered with tells
	}
	return i.c.summed(ctx, i.l, verb, r, refused)
}

// time takes the answer to what sets the time.
func (i *inspection) time(ctx context.Context, _ reply, refused error) error {
	return i.c.timed(ctx, i.l, refused)
}

// mode takes the answer to what sets the permissions. Those that a server does
// not set are no reason to fail: the bytes are there.
func (i *inspection) mode(ctx context.Context, _ reply, refused error) error {
	if notKnown(refused) {
		refused = i.c.setMode(ctx, i.l.Path, i.l.Mode)
	}
	if refused != nil && i.c.over() == nil && i.l.NoMode != nil {
		i.l.NoMode(refused)
	}
	return i.c.over()
}

// name takes the answer to SIZE of the final name.
func (i *inspection) name(ctx context.Context, _ reply, refused error) (err error) {
	if i.taken = refused == nil; i.c.sizeless {
		i.taken, err = i.c.isThere(ctx, i.l.Final) // it was not the answer of a server that has SIZE
	}
	return err
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
