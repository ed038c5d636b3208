package ftp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tryPassive asks the server for a port, unless it has offered one, and connects
// to it.
func (c *Conn) tryPassive(ctx context.Context, how method) (*channel, error) {
	if ch, err := c.accepts(ctx, how); ch != nil || err != nil {
		return ch, err
	}
	r, err := c.askPassive(ctx, how)
	if family := c.family(); how == methodEPSV && offers(err, family) {
		r, err = c.cmd(ctx, "EPSV", family, 2)
	}
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

// family returns the number of the address family of the control connection in
// EPSV and EPRT (RFC 2428), "" where a proxy hides it.
func (c *Conn) family() string {
	switch {
	case c.cfg.tunnelled():
		return ""
	case c.peer.Addr().Is6():
		return "2"
	}
	return "1"
}

// offers reports whether err is a 522 reply that offers an address family:
// "522 Network protocol not supported, use (1,2)".
func offers(err error, family string) bool {
	var refusal *ReplyError
	if !errors.As(err, &refusal) || refusal.Code != 522 {
		return false
	}
	_, list, _ := strings.Cut(strings.Join(refusal.Lines, " "), "(")
	list, _, ok := strings.Cut(list, ")")
	return ok && slices.Contains(strings.Split(strings.ReplaceAll(list, " ", ""), ","), family)
}

// passiveAddr returns where the answer to EPSV or PASV leads. The address is
// that of the control connection unless the config trusts the other: what PASV
// names may be wrong behind NAT, or point us at somebody else.
func (c *Conn) passiveAddr(how method, r reply) (netip.AddrPort, error) {
	text := strings.Join(r.text(), " ")
	addr := c.peer.Addr()
	var port uint16
	var err error
	if how == methodEPSV {
		port, err = parseEPSV(text)
	} else {
		var named netip.Addr
		if named, port, err = parsePASV(text); err == nil && named != addr {
			addr = c.choosePASV(named)
		}
	}
	if err == nil {
		err = c.checkPort(addr, port)
	}
	return netip.AddrPortFrom(addr, port), err
}

// choosePASV returns the address to dial where PASV names another than the
// server's. The log tells once.
func (c *Conn) choosePASV(named netip.Addr) netip.Addr {
	switch {
	case c.cfg.TrustPASV:
		return named
	case !c.cfg.tunnelled() && !c.saidPASV:
		c.saidPASV = true
		c.note("PASV names %v; using %v", named, c.peer.Addr())
	}
	return c.peer.Addr()
}

// checkPort refuses a port that a server has no business to name.
func (c *Conn) checkPort(addr netip.Addr, port uint16) error {
	switch {
	case addr != c.peer.Addr() && slices.Contains([]uint16{22, 25, 80, 443}, port):
		return &ProtocolError{Text: fmt.Sprintf("the server names port %d of %v, which is not one for data", port, addr)}
	case port < 1024 && c.controlPort() >= 1024:
		return &ProtocolError{Text: fmt.Sprintf("the server names port %d, which is not one for data", port)}
	}
	return nil
}

// controlPort returns the server's port of the control connection.
func (c *Conn) controlPort() int {
	if c.cfg.tunnelled() {
		return c.cfg.Port
	}
	return int(c.peer.Port())
}

// dialPassive connects to where the server said.
func (c *Conn) dialPassive(ctx context.Context, how method, addr netip.AddrPort) (*channel, error) {
	limit := c.cfg.Timeouts.DataDial
	if how == methodEPSV && method(c.via.Load()) != methodEPSV {
		limit = c.cfg.Timeouts.FirstDial
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	hear, err := c.place(ctx)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	conn, err := c.dialData(limited, addr)
	took := time.Since(began)
	if lost := hear(); lost != nil {
		if err == nil {
			_ = conn.Close()
		}
		return nil, lost
	}
	switch {
	case err == nil:
		c.dialTook = took
		c.note("passive %s", net.JoinHostPort(c.dataHost(addr.Addr()), strconv.Itoa(int(addr.Port()))))
		return &channel{how: how, conn: conn}, nil
	case ctx.Err() != nil:
		return nil, c.fail(context.Cause(ctx))
	case limited.Err() != nil, errors.Is(err, os.ErrDeadlineExceeded):
		err = fmt.Errorf("no answer within %v: %w", limit, os.ErrDeadlineExceeded)
	}
	return nil, fmt.Errorf("port %d: %w", addr.Port(), bare(err))
}

// dialData connects to the server from the address of the control connection:
// some servers take no other. A proxy is given the name that it knows.
func (c *Conn) dialData(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	switch {
	case c.cfg.tunnelled():
	case addr.Addr() == c.peer.Addr():
		return c.cfg.dialAddr(ctx, c.local.Addr(), addr)
	default: // another host, which ours may lead to from elsewhere
		return c.cfg.dialAddr(ctx, netip.Addr{}, addr)
	}
	conn, err := c.cfg.dialAddr(ctx, c.local.Addr(), c.peer)
	if err != nil {
		return nil, err
	}
	if err = c.cfg.tunnel(ctx, conn, c.dataHost(addr.Addr()), int(addr.Port())); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("the proxy: %w", err)
	}
	return conn, nil
}

// dataHost names the host at addr in the way in which it is reached.
func (c *Conn) dataHost(addr netip.Addr) string {
	if c.cfg.tunnelled() && addr == c.peer.Addr() {
		return c.cfg.Host
	}
	return addr.String()
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
