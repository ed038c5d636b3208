//go:build servers

package connect_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"portside/ftp"
	"portside/ftp/ftptest"
)

// far is an `openssl s_server`: the far end of one TLS connection that does what
// crypto/tls cannot, on single letters.
type far struct {
	cmd      *exec.Cmd
	in       io.WriteCloser
	port     int
	received atomic.Int64  // bytes that it printed
	ready    chan struct{} // closed when the handshake is done
	done     chan struct{} // closed when it has ended
}

// startFar starts one with a certificate of a.
func startFar(t *testing.T, cert tls.Certificate, args ...string) *far {
	t.Helper()
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "server.pem")
	both := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	if err := os.WriteFile(file, both, 0o600); err != nil {
		t.Fatal(err)
	}
	f := &far{ready: make(chan struct{}), done: make(chan struct{})}
	f.cmd = exec.CommandContext(t.Context(), "openssl", append([]string{"s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-cert", file}, args...)...)
	out, err := f.cmd.StdoutPipe()
	if err == nil {
		f.in, err = f.cmd.StdinPipe()
	}
	if err == nil {
		err = f.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	port := make(chan int, 1)
	// Ends with the program, which the context of the test ends; wait waits.
	go func() {
		defer close(f.done)
		f.read(out, port)
		_ = f.cmd.Wait()
	}()
	select {
	case f.port = <-port:
	case <-f.done:
		t.Fatal("openssl does not start")
	}
	t.Cleanup(func() { _ = f.in.Close(); _ = f.cmd.Process.Kill(); <-f.done })
	return f
}

// read reads what the program prints: its own words, and what it receives.
func (f *far) read(out io.Reader, port chan<- int) {
	lines := bufio.NewReaderSize(out, 1<<20)
	ready := false
	for {
		line, err := lines.ReadSlice('\n')
		f.received.Add(int64(len(line)))
		if at, ok := bytes.CutPrefix(line, []byte("ACCEPT 127.0.0.1:")); ok {
			n, _ := strconv.Atoi(string(bytes.TrimSpace(at)))
			port <- n
		}
		if !ready && bytes.HasPrefix(line, []byte("CIPHER is")) {
			ready = true
			close(f.ready)
		}
		if err != nil && err != bufio.ErrBufferFull {
			return
		}
	}
}

func (f *far) types(t *testing.T, s string) {
	t.Helper()
	if _, err := io.WriteString(f.in, s); err != nil {
		t.Error(err)
	}
}

// TestOpenSSL asks for renegotiation, and for new keys in the middle of an
// upload.
func TestOpenSSL(t *testing.T) {
	a, err := ftptest.NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	cert, err := a.Issue(ftptest.Cert{})
	if err != nil {
		t.Fatal(err)
	}
	cfg := ftp.Config{Host: "127.0.0.1", Security: ftp.Implicit, User: "demo", Password: "demo", Mode: ftp.Passive, TLS: &tls.Config{RootCAs: a.Pool}}
	t.Run("renegotiation", func(t *testing.T) {
		f := startFar(t, cert, "-tls1_2")
		cfg := cfg
		cfg.Port = f.port
		go func() { // ends with the handshake, or with the program
			select {
			case <-f.ready:
				f.types(t, "r\n")
			case <-f.done:
			}
		}()
		_, err := ftp.Dial(t.Context(), cfg)
		if err == nil || !strings.Contains(err.Error(), "wants to renegotiate") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("new keys", func(t *testing.T) {
		f := startFar(t, cert, "-tls1_3")
		cfg := cfg
		cfg.Port = control(t, cert, f)
		c, err := ftp.Dial(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		u, err := c.Stor(t.Context(), "/x", 0)
		if err != nil {
			t.Fatal(err)
		}
		<-f.ready
		chunk := make([]byte, 1<<20)
		const chunks = 400 // more than six looks at what came
		for i := range chunks {
			if i%40 == 0 {
				f.types(t, "K\n") // new keys of its own, and it wants new ones of ours
			}
			if _, err := u.Write(chunk); err != nil {
				t.Fatalf("after %d MiB: %v", i, err)
			}
		}
		if err := u.Close(); err != nil {
			t.Error(err)
		}
		<-f.done
		if got := f.received.Load(); got < chunks<<20 {
			t.Errorf("%d bytes arrived", got)
		}
		_ = c.Close()
	})
}

// control is the control connection of a server whose data connection is f.
func control(t *testing.T, cert tls.Certificate, f *far) (port int) {
	t.Helper()
	ln, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	// The client's close, or that of the listener, ends it; the cleanup waits.
	go func() {
		defer close(done)
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprint(conn, "220 hi\r\n")
		for lines := bufio.NewScanner(conn); lines.Scan(); {
			verb, _, _ := strings.Cut(lines.Text(), " ")
			switch verb {
			case "USER":
				fmt.Fprint(conn, "331 and\r\n")
			case "PASS":
				fmt.Fprint(conn, "230 in\r\n")
			case "PBSZ", "PROT", "TYPE":
				fmt.Fprint(conn, "200 fine\r\n")
			case "EPSV":
				fmt.Fprintf(conn, "229 (|||%d|)\r\n", f.port)
			case "STOR":
				fmt.Fprint(conn, "150 go\r\n")
				<-f.done
				fmt.Fprint(conn, "226 done\r\n")
			default:
				fmt.Fprint(conn, "502 no\r\n")
			}
		}
	}()
	t.Cleanup(func() { ln.Close(); <-done })
	return ln.Addr().(*net.TCPAddr).Port
}
