package connect

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"portside/ftp"
	"portside/queue"
)

// ParsePin reads the fingerprint of a key: sha256//BASE64, or hex.
func ParsePin(s string) (ftp.Pin, error) { return ftp.ParsePin(s) }

// tlsVersion returns the version that a setting names, 0 for none.
func tlsVersion(s string) (uint16, error) {
	switch s {
	case "":
		return 0, nil
	case "1.2":
		return tls.VersionTLS12, nil
	case "1.3":
		return tls.VersionTLS13, nil
	}
	return 0, fmt.Errorf("the newest version of TLS is 1.2 or 1.3, not %q", s)
}

// tlsConfig reads the settings of TLS.
func tlsConfig(q url.Values) (*tls.Config, error) {
	var cfg tls.Config
	var err error
	if cfg.MaxVersion, err = tlsVersion(q.Get("tls-max")); err != nil {
		return nil, err
	}
	if file := q.Get("ca"); file != "" {
		if cfg.RootCAs, err = loadRoots(file); err != nil {
			return nil, err
		}
	}
	if file := q.Get("cert"); file != "" {
		ours, err := loadOurs(file, q.Get("key"))
		if err != nil {
			return nil, err
		}
		cfg.Certificates = []tls.Certificate{ours}
	}
	return &cfg, nil
}

// CheckCA reports what is wrong with the authorities in a file.
func CheckCA(file string) error {
	_, err := loadRoots(file)
	return err
}

// CheckCert reports what is wrong with a certificate of ours and its key, which
// is in the same file if key is "".
func CheckCert(file, key string) error {
	_, err := loadOurs(file, key)
	return err
}

func loadOurs(file, key string) (tls.Certificate, error) {
	if key == "" {
		key = file
	}
	ours, err := tls.LoadX509KeyPair(file, key)
	if err != nil {
		return ours, fmt.Errorf("the certificate %s with the key %s: %s", file, key, strings.TrimPrefix(err.Error(), "tls: "))
	}
	return ours, nil
}

func loadRoots(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate in PEM form", file)
	}
	return roots, nil
}

// certFailure says what is wrong with a certificate. Where it is the server's, a
// person may trust it all the same.
func certFailure(cfg ftp.Config, cert *ftp.CertError, err error) *queue.Failure {
	if cert.Kind == ftp.CertRefused {
		return queue.Fail(queue.ClassJob, fmt.Sprintf("cannot connect to %s: %s", hostPort(cfg), cert.Reason), err)
	}
	f := queue.Fail(queue.ClassServer, fmt.Sprintf("the certificate of %s is not trusted: %s", hostPort(cfg), cert.Reason), err)
	f.Ask, f.Code = queue.AskTrust, code(err)
	if len(cert.Chain) > 0 {
		f.Facts, f.Pin = certFacts(cert.Chain[0]), cert.Fingerprint.String()
	}
	if cert.Kind == ftp.CertChanged {
		f.Text = fmt.Sprintf("%s shows another key than the one that was trusted: somebody on the way may be answering in its place", hostPort(cfg))
		for _, pin := range cfg.Pins {
			f.Facts = append(f.Facts, "Trusted: "+pin.String())
		}
	}
	return f
}

// maxNames is how many names of a certificate are shown.
const maxNames = 8

// certFacts describes a certificate, a line for each fact.
func certFacts(cert *x509.Certificate) []string {
	names := slices.Clone(cert.DNSNames)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		names = []string{cert.Subject.String()}
	}
	more := ""
	if len(names) > maxNames {
		more = fmt.Sprintf(" and %d more", len(names)-maxNames)
		names = names[:maxNames]
	}
	return []string{
		"Names: " + strings.Join(names, ", ") + more,
		"Issued by: " + cert.Issuer.String(),
		"Valid: " + cert.NotBefore.UTC().Format(time.DateOnly) + " to " + cert.NotAfter.UTC().Format(time.DateOnly),
		"Key: " + ftp.PinOf(cert).String(),
	}
}
