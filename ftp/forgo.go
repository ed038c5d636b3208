package ftp

import "net"

// forgo takes back, as far as it can, a command that changes something and was
// not answered. On a link that was cut it may be on its way still, and would
// reach the server after what a new session does there: a STOR that comes late
// empties a file that has grown meanwhile. Other connections end in order, so
// that the server hears of it when the link is back, and counts them no longer.
func (c *Conn) forgo(verb string) {
	switch verb {
	case "STOR", "APPE", "RNFR", "RNTO", "DELE", "RMD", "MKD":
	default:
		return
	}
	if tcp, ok := c.raw.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // what was not sent is not sent any more
	}
}
