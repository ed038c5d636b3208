package ftptest

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Listen opens a port for data and sends reply with %d, the port, or with %p,
// the port as two numbers: "229 (|||%d|)\r\n".
func Listen(reply string) Step {
	return func(p *player) error {
		l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: p.conn.LocalAddr().(*net.TCPAddr).IP})
		if err != nil {
			return err
		}
		p.s.mu.Lock()
		p.listener = l
		p.s.mu.Unlock()
		return p.send(fill(reply, addrOf(l.Addr()), ""))
	}
}

// Connect makes the data connection: it accepts on the port of Listen, or
// dials what the last PORT or EPRT said.
func Connect() Step {
	return func(p *player) error {
		var conn *net.TCPConn
		var err error
		if p.active.IsValid() {
			conn, err = net.DialTCP("tcp", nil, net.TCPAddrFromAddrPort(p.active))
		} else if p.listener != nil {
			p.listener.SetDeadline(time.Now().Add(connectTime))
			conn, err = p.listener.AcceptTCP()
		} else {
			err = errors.New("no way for data")
		}
		if err != nil {
			return err
		}
		p.s.mu.Lock()
		p.data = conn
		p.s.mu.Unlock()
		return nil
	}
}

// Stranger dials what the last PORT or EPRT said from another address of this
// machine, and hands over what it read until it was shut out, or the error.
func Stranger(from string, f func(data []byte, err error)) Step {
	return func(p *player) error {
		d := net.Dialer{Timeout: connectTime, LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		conn, err := d.Dial("tcp", p.active.String())
		if err != nil {
			f(nil, err)
			return nil
		}
		defer conn.Close()
		conn.SetReadDeadline(time.Now().Add(connectTime))
		f(io.ReadAll(conn))
		return nil
	}
}

// SendData writes to the data connection.
func SendData(text string) Step {
	return func(p *player) error {
		if p.data == nil {
			return errors.New("there is no data connection")
		}
		_, err := io.WriteString(p.data, text)
		return err
	}
}

// ReadData reads the data connection to its end and hands over what came.
func ReadData(f func(data []byte, err error)) Step {
	return func(p *player) error { f(io.ReadAll(p.data)); return nil }
}

// CloseData closes the data connection and its port.
func CloseData() Step { return func(p *player) error { return p.endData(false) } }

// ResetData resets the data connection and closes its port.
func ResetData() Step { return func(p *player) error { return p.endData(true) } }

func (p *player) endData(reset bool) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if p.data != nil {
		if reset {
			p.data.SetLinger(0)
		}
		p.data.Close()
	}
	if p.listener != nil {
		p.listener.Close()
	}
	p.data, p.listener, p.active = nil, nil, netip.AddrPort{}
	return nil
}

// parseActive reads the argument of PORT or EPRT, invalid if it is nonsense.
func parseActive(verb, arg string) netip.AddrPort {
	if verb == "PORT" {
		f := strings.Split(arg, ",")
		if len(f) != 6 {
			return netip.AddrPort{}
		}
		addr, _ := netip.ParseAddr(strings.Join(f[:4], "."))
		hi, _ := strconv.Atoi(f[4])
		lo, _ := strconv.Atoi(f[5])
		return netip.AddrPortFrom(addr, uint16(hi<<8|lo))
	}
	f := strings.Split(arg, "|")
	if len(f) != 5 {
		return netip.AddrPort{}
	}
	addr, _ := netip.ParseAddr(f[2])
	port, _ := strconv.Atoi(f[3])
	return netip.AddrPortFrom(addr, uint16(port))
}
