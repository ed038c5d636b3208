package ftp

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"strconv"
	"time"
)

// tryActive listens on the address of the control connection and tells the
// server where. The channel owns the listener.
func (c *Conn) tryActive(ctx context.Context, how method) (*channel, error) {
	ch, err := c.offer(ctx, how)
	if err != nil {
		return nil, err
	}
	if !c.pairs(how) {
		err = c.say(ctx, ch)
	}
	if err != nil {
		ch.close()
		return nil, err
	}
	return ch, nil
}

// offer listens, and does not tell the server yet.
func (c *Conn) offer(ctx context.Context, how method) (*channel, error) {
	ln, err := c.listen(ctx)
	if err != nil {
		return nil, err
	}
	told := addrPort(ln.Addr())
	if c.cfg.ActiveAddress.IsValid() {
		told = netip.AddrPortFrom(c.cfg.ActiveAddress.Unmap(), told.Port())
	}
	ch := &channel{how: how, ln: ln}
	if ch.unsaid, err = activeArgument(how, told); err != nil {
		ch.close()
		return nil, err
	}
	return ch, nil
}

// say tells the server where to connect to, if it has not been told yet.
func (c *Conn) say(ctx context.Context, ch *channel) error {
	if ch.unsaid == "" {
		return nil
	}
	arg := ch.unsaid
	ch.unsaid = ""
	_, err := c.cmd(ctx, ch.how.String(), arg, 2)
	c.learnRefusal(ch.how, err)
	return err
}

// pairs reports whether PORT or EPRT goes out in one packet with the command
// of the transfer: it worked before, and the server takes two commands at once.
func (c *Conn) pairs(how method) bool {
	known := c.know.Profile()
	return method(c.via.Load()) == how && known.Pipeline != Fails && known.Pair != Fails
}

// hearPair reads the answer to the PORT or EPRT that went out with the command.
// If that is a refusal, the command's own says nothing more. Some servers
// (pyftpdlib) answer PORT once they have connected, and the command before that.
func (t *transfer) hearPair(ch *channel) error {
	if !t.paired {
		return nil
	}
	c, verb := t.c, ch.how.String()
	r, err := c.receive(t.w, verb, c.cfg.Timeouts.Reply)
	if err != nil {
		return err
	}
	if r.class() == 1 {
		t.begun, t.text = true, r.lines[len(r.lines)-1]
		return t.hearLate(verb)
	}
	refused := c.judge(verb, r, 2)
	if refused == nil || fatal(refused) {
		return refused
	}
	next, err := c.receive(t.w, t.verb, c.cfg.Timeouts.Reply)
	switch {
	case err != nil:
		return err
	case next.code == 200: // which answers PORT, and no transfer
		c.unpair()
		return c.judge(t.verb, r)
	case next.class() < 4:
		return c.fail(&ProtocolError{Text: "the server transfers although it refused " + verb, Seen: c.mask(next.lines[0])})
	}
	c.learnRefusal(ch.how, refused)
	c.via.Store(uint32(noMethod))
	return refused
}

// hearLate reads the answer to PORT or EPRT behind that to the command.
func (t *transfer) hearLate(verb string) error {
	t.c.unpair()
	r, err := t.c.receive(t.w, verb, t.c.cfg.Timeouts.Reply)
	if err != nil {
		return err
	}
	if refused := t.c.judge(verb, r, 2); refused != nil {
		return t.c.fail(refused) // the server waits for a connection that it cannot make
	}
	return nil
}

// unpair keeps PORT and EPRT apart from the command of the transfer from now on.
func (c *Conn) unpair() { c.know.learn(func(p *Profile) { p.Pair = Fails }) }

// activeArgument returns how PORT or EPRT names an address.
func activeArgument(how method, told netip.AddrPort) (string, error) {
	addr, port := told.Addr().WithZone(""), told.Port()
	if how == methodPORT {
		if !addr.Is4() {
			return "", fmt.Errorf("PORT cannot name the address %v", addr)
		}
		b := addr.As4()
		return fmt.Sprintf("%d,%d,%d,%d,%d,%d", b[0], b[1], b[2], b[3], port>>8, port&255), nil
	}
	family := 1
	if addr.Is6() {
		family = 2
	}
	return fmt.Sprintf("|%d|%v|%d|", family, addr, port), nil
}

