package ftptest

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

const (
	connectTime   = 10 * time.Second // for a data connection to come about
	handshakeTime = 10 * time.Second
	bufferSize    = 256 << 10
)

// dataWay is how the next data connection comes about: listener when the
// client connects, addr when the server does.
type dataWay struct {
	listener *net.TCPListener
	addr     netip.AddrPort
}

func (w *dataWay) ready() bool { return w.listener != nil || w.addr.IsValid() }

// close frees the listener.
func (w *dataWay) close(srv *Server) {
	if w.listener != nil {
		srv.drop(w.listener)
	}
	*w = dataWay{}
}

func addrOf(a net.Addr) netip.AddrPort {
	ap := a.(*net.TCPAddr).AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}

// listen opens a port for the next data connection.
func (s *session) listen(blocked bool) (netip.AddrPort, error) {
	s.data.close(s.srv)
	own := addrOf(s.tcp.LocalAddr()).Addr()
	l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(own, 0)))
	if err != nil {
		return netip.AddrPort{}, err
	}
	addr := addrOf(l.Addr())
	if blocked {
		l.Close()
		return addr, nil
	}
	if !s.srv.track(l) {
		return addr, net.ErrClosed
	}
	s.data.listener = l
	return addr, nil
}

func (s *session) epsvCmd(arg string) error {
	own := addrOf(s.tcp.LocalAddr()).Addr()
	switch family := map[bool]string{true: "1", false: "2"}[own.Is4()]; strings.ToUpper(arg) {
	case "", family:
	case "ALL":
		return s.reply("200 EPSV ALL ok.")
	default:
		return s.reply("522 Network protocol not supported, use (" + family + ").")
	}
	addr, err := s.listen(s.q.PortBlocked || s.q.EPSVBlocked)
	if err != nil {
		return s.reply("425 Cannot listen.")
	}
	text := s.q.EPSVText
	if text == "" {
		text = "Entering Extended Passive Mode (|||%d|)"
	}
	return s.reply("229 " + fill(text, addr, ""))
}

func (s *session) pasvCmd(string) error {
	if !addrOf(s.tcp.LocalAddr()).Addr().Is4() {
		return s.reply("425 PASV cannot work over IPv6, use EPSV.")
	}
	addr, err := s.listen(s.q.PortBlocked)
	if err != nil {
		return s.reply("425 Cannot listen.")
	}
	text := s.q.PasvText
	if text == "" {
		text = "Entering Passive Mode (%h,%p)."
	}
	return s.reply("227 " + fill(text, addr, s.q.PasvAddr))
}

// fill puts an address into the text of 227 or 229.
func fill(text string, addr netip.AddrPort, host string) string {
	if host == "" {
		host = addr.Addr().String()
	}
	port := addr.Port()
	return strings.NewReplacer("%h", strings.ReplaceAll(host, ".", ","),
		"%p", fmt.Sprintf("%d,%d", port>>8, port&0xff), "%d", strconv.Itoa(int(port))).Replace(text)
}

func (s *session) portCmd(arg string) error {
	var n [6]byte
	fields := strings.Split(arg, ",")
	for i, f := range fields {
		v, err := strconv.ParseUint(strings.TrimSpace(f), 10, 8)
		if err != nil || len(fields) != len(n) {
			return s.reply("501 Bad PORT.")
		}
		n[i] = byte(v)
	}
	return s.connectTo("PORT", netip.AddrFrom4([4]byte(n[:4])), uint16(n[4])<<8|uint16(n[5]))
}

func (s *session) eprtCmd(arg string) error {
	if arg == "" {
		return s.reply("501 Bad EPRT.")
	}
	fields := strings.Split(arg, arg[:1])
	if len(fields) != 5 {
		return s.reply("501 Bad EPRT.")
	}
	if fields[1] != "1" && fields[1] != "2" {
		return s.reply("522 Network protocol not supported, use (1,2).")
	}
	addr, err := netip.ParseAddr(fields[2])
	port, err2 := strconv.ParseUint(fields[3], 10, 16)
	if err != nil || err2 != nil || addr.Is4() != (fields[1] == "1") {
		return s.reply("501 Bad EPRT.")
	}
	return s.connectTo("EPRT", addr, uint16(port))
}

