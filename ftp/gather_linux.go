package ftp

import (
	"net"
	"syscall"
)

// mostGathered is the most that a socket waits for. It is small against what is
// under way in one round trip wherever that many bytes come in a moment.
const mostGathered = 256 << 10

// gather lets a socket wait until so many bytes are there before it wakes us, or
// until the end: each of several fast streams would else wake us for every few
// packets, and that takes more work than the copying does. A stream that turns
// slow is looked after by the deadline of its reader. The buffer stays as the
// kernel sizes it: no more is waited for than an eighth of it.
func gather(conn *net.TCPConn, bytes int64) {
	rc, err := conn.SyscallConn()
	if err != nil {
		return
	}
	_ = rc.Control(func(fd uintptr) { // a favour
		room, err := syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF)
		if err != nil {
			return
		}
		n := max(1, min(bytes, mostGathered, int64(room/8)))
		_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVLOWAT, int(n))
	})
}
