package ftp

import (
	"context"
	"errors"
	"net"
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
}

// close gives up what is open.
func (ch *channel) close() {
	if ch.ln != nil {
		_ = ch.ln.Close()
	}
	if ch.conn != nil {
		_ = ch.conn.Close()
	}
}

// methods returns the ways to try, the one that worked first.
func (c *Conn) methods() []method {
	all := []method{methodEPSV, methodPASV, methodPORT, methodEPRT}
	if c.peer.Addr().Is6() {
		all = []method{methodEPSV, methodEPRT} // the others cannot say an IPv6 address
	}
	all = slices.DeleteFunc(all, func(m method) bool {
		return c.refused[m] || c.cfg.Mode != Auto && c.cfg.Mode != m.mode()
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
		if c.over() != nil || ctx.Err() != nil {
			return nil, err
		}
		c.note("%v does not work: %v", how, err)
		failures = append(failures, err)
	}
	return nil, c.noWay(failures)
}

// noWay says why there is no data connection.
func (c *Conn) noWay(failures []error) error {
	err := errors.Join(failures...)
	switch {
	case err == nil && c.peer.Addr().Is6() && c.cfg.Mode != Active:
		err = errors.New("the server has neither EPSV nor EPRT, and PASV and PORT cannot work over IPv6")
	case err == nil:
		err = errors.New("the server has no command for " + c.cfg.Mode.String() + " mode")
	default:
		err = &joined{strings.ReplaceAll(err.Error(), "\n", "; "), err}
	}
	err = &ConnectError{Stage: "data", Addr: c.cfg.Host, Err: err}
	var protocol *ProtocolError
	if errors.As(err, &protocol) {
		return c.fail(err)
	}
	return err
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
	if c.via.Swap(uint32(ch.how)) != uint32(ch.how) {
		c.know.learn(func(p *Profile) { p.Method = ch.how.String() })
	}
}

// learnRefusal remembers that the server does not have a method.
func (c *Conn) learnRefusal(how method, err error) {
	var refusal *ReplyError
	if errors.As(err, &refusal) && (refusal.unknown() || refusal.Code == 522) {
		c.refused[how] = true
	}
}
