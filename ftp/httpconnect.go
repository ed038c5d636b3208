package ftp

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

// maxProxyHeader bounds what an HTTP proxy may say before the tunnel begins.
const maxProxyHeader = 16 << 10

// httpConnect makes an HTTP proxy connect to host, which the proxy resolves
// (RFC 9110, section 9.3.6).
func httpConnect(conn net.Conn, user, password, host string, port int) error {
	target := net.JoinHostPort(host, strconv.Itoa(port))
	login := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	request := "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"
	if user != "" {
		request += "Proxy-Authorization: Basic " + login + "\r\n"
	}
	if _, err := io.WriteString(conn, request+"\r\n"); err != nil {
		return hungUp(err)
	}
	status, err := readStatus(conn)
	if err != nil {
		return err
	}
	_, rest, _ := strings.Cut(status, " ")
	code, err := strconv.Atoi(rest[:min(len(rest), 3)])
	if err != nil || code < 100 {
		return &ProtocolError{Text: "it does not speak HTTP", Seen: status}
	}
	if code/100 == 2 {
		return nil
	}
	// A proxy may echo what it was sent.
	for _, secret := range []string{login, password} {
		if len(secret) >= maskableBytes {
			rest = strings.ReplaceAll(rest, secret, hidden)
		}
	}
	return httpRefusal(code, rest, user != "")
}

// readStatus reads the header of a response and returns its first line. It
// reads byte by byte: what follows the header belongs to the server beyond.
func readStatus(conn net.Conn) (string, error) {
	var header []byte
	var b [1]byte
	for len(header) < maxProxyHeader {
		if _, err := conn.Read(b[:]); err != nil {
			return "", hungUp(err)
		}
		header = append(header, b[0])
		if !strings.HasPrefix("HTTP/", string(header[:min(len(header), 5)])) {
			return "", &ProtocolError{Text: "it does not speak HTTP", Seen: string(header)}
		}
		text := string(header[max(0, len(header)-4):])
		if strings.HasSuffix(text, "\n\n") || text == "\r\n\r\n" {
			status, _, _ := strings.Cut(string(header), "\n")
			return strings.TrimRight(status, "\r"), nil
		}
	}
	return "", &ProtocolError{Text: fmt.Sprintf("its answer does not end within %d bytes", maxProxyHeader), Seen: string(header[:80])}
}

// httpRefusal puts a refusal into words.
func httpRefusal(code int, status string, known bool) error {
	switch {
	case code == 407 && known:
		return errors.New("it refused the user name or password (407)")
	case code == 407:
		return errors.New("it wants a user name and password (407)")
	case code == 403 || code == 405:
		return fmt.Errorf("it does not allow this connection (%d): many proxies allow few ports only, and data connections need high ones", code)
	case code == 502 || code == 503 || code == 504:
		return fmt.Errorf("it cannot reach the server (%d)", code)
	}
	return fmt.Errorf("it refused, and said %.80q", status)
}
