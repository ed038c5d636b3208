package ftp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// cmd sends one command, and reads its reply, which must be of one of the
// classes wanted. Every command between transfers passes here.
func (c *Conn) cmd(ctx context.Context, verb, arg string, want ...int) (reply, error) {
	var r reply
	err := c.shorten(ctx, verb, arg, func(arg string) (err error) {
		r, err = c.cmdWithin(ctx, c.cfg.Timeouts.Reply, verb, arg, want...)
		return err
	})
	return r, err
}

// cmdWithin is cmd for a command that may take longer, and whose argument is
// short enough. What was asked for behind a transfer that was refused is
// answered before it.
func (c *Conn) cmdWithin(ctx context.Context, limit time.Duration, verb, arg string, want ...int) (reply, error) {
	if err := c.dismiss(ctx, c.takeFollower()); err != nil {
		return reply{}, err
	}
	w := newWatch(ctx, c.wire)
	defer w.end()
	if err := c.send(w, command{verb, arg}); err != nil {
		return reply{}, err
	}
	sent := time.Now()
	r, err := c.receive(w, verb, limit)
	if err != nil {
		return reply{}, err
	}
	c.far.answered(time.Since(sent))
	return r, c.judge(verb, r, want...)
}

// send writes commands, in one packet where they fit. A command that cannot be
// said keeps all of them back.
func (c *Conn) send(w *watch, cmds ...command) error {
	line := c.out[:0]
	for _, cmd := range cmds {
		arg, err := c.onWire(cmd)
		if err != nil {
			return err
		}
		if line, err = appendCommand(line, cmd.verb, arg, c.takesLiterally(arg)); err != nil {
			return err
		}
	}
	c.out = line
	for _, cmd := range cmds {
		c.traceCommand(cmd.verb, cmd.arg)
	}
	c.guard(cmds)
	err := w.write(c.wire, time.Now().Add(c.cfg.Timeouts.Reply))
	if err == nil {
		_, err = c.wire.Write(line)
	}
	if slices.ContainsFunc(cmds, func(cmd command) bool { return cmd.verb == "PASS" }) {
		clear(line)
	}
	if err != nil {
		return c.lost(w, cmds[0].verb, c.cfg.Timeouts.Reply, err)
	}
	return nil
}

// receive reads one reply within limit.
func (c *Conn) receive(w *watch, verb string, limit time.Duration) (reply, error) {
	err := w.read(c.wire, time.Now().Add(limit))
	if err != nil {
		return reply{}, c.lost(w, verb, limit, err)
	}
	r, err := readReply(c.br)
	if err != nil {
		return reply{}, c.lost(w, verb, limit, err)
	}
	c.traceReply(r)
	return r, nil
}

// judge turns a reply into an error unless it is of a class wanted.
func (c *Conn) judge(verb string, r reply, want ...int) error {
	if r.code == 421 {
		return c.fail(c.refusal(verb, r))
	}
	for _, class := range want {
		if r.class() == class {
			return nil
		}
	}
	if r.class() == 1 {
		return c.fail(&ProtocolError{Text: "unexpected answer to " + verb, Seen: c.mask(r.lines[0])})
	}
	refusal := c.refusal(verb, r)
	if refusal.unknown() {
		c.absent[verb] = true
	}
	return refusal
}

// refusal returns r as an error that does not hold the password.
func (c *Conn) refusal(verb string, r reply) *ReplyError {
	e := r.refusal(verb)
	for i, line := range e.Lines {
		e.Lines[i] = c.mask(c.names.text(line))
	}
	return e
}

// lost breaks the session after an error of the control connection.
func (c *Conn) lost(w *watch, verb string, limit time.Duration, err error) error {
	after := "after " + verb
	if verb == "" {
		after = "before it said anything"
	}
	var protocol *ProtocolError
	switch cause := w.err(); {
	case cause != nil:
		err = cause
	case errors.As(err, &protocol):
		protocol.Seen = c.mask(protocol.Seen)
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.forgo(verb)
		err = fmt.Errorf("no answer within %v %s: %w", limit, after, os.ErrDeadlineExceeded)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		err = fmt.Errorf("the server closed the connection %s: %w", after, io.ErrUnexpectedEOF)
	case c.wire != c.raw:
		err = fmt.Errorf("the connection was lost %s: %w", after, c.explainControl(c.lastAlert(err)))
	default:
		err = fmt.Errorf("the connection was lost %s: %w", after, err)
	}
	return c.fail(err)
}
