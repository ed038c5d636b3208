//go:build unix

package ftp

import (
	"net"
	"syscall"
)

// quiet reports whether conn is open and nothing waits to be read from it.
// False means that reading would tell more.
func quiet(conn net.Conn) bool {
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	rc, err := sc.SyscallConn()
	if err != nil {
		return false
	}
	var empty bool
	err = rc.Control(func(fd uintptr) {
		var b [1]byte
		// Sockets of package net do not block.
		_, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK)
		empty = err == syscall.EAGAIN
	})
	return err == nil && empty
}
