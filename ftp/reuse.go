package ftp

import (
	"crypto/tls"
	"fmt"
)

// ReuseError says that the server refused a data connection since it did not
// resume the TLS session of the control connection. The session is over: a new
// one may do better.
type ReuseError struct {
	// Final says that a new session does no better.
	Final bool
	// SessionID says why: the server resumes TLS 1.2 sessions by their ID alone,
	// which package tls cannot.
	SessionID bool
	Err       error // the server's word
}

// Error returns what to do about it.
func (e *ReuseError) Error() string {
	switch {
	case e.SessionID:
		return fmt.Sprintf("the server wants data connections to resume the TLS session by its ID, which portside cannot: "+
			"it must allow TLS 1.3, turn on session tickets (ProFTPD: TLSSessionTickets on), or not insist (TLSOptions NoSessionReuseRequired): %v", e.Err)
	case e.Final:
		return fmt.Sprintf("the server wants data connections to resume the TLS session, and takes none of those that it gave out: %v", e.Err)
	}
	return fmt.Sprintf("the server has forgotten the TLS session; a new login gets a new one: %v", e.Err)
}

// Unwrap returns the server's word.
func (e *ReuseError) Unwrap() error { return e.Err }

// reuse returns err, the server's refusal of a transfer, as a ReuseError where
// the reason is that the data connection resumed no session. It is final on a
// session that never resumed any, and began after another one's refusal.
func (t *transfer) reuse(r reply, err error) error {
	c := t.c
	if t.tail == nil || t.conn == nil || t.resumed || c.freely || !aboutReuse(c.refusal(t.verb, r)) {
		return err
	}
	state, _ := c.TLS()
	e := &ReuseError{Err: c.refusal(t.verb, r)}
	e.SessionID = state.Version == tls.VersionTLS12 && !c.tickets.holds(c.tlsBase.ServerName)
	e.Final = e.SessionID || !c.resumes && c.unlucky > 0
	c.know.countReuse(false)
	return c.fail(e)
}

// aboutReuse reports whether a refusal may be about the TLS session.
func aboutReuse(e *ReplyError) bool {
	switch e.Code {
	case 425, 522:
		return true
	case 421, 450, 431, 534:
		return e.mentions("reuse", "resum", "session", "tls", "ssl")
	}
	return false
}
