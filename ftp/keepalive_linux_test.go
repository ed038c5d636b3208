package ftp

import (
	"net"
	"syscall"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// TestTCPKeepAlive looks at the sockets of both kinds of connection.
func TestTCPKeepAlive(t *testing.T) {
	tr, _ := tree(1000)
	s := serve(t, ftptest.Config{Tree: tr})
	for _, mode := range []Mode{Passive, Active} {
		c := dial(t, s, func(cfg *Config) { cfg.Mode = mode })
		d, err := c.Retr(t.Context(), "/f", 0)
		if err != nil {
			t.Fatal(err)
		}
		for name, conn := range map[string]net.Conn{"control": c.raw, "data": d.t.raw} {
			raw, err := conn.(*net.TCPConn).SyscallConn()
			if err != nil {
				t.Fatal(err)
			}
			if err := raw.Control(func(fd uintptr) {
				on, _ := syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_KEEPALIVE)
				idle, _ := syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE)
				if on != 1 || time.Duration(idle)*time.Second != keepAlive {
					t.Errorf("%v, %s: keep-alive %d after %d s", mode, name, on, idle)
				}
			}); err != nil {
				t.Fatal(err)
			}
		}
		_ = d.Close()
	}
}
