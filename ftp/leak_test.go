package ftp

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

// A transfer that is over before the server connected keeps no listener.
func TestActiveOverWithoutConnection(t *testing.T) {
	s := script(t, ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("PORT *", "200 ok\r\n"),
		ftptest.Exchange("RETR /empty", "226 nothing to send\r\n"), ftptest.Exchange("SIZE /empty", "213 0\r\n"))
	c := dial(t, s, withShort, withActive)
	if got, err := get(t.Context(), c, "/empty", 0); err != nil || got != "" {
		t.Fatalf("got %q, %v", got, err)
	}
	for _, cmd := range sent(s) {
		if arg, ok := strings.CutPrefix(cmd, "PORT "); ok {
			ln, err := net.Listen("tcp", parsePORT(t, arg))
			if err != nil {
				t.Fatalf("its port is still in use: %v", err)
			}
			_ = ln.Close()
		}
	}
}

// parsePORT returns the address that PORT names.
func parsePORT(t *testing.T, arg string) string {
	t.Helper()
	addr, port, err := parsePASV(arg)
	if err != nil {
		t.Fatal(err)
	}
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(addr, port)).String()
}
