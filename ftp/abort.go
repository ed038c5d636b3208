package ftp

import (
	"errors"
	"time"
)

// Telnet bytes in front of ABOR (RFC 854, RFC 959 4.1.3): a server that listens
// for urgent data looks up from its transfer.
const (
	telnetIP = 0xF4 // interrupt process
	telnetDM = 0xF2 // data mark, the end of a synch
)

var errLost = errors.New("the server did not answer ABOR in order")

// abort stops a transfer that nobody wants to its end, and returns cause. Two
// replies have to come, one to the command of the transfer and one to ABOR (and
// a third to what went out behind the transfer), in whatever order: then the
// session goes on. What is certain to fail is not
// tried: a session that does not know which reply belongs to which command is
// over, and so is one whose context has ended, which has no time to wait.
func (t *transfer) abort(cause error) error {
	c := t.c
	switch {
	case t.succeeded() && t.booking == noMethod:
		t.closeData() // it was said before its time that all is sent
		return cause
	case t.w.err() != nil, t.pulse.heard != t.pulse.sent, c.follows(), c.know.Profile().Abort == Fails:
		return c.fail(cause)
	}
	err := t.interrupt(time.Now().Add(min(abortTime, c.cfg.Timeouts.Reply)))
	outcome := Works
	if err != nil {
		c.note("ABOR does not work here: %v", c.mask(err.Error()))
		outcome = Fails
	}
	if t.w.err() == nil {
		c.know.learn(func(p *Profile) { p.Abort = outcome })
	}
	if err != nil {
		return c.fail(cause)
	}
	return cause
}

// interrupt sends ABOR, closes the data connection, on which the server may be
// stuck, and reads the replies.
func (t *transfer) interrupt(limit time.Time) error {
	c := t.c
	if err := t.sendABOR(limit); err != nil {
		return err
	}
	t.closeData()
	due := 2
	if t.final != nil {
		due--
	}
	if t.booking != noMethod {
		t.booking = noMethod
		due++
	}
	for range maxPreliminary {
		if due == 0 {
			return t.inOrder(limit)
		}
		r, err := t.reply(limit)
		switch {
		case err != nil:
			return err
		case r.code == 421:
			return c.refusal("ABOR", r)
		case r.class() >= 2:
			due--
		}
	}
	return errLost
}

// inOrder makes sure that nothing more comes: once for each server, by a
// command whose answer cannot be taken for one to ABOR.
func (t *transfer) inOrder(limit time.Time) error {
	c := t.c
	if c.know.Profile().Abort == Works {
		return nil
	}
	if err := c.send(t.w, command{verb: "NOOP"}); err != nil {
		return err
	}
	r, err := t.reply(limit)
	if err == nil && r.code != 200 || c.br.Buffered() > 0 {
		err = errLost
	}
	return err
}

// reply reads a reply until limit.
func (t *transfer) reply(limit time.Time) (reply, error) {
	if err := t.w.read(t.c.wire, limit); err != nil {
		return reply{}, err
	}
	r, err := readReply(t.c.br)
	if err == nil {
		t.c.traceReply(r)
	}
	return r, err
}

// sendABOR sends ABOR, as urgent data where nothing lies between us and the
// server's socket: TLS and proxies know none.
func (t *transfer) sendABOR(limit time.Time) error {
	c := t.c
	c.traceCommand("ABOR", "")
	if err := t.w.write(c.wire, limit); err != nil {
		return err
	}
	line := []byte("ABOR\r\n")
	if c.tlsData == nil && c.cfg.Proxy == nil && c.raw == c.wire {
		// The byte in front of the data mark is the urgent one, as ever since
		// Berkeley: servers that do not take it out of line drop it.
		sent, err := urgent(c.raw, []byte{iac, telnetIP, iac})
		if err != nil {
			return err
		}
		if sent {
			line = append([]byte{telnetDM}, line...)
		}
	}
	_, err := c.wire.Write(line)
	return err
}
