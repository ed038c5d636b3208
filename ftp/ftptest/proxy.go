package ftptest

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// ProxyConfig describes a proxy. The zero value is a SOCKS 5 proxy that lets
// anybody in.
type ProxyConfig struct {
	HTTP           bool              // speaks HTTP CONNECT, not SOCKS 5
	User, Password string            // who has to log in; an empty User: nobody
	Hosts          map[string]string // the addresses of names that nobody else knows
	Status         int               // of the answer to CONNECT, or code of SOCKS; 0: as it is
	Silent         bool              // takes connections and says nothing
	Says           string            // what it says in place of everything, as it stands
}

// Proxy is a running proxy on 127.0.0.1.
type Proxy struct {
	cfg      ProxyConfig
	listener net.Listener
	wg       sync.WaitGroup // accept loop and connections

	mu      sync.Mutex
	open    map[net.Conn]bool // nil after Close
	targets []string
}

// StartProxy listens and serves until Close.
func StartProxy(cfg ProxyConfig) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("ftptest: %w", err)
	}
	p := &Proxy{cfg: cfg, listener: l, open: map[net.Conn]bool{}}
	// Close ends the listener and with it this goroutine, and waits for it.
	p.wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if !p.track(conn) {
				return
			}
			// Close closes conn, which ends this, and waits for it.
			p.wg.Go(func() {
				defer p.drop(conn)
				p.serve(conn)
			})
		}
	})
	return p, nil
}

// Addr returns host and port.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Targets returns where the proxy was asked to connect to, in order.
func (p *Proxy) Targets() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.targets...)
}

// Close ends everything and waits for it.
func (p *Proxy) Close() {
	p.listener.Close()
	p.mu.Lock()
	for conn := range p.open {
		conn.Close()
	}
	p.open = nil
	p.mu.Unlock()
	p.wg.Wait()
}

func (p *Proxy) track(conn net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open == nil {
		conn.Close()
		return false
	}
	p.open[conn] = true
	return true
}

func (p *Proxy) drop(conn net.Conn) {
	conn.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, conn)
}

// serve lets one client through.
func (p *Proxy) serve(client net.Conn) {
	in := bufio.NewReader(client)
	if p.cfg.Says != "" || p.cfg.Silent {
		tellClient(client, p.cfg.Says)
		_, _ = io.Copy(io.Discard, in) // until the client has had enough
		return
	}
	ask, refuse, agree := p.askSOCKS, socksRefuse, socksAgree
	if p.cfg.HTTP {
		ask, refuse, agree = p.askHTTP, httpRefuse, httpAgree
	}
	target, err := ask(client, in)
	if err != nil {
		return
	}
	if p.cfg.Status != 0 {
		refuse(client, p.cfg.Status)
		return
	}
	server, err := net.Dial("tcp", p.resolve(target))
	if err != nil || !p.track(server) {
		refuse(client, map[bool]int{true: http.StatusBadGateway, false: 5}[p.cfg.HTTP])
		return
	}
	defer p.drop(server)
	agree(client)
	join(client, in, server)
}

// join passes bytes in both directions until both ends are done.
func join(client net.Conn, in io.Reader, server net.Conn) {
	var up sync.WaitGroup
	// Ends when the client closes its half, or with the connections; awaited below.
	up.Go(func() {
		if _, err := io.Copy(server, in); err != nil {
			client.Close()
		}
		_ = server.(*net.TCPConn).CloseWrite() // fails where it is closed
	})
	if _, err := io.Copy(client, server); err != nil {
		server.Close()
	}
	_ = client.(*net.TCPConn).CloseWrite() // fails where it is closed
	up.Wait()
}

// resolve notes a target and returns its address.
func (p *Proxy) resolve(target string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.targets = append(p.targets, target)
	host, port, err := net.SplitHostPort(target)
	if addr := p.cfg.Hosts[host]; err == nil && addr != "" {
		return net.JoinHostPort(addr, port)
	}
	return target
}

var errProxyLogin = errors.New("ftptest: not logged in")

// askHTTP reads a CONNECT request.
func (p *Proxy) askHTTP(client net.Conn, in *bufio.Reader) (string, error) {
	req, err := http.ReadRequest(in)
	if err != nil {
		return "", err
	}
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(p.cfg.User+":"+p.cfg.Password))
	if p.cfg.User != "" && req.Header.Get("Proxy-Authorization") != want {
		httpRefuse(client, http.StatusProxyAuthRequired)
		return "", errProxyLogin
	}
	if req.Method != http.MethodConnect {
		httpRefuse(client, http.StatusMethodNotAllowed)
		return "", errProxyLogin
	}
	return req.RequestURI, nil
}

func httpRefuse(client net.Conn, status int) {
	tellClient(client, fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Length: 0\r\n\r\n", status, http.StatusText(status)))
}

func httpAgree(client net.Conn) {
	tellClient(client, "HTTP/1.1 200 Connection established\r\nVia: ftptest\r\n\r\n")
}

// askSOCKS reads a login and a request (RFC 1928, RFC 1929).
func (p *Proxy) askSOCKS(client net.Conn, in *bufio.Reader) (string, error) {
	ways, err := readCounted(in, 1)
	if err != nil {
		return "", err
	}
	way := byte(0)
	if p.cfg.User != "" {
		way = 2
	}
	if !strings.Contains(ways, string([]byte{way})) {
		tellClient(client, string([]byte{5, 0xFF}))
		return "", errProxyLogin
	}
	tellClient(client, string([]byte{5, way}))
	if way == 2 {
		user, err := readCounted(in, 1)
		if err != nil {
			return "", err
		}
		password, err := readCounted(in, 0)
		if err != nil {
			return "", err
		}
		if user != p.cfg.User || password != p.cfg.Password {
			tellClient(client, string([]byte{1, 1}))
			return "", errProxyLogin
		}
		tellClient(client, string([]byte{1, 0}))
	}
	return readTarget(in)
}

// readCounted skips some bytes, and reads a string behind its length.
func readCounted(in *bufio.Reader, skip int) (string, error) {
	if _, err := in.Discard(skip); err != nil {
		return "", err
	}
	n, err := in.ReadByte()
	if err != nil {
		return "", err
	}
	b := make([]byte, n)
	_, err = io.ReadFull(in, b)
	return string(b), err
}

// readTarget reads a request to connect.
func readTarget(in *bufio.Reader) (string, error) {
	var head [4]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return "", err
	}
	var host string
	var err error
	if head[3] == 3 {
		host, err = readCounted(in, 0)
	} else {
		b := make([]byte, map[byte]int{1: net.IPv4len, 4: net.IPv6len}[head[3]])
		_, err = io.ReadFull(in, b)
		host = net.IP(b).String()
	}
	var port uint16
	if err == nil {
		err = binary.Read(in, binary.BigEndian, &port)
	}
	return net.JoinHostPort(host, strconv.Itoa(int(port))), err
}

func socksRefuse(client net.Conn, code int) {
	tellClient(client, string([]byte{5, byte(code), 0, 1, 0, 0, 0, 0, 0, 0}))
}

func socksAgree(client net.Conn) { socksRefuse(client, 0) }

// tellClient writes to a client. One that is gone is noticed at the next read.
func tellClient(client net.Conn, text string) { _, _ = io.WriteString(client, text) }
