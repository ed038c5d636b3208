package ftp

import (
	"net"
	"syscall"
	"testing"
)

// How long a socket waits for more never makes its buffer smaller, and is small
// against it.
func TestGatherLeavesTheBuffer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	tcp := conn.(*net.TCPConn)
	before := option(t, tcp, syscall.SO_RCVBUF)
	for _, test := range []struct {
		bytes int64
		want  int
	}{{1 << 30, min(before/8, mostGathered)}, {1000, 1000}, {0, 1}} {
		gather(tcp, test.bytes)
		if got := option(t, tcp, syscall.SO_RCVLOWAT); got != test.want {
			t.Errorf("gather(%d) waits for %d bytes, want %d", test.bytes, got, test.want)
		}
		if after := option(t, tcp, syscall.SO_RCVBUF); after != before {
			t.Errorf("gather(%d) made a buffer of %d bytes one of %d", test.bytes, before, after)
		}
	}
}

// option reads a number that the kernel keeps about a socket.
func option(t *testing.T, conn *net.TCPConn, name int) (n int) {
	t.Helper()
	rc, err := conn.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	failed := rc.Control(func(fd uintptr) { n, err = syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, name) })
	if failed != nil || err != nil {
		t.Fatal(failed, err)
	}
	return n
}
