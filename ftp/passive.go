package ftp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// tryPassive asks the server for a port and connects to it.
func (c *Conn) tryPassive(ctx context.Context, how method) (*channel, error) {
	r, err := c.cmd(ctx, how.String(), "", 2)
	if err != nil {
		c.learnRefusal(how, err)
		return nil, err
	}
	addr, err := c.passiveAddr(how, r)
	if err != nil {
		return nil, err
	}
	return c.dialPassive(ctx, how, addr)
}

// passiveAddr returns where the answer to EPSV or PASV leads. The address is
// always that of the control connection: what PASV names may be wrong behind
// NAT, or point us at somebody else.
func (c *Conn) passiveAddr(how method, r reply) (netip.AddrPort, error) {
	text := strings.Join(r.text(), " ")
	var port uint16
	var err error
	if how == methodEPSV {
		port, err = parseEPSV(text)
	} else {
		var named netip.Addr
		named, port, err = parsePASV(text)
		if err == nil && named != c.peer.Addr() {
			c.note("PASV names %v; using %v", named, c.peer.Addr())
		}
	}
	if err == nil && port < 1024 && c.peer.Port() >= 1024 {
		err = &ProtocolError{Text: fmt.Sprintf("the server names port %d, which is not one for data", port)}
	}
	return netip.AddrPortFrom(c.peer.Addr(), port), err
}

// dialPassive connects to where the server said.
func (c *Conn) dialPassive(ctx context.Context, how method, addr netip.AddrPort) (*channel, error) {
	limit := c.cfg.Timeouts.DataDial
	if how == methodEPSV && method(c.via.Load()) != methodEPSV {
		limit = c.cfg.Timeouts.FirstDial
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	conn, err := c.dialData(limited, addr.String())
	switch {
	case err == nil:
		c.note("passive %v", addr)
		return &channel{how: how, conn: conn}, nil
	case ctx.Err() != nil:
		return nil, c.fail(context.Cause(ctx))
	case limited.Err() != nil, errors.Is(err, os.ErrDeadlineExceeded):
		err = fmt.Errorf("no answer within %v: %w", limit, os.ErrDeadlineExceeded)
	}
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return nil, fmt.Errorf("port %d after %v: %w", addr.Port(), how, err)
}

// dialData connects to the server from the address of the control connection:
// some servers take no other.
func (c *Conn) dialData(ctx context.Context, addr string) (net.Conn, error) {
	if c.cfg.dial != nil {
		return c.cfg.dial(ctx, "tcp", addr)
	}
	d := net.Dialer{
		LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(c.local.Addr(), 0)),
		Control:   bindLate,
	}
	return d.DialContext(ctx, "tcp", addr)
}

// parseEPSV reads the port of a 229 reply: "(|||6446|)", with any delimiter
// (RFC 2428). Protocol and address in it are ignored.
func parseEPSV(text string) (uint16, error) {
	bad := &ProtocolError{Text: "the answer to EPSV names no port", Seen: text}
	_, rest, ok := strings.Cut(text, "(")
	if !ok || rest == "" {
		return 0, bad
	}
	delimiter := rest[:1]
	if delimiter[0] < 33 || delimiter[0] > 126 || delimiter[0] >= '0' && delimiter[0] <= '9' {
		return 0, bad
	}
	fields := strings.Split(rest, delimiter)
	if len(fields) < 5 || !strings.HasPrefix(strings.TrimSpace(fields[4]), ")") {
		return 0, bad
	}
	port, err := strconv.ParseUint(strings.TrimSpace(fields[3]), 10, 16)
	if err != nil || port == 0 {
		return 0, bad
	}
	return uint16(port), nil
}

// parsePASV reads address and port of a 227 reply: the first six numbers with
// commas between, wherever they stand (RFC 1123, 4.1.2.6).
func parsePASV(text string) (netip.Addr, uint16, error) {
	bad := &ProtocolError{Text: "the answer to PASV names no address and port", Seen: text}
	for text != "" {
		i := strings.IndexAny(text, "0123456789")
		if i < 0 {
			break
		}
		var run []uint64
		run, text = commaRun(text[i:])
		if len(run) == 1 {
			continue
		}
		if len(run) != 6 {
			return netip.Addr{}, 0, bad
		}
		var b [6]byte
		for i, n := range run {
			if n > 255 {
				return netip.Addr{}, 0, bad
			}
			b[i] = byte(n)
		}
		port := uint16(b[4])<<8 | uint16(b[5])
		if port == 0 {
			return netip.Addr{}, 0, bad
		}
		return netip.AddrFrom4([4]byte(b[:4])), port, nil
	}
	return netip.Addr{}, 0, bad
}

// commaRun reads the numbers at the beginning of text that have commas between
// them, and returns the rest. Spaces around commas do not matter.
func commaRun(text string) (run []uint64, rest string) {
	for {
		end := 0
		for end < len(text) && text[end] >= '0' && text[end] <= '9' {
			end++
		}
		n, err := strconv.ParseUint(text[:end], 10, 32)
		if err != nil {
			n = 1 << 32 // too big for anything
		}
		run, rest = append(run, n), text[end:]
		after, ok := strings.CutPrefix(strings.TrimLeft(rest, " "), ",")
		after = strings.TrimLeft(after, " ")
		if !ok || after == "" || after[0] < '0' || after[0] > '9' {
			return run, rest
		}
		text = after
	}
}
