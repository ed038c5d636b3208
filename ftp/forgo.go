package ftp

import (
	"net"
	"slices"
)

// lateFrom is the size of an upload from which on it is worth going on with: what
// still comes of it later would be written into what has been gone on with.
const lateFrom = 64 << 10

// changes reports whether a command changes something at the server. On a link
// that was cut it may be on its way still, and would reach the server after what a
// new session does there: a STOR that comes late empties a file that has grown
// meanwhile, or begins one that nobody ever removes.
func changes(verb string) bool {
	switch verb {
	case "STOR", "APPE", "RNFR", "RNTO", "DELE", "RMD", "MKD":
		return true
	}
	return false
}

// forgo takes back, as far as it can, a command that changes something and was
// not answered. Other connections end in order, so that the server hears of it
// when the link is back, and counts them no longer.
func (c *Conn) forgo(verb string) {
	if changes(verb) {
		abrupt(c.raw)
	}
}

// guard makes the kernel take back commands that change something, should this
// process be killed before they are answered: of itself it would go on sending
// them for a minute or two.
func (c *Conn) guard(cmds []command) {
	changing := slices.ContainsFunc(cmds, func(cmd command) bool { return changes(cmd.verb) })
	switch {
	case changing && !c.guarded:
		abrupt(c.raw)
	case !changing && c.guarded:
		orderly(c.raw)
	}
	c.guarded = changing
}

// abrupt makes the kernel drop, when nobody holds conn any more, all that it has
// not sent.
func abrupt(conn net.Conn) { linger(conn, 0) }

// orderly makes the kernel send, when nobody holds conn any more, what it has to.
func orderly(conn net.Conn) { linger(conn, -1) }

// linger is a favour: where it cannot be had, connections work all the same.
func linger(conn net.Conn, seconds int) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(seconds)
	}
}

// newUpload returns the upload of a transfer that has begun. What another attempt
// may go on with gets no bytes of this one once it is over.
func newUpload(t *transfer, path string, offset int64) *Upload {
	if l := t.landing; offset > 0 || l == nil || l.Size < 0 || l.Size > lateFrom {
		abrupt(t.raw)
	}
	return &Upload{t: t, path: path, offset: offset}
}
