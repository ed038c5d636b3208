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
// without waiting for each: a little is unanswered at any time (some servers
// lose what goes beyond their buffer). each is called for every command in
// turn, with its reply, and with the refusal if the reply is neither 2yz nor
// 3yz. A server that loses its way is asked one at a time from then on; the
// session is over then, as with any error that pipeline returns.
func (c *Conn) pipeline(ctx context.Context, cmds []command, each func(i int, r reply, refused error)) error {
	w := newWatch(ctx, c.wire)
	defer w.end()
	window := maxUnanswered
	known := c.know.Profile().Pipeline
	if known == Fails {
		window = 0
	}
	sent, unanswered, overlapped := 0, 0, false
	for i, cmd := range cmds {
		if unanswered <= window/2 && sent < len(cmds) {
			from := sent
			for sent < len(cmds) && (sent == i || unanswered+cmds[sent].size() <= window) {
				unanswered += cmds[sent].size()
				sent++
			}
			if err := c.send(w, cmds[from:sent]...); err != nil {
				return err
			}
		}
		overlapped = overlapped || sent > i+1
		r, err := c.receive(w, cmd.verb, c.cfg.Timeouts.Reply)
		if err != nil {
			if sent > i+1 && known == Untried && errors.Is(err, os.ErrDeadlineExceeded) {
				c.know.learn(func(p *Profile) { p.Pipeline = Fails })
			}
			return err
		}
		unanswered -= cmd.size()
		refused := c.judge(cmd.verb, r, 2, 3)
		if fatal(refused) {
			return refused
		}
		each(i, r, refused)
	}
	if overlapped && known == Untried {
		c.know.learn(func(p *Profile) { p.Pipeline = max(p.Pipeline, Works) })
	}
	return nil
}
