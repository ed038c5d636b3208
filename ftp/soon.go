package ftp

import (
	"context"
	"time"
)

// What follows a login is most often a listing or a file. So a server that
// keeps commands (see ahead.go) is asked for the first data connection in the
// packet that ends the login, and the connection is opened while the first look
// at a path is on its way. Until a transfer used it, nothing is known of whether
// data connections come about: an offer that leads nowhere is an answer to EPSV
// like any other.

// asksSoon reports whether EPSV goes out with the end of the login.
func (c *Conn) asksSoon() bool {
	if c.patient() == patienceUnknown || c.know.Profile().Pret == Works || c.know.dataMissing() != nil {
		return false
	}
	all := c.methods()
	return len(all) > 0 && all[0] == methodEPSV
}

// offered takes the answer to it.
func (c *Conn) offered(r reply, refused error) {
	if refused != nil {
		c.learnRefusal(methodEPSV, refused)
		return
	}
	addr, err := c.passiveAddr(methodEPSV, r)
	if err != nil {
		return // the first transfer asks again, and says what is wrong
	}
	c.greeted = &booking{how: methodEPSV, addr: addr, until: time.Now().Add(bookTime)}
}

// accepts opens the data connection that was offered with the login. Without an
// offer it returns neither a connection nor an error.
func (c *Conn) accepts(ctx context.Context, how method) (*channel, error) {
	b := c.greeted
	c.greeted = nil
	if b == nil || b.how != how || time.Now().After(b.until) {
		return nil, nil
	}
	if b.conn == nil {
		return c.dialPassive(ctx, b.how, b.addr)
	}
	if !c.unpark(b.conn) {
		return nil, nil
	}
	if !quiet(b.conn) {
		_ = b.conn.Close()
		return nil, nil
	}
	return &channel{how: b.how, conn: b.conn}, nil
}

// isNear reports whether two round trips at once gain nothing.
func (c *Conn) isNear() bool {
	took := c.dialTook
	if took == 0 {
		took = c.Trip()
	}
	return took < nearby && !c.cfg.afar
}
