//go:build unix

package faults

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"time"
)

// relay stands between portside and a server and passes on what they say, over
// a line that can be cut, loses packets and breaks connections. It reads plain
// control connections, and so can have the data connections go through it as
// well; where it cannot read them, under TLS, it is a SOCKS5 proxy.
type relay struct {
	server   string // host:port
	socks    bool
	line     *line
	listener net.Listener
	record   *record
	wg       sync.WaitGroup

	mu     sync.Mutex
	rng    *rand.Rand
	open   map[*passage]bool
	ports  map[net.Listener]bool // that wait for a data connection
	ids    int
	full   bool // new control connections get 421
	dead   bool // nobody answers there
	closed bool
}

// newRelay starts a relay; close ends it.
func newRelay(server string, socks bool, l *line, seed uint64) (*relay, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &relay{server: server, socks: socks, line: l, listener: listener, record: &record{},
		rng: rand.New(rand.NewPCG(seed, 2)), open: map[*passage]bool{}, ports: map[net.Listener]bool{}}
	// close closes the listener, and waits.
	r.wg.Go(r.accept)
	return r, nil
}

func (r *relay) addr() string { return r.listener.Addr().String() }

func (r *relay) close() {
	r.mu.Lock()
	r.closed = true
	r.listener.Close()
	for l := range r.ports {
		l.Close()
	}
	r.mu.Unlock()
	r.reset(func(*passage) bool { return true })
	r.wg.Wait()
}

func (r *relay) accept() {
	for {
		conn, err := r.listener.Accept()
		if err != nil {
			return
		}
		// close resets the passage, and waits.
		r.wg.Go(func() {
			if r.socks {
				r.serveSocks(conn.(*net.TCPConn))
			} else {
				r.serve(conn.(*net.TCPConn), r.server, true, func(bool) bool { return true })
			}
		})
	}
}

// serve passes a connection on to a server. met says to the client whether
// the server is there, and returns whether the client still is.
func (r *relay) serve(near *net.TCPConn, to string, control bool, met func(bool) bool) {
	p, dead, full := r.enter(near, control)
	if p == nil || dead {
		if p != nil {
			met(false)
			p.reset()
			r.leave(p)
		}
		return
	}
	defer r.leave(p)
	if !p.line.pass(toServer, 0, time.Now().Add(2*r.line.delay), p.over) {
		return
	}
	if control && full {
		if met(true) {
			p.near.Write([]byte("421 There are too many connections from your internet address.\r\n"))
		}
		p.near.Close()
		return
	}
	far, err := net.DialTimeout("tcp", to, 10*time.Second)
	if err != nil {
		met(false)
		p.reset()
		return
	}
	r.mu.Lock()
	p.far = far.(*net.TCPConn)
	over := !r.open[p] || r.dead
	r.mu.Unlock()
	select {
	case <-p.over:
		over = true
	default:
	}
	if over || !met(true) {
		p.reset()
		far.Close()
		return
	}
	r.exchange(p)
}

// exchange carries both ways of a passage to their ends.
func (r *relay) exchange(p *passage) {
	var up, down func([]byte) []byte
	if p.control && !r.socks {
		c := &control{relay: r, passage: p}
		up, down = c.commands, c.replies
	}
	var back sync.WaitGroup
	// Ends with the passage; awaited below.
	back.Go(func() { p.carry(toClient, p.near, p.far, down) })
	p.carry(toServer, p.far, p.near, up)
	back.Wait()
	p.close()
}

// enter notes a new passage; nil: the relay is closed.
func (r *relay) enter(near *net.TCPConn, control bool) (p *passage, dead, full bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids++
	p = &passage{line: r.line, near: near, control: control, id: r.ids, began: time.Now(), over: make(chan struct{})}
	if r.closed {
		near.Close()
		return nil, false, false
	}
	r.open[p] = true
	return p, r.dead, r.full
}

func (r *relay) leave(p *passage) {
	r.mu.Lock()
	delete(r.open, p)
	r.mu.Unlock()
	p.reset()
}

// reset breaks those passages that f wants broken.
func (r *relay) reset(f func(*passage) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for p := range r.open {
		if f(p) {
			p.reset()
		}
	}
}

// data opens a port for a data connection to a port of the server.
func (r *relay) data(p *passage, host string, port int) (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		l.Close()
		return 0, errors.New("closed")
	}
	r.ports[l] = true
	// The listener is closed by the end of the control connection, by a
	// deadline, and by close, which waits.
	r.wg.Go(func() { r.await(p, l, net.JoinHostPort(host, strconv.Itoa(port))) })
	return l.Addr().(*net.TCPAddr).Port, nil
}

// await takes the one data connection that comes to l.
func (r *relay) await(p *passage, l net.Listener, to string) {
	l.(*net.TCPListener).SetDeadline(time.Now().Add(2 * time.Minute))
	taken := make(chan struct{})
	var watch sync.WaitGroup
	// Ends when a connection came or the control connection is over.
	watch.Go(func() {
		select {
		case <-taken:
		case <-p.over:
		}
		l.Close()
	})
	conn, err := l.Accept()
	close(taken)
	watch.Wait()
	r.mu.Lock()
	delete(r.ports, l)
	r.mu.Unlock()
	if err == nil {
		r.serve(conn.(*net.TCPConn), to, false, func(bool) bool { return true })
	}
}

// serveSocks does what RFC 1928 says, as far as CONNECT without a login goes.
func (r *relay) serveSocks(near *net.TCPConn) {
	near.SetDeadline(time.Now().Add(20 * time.Second))
	to, err := socksTarget(near)
	near.SetDeadline(time.Time{})
	if err != nil {
		near.Close()
		return
	}
	r.serve(near, to, to == r.server, func(there bool) bool {
		answer := []byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}
		if !there {
			answer[1] = 5 // refused
		}
		_, err := near.Write(answer)
		return err == nil
	})
}

func socksTarget(near *net.TCPConn) (string, error) {
	var head [2]byte
	if _, err := io.ReadFull(near, head[:]); err != nil {
		return "", err
	}
	if _, err := io.CopyN(io.Discard, near, int64(head[1])); err != nil {
		return "", err
	}
	if _, err := near.Write([]byte{5, 0}); err != nil {
		return "", err
	}
	var ask [5]byte // the first byte of the address is its length, where it is a name
	if _, err := io.ReadFull(near, ask[:]); err != nil {
		return "", err
	}
	n := map[byte]int{1: net.IPv4len, 3: int(ask[4]) + 1, 4: net.IPv6len}[ask[3]]
	if n == 0 || ask[1] != 1 {
		return "", fmt.Errorf("SOCKS5: % x", ask)
	}
	rest := make([]byte, n-1+2)
	if _, err := io.ReadFull(near, rest); err != nil {
		return "", err
	}
	host := string(rest[:n-1])
	if ask[3] != 3 {
		host = net.IP(append([]byte{ask[4]}, rest[:n-1]...)).String()
	}
	port := int(rest[n-1])<<8 | int(rest[n])
	return net.JoinHostPort(host, strconv.Itoa(port)), nil
}
