package ftp

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// Pin is the SHA-256 sum of a certificate's public key (SPKI). It stays the same
// when a certificate is renewed for the same key.
type Pin [sha256.Size]byte

// pinPrefix begins the printed form.
const pinPrefix = "sha256//"

// PinOf returns the pin of a certificate.
func PinOf(cert *x509.Certificate) Pin { return sha256.Sum256(cert.RawSubjectPublicKeyInfo) }

// ParsePin reads a pin: "sha256//BASE64", or 64 hex digits, also with colons
// between.
func ParsePin(s string) (Pin, error) {
	var sum []byte
	var err error
	if text, ok := strings.CutPrefix(s, pinPrefix); ok {
		sum, err = base64.StdEncoding.DecodeString(text)
	} else {
		sum, err = hex.DecodeString(strings.ReplaceAll(s, ":", ""))
	}
	if err != nil || len(sum) != sha256.Size {
		return Pin{}, fmt.Errorf("%q is not the SHA-256 of a key: write %sBASE64, or 64 hex digits", s, pinPrefix)
	}
	return Pin(sum), nil
}

// String returns the pin as "sha256//BASE64".
func (p Pin) String() string { return pinPrefix + base64.StdEncoding.EncodeToString(p[:]) }
