package ftp

import (
	"context"
	"errors"
	"os"
)

// command is a verb and its argument.
type command struct{ verb, arg string }

// size returns how many bytes the command takes on the wire, about.
func (cmd command) size() int { return len(cmd.verb) + len(cmd.arg) + 3 }

// pipeline carries out commands whose replies do not depend on each other,
// without waiting for each. They go out in bursts of a few bytes (some servers
// lose what goes beyond their buffer), and a burst counts once it is answered
// to its end: a server that lost one command has answered another in its place,
// which shows only there. Then each is called for every command of the burst in
// turn, with its reply, and with the refusal if the reply is neither 2yz nor
// 3yz. A server that loses its way is asked one at a time from then on; the
// session is over then, as with any error that pipeline returns, and the
// commands that each did not hear of were carried out or not.
func (c *Conn) pipeline(ctx context.Context, cmds []command, each func(i int, r reply, refused error)) error {
	w := newWatch(ctx, c.wire)
	defer w.end()
	done := 0
	for done < len(cmds) {
		if long(cmds[done].arg) {
			r, refused := c.cmd(ctx, cmds[done].verb, cmds[done].arg, 2, 3)
			if fatal(refused) {
				return refused
			}
			each(done, r, refused)
			done++
			continue
		}
		n := burst(cmds[done:], c.know.Profile().Pipeline)
		replies, err := c.burst(w, cmds[done:done+n])
		if err != nil {
			return err
		}
		for i, r := range replies {
			refused := c.judge(cmds[done+i].verb, r, 2, 3)
			if fatal(refused) {
				return refused
			}
			each(done+i, r, refused)
		}
		done += n
	}
	return nil
}

// bursts reports whether the server is known to bear several commands at once.
func (c *Conn) bursts() bool {
	known := c.know.Profile().Pipeline
	return known == Works || known == Untried && c.patience != patienceUnknown
}

// series is pipeline for what is not worth a trial: a login, or a look. A
// server that is not known is asked one at a time.
func (c *Conn) series(ctx context.Context, cmds []command, each func(i int, r reply, refused error)) error {
	if c.bursts() {
		return c.pipeline(ctx, cmds, each)
	}
	for i, cmd := range cmds {
		r, err := c.cmd(ctx, cmd.verb, cmd.arg, 2, 3)
		if fatal(err) {
			return err
		}
		each(i, r, err)
	}
	return nil
}

// burst returns how many of cmds may be unanswered at once.
func burst(cmds []command, known Trial) int {
	if known == Fails {
		return 1
	}
	n, bytes := 0, 0
	for n < len(cmds) && !long(cmds[n].arg) && (n == 0 || bytes+cmds[n].size() <= maxUnanswered) {
		bytes += cmds[n].size()
		n++
	}
	return n
}

// burst sends cmds at once and reads their replies.
func (c *Conn) burst(w *watch, cmds []command) ([]reply, error) {
	known, limit := c.know.Profile().Pipeline, c.cfg.Timeouts.Reply
	if known == Untried && len(cmds) > 1 {
		limit = min(limit, unprovenTime)
	}
	if err := c.send(w, cmds...); err != nil {
		return nil, err
	}
	replies := make([]reply, 0, len(cmds))
	for _, cmd := range cmds {
		r, err := c.receive(w, cmd.verb, limit)
		switch {
		case err != nil:
			if known == Untried && len(cmds) > 1 && errors.Is(err, os.ErrDeadlineExceeded) {
				c.know.learn(loseCommands)
			}
			return nil, err
		case r.code == 421:
			return nil, c.judge(cmd.verb, r)
		}
		replies = append(replies, r)
	}
	// More replies than commands: which belongs to which is unknown.
	if err := c.check(); err != nil {
		if errors.As(err, new(*ProtocolError)) {
			c.know.learn(loseCommands)
		}
		return nil, err
	}
	if known == Untried && len(cmds) >= provingBurst {
		c.know.learn(func(p *Profile) { p.Pipeline = max(p.Pipeline, Works) })
	}
	return replies, nil
}

// loseCommands gives up on several unanswered commands.
func loseCommands(p *Profile) { p.Pipeline = Fails }
