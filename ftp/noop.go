package ftp

import (
	"context"
	"fmt"
	"time"
)

// KeepAlive makes an idle session heard, so that neither the server nor the
// network forgets it. Servers are met that take NOOP for silence; so it takes
// turns with PWD. A refusal is an answer too.
func (c *Conn) KeepAlive(ctx context.Context) error {
	if err := c.acquire(ctx); err != nil {
		return err
	}
	defer c.release()
	verb := "NOOP"
	if c.kept++; c.kept%2 == 0 {
		verb = "PWD"
	}
	_, err := c.cmd(ctx, verb, "", 2)
	return onlyFatal(err)
}

// pulse is the NOOPs that go out while a transfer runs. Servers answer them at
// once, behind the transfer's own reply, with a refusal, or never; so the
// replies have to be told apart by their codes.
type pulse struct {
	every time.Duration // 0: none
	next  time.Time
	code  int  // of the server's answer to a NOOP
	sent  int  // NOOPs
	heard int  // replies that a NOOP may have got
	no    bool // a refusal was among them
}

// primePulse finds out how the server answers NOOP, once in a session. One that
// refuses it gets none while a transfer runs.
func (c *Conn) primePulse(ctx context.Context) error {
	if c.cfg.TransferNoop <= 0 || c.noopCode != 0 {
		return nil
	}
	r, err := c.cmd(ctx, "NOOP", "", 2)
	if fatal(err) {
		return err
	}
	c.noopCode = -1
	if err == nil {
		c.noopCode = r.code
	}
	return nil
}

// newPulse returns the pulse of a transfer.
func (c *Conn) newPulse() pulse {
	if c.noopCode <= 0 {
		return pulse{}
	}
	return pulse{every: c.cfg.TransferNoop, next: time.Now().Add(c.cfg.TransferNoop), code: c.noopCode}
}

// before returns when to stop waiting for what may come until limit.
func (p *pulse) before(limit time.Time) time.Time {
	if p.every > 0 && p.next.Before(limit) {
		return p.next
	}
	return limit
}

// takes reports whether r may be the answer to a NOOP. Where none is owed it is
// the transfer's.
func (p *pulse) takes(r reply) bool {
	refused := r.code == 500 || r.code == 502 || r.code == 503
	if p.heard == p.sent || r.code != p.code && !refused {
		return false
	}
	p.heard++
	p.no = p.no || refused
	return true
}

// beat sends a NOOP when it is time for one. Whether the control connection
// still works is seen at the end: data may well arrive without it.
func (t *transfer) beat() {
	p := &t.pulse
	if p.every <= 0 || time.Now().Before(p.next) {
		return
	}
	if t.final != nil || p.sent == maxNoops {
		p.every = 0
		return
	}
	p.next = time.Now().Add(p.every)
	line, err := appendCommand(nil, "NOOP", "", false)
	if err == nil {
		t.c.traceCommand("NOOP", "")
		if err = t.w.write(t.c.wire, time.Now().Add(t.c.cfg.Timeouts.Reply)); err == nil {
			_, err = t.c.wire.Write(line)
		}
	}
	if p.sent++; err != nil {
		p.every = 0
	}
}

// receive reads the next reply that is the transfer's own.
func (t *transfer) receive(limit time.Duration) (reply, error) {
	end := time.Now().Add(limit)
	for {
		r, err := t.c.receive(t.w, t.verb, time.Until(end))
		switch {
		case err != nil:
			return r, err
		case t.pulse.takes(r):
			continue
		case t.pulse.no && r.code == t.pulse.code:
			// One of the two is the transfer's, and it matters which.
			return r, t.c.fail(&ProtocolError{Text: fmt.Sprintf("NOOP and %s were answered with one refusal", t.verb), Seen: t.c.mask(r.lines[0])})
		}
		return r, nil
	}
}

// settle reads the answers to NOOPs that are owed when the transfer is over. A
// session whose server keeps one back is over, since nobody could tell to what
// its next reply belongs; the transfer is not.
func (t *transfer) settle() error {
	end := time.Now().Add(min(noopWait, t.c.cfg.Timeouts.Reply))
	for t.pulse.heard < t.pulse.sent {
		r, err := t.c.receive(t.w, "NOOP", time.Until(end))
		switch {
		case err != nil:
			return nil
		case t.pulse.takes(r):
		case r.class() >= 4:
			return t.c.fail(t.refuse(r))
		default:
			_ = t.c.fail(&ProtocolError{Text: "the server sent a reply that nobody asked for", Seen: t.c.mask(r.lines[0])})
			return nil
		}
	}
	return nil
}

// ownReplyWaits reports whether the reply that waits is the transfer's own, and
// takes it off: it may be that of a NOOP.
func (t *transfer) ownReplyWaits() bool {
	if t.pulse.heard == t.pulse.sent || t.final != nil {
		return true
	}
	r, err := t.c.receive(t.w, t.verb, t.c.cfg.Timeouts.Reply)
	if err == nil && t.pulse.takes(r) {
		return false
	}
	if err == nil {
		t.final = &r
	}
	return true
}
