package ftp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// reach opens a connection to host, at whichever of its addresses answers
// first.
func (cfg *Config) reach(ctx context.Context, host string, port int) (net.Conn, error) {
	addrs, err := cfg.addresses(ctx, host)
	if err != nil {
		return nil, err
	}
	to := make([]netip.AddrPort, len(addrs))
	for i, addr := range addrs {
		to[i] = netip.AddrPortFrom(addr, uint16(port))
	}
	return race(ctx, to, func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
		return cfg.dialAddr(ctx, netip.Addr{}, to)
	})
}

// addresses returns the addresses of host, in the order in which they are to
// be tried.
func (cfg *Config) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr.Unmap()}, nil
	}
	lookup := cfg.lookup
	if lookup == nil {
		lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	addrs, err := lookup(ctx, host)
	if err == nil && len(addrs) == 0 {
		err = &net.DNSError{Err: "it has no address", Name: host}
	}
	for i := range addrs {
		addrs[i] = addrs[i].Unmap()
	}
	return interleave(addrs)[:min(len(addrs), maxAddresses)], err
}

// dialAddr connects to one address, from one of ours if from says which.
func (cfg *Config) dialAddr(ctx context.Context, from netip.Addr, to netip.AddrPort) (net.Conn, error) {
	if cfg.dial != nil {
		return cfg.dial(ctx, from, to)
	}
	d := net.Dialer{KeepAlive: keepAlive}
	if from.IsValid() {
		d.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(from, 0))
		d.Control = bindLate
	}
	return d.DialContext(ctx, "tcp", to.String())
}

// interleave lets the families take turns, that of the first address first
// (RFC 8305, section 4): one that leads nowhere costs one head start then.
func interleave(addrs []netip.Addr) []netip.Addr {
	var first, other []netip.Addr
	for _, addr := range addrs {
		if addr.Is4() == addrs[0].Is4() {
			first = append(first, addr)
		} else {
			other = append(other, addr)
		}
	}
	mixed := make([]netip.Addr, 0, len(addrs))
	for i := range max(len(first), len(other)) {
		if i < len(first) {
			mixed = append(mixed, first[i])
		}
		if i < len(other) {
			mixed = append(mixed, other[i])
		}
	}
	return mixed
}

// outcome is what came of dialling the i-th address of a race.
type outcome struct {
	i    int
	conn net.Conn
	err  error
}

// race dials addresses until one answers: each has a head start on the next,
// which begins at once when one fails. What comes second is closed.
func race(ctx context.Context, addrs []netip.AddrPort, dial func(context.Context, netip.AddrPort) (net.Conn, error)) (net.Conn, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	outcomes := make(chan outcome)
	started, ended := 0, 0
	next := time.NewTimer(0)
	defer next.Stop()
	var winner net.Conn
	errs := make([]error, len(addrs))
	for {
		more := winner == nil && started < len(addrs) && (started == 0 || ctx.Err() == nil)
		if !more && ended == started {
			break
		}
		var turn <-chan time.Time
		if more {
			turn = next.C
		}
		select {
		case <-turn:
			i := started
			started++
			// cancel stops it; the loop waits for its outcome.
			go func() {
				conn, err := dial(ctx, addrs[i])
				outcomes <- outcome{i, conn, err}
			}()
			next.Reset(headStart)
		case o := <-outcomes:
			ended++
			switch errs[o.i] = o.err; {
			case o.err != nil:
				next.Reset(0)
			case winner == nil:
				winner = o.conn
				cancel()
			default:
				_ = o.conn.Close()
			}
		}
	}
	if winner != nil {
		return winner, nil
	}
	return nil, unreached(addrs[:started], errs)
}

// unreachedError says how each address of a host failed.
type unreachedError struct{ text string }

func (e *unreachedError) Error() string { return e.text }

// unreached returns the error of one address as it is. Of several it tells
// each, unless all say the same.
func unreached(addrs []netip.AddrPort, errs []error) error {
	var told []string
	same := true
	for i, addr := range addrs {
		why := bare(errs[i]).Error()
		same = same && why == bare(errs[0]).Error()
		told = append(told, fmt.Sprintf("%v: %s", addr.Addr(), why))
	}
	if same {
		return errs[0]
	}
	return &unreachedError{strings.Join(told, "; ")}
}

// bare returns what the network said, without the names of both ends.
func bare(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}
