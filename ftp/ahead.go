package ftp

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// Among small files half of the time goes into agreeing upon data connections.
// So where a server is known to bear it, EPSV or PASV goes out behind the
// command of a transfer, in the same packet: the server answers it once the
// transfer is over, and the next transfer can dial at once. Other servers
// answer at once and break off the transfer that runs (pyftpdlib does); so it
// is never tried on servers that are not known, and whatever comes back in
// another order ends it for good. ProFTPD and Pure-FTPd keep what came in one
// packet with the transfer's command; what comes while it runs they refuse.

const (
	bookBelow = 1 << 20          // bytes of the transfer before: behind a long one a round trip is nothing
	bookTime  = 30 * time.Second // a port that was agreed upon is good for so long
)

// booking is a data connection that was agreed upon ahead of its transfer.
type booking struct {
	how   method
	addr  netip.AddrPort
	until time.Time
	conn  net.Conn // opened already, and parked
}

// pacing is what may go out before its time, and what did.
type pacing struct {
	patience  patience      // of the server, by its greeting
	small     bool          // the last transfer was
	upcoming  command       // of the transfer that is being prepared
	placing   *placing      // of the transfer that is being prepared, behind the start of a file
	booked    *booking      // the next data connection, agreed upon already
	greeted   *booking      // the first one, offered with the login
	dialTook  time.Duration // by the last data connection that was dialled
	landing   *Landing      // of the upload that is being prepared
	dated     bool          // the time of the file is wanted, of the download that is
	foresight *foresight    // what was asked behind the last upload
	promised  []command     // sent with the login, and not answered yet
	kept      int           // how often the idle session was kept alive
	noopCode  int           // of the answer to NOOP; -1 a refusal, 0 never asked
}

// patience is how far a server keeps commands until its transfer is over.
type patience uint8

const (
	patienceUnknown patience = iota
	patiencePacket           // those that came in the packet of the transfer's command
	patienceAlways           // all
)

// patienceOf tells the servers that were tried by their greetings.
func patienceOf(greeting string) patience {
	switch {
	case strings.Contains(greeting, "vsFTPd"):
		return patienceAlways
	case strings.Contains(greeting, "ProFTPD"), strings.Contains(greeting, "Pure-FTPd"):
		return patiencePacket
	}
	return patienceUnknown
}

// patient returns how far the server is known to keep commands.
func (c *Conn) patient() patience {
	switch known := c.know.Profile().Ahead; {
	case known == Fails || c.cfg.TransferNoop > 0:
		return patienceUnknown
	case known == Works:
		return max(c.patience, patiencePacket)
	}
	return c.patience
}

// keeps reports whether the server keeps commands that go out behind the
// transfer that begins (packet: in one packet with its command), and whether
// the transfers are small enough for that to matter.
func (c *Conn) keeps(packet bool) bool {
	p := c.patient()
	return c.small && (p == patienceAlways || p == patiencePacket && packet)
}

// books returns how the next data connection is to be agreed upon behind the
// transfer that begins by how, or noMethod.
func (c *Conn) books(how method) method {
	if how.mode() != Passive || !c.keeps(true) {
		return noMethod
	}
	return how
}

// book reads the answer to what went out behind the transfer. Its own final
// reply is there.
func (t *transfer) book() error {
	how, c := t.booking, t.c
	t.booking = noMethod
	if how == noMethod {
		return nil
	}
	if isPassive(t.final.code) {
		return t.misbooked(*t.final)
	}
	r, err := c.receive(t.w, how.String(), c.cfg.Timeouts.Reply)
	if err != nil {
		c.know.learn(forgetAhead)
		return err
	}
	switch {
	case r.class() >= 4:
		c.know.learn(forgetAhead)
		err = onlyFatal(c.judge(how.String(), r, 2))
	case !isPassive(r.code):
		return t.misbooked(r)
	default:
		addr, bad := c.passiveAddr(how, r)
		if bad != nil {
			c.know.learn(forgetAhead) // the next transfer asks again
			break
		}
		c.booked = &booking{how: how, addr: addr, until: time.Now().Add(bookTime)}
	}
	if err != nil {
		return err
	}
	return t.hearForesight()
}

// misbooked ends a session whose replies do not come in the order of the
// commands, and gives up on sending any ahead.
func (t *transfer) misbooked(r reply) error {
	t.c.know.learn(forgetAhead)
	return t.c.fail(&ProtocolError{Text: fmt.Sprintf("the server did not keep what was sent behind %s until it was over", t.verb), Seen: t.c.mask(r.lines[0])})
}

// redeem opens the data connection that was agreed upon behind the transfer
// before, or returns nil.
func (c *Conn) redeem(ctx context.Context) (*channel, error) {
	b := c.booked
	c.booked = nil
	if b == nil || time.Now().After(b.until) {
		return nil, nil
	}
	if b.conn != nil {
		return c.opened(b), nil
	}
	defer c.park(nil)
	ch, err := c.dialPassive(ctx, b.how, b.addr)
	switch {
	case err == nil:
		c.know.learn(proveAhead)
		return ch, nil
	case c.over() != nil || ctx.Err() != nil:
		return nil, err
	}
	c.note("what was agreed upon ahead does not work: %v", err)
	c.know.learn(forgetAhead)
	return nil, nil
}

// opened returns the data connection that was opened already, nil if it has
// ended since.
func (c *Conn) opened(b *booking) *channel {
	switch {
	case !c.unpark(b.conn):
		return nil
	case !quiet(b.conn):
		_ = b.conn.Close()
		return nil
	}
	c.know.learn(proveAhead)
	return &channel{how: b.how, conn: b.conn}
}

// proveAhead notes that something sent ahead was kept.
func proveAhead(p *Profile) { p.Ahead = max(p.Ahead, Works) }

// forgetAhead gives up on agreeing upon data connections ahead.
func forgetAhead(p *Profile) { p.Ahead = Fails }

// isPassive reports whether code is that of an answer to EPSV or PASV.
func isPassive(code int) bool { return code == 227 || code == 229 }

// onlyFatal returns err if it is more than a refusal.
func onlyFatal(err error) error {
	if fatal(err) {
		return err
	}
	return nil
}
