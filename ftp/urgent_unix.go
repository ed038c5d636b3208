//go:build unix

package ftp

import (
	"net"
	"syscall"
)

// urgent sends p, its last byte as urgent data. It reports false, and sends
// nothing, where conn has no such thing.
func urgent(conn net.Conn, p []byte) (sent bool, err error) {
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return false, nil
	}
	rc, err := sc.SyscallConn()
	if err != nil {
		return false, err
	}
	var failed error
	err = rc.Write(func(fd uintptr) bool {
		var n int
		n, failed = syscall.SendmsgN(int(fd), p, nil, nil, syscall.MSG_OOB)
		sent = sent || n > 0
		p = p[max(n, 0):]
		return failed != syscall.EAGAIN && (failed != nil || len(p) == 0)
	})
	if err == nil {
		err = failed
	}
	return sent, err
}
