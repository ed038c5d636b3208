package ftptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"time"
)

// Authority signs certificates.
type Authority struct {
	Pool *x509.CertPool // the authority itself, for those who trust it

	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// Cert says what a certificate of an Authority is like. The zero value is a
// good one for this machine.
type Cert struct {
	Names      []string // host names and IP addresses; none: localhost, 127.0.0.1 and ::1
	NameOnly   bool     // the names stand in the subject alone, as they used to
	From, To   time.Time
	SelfSigned bool
	SHA1       bool              // signed with what nobody takes any more
	Client     bool              // for a client
	Key        *ecdsa.PrivateKey // nil: a new one
}

// NewKey makes a key for a Cert.
func NewKey() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// NewAuthority makes an authority.
func NewAuthority() (*Authority, error) {
	key, err := NewKey()
	if err != nil {
		return nil, err
	}
	cert := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "portside test authority"},
		NotBefore: time.Now().AddDate(-2, 0, 0), NotAfter: time.Now().AddDate(2, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	if cert, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	a := &Authority{Pool: x509.NewCertPool(), cert: cert, key: key}
	a.Pool.AddCert(cert)
	return a, nil
}

// DER returns the authority's own certificate.
func (a *Authority) DER() []byte { return a.cert.Raw }

// Issue makes a certificate.
func (a *Authority) Issue(c Cert) (tls.Certificate, error) {
	if len(c.Names) == 0 {
		c.Names = []string{"localhost", "127.0.0.1", "::1"}
	}
	if c.From.IsZero() {
		c.From = time.Now().Add(-time.Hour)
	}
	if c.To.IsZero() {
		c.To = time.Now().Add(24 * time.Hour)
	}
	var err error
	if c.Key == nil {
		if c.Key, err = NewKey(); err != nil {
			return tls.Certificate{}, err
		}
	}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: c.Names[0]}, NotBefore: c.From, NotAfter: c.To,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if c.SHA1 {
		leaf.SignatureAlgorithm = x509.ECDSAWithSHA1
	}
	if c.Client {
		leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	for _, name := range c.Names {
		ip := net.ParseIP(name)
		switch {
		case c.NameOnly:
		case ip != nil:
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		default:
			leaf.DNSNames = append(leaf.DNSNames, name)
		}
	}
	parent, signer := a.cert, a.key
	if c.SelfSigned {
		parent, signer = leaf, c.Key
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, parent, &c.Key.PublicKey, signer)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: c.Key}, err
}

// NewTLS makes a certificate for names (host names and IP addresses; none:
// localhost, 127.0.0.1 and ::1), signed by an authority of its own, and returns
// a configuration for [Config] and the authority for clients.
func NewTLS(names ...string) (*tls.Config, *x509.CertPool, error) {
	a, err := NewAuthority()
	if err != nil {
		return nil, nil, err
	}
	cert, err := a.Issue(Cert{Names: names})
	return &tls.Config{Certificates: []tls.Certificate{cert}}, a.Pool, err
}
