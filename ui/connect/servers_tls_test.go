//go:build servers

package connect_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"portside/ftp"
)

// secure is a server that speaks TLS, and how to reach it.
type secure struct {
	server
	ftp.Config
}

// secureServers returns the servers of the table that speak TLS.
func secureServers(t *testing.T) (lab, []secure) {
	t.Helper()
	l := theLab(t)
	pem, err := os.ReadFile(l.ca)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	var servers []secure
	for _, s := range l.servers {
		port, err := strconv.Atoi(s.port)
		if err != nil {
			t.Fatal(err)
		}
		cfg := ftp.Config{Host: s.host, Port: port, User: l.user, Password: l.password, TLS: &tls.Config{RootCAs: roots}}
		switch s.kind {
		case "tls", "optional":
			cfg.Security = ftp.Explicit
		case "implicit":
			cfg.Security = ftp.Implicit
		default:
			continue
		}
		servers = append(servers, secure{s, cfg})
	}
	return l, servers
}

// tlsSession is a login that counts its TLS handshakes.
type tlsSession struct {
	*ftp.Conn
	handshakes, resumed atomic.Int64
}

func newTLSSession(t *testing.T, cfg ftp.Config) *tlsSession {
	t.Helper()
	s := &tlsSession{}
	cfg.Trace = &ftp.Trace{Line: func(dir byte, text string) {
		if dir == '*' && strings.HasPrefix(text, "TLS 1.") {
			s.handshakes.Add(1)
			if strings.HasSuffix(text, "resumed") {
				s.resumed.Add(1)
			}
		}
	}}
	var err error
	if s.Conn, err = ftp.Dial(t.Context(), cfg); err != nil {
		t.Error(err)
		return nil
	}
	return s
}

// mixed runs n transfers in dir, which holds the file "f": listings, downloads
// and uploads in turn.
func (s *tlsSession) mixed(ctx context.Context, n int, dir, own string, data []byte) error {
	for i := range n {
		if err := s.one(ctx, i, dir, own, data); err != nil {
			return fmt.Errorf("transfer %d: %w", i+1, err)
		}
	}
	return nil
}

func (s *tlsSession) one(ctx context.Context, i int, dir, own string, data []byte) error {
	switch i % 3 {
	case 0:
		for _, err := range s.List(ctx, dir) {
			if err != nil {
				return err
			}
		}
		return nil
	case 1:
		d, err := s.Retr(ctx, path.Join(dir, "f"), 0)
		if err != nil {
			return err
		}
		got, err := io.ReadAll(d)
		if err = errors.Join(err, d.Close()); err == nil && !bytes.Equal(got, data) {
			err = fmt.Errorf("got other data: %d bytes, want %d", len(got), len(data))
		}
		return err
	}
	return s.store(ctx, path.Join(dir, own), data)
}

func (s *tlsSession) store(ctx context.Context, name string, data []byte) error {
	u, err := s.Stor(ctx, name, 0)
	if err != nil {
		return err
	}
	_, err = u.ReadFrom(bytes.NewReader(data))
	return errors.Join(err, u.Close())
}

// TestReuseInARow makes 400 transfers on one login, and 50 on each of 8 logins
// at once. vsftpd and ProFTPD refuse every data connection that does not resume
// its own session. -short makes a tenth of them.
func TestReuseInARow(t *testing.T) {
	inARow, each := 400, 50
	if testing.Short() {
		inARow, each = 40, 5
	}
	l, servers := secureServers(t)
	for _, server := range servers {
		if server.is("noticket") { // which is a case of its own
			continue
		}
		name := server.name
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			t.Run(name+"/"+tls.VersionName(version), func(t *testing.T) {
				cfg := server.Config
				cfg.TLS = cfg.TLS.Clone()
				cfg.TLS.MinVersion, cfg.TLS.MaxVersion = version, version
				cfg.Memory = ftp.NewMemory(ftp.Profile{})
				dir, data := "/reuse-"+name, noise(4096, 7)
				first := newTLSSession(t, cfg)
				if first == nil {
					return
				}
				remove := func() { os.RemoveAll(filepath.Join(l.data, dir)) }
				remove()
				defer remove()
				if err := first.MakeDir(t.Context(), dir); err != nil {
					t.Fatal(err)
				}
				if err := first.store(t.Context(), path.Join(dir, "f"), data); err != nil {
					t.Fatal(err)
				}
				sessions := []*tlsSession{first}
				if err := first.mixed(t.Context(), inARow, dir, "one", data); err != nil {
					t.Error(err)
				}
				var all sync.WaitGroup
				for i := range 8 {
					s := newTLSSession(t, cfg)
					if s == nil {
						return
					}
					sessions = append(sessions, s)
					all.Go(func() {
						if err := s.mixed(t.Context(), each, dir, fmt.Sprint("many", i), data); err != nil {
							t.Error(err)
						}
					})
				}
				all.Wait()
				var handshakes, resumed int64
				for _, s := range sessions {
					handshakes += s.handshakes.Load() - 1 // the control connection's
					resumed += s.resumed.Load()
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				}
				t.Logf("%d of %d data connections resumed", resumed, handshakes)
				strict := !server.is("noreuse") && (server.program() == "vsftpd" || server.program() == "proftpd")
				if int(handshakes) < inARow+8*each || strict && resumed != handshakes {
					t.Errorf("%d of %d data connections resumed", resumed, handshakes)
				}
			})
		}
	}
}