// connectTo takes the client's address, which must be the control peer's.
func (s *session) connectTo(verb string, addr netip.Addr, port uint16) error {
	if addr.Unmap() != addrOf(s.tcp.RemoteAddr()).Addr() || port == 0 {
		return s.reply("500 Illegal " + verb + " command.")
	}
	s.data.close(s.srv)
	s.data.addr = netip.AddrPortFrom(addr.Unmap(), port)
	return s.reply("200 " + verb + " command successful.")
}

// connect makes the data connection, within connectTime.
func (t *transfer) connect() (*net.TCPConn, error) {
	s := t.s
	if t.way.listener == nil {
		return t.dial()
	}
	t.way.listener.SetDeadline(time.Now().Add(connectTime))
	for {
		conn, err := t.way.listener.AcceptTCP()
		if err != nil {
			return nil, err
		}
		if addrOf(conn.RemoteAddr()).Addr() == addrOf(s.tcp.RemoteAddr()).Addr() {
			return conn, nil
		}
		conn.Close()
	}
}

// dial connects to the client.
func (t *transfer) dial() (*net.TCPConn, error) {
	s := t.s
	if s.q.ActiveSilent {
		<-t.stop
		return nil, errors.New("never connects")
	}
	local := net.TCPAddr{IP: s.tcp.LocalAddr().(*net.TCPAddr).IP}
	if s.q.ActiveFrom != "" {
		local.IP = net.ParseIP(s.q.ActiveFrom)
	}
	d := net.Dialer{Timeout: connectTime, LocalAddr: &local}
	conn, err := d.Dial("tcp", t.way.addr.String())
	if err != nil {
		return nil, err
	}
	return conn.(*net.TCPConn), nil
}

// dataConn is the data connection as a transfer sees it: it keeps to the rate
// and fails where the quirks say so.
type dataConn struct {
	t     *transfer
	conn  net.Conn // TCP, or TLS over it
	up    bool
	file  bool  // not a listing
	moved int64 // bytes
	drop  *Drop // of this transfer, nil: none
	held  bool  // the stall is over
	next  time.Time
}

// What ends a transfer before its end.
var (
	errDrop     = errors.New("dropped")
	errTruncate = errors.New("truncated")
	errFull     = errors.New("disk full")
)

// Write implements io.Writer.
func (d *dataConn) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		n, err := d.allow(len(p) - done)
		if err == nil {
			d.wait()
			n, err = d.conn.Write(p[done : done+n])
			d.moved += int64(n)
			done += n
		}
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// Read implements io.Reader.
func (d *dataConn) Read(p []byte) (int, error) {
	n, err := d.allow(len(p))
	if err != nil {
		return 0, err
	}
	d.wait()
	n, err = d.conn.Read(p[:n])
	d.moved += int64(n)
	return n, err
}

// wait bounds what comes next by the server's patience.
func (d *dataConn) wait() {
	if p := d.t.s.q.Patience; p > 0 {
		d.conn.SetDeadline(time.Now().Add(p))
	}
}

// allow returns how many of n bytes may move now.
func (d *dataConn) allow(n int) (int, error) {
	q, limit := d.t.s.q, int64(n)
	if !d.file && !q.CutListings {
		return n, nil
	}
	if d.drop != nil {
		if limit = min(limit, d.drop.After-d.moved); limit <= 0 {
			return 0, errDrop
		}
	}
	if q.Truncate && !d.up {
		if limit = min(limit, q.TruncateAfter-d.moved); limit <= 0 {
			return 0, errTruncate
		}
	}
	if q.DiskFull && d.up {
		if limit = min(limit, q.DiskFullAfter-d.moved); limit <= 0 {
			return 0, errFull
		}
	}
	if q.Stall != nil && !d.held {
		if d.moved >= q.StallAfter {
			d.held = true
			if err := d.t.s.wait("data", q.Stall); err != nil {
				return 0, err
			}
		} else {
			limit = min(limit, q.StallAfter-d.moved)
		}
	}
	return d.pace(int(limit))
}

// pace waits until some of n bytes may move at the server's rate.
func (d *dataConn) pace(n int) (int, error) {
	rate := d.t.s.srv.rate.Load()
	if rate <= 0 {
		return n, nil
	}
	n = int(max(1, min(int64(n), rate/20)))
	now := time.Now()
	if wait := d.next.Sub(now); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-d.t.stop:
			return 0, net.ErrClosed
		case <-d.t.s.srv.closing:
			return 0, net.ErrClosed
		}
	} else {
		d.next = now
	}
	d.next = d.next.Add(time.Duration(float64(n) / float64(rate) * float64(time.Second)))
	return n, nil
}
