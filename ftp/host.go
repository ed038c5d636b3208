package ftp

import (
	"fmt"

	"golang.org/x/net/idna"
)

// asciiHost returns a host as resolvers and certificates spell it: names with
// letters beyond ASCII in the form "xn--...".
func asciiHost(host string) (string, error) {
	for i := range len(host) {
		if host[i] < 0x80 {
			continue
		}
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return "", fmt.Errorf("%q is not the name of a host: %w", host, err)
		}
		return ascii, nil
	}
	return host, nil
}
