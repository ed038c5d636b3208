package ftp

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

// CertError says that a certificate is not trusted.
type CertError struct {
	Chain       []*x509.Certificate // as the server sent it; empty when it refused ours
	Reason      string              // why, in words
	Fingerprint string              // SHA-256 of the leaf's public key (SPKI), in hex
	Err         error
}

// Error returns the reason.
func (e *CertError) Error() string { return "the certificate is not trusted: " + e.Reason }

// Unwrap returns what the verification said.
func (e *CertError) Unwrap() error { return e.Err }

// newCertError describes why chain was refused.
func newCertError(chain []*x509.Certificate, err error) *CertError {
	e := &CertError{Chain: chain, Reason: certReason(err), Err: err}
	if len(chain) > 0 {
		sum := sha256.Sum256(chain[0].RawSubjectPublicKeyInfo)
		e.Fingerprint = hex.EncodeToString(sum[:])
	}
	return e
}

// certReason puts the common reasons into words.
func certReason(err error) string {
	var invalid x509.CertificateInvalidError
	var host x509.HostnameError
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		from, to := invalid.Cert.NotBefore, invalid.Cert.NotAfter
		if time.Now().Before(from) {
			return "it is not valid before " + from.UTC().Format(time.DateTime)
		}
		return "it expired on " + to.UTC().Format(time.DateTime)
	case errors.As(err, &host):
		return "it is for another name: " + host.Error()
	case errors.As(err, &unknown):
		if cert := unknown.Cert; cert != nil && cert.Subject.String() == cert.Issuer.String() {
			return "it is signed by itself"
		}
		return "it is signed by an unknown authority"
	}
	return strings.TrimPrefix(err.Error(), "x509: ")
}

// secureFirst starts implicit TLS.
func (c *Conn) secureFirst(ctx context.Context) error {
	if c.cfg.Security != Implicit {
		return nil
	}
	return c.startTLS(ctx)
}

// secureByCommand starts explicit TLS, or finds that there is none.
func (c *Conn) secureByCommand(ctx context.Context) error {
	if c.cfg.Security != Optional && c.cfg.Security != Explicit {
		return nil
	}
	r, err := c.cmd(ctx, "AUTH", "TLS", 2)
	switch {
	case fatal(err):
		return err
	case err != nil && c.cfg.Security == Explicit:
		return fmt.Errorf("the server offers no TLS: %w", err)
	case err != nil:
		c.note("the server offers no TLS")
		if c.cfg.AllowPlain != nil {
			return c.cfg.AllowPlain(ctx)
		}
		return nil
	case c.br.Buffered() > 0:
		return &ProtocolError{Text: "the server sent plain text behind its answer to AUTH", Seen: r.lines[0]}
	}
	return c.startTLS(ctx)
}

// startTLS puts TLS on the control connection.
func (c *Conn) startTLS(ctx context.Context) error {
	c.tlsBase = c.baseTLS()
	conn := tls.Client(c.raw, c.tlsBase)
	_ = c.raw.SetDeadline(time.Time{}) // that of the last reply
	if err := c.handshake(ctx, conn); err != nil {
		return err
	}
	c.wire = conn
	c.br.Reset(conn)
	leaf := conn.ConnectionState().PeerCertificates[0]
	c.tlsData = c.tlsBase.Clone()
	c.tlsData.VerifyConnection = func(cs tls.ConnectionState) error {
		if len(cs.PeerCertificates) == 0 || !cs.PeerCertificates[0].Equal(leaf) {
			return errors.New("the data connection shows another certificate than the control connection")
		}
		return nil
	}
	return nil
}

// baseTLS returns the TLS config of this session. Data connections must use
// the same name and the same cache, since servers demand that they resume the
// session of the control connection; other logins must not.
func (c *Conn) baseTLS() *tls.Config {
	cfg := &tls.Config{}
	if c.cfg.TLS != nil {
		cfg = c.cfg.TLS.Clone()
	}
	cfg.ServerName = c.cfg.serverName()
	cfg.ClientSessionCache = tls.NewLRUClientSessionCache(0)
	if verify := cfg.VerifyConnection; verify != nil {
		cfg.VerifyConnection = func(cs tls.ConnectionState) error {
			var certErr *CertError
			err := verify(cs)
			if err == nil || errors.As(err, &certErr) {
				return err
			}
			return newCertError(cs.PeerCertificates, err)
		}
	}
	return cfg
}

// handshake runs the handshake of conn within its limit.
func (c *Conn) handshake(ctx context.Context, conn *tls.Conn) error {
	limited, cancel := context.WithTimeout(ctx, c.cfg.Timeouts.Handshake)
	defer cancel()
	err := conn.HandshakeContext(limited)
	switch {
	case err == nil:
		cs := conn.ConnectionState()
		resumed := ""
		if cs.DidResume {
			resumed = ", resumed"
		}
		c.note("%s, %s%s", tls.VersionName(cs.Version), tls.CipherSuiteName(cs.CipherSuite), resumed)
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case limited.Err() != nil:
		return fmt.Errorf("the TLS handshake took longer than %v: %w", c.cfg.Timeouts.Handshake, os.ErrDeadlineExceeded)
	}
	var record tls.RecordHeaderError
	if errors.As(err, &record) && c.cfg.Security == Implicit && c.tlsData == nil {
		return fmt.Errorf("the server answers in plain text (%q): use explicit TLS (ftpes://)", record.RecordHeader[:])
	}
	return explainTLS(err)
}

// explainTLS turns an error of package tls into words; others stay.
func explainTLS(err error) error {
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var op *net.OpError
	switch {
	case errors.As(err, &verification):
		return newCertError(verification.UnverifiedCertificates, verification.Err)
	case errors.As(err, &record):
		return fmt.Errorf("the server broke off TLS and said %q", record.RecordHeader[:])
	case errors.As(err, &op) && op.Op == "remote error":
		text := op.Err.Error()
		if strings.Contains(text, "certificate") || strings.Contains(text, "unknown certificate authority") {
			return &CertError{Reason: "the server refused ours (" + text + ")", Err: err}
		}
		return fmt.Errorf("the server refused TLS: %w", op.Err)
	}
	return err
}

// protectData makes the server use TLS on data connections.
func (c *Conn) protectData(ctx context.Context) error {
	if c.tlsData == nil {
		return nil
	}
	if _, err := c.cmd(ctx, "PBSZ", "0", 2); fatal(err) {
		return err
	}
	_, err := c.cmd(ctx, "PROT", "P", 2)
	if err != nil && !fatal(err) && c.cfg.Security == Implicit {
		return nil // such servers protect all; we shake hands in any case
	}
	if err != nil {
		return fmt.Errorf("the server does not protect data connections: %w", err)
	}
	return nil
}
