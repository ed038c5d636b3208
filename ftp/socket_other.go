//go:build !linux

package ftp

import (
	"net"
	"syscall"
)

// bindLate does nothing here.
func bindLate(_, _ string, _ syscall.RawConn) error { return nil }

// ackAtOnce does nothing here.
func ackAtOnce(net.Conn) {}