// listen opens a listener on a port of the range. A port is in use until the
// server has connected, no longer: where all of a small range are, one is free
// again in a moment.
func (c *Conn) listen(ctx context.Context) (*net.TCPListener, error) {
	end := time.Now().Add(min(portWait, c.cfg.Timeouts.Accept))
	for {
		ln, err := c.listenOnce(ctx)
		if err == nil || c.cfg.ActivePorts == (PortRange{}) || time.Now().After(end) {
			return ln, err
		}
		select {
		case <-time.After(portRetry):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// listenOnce tries each port of the range once, in random order.
func (c *Conn) listenOnce(ctx context.Context) (*net.TCPListener, error) {
	ports := []int{0}
	lo, hi := int(c.cfg.ActivePorts.Lo), int(c.cfg.ActivePorts.Hi)
	if lo > 0 && hi >= lo {
		ports = rand.Perm(hi - lo + 1)
	} else {
		lo = 0
	}
	config := net.ListenConfig{KeepAlive: keepAlive}
	var err error
	for _, p := range ports {
		var ln net.Listener
		addr := net.JoinHostPort(c.local.Addr().String(), strconv.Itoa(lo+p))
		if ln, err = config.Listen(ctx, "tcp", addr); err == nil {
			return ln.(*net.TCPListener), nil
		}
	}
	if lo > 0 {
		return nil, fmt.Errorf("no free port in %d-%d for active mode: %w", lo, hi, err)
	}
	return nil, fmt.Errorf("cannot listen for active mode: %w", err)
}

// accept takes the server's connection if it comes before t; os.ErrDeadlineExceeded
// means that it did not. Only the host of the control connection is let in,
// unless the config trusts any, and the listener goes as soon as it is. The port
// it comes from says nothing.
func (c *Conn) accept(w *watch, ch *channel, t time.Time) error {
	for {
		if err := ch.ln.SetDeadline(t); err != nil {
			return err
		}
		if err := w.err(); err != nil {
			return err
		}
		conn, err := ch.ln.AcceptTCP()
		if err != nil {
			return err
		}
		from := addrPort(conn.RemoteAddr())
		if from.Addr() != c.peer.Addr() && !c.cfg.AnyPeer {
			c.note("active: refused a connection from %v", from)
			ch.stranger = from.Addr()
			_ = conn.Close()
			continue
		}
		c.note("active %v from %v", ch.ln.Addr(), from)
		_ = ch.ln.Close()
		ch.ln, ch.conn = nil, conn
		return nil
	}
}

// turnedAway adds to the error of a transfer that somebody was not let in, and
// makes it one where the server sent nothing after that.
func (ch *channel) turnedAway(err error) error {
	var refusal *ReplyError
	if !ch.stranger.IsValid() || errors.As(err, &refusal) && !refusal.Temporary() {
		return err
	}
	why := fmt.Errorf("a data connection from %v was refused, since that is not the server's address (--active-peer any lets in any)", ch.stranger)
	if err == nil {
		return why
	}
	return &joined{err.Error() + "; " + why.Error(), err}
}

// stopActive forgets that active mode worked, once the server does not come any
// more: Auto begins with passive mode again.
func (c *Conn) stopActive(ch *channel, err error) {
	var refusal *ReplyError
	never := errors.As(err, &refusal) && refusal.Code == 425 || ch.conn == nil && isTimeout(err)
	if ch.how.mode() != Active || !never {
		return
	}
	c.via.CompareAndSwap(uint32(ch.how), uint32(noMethod))
	c.know.learn(func(p *Profile) {
		if p.Method == ch.how.String() {
			p.Method = ""
		}
	})
}

// neverCame says that the server did not connect to us.
func (c *Conn) neverCame(ch *channel) error {
	return &ConnectError{Stage: "data", Addr: c.cfg.Host, Err: fmt.Errorf(
		"the server did not connect to %v within %v: allow that in the firewall (--active-ports, --active-address), or use passive mode: %w",
		ch.ln.Addr(), c.cfg.Timeouts.Accept, os.ErrDeadlineExceeded)}
}

// isTimeout reports whether err is a deadline that passed.
func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
