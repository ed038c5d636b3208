package ftp

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
)

// The parts of SOCKS 5 that a client needs (RFC 1928, RFC 1929).
const (
	socksVersion    = 5
	socksNoLogin    = 0
	socksLogin      = 2
	socksNoWay      = 0xFF
	socksConnectCmd = 1
	socksIPv4       = 1
	socksName       = 3
	socksIPv6       = 4
)

// socksConnect makes a SOCKS 5 proxy connect to host, which the proxy resolves.
// What is read is of fixed and small size.
func socksConnect(conn net.Conn, user, password, host string, port int) error {
	if err := socksGreet(conn, user, password); err != nil {
		return err
	}
	b := []byte{socksVersion, socksConnectCmd, 0}
	if addr, err := netip.ParseAddr(host); err != nil {
		b = append(b, socksName, byte(len(host)))
		b = append(b, host...)
	} else {
		kind := byte(socksIPv4)
		if addr = addr.Unmap().WithZone(""); addr.Is6() {
			kind = socksIPv6
		}
		b = append(append(b, kind), addr.AsSlice()...)
	}
	if _, err := conn.Write(append(b, byte(port>>8), byte(port))); err != nil {
		return hungUp(err)
	}
	var head [4]byte
	if err := socksRead(conn, head[:]); err != nil {
		return err
	}
	if head[1] != 0 {
		return socksRefusal(head[1])
	}
	return socksSkipAddress(conn, head[3])
}

// socksGreet agrees upon how to log in, and does.
func socksGreet(conn net.Conn, user, password string) error {
	hello := []byte{socksVersion, 1, socksNoLogin}
	if user != "" {
		hello = []byte{socksVersion, 2, socksNoLogin, socksLogin}
	}
	if _, err := conn.Write(hello); err != nil {
		return hungUp(err)
	}
	var answer [2]byte
	if err := socksRead(conn, answer[:]); err != nil {
		return err
	}
	switch {
	case answer[1] == socksNoLogin:
		return nil
	case answer[1] == socksLogin && user != "":
	case answer[1] == socksNoWay && user == "":
		return errors.New("it wants a user name and password")
	default:
		return errors.New("it takes neither a password nor nobody's login")
	}
	b := append([]byte{1, byte(len(user))}, user...)
	b = append(append(b, byte(len(password))), password...)
	if _, err := conn.Write(b); err != nil {
		return hungUp(err)
	}
	if _, err := io.ReadFull(conn, answer[:]); err != nil {
		return hungUp(err)
	}
	if answer[1] != 0 {
		return errors.New("it refused the user name or password")
	}
	return nil
}

// socksRead reads the beginning of an answer.
func socksRead(conn net.Conn, b []byte) error {
	if _, err := io.ReadFull(conn, b); err != nil {
		return hungUp(err)
	}
	if b[0] != socksVersion {
		return &ProtocolError{Text: "it does not speak SOCKS 5", Seen: string(b)}
	}
	return nil
}

// socksSkipAddress reads the rest of the proxy's consent: an address that says
// nothing to us.
func socksSkipAddress(conn net.Conn, kind byte) error {
	var size [1]byte
	switch kind {
	case socksIPv4:
		size[0] = 4
	case socksIPv6:
		size[0] = 16
	case socksName:
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return hungUp(err)
		}
	default:
		return &ProtocolError{Text: fmt.Sprintf("it names an address of the unknown kind %d", kind)}
	}
	if _, err := io.ReadFull(conn, make([]byte, int(size[0])+2)); err != nil {
		return hungUp(err)
	}
	return nil
}

// socksRefusal puts the code of a refusal into words.
func socksRefusal(code byte) error {
	words := map[byte]string{
		1: "it failed", 2: "it does not allow this connection", 3: "it cannot reach the server's network",
		4: "it cannot reach the server", 5: "the server refuses its connection", 6: "the server does not answer it in time",
		7: "it does not connect for others", 8: "it does not know this kind of address",
	}[code]
	if words == "" {
		words = "it refused"
	}
	return fmt.Errorf("%s (SOCKS code %d)", words, code)
}

// hungUp says who ended a connection with a proxy, where that is all there is
// to say.
func hungUp(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("it closed the connection: %w", io.ErrUnexpectedEOF)
	}
	return err
}