// TestOldTickets lets eight hours pass on our clock. ProFTPD refuses tickets of
// that age; then the session is over, and a new one goes on.
func TestOldTickets(t *testing.T) {
	l, servers := secureServers(t)
	for _, server := range servers {
		if server.name != server.program()+"-tls" {
			continue
		}
		t.Run(server.name, func(t *testing.T) {
			var passed atomic.Int64
			cfg := server.Config
			cfg.TLS = cfg.TLS.Clone()
			cfg.TLS.Time = func() time.Time { return time.Now().Add(time.Duration(passed.Load())) }
			cfg.Memory = ftp.NewMemory(ftp.Profile{})
			dir, data := "/old-"+server.name, noise(4096, 5)
			defer os.RemoveAll(filepath.Join(l.data, dir))
			s := newTLSSession(t, cfg)
			if s == nil {
				return
			}
			if err := errors.Join(s.MakeDir(t.Context(), dir), s.store(t.Context(), path.Join(dir, "f"), data)); err != nil {
				t.Fatal(err)
			}
			passed.Store(int64(8 * time.Hour))
			err := s.store(t.Context(), path.Join(dir, "f"), data)
			var reuse *ftp.ReuseError
			switch {
			case errors.As(err, &reuse) && !reuse.Final && !s.Alive():
				t.Logf("a new login: %v", err)
			case err != nil:
				t.Fatal(err)
			}
			_ = s.Close()
			if s = newTLSSession(t, cfg); s == nil {
				return
			}
			defer s.Close()
			// The upload that was refused has left an empty file there.
			err = s.store(t.Context(), path.Join(dir, "f"), data)
			if err = errors.Join(err, s.mixed(t.Context(), 6, dir, "up", data)); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestUploadsArrive uploads files of 0 bytes to 5 MiB over TLS 1.3, and
// compares what the servers have on disk. PORTSIDE_UPLOADS says how many.
func TestUploadsArrive(t *testing.T) {
	total := 60
	if n, err := strconv.Atoi(os.Getenv("PORTSIDE_UPLOADS")); err == nil {
		total = n
	}
	l, servers := secureServers(t)
	source := noise(10<<20, 11)
	servers = slices.DeleteFunc(servers, func(s secure) bool { return s.name != s.program()+"-tls" })
	for _, server := range servers {
		name := server.name
		t.Run(name, func(t *testing.T) {
			cfg := server.Config
			cfg.TLS = cfg.TLS.Clone()
			cfg.TLS.MinVersion = tls.VersionTLS13
			s := newTLSSession(t, cfg)
			if s == nil {
				return
			}
			defer s.Close()
			dir := "/uploads-" + name
			disk := filepath.Join(l.data, dir)
			os.RemoveAll(disk)
			defer os.RemoveAll(disk)
			if err := s.MakeDir(t.Context(), dir); err != nil {
				t.Fatal(err)
			}
			seed := rand.Uint64()
			random := rand.New(rand.NewPCG(seed, 2))
			t.Logf("seed %d", seed)
			var sent int64
			for i := range total / len(servers) {
				size := random.IntN(5<<20 + 1)
				if i%50 == 0 {
					size = 0
				}
				at := random.IntN(len(source) - size)
				data, file := source[at:at+size], fmt.Sprint("up", i%10)
				if err := s.store(t.Context(), path.Join(dir, file), data); err != nil {
					t.Fatalf("upload %d of %d bytes: %v", i+1, size, err)
				}
				got, err := os.ReadFile(filepath.Join(disk, file))
				if err != nil || !bytes.Equal(got, data) {
					t.Fatalf("upload %d of %d bytes: %d bytes on disk, %v", i+1, size, len(got), err)
				}
				sent += int64(size)
			}
			t.Logf("%d files, %d MiB, all whole; %d of %d data connections resumed", total/len(servers), sent>>20, s.resumed.Load(), s.handshakes.Load()-1)
		})
	}
}
