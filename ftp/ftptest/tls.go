package ftptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"strings"
	"time"
)

func (s *session) authCmd(arg string) error {
	if s.srv.cfg.TLS == nil {
		return s.reply("502 Command not implemented.")
	}
	if s.tls {
		return s.reply("503 Already using TLS.")
	}
	switch strings.ToUpper(arg) {
	case "TLS", "TLS-C", "SSL", "TLS-P":
	default:
		return s.reply("504 Unknown security mechanism.")
	}
	if err := s.reply("234 Proceed with negotiation."); err != nil {
		return err
	}
	s.user, s.logged = "", false
	return s.startTLS()
}

func (s *session) pbszCmd(string) error {
	if !s.tls {
		return s.reply("503 AUTH first.")
	}
	return s.reply("200 PBSZ=0")
}

func (s *session) protCmd(arg string) error {
	switch {
	case !s.tls:
		return s.reply("503 AUTH first.")
	case strings.EqualFold(arg, "P"):
		s.prot = true
	case strings.EqualFold(arg, "C") && !s.srv.cfg.TLSRequired:
		s.prot = false
	case strings.EqualFold(arg, "C"):
		return s.reply("534 PROT P is required.")
	default:
		return s.reply("536 Protection level not supported.")
	}
	return s.reply("200 Protection set to " + strings.ToUpper(arg) + ".")
}

// ticketTag is what this session writes into its TLS tickets.
func (s *session) ticketTag() string {
	return fmt.Sprintf("ftptest %d %d", s.srv.tickets.Load(), s.id)
}

// controlTLS is the configuration of the control connection: it resumes
// any session that is not forgotten, and marks new ones as its own.
func (s *session) controlTLS() *tls.Config {
	return s.taggedTLS(fmt.Sprintf("ftptest %d ", s.srv.tickets.Load()))
}

// dataTLS is the configuration of a data connection. Where reuse is required
// it resumes only this session's own tickets.
func (s *session) dataTLS() *tls.Config {
	if s.srv.cfg.ReuseRequired {
		return s.taggedTLS(s.ticketTag())
	}
	return s.controlTLS()
}

// taggedTLS resumes sessions whose tag begins with prefix.
func (s *session) taggedTLS(prefix string) *tls.Config {
	cfg := s.srv.cfg.TLS.Clone()
	tickets := s.srv.cfg.TLS
	cfg.WrapSession = func(cs tls.ConnectionState, ss *tls.SessionState) ([]byte, error) {
		ss.Extra = [][]byte{[]byte(s.ticketTag())}
		return tickets.EncryptTicket(cs, ss)
	}
	cfg.UnwrapSession = func(identity []byte, cs tls.ConnectionState) (*tls.SessionState, error) {
		ss, err := tickets.DecryptTicket(identity, cs)
		if err != nil || ss == nil || len(ss.Extra) == 0 {
			return nil, err
		}
		tag := string(ss.Extra[0])
		if tag != prefix && (!strings.HasSuffix(prefix, " ") || !strings.HasPrefix(tag, prefix)) {
			return nil, nil
		}
		return ss, nil
	}
	return cfg
}

// NewTLS makes a certificate for names (host names and IP addresses; none:
// localhost, 127.0.0.1 and ::1), signed by an authority of its own, and returns
// a configuration for [Config] and the authority for clients.
func NewTLS(names ...string) (*tls.Config, *x509.CertPool, error) {
	if len(names) == 0 {
		names = []string{"localhost", "127.0.0.1", "::1"}
	}
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "portside test authority"},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: names[0]},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, name)
		}
	}
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	roots := x509.NewCertPool()
	var der []byte
	for _, c := range []*x509.Certificate{ca, leaf} {
		c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
		signed := key
		if c == ca {
			signed = caKey
		}
		if der, err = x509.CreateCertificate(rand.Reader, c, ca, &signed.PublicKey, caKey); err != nil {
			return nil, nil, err
		}
		if c == ca {
			parsed, err := x509.ParseCertificate(der)
			if err != nil {
				return nil, nil, err
			}
			roots.AddCert(parsed)
		}
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots, nil
}
