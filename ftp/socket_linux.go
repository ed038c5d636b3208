package ftp

import (
	"net"
	"syscall"
)

// ipBindAddressNoPort is IP_BIND_ADDRESS_NO_PORT of linux/in.h.
const ipBindAddressNoPort = 24

// bindLate lets the kernel choose the local port when it connects and not when
// the socket is bound, so that thousands of short connections do not use up
// the ports. It is a favour: a kernel that cannot do it still connects.
func bindLate(_, _ string, rc syscall.RawConn) error {
	return rc.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IP, ipBindAddressNoPort, 1)
	})
}

// ackAtOnce makes the kernel acknowledge the next packets without delay. A
// server that ends a short TLS transfer in two small writes would wait 40 ms
// for that between them.
func ackAtOnce(conn net.Conn) {
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return
	}
	if rc, err := sc.SyscallConn(); err == nil {
		_ = rc.Control(func(fd uintptr) {
			_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
		})
	}
}
