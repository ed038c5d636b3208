package ftp

import (
	"context"
	"errors"
	"io"
)

// In active mode the whole of a transfer can be asked for before the transfer
// in front of it is over: PORT and RETR go out behind it, and the server begins
// by itself. That takes a server which keeps commands until then (see ahead.go)
// and somebody who knows what comes next.

// follower is a download that was asked for while the transfer before it ran.
type follower struct {
	path  string
	ch    *channel
	dated bool // its time was asked for as well
}

// Announce says that Retr(path, 0) is likely to be called next, of a small
// file: in active mode it may be asked for behind the transfer that begins now.
// A download that was announced and does not come costs its bytes, no more. It
// never blocks.
func (c *Conn) Announce(path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.announced = path
}

// follower returns the commands that begin the announced download, if it may
// go out behind the transfer that begins by how: in its packet, or while it
// runs. Only what sends no other command before its verdict has one behind it.
func (c *Conn) follower(ctx context.Context, how method, packet bool) []command {
	c.mu.Lock()
	path := c.announced
	c.announced = ""
	c.mu.Unlock()
	if path == "" || long(path) || c.checkPath(path) != nil || how.mode() != Active || !c.pairs(how) || !c.keeps(packet) {
		return nil
	}
	ch, err := c.offer(ctx, how)
	if err != nil {
		return nil // it takes its turn like any other, and says why it cannot
	}
	date := c.dates("RETR", path) // as the one in front of it wants
	c.mu.Lock()
	c.following = &follower{path: path, ch: ch, dated: date != nil}
	c.mu.Unlock()
	return append(date, command{how.String(), ch.unsaid}, command{"RETR", path})
}

// takeFollower hands over the download that was asked for already, if any.
func (c *Conn) takeFollower() *follower {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.following
	c.following = nil
	return f
}

// follows reports whether a download was asked for already.
func (c *Conn) follows() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.following != nil
}

// follow goes on with a download that was asked for already, and asks for the
// one that was announced behind it.
func (c *Conn) follow(ctx context.Context, f *follower) (*transfer, error) {
	return c.resume(ctx, f, c.follower(ctx, f.ch.how, false))
}

// resume goes on with a download that was asked for already, and sends next
// behind it.
func (c *Conn) resume(ctx context.Context, f *follower, next []command) (*transfer, error) {
	t := &transfer{c: c, verb: "RETR", arg: f.path, w: newWatch(ctx, c.wire), paired: true, dated: f.dated}
	err := error(nil)
	if next != nil {
		err = c.send(t.w, next...)
	}
	if err == nil {
		err = t.proceed(ctx, f.ch)
	}
	if err == nil {
		c.know.learn(proveAhead)
	}
	return t.started(f.ch, false, err)
}

// dismiss lets a download that was asked for and is not wanted run out, with
// nothing behind it, since another command comes next. One that is big, or
// slow, costs the session.
func (c *Conn) dismiss(ctx context.Context, f *follower) error {
	if f == nil {
		return nil
	}
	t, err := c.resume(ctx, f, nil)
	if err != nil {
		return onlyFatal(err)
	}
	defer t.end()
	buf := c.copyBuffer()
	for limit := t.stall(); t.n <= bookBelow; {
		_, err := t.read(buf, limit)
		switch {
		case err == io.EOF:
			t.closeData()
			return onlyFatal(t.verdict(c.cfg.Timeouts.Finish))
		case err != nil:
			return onlyFatal(t.explain(explainTLS(err)))
		}
	}
	return c.fail(errors.New("what was asked for ahead is not wanted, and too big to be read"))
}
