package ftp

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// explainTLS turns an error of package tls into words; others stay.
func explainTLS(err error) error {
	var record tls.RecordHeaderError
	var op *net.OpError
	switch {
	case errors.As(err, &record):
		return fmt.Errorf("the server broke off TLS and said %q", record.RecordHeader[:])
	case errors.As(err, &op) && op.Op == "remote error":
		return explainAlert(op)
	case errors.As(err, &op) && op.Op == "local error" && strings.Contains(op.Error(), "no renegotiation"):
		return fmt.Errorf("the server wants to renegotiate TLS in the middle of a session, which portside does not do: "+
			"switch that off at the server (ProFTPD: TLSRenegotiate none), or let it speak TLS 1.3: %w", err)
	case strings.Contains(err.Error(), "unsupported protocol version"):
		return fmt.Errorf("the server speaks no version of TLS that is safe: %w", err)
	}
	return err
}

// explainAlert puts the alert of a server into words. One about certificates
// means ours: the server refused it, or misses it.
func explainAlert(op *net.OpError) error {
	text := strings.TrimPrefix(op.Err.Error(), "tls: ")
	switch {
	case strings.Contains(text, "certificate required"):
		return noCertificate(op)
	case strings.Contains(text, "certificate"):
		return &CertError{Kind: CertRefused, Err: op, Reason: "the server refused our certificate, or wants one (--cert and --key give it): " + text}
	case strings.Contains(text, "unrecognized name"):
		return fmt.Errorf("the server knows no site of the name that it was asked for: connect by another name of it, or by its IP address: %w", op)
	}
	return fmt.Errorf("the server refused TLS: %w", op.Err)
}

// noCertificate says that we have no certificate that the server wants to see.
func noCertificate(err error) error {
	return &CertError{Kind: CertRefused, Err: err, Reason: "the server wants a certificate of ours (--cert and --key give one)"}
}

// explainControl is explainTLS for the control connection, where what the server
// said in place of TLS is known.
func (c *Conn) explainControl(err error) error {
	var record tls.RecordHeaderError
	var op *net.OpError
	switch {
	case errors.As(err, &record):
	case c.asked && errors.As(err, &op) && op.Op == "remote error" && strings.Contains(op.Error(), "handshake failure"):
		return noCertificate(op) // as TLS 1.2 says it
	default:
		return explainTLS(err)
	}
	said := c.mask(c.ear.line(record.RecordHeader[:]))
	if c.wire == c.raw && c.cfg.Security == Implicit {
		if strings.HasPrefix(said, "2") {
			return fmt.Errorf("the server answers in plain text (%q): use explicit TLS (ftpes://)", said)
		}
		return notAReply([]byte(said))
	}
	return fmt.Errorf("the server broke off TLS and said %q", said)
}

// lastAlert returns the alert with which the server ended TLS, where err is only
// what became of our next word; else err.
func (c *Conn) lastAlert(err error) error {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "write" {
		return err
	}
	_ = c.wire.SetReadDeadline(time.Now().Add(alertTime))
	if _, alert := c.br.Peek(1); errors.As(alert, &op) && op.Op == "remote error" {
		return alert
	}
	return err
}

// earSize is how much an ear keeps.
const earSize = 200

// ear notes the beginning of what was read last below TLS: a server in trouble
// may say there what it is about, in plain text.
type ear struct {
	net.Conn
	last []byte
}

// Read implements net.Conn.
func (e *ear) Read(p []byte) (int, error) {
	n, err := e.Conn.Read(p)
	if n > 0 {
		e.last = append(e.last[:0], p[:min(n, earSize)]...)
	}
	return n, err
}

// line returns the line that header begins.
func (e *ear) line(header []byte) string {
	at := bytes.Index(e.last, header)
	if at < 0 {
		return string(header)
	}
	line, _, _ := bytes.Cut(e.last[at:], []byte("\n"))
	return string(bytes.TrimRight(line, "\r"))
}
