package ftp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"time"
)

// secured is the TLS of a session: set when it begins, but for what data
// connections showed.
type secured struct {
	tlsBase *tls.Config // of this session: one name, one cache
	tlsData *tls.Config // tlsBase for data connections; nil where they are in the clear
	tickets *tickets    // the cache of tlsBase
	ear     *ear        // between wire and raw
	asked   bool        // the server wanted a certificate of ours
	unlucky int         // Memory's count of ReuseErrors when TLS began
	resumes bool        // a data connection resumed the TLS session
	freely  bool        // one worked that did not
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
		return c.allowPlain(ctx, err)
	case c.br.Buffered() > 0:
		return &ProtocolError{Text: "the server sent plain text behind its answer to AUTH", Seen: r.lines[0]}
	}
	return c.startTLS(ctx)
}

// startTLS puts TLS on the control connection.
func (c *Conn) startTLS(ctx context.Context) error {
	c.tickets = &tickets{ClientSessionCache: tls.NewLRUClientSessionCache(0), now: c.cfg.now}
	c.unlucky = c.know.reuseRefusals()
	c.tlsBase = c.baseTLS()
	c.ear = &ear{Conn: c.raw}
	conn := tls.Client(c.ear, c.tlsBase)
	_ = c.raw.SetDeadline(time.Time{}) // that of the last reply
	if err := c.handshake(ctx, conn); err != nil {
		return err
	}
	c.wire = conn
	c.br.Reset(conn)
	return c.markTLS(ctx)
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
	cfg.ClientSessionCache = c.tickets
	if cfg.Time == nil {
		cfg.Time = c.cfg.now
	}
	if cfg.GetClientCertificate == nil {
		cfg.GetClientCertificate = c.ourCertificate(cfg.Certificates)
	}
	trusting, theirs := cfg.InsecureSkipVerify && len(c.cfg.Pins) == 0, cfg.VerifyConnection
	cfg.InsecureSkipVerify = true // verify does it, and tells more
	cfg.VerifyConnection = func(cs tls.ConnectionState) error {
		var err error
		if !trusting {
			err = c.verify(cfg, cs.PeerCertificates)
		}
		if err == nil && theirs != nil {
			if err = theirs(cs); err != nil && !errors.As(err, new(*CertError)) {
				err = newCertError(cs.PeerCertificates, err)
			}
		}
		return err
	}
	return cfg
}

// ourCertificate returns what answers a server that asks for a certificate, as
// package tls does it, and notes that one asked.
func (c *Conn) ourCertificate(have []tls.Certificate) func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return func(request *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		c.asked = true
		for i := range have {
			if request.SupportsCertificate(&have[i]) == nil {
				return &have[i], nil
			}
		}
		return &tls.Certificate{}, nil
	}
}

// errOtherCert ends a data connection that somebody else answers.
var errOtherCert = errors.New("it shows another certificate than the control connection")

// dataTLS returns the TLS config of data connections: what they show must be
// the certificate that was trusted on the control connection. A session that
// was resumed shows that one.
func (c *Conn) dataTLS() *tls.Config {
	cfg := c.tlsBase.Clone()
	leaf := c.wire.(*tls.Conn).ConnectionState().PeerCertificates[0]
	cfg.VerifyConnection = func(cs tls.ConnectionState) error {
		if len(cs.PeerCertificates) == 0 || !cs.PeerCertificates[0].Equal(leaf) {
			return errOtherCert
		}
		return nil
	}
	return cfg
}

// handshake runs the handshake of conn within its limit. Those that resume no
// session cost a server much: few run at once.
func (c *Conn) handshake(ctx context.Context, conn *tls.Conn) error {
	limited, cancel := context.WithTimeout(ctx, c.cfg.Timeouts.Handshake)
	defer cancel()
	var err error
	if !c.tickets.holds(c.tlsBase.ServerName) {
		err = c.know.shake(limited, func() error { return conn.HandshakeContext(limited) })
	} else {
		err = conn.HandshakeContext(limited)
	}
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
	case c.wire == c.raw: // the control connection's own
		return c.explainControl(err)
	}
	return explainTLS(err)
}

// protectData makes the server use TLS on data connections, or leaves them in
// the clear where that was asked for.
func (c *Conn) protectData(ctx context.Context) error {
	if c.tlsBase == nil {
		return nil
	}
	if _, err := c.cmd(ctx, "PBSZ", "0", 2); fatal(err) {
		return err
	}
	level := "P"
	if c.cfg.ClearData {
		level = "C"
	}
	_, err := c.cmd(ctx, "PROT", level, 2)
	switch {
	case err == nil:
	case fatal(err):
		return err
	case c.cfg.ClearData:
		return fmt.Errorf("the server does not leave data connections in the clear: %w", err)
	case c.cfg.Security != Implicit: // such servers protect all; we shake hands in any case
		return fmt.Errorf("the server does not protect data connections (--clear-data leaves them in the clear): %w", err)
	}
	if !c.cfg.ClearData {
		c.tlsData = c.dataTLS()
	}
	return nil
}
