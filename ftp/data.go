package ftp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// method is a way to a data connection.
type method uint8

// The methods, in the order in which Auto tries them.
const (
	noMethod method = iota
	methodEPSV
	methodPASV
	methodPORT
	methodEPRT
)

// String returns the command.
func (m method) String() string {
	return [...]string{"", "EPSV", "PASV", "PORT", "EPRT"}[m]
}

// parseMethod returns the method that a command opens.
func parseMethod(s string) method {
	for _, m := range []method{methodEPSV, methodPASV, methodPORT, methodEPRT} {
		if m.String() == s {
			return m
		}
	}
	return noMethod
}

// mode returns the mode that m belongs to.
func (m method) mode() Mode {
	switch m {
	case noMethod:
		return Auto
	case methodEPSV, methodPASV:
		return Passive
	default:
		return Active
	}
}

// channel is a data connection on its way: dialled, or listened for.
type channel struct {
	how  method
	conn net.Conn         // nil until the server has connected
	ln   *net.TCPListener // nil in passive mode and after the server connected
	// unsaid is the argument of the PORT or EPRT that has yet to go out.
	unsaid string
	// stranger is an address that was not let in, if there was one.
	stranger netip.Addr
}

// stop lets nobody in any more.
func (ch *channel) stop() {
	if ch.ln != nil {
		_ = ch.ln.Close()
	}
}

// close gives up what is open.
func (ch *channel) close() {
	ch.stop()
	if ch.conn != nil {
		_ = ch.conn.Close()
	}
}

// methods returns the ways to try, the one that worked first.
func (c *Conn) methods() []method {
	all := []method{methodEPSV, methodPASV, methodPORT, methodEPRT}
	switch {
	case c.cfg.tunnelled():
		all = all[:2] // the server cannot connect to us
	case c.peer.Addr().Is6():
		all = []method{methodEPSV, methodEPRT} // the others cannot say an IPv6 address
	}
	all = slices.DeleteFunc(all, func(m method) bool {
		return c.refused[m] != nil || c.cfg.Mode != Auto && c.cfg.Mode != m.mode()
	})
	first := method(c.via.Load())
	if first == noMethod {
		first = parseMethod(c.know.Profile().Method)
	}
	if i := slices.Index(all, first); i > 0 {
		all = slices.Concat(all[i:i+1], all[:i], all[i+1:])
	}
	return all
}

// prepare opens the way for a data connection: one try for each method, until
// one works.
func (c *Conn) prepare(ctx context.Context) (*channel, error) {
	if ch, err := c.redeem(ctx); ch != nil || err != nil {
		return ch, err
	}
	var failures []error
	for _, how := range c.methods() {
		ch, err := c.try(ctx, how)
		if err == nil {
			return ch, nil
		}
		if c.over() != nil || ctx.Err() != nil || refusedPret(err) {
			return nil, err
		}
		c.note("%v does not work: %v", how, err)
		failures = append(failures, fmt.Errorf("%v: %w", how, err))
	}
	return nil, c.noWay(failures)
}

// noWay says why there is no data connection. What the server refused before
// was not asked for again.
func (c *Conn) noWay(failures []error) error {
	if len(failures) == 0 {
		failures = c.refusals()
	}
	err := error(&joined{joinLines(failures), errors.Join(failures...)})
	if c.peer.Addr().Is6() && !c.cfg.tunnelled() && c.cfg.Mode != Active {
		err = fmt.Errorf("%w (PASV and PORT cannot work over IPv6)", err)
	}
	err = &ConnectError{Stage: "data", Addr: c.cfg.Host, Err: err}
	var protocol *ProtocolError
	if errors.As(err, &protocol) {
		return c.fail(err)
	}
	return err
}

// refusals returns what the server said to the ways that the config allows.
func (c *Conn) refusals() []error {
	var all []error
	for m := methodEPSV; m <= methodEPRT; m++ {
		if why := c.refused[m]; why != nil && (c.cfg.Mode == Auto || c.cfg.Mode == m.mode()) {
			all = append(all, fmt.Errorf("%v: %w", m, why))
		}
	}
	return all
}

// joinLines returns the texts of errors on one line.
func joinLines(errs []error) string {
	var texts []string
	for _, err := range errs {
		texts = append(texts, err.Error())
	}
	return strings.Join(texts, "; ")
}

// joined shows several errors on one line.
type joined struct {
	text string
	err  error
}

func (e *joined) Error() string { return e.text }
func (e *joined) Unwrap() error { return e.err }

// try opens the way by one method.
func (c *Conn) try(ctx context.Context, how method) (*channel, error) {
	defer c.park(nil)
	if how.mode() == Passive {
		return c.tryPassive(ctx, how)
	}
	return c.tryActive(ctx, how)
}

// works remembers the method of a transfer that began.
func (c *Conn) works(ch *channel) {
	c.know.findData()
	if c.via.Swap(uint32(ch.how)) != uint32(ch.how) {
		c.know.learn(func(p *Profile) { p.Method = ch.how.String() })
	}
}

// learnRefusal remembers that the server does not have a method.
func (c *Conn) learnRefusal(how method, err error) {
	var refusal *ReplyError
	if errors.As(err, &refusal) && (refusal.unknown() || refusal.Code == 522) {
		c.refused[how] = err
	}
}
