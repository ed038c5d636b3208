package ftp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"time"
)

// CertKind says why a certificate is not trusted.
type CertKind uint8

// The kinds of trouble with certificates.
const (
	CertOther            CertKind = iota
	CertUnknownAuthority          // nobody that we trust signed it
	CertSelfSigned                // it signed itself
	CertWrongHost                 // it is for another name
	CertExpired                   // its time is over
	CertNotYetValid               // its time has not come
	CertChanged                   // its key is none of the pins
	CertRefused                   // the server does not trust ours
)

// CertError says that a certificate is not trusted.
type CertError struct {
	Kind        CertKind
	Chain       []*x509.Certificate // as the server sent it; empty when it refused ours
	Reason      string              // why, in words: everything that is wrong
	Fingerprint Pin                 // of the leaf; zero without a chain
	Err         error
}

// Error returns the reason.
func (e *CertError) Error() string {
	if e.Kind == CertRefused {
		return e.Reason
	}
	return "the certificate is not trusted: " + e.Reason
}

// Unwrap returns what the verification said.
func (e *CertError) Unwrap() error { return e.Err }

// newCertError describes why chain was refused. The first error is the gravest.
func newCertError(chain []*x509.Certificate, errs ...error) *CertError {
	e := &CertError{Chain: chain, Err: errors.Join(errs...)}
	for i, err := range errs {
		kind, reason := certReason(chain, err)
		if i == 0 {
			e.Kind, e.Reason = kind, reason
		} else {
			e.Reason += "; " + reason
		}
	}
	if len(chain) > 0 {
		e.Fingerprint = PinOf(chain[0])
	}
	return e
}

// certReason puts the common reasons into words.
func certReason(chain []*x509.Certificate, err error) (CertKind, string) {
	var invalid x509.CertificateInvalidError
	var date *dateError
	var host x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var other *CertError
	switch {
	case errors.As(err, &other):
		return other.Kind, other.Reason
	case errors.As(err, &date):
		return date.kind(), date.Error()
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return CertExpired, "the certificate of an authority above it has expired, or is not valid yet"
	case errors.As(err, &host):
		return CertWrongHost, "it is for another name: " + strings.TrimPrefix(strings.TrimPrefix(host.Error(), "x509: "), "certificate is ")
	case errors.As(err, &unknown):
		if len(chain) > 0 && slices.Equal(chain[0].RawSubject, chain[0].RawIssuer) {
			return CertSelfSigned, "it is signed by itself"
		}
		if len(chain) > 0 && (chain[0].SignatureAlgorithm == x509.ECDSAWithSHA1 || chain[0].SignatureAlgorithm == x509.SHA1WithRSA) {
			return CertOther, "it is signed with SHA-1, which can be forged"
		}
		return CertUnknownAuthority, "it is signed by an unknown authority"
	}
	return CertOther, strings.TrimPrefix(err.Error(), "x509: ")
}

// dateError says that the time of a certificate is not now.
type dateError struct {
	now  time.Time
	cert *x509.Certificate
}

func (e *dateError) kind() CertKind {
	if e.now.Before(e.cert.NotBefore) {
		return CertNotYetValid
	}
	return CertExpired
}

// Error returns since when, or until when.
func (e *dateError) Error() string {
	if e.kind() == CertNotYetValid {
		return "it is not valid before " + e.cert.NotBefore.UTC().Format(time.DateTime)
	}
	return "it expired on " + e.cert.NotAfter.UTC().Format(time.DateTime)
}

// verify is the check of the control connection's certificate: that its key is
// a pin, or who signed it, its name and its dates, each for itself, so that
// whoever is asked to trust it all the same hears of everything.
func (c *Conn) verify(base *tls.Config, chain []*x509.Certificate) error {
	if len(chain) == 0 {
		return errors.New("the server shows no certificate")
	}
	leaf := chain[0]
	if len(c.cfg.Pins) > 0 {
		if slices.Contains(c.cfg.Pins, PinOf(leaf)) {
			return nil
		}
		return newCertError(chain, &CertError{Kind: CertChanged, Reason: "its key is not the one that was trusted"})
	}
	now := c.cfg.now()
	options := x509.VerifyOptions{Roots: base.RootCAs, Intermediates: x509.NewCertPool(), CurrentTime: now}
	for _, cert := range chain[1:] {
		options.Intermediates.AddCert(cert)
	}
	var date error
	switch {
	case now.Before(leaf.NotBefore):
		options.CurrentTime, date = leaf.NotBefore, &dateError{now, leaf}
	case now.After(leaf.NotAfter):
		options.CurrentTime, date = leaf.NotAfter, &dateError{now, leaf}
	}
	_, signed := leaf.Verify(options)
	errs := []error{signed, leaf.VerifyHostname(base.ServerName), date}
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	if len(errs) == 0 {
		return nil
	}
	return newCertError(chain, errs...)
}
