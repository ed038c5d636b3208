package connect

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"portside/ftp"
	"portside/ftp/ftptest"
	"portside/queue"
	"portside/queue/local"
)

// authority makes an authority and a server's TLS from it.
func authority(t *testing.T, c ftptest.Cert) (*ftptest.Authority, *tls.Config) {
	t.Helper()
	a, err := ftptest.NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	cert, err := a.Issue(c)
	if err != nil {
		t.Fatal(err)
	}
	return a, &tls.Config{Certificates: []tls.Certificate{cert}}
}

func serve(t *testing.T, cfg ftptest.Config) *ftptest.Server {
	t.Helper()
	s, err := ftptest.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// address is that of a user at a server, with the password known to d.
func address(t *testing.T, d *Dialer, s *ftptest.Server, settings Settings) string {
	t.Helper()
	target, err := Parse("ftp://demo@"+s.Addr(), settings)
	if err != nil {
		t.Fatal(err)
	}
	d.SetPassword(target.Address, "demo")
	return target.Address
}

// dial opens a session and closes it again.
func dial(t *testing.T, d *Dialer, address string) *queue.Failure {
	t.Helper()
	s, err := d.Dial(t.Context(), address)
	if err == nil {
		_ = s.Close()
		return nil
	}
	var f *queue.Failure
	if !errors.As(err, &f) {
		t.Fatalf("%v is no failure", err)
	}
	return f
}

func TestTrust(t *testing.T) {
	year := time.Now().UTC()
	_, first := authority(t, ftptest.Cert{Names: []string{"ftp.example", "127.0.0.2"}, To: year.AddDate(1, 0, 0)})
	s := serve(t, ftptest.Config{TLS: first, Addr: "127.0.0.1:0"})
	d := New(nil)
	at := address(t, d, s, Settings{})
	if err := d.Answer(at, queue.Answer{Trust: true}); err == nil {
		t.Error("trusts what it has not seen")
	}
	f := dial(t, d, at)
	if f == nil || f.Ask != queue.AskTrust || !strings.Contains(f.Text, "unknown authority; it is for another name") {
		t.Fatalf("got %+v", f)
	}
	facts := strings.Join(f.Facts, "\n")
	for _, want := range []string{"Names: ftp.example, 127.0.0.2", "Issued by: CN=portside test authority", year.AddDate(1, 0, 0).Format(time.DateOnly), "Key: " + f.Pin} {
		if !strings.Contains(facts, want) {
			t.Errorf("no %q in\n%s", want, facts)
		}
	}
	if !strings.HasPrefix(f.Pin, "sha256//") {
		t.Errorf("pin %q", f.Pin)
	}
	if err := d.Answer(at, queue.Answer{Trust: true}); err != nil {
		t.Fatal(err)
	}
	if f := dial(t, d, at); f != nil {
		t.Fatalf("not trusted after the answer: %v", f)
	}
	other := address(t, d, s, Settings{TLS: "require"})
	if f := dial(t, d, other); f == nil || f.Ask != queue.AskTrust {
		t.Errorf("trust of one address holds for another: %v", f)
	}
	host := s.Addr()
	s.Close()

	// C16: the same place shows another key.
	_, second := authority(t, ftptest.Cert{})
	serve(t, ftptest.Config{TLS: second, Addr: host})
	changed := dial(t, d, at)
	if changed == nil || changed.Ask != queue.AskTrust || !strings.Contains(changed.Text, "another key") || changed.Pin == f.Pin {
		t.Fatalf("got %+v", changed)
	}
	if facts := strings.Join(changed.Facts, "\n"); !strings.Contains(facts, "Trusted: "+f.Pin) || !strings.Contains(facts, "Key: "+changed.Pin) {
		t.Errorf("not both keys in\n%s", facts)
	}
	if err := d.Answer(at, queue.Answer{Trust: true}); err != nil {
		t.Fatal(err)
	}
	if f := dial(t, d, at); f != nil {
		t.Errorf("got %v", f)
	}
}

// marks are Marks in memory.
type marks struct {
	mu  sync.Mutex
	set map[string]bool
	err error
}

func (m *marks) Has(hostPort string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.set[hostPort]
}

func (m *marks) Add(hostPort string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.set[hostPort] = true
	return m.err
}

// C1: the server is on loopback, and yet it is asked about once it spoke TLS.
func TestNeverPlainAfterTLS(t *testing.T) {
	a, config := authority(t, ftptest.Cert{})
	known := &marks{set: map[string]bool{}, err: errors.New("read-only")}
	s := serve(t, ftptest.Config{TLS: config})
	log := queue.NewLog(100)
	d := New(log, WithMarks(known))
	at := address(t, d, s, Settings{CA: rootFile(t, a)})
	refuse := func() { s.SetQuirks(ftptest.Quirks{Refuse: map[string]string{"AUTH": "500 what?"}}) }
	users := func() (n int) {
		for _, line := range s.Transcript() {
			if strings.Contains(line, "> USER") {
				n++
			}
		}
		return n
	}
	refuse()
	if f := dial(t, d, at); f != nil {
		t.Fatalf("no TLS, never any: %v", f)
	}
	s.SetQuirks(ftptest.Quirks{})
	if f := dial(t, d, at); f != nil || !known.Has(s.Addr()) {
		t.Fatalf("got %v", f)
	}
	if lines := log.Lines(0, 100); !slices.ContainsFunc(lines, func(l queue.Line) bool { return strings.Contains(l.Text, "read-only") }) {
		t.Error("the log does not say that the mark is not on disk")
	}
	refuse()
	if f := dial(t, d, at); f == nil || f.Ask != queue.AskPlain || !strings.Contains(f.Text, "spoke TLS before") || users() != 2 {
		t.Fatalf("got %+v, %d USER", f, users())
	}
	if err := d.Answer(at, queue.Answer{Plain: true}); err != nil {
		t.Fatal(err)
	}
	if f := dial(t, d, at); f != nil {
		t.Fatalf("the answer does not count: %v", f)
	}
	s.SetQuirks(ftptest.Quirks{})
	if f := dial(t, d, at); f != nil {
		t.Fatal(f)
	}
	refuse()
	if f := dial(t, d, at); f == nil || f.Ask != queue.AskPlain {
		t.Errorf("the answer counts for ever: %v", f)
	}
	d = New(nil, WithMarks(known)) // another process
	at = address(t, d, s, Settings{})
	if f := dial(t, d, at); f == nil || !strings.Contains(f.Text, "spoke TLS before") {
		t.Errorf("got %v", f)
	}
	off := address(t, d, s, Settings{TLS: "off"})
	if f := dial(t, d, off); f != nil {
		t.Errorf("told to: %v", f)
	}
}

// An answer that was given before the server ever spoke TLS does not hold after
// it did, for another address of the same server neither.
func TestPlainAnswerBeforeTLS(t *testing.T) {
	a, config := authority(t, ftptest.Cert{})
	s := serve(t, ftptest.Config{TLS: config, Quirks: ftptest.Quirks{Refuse: map[string]string{"AUTH": "500 what?"}}})
	d := New(nil)
	early, late := address(t, d, s, Settings{}), address(t, d, s, Settings{CA: rootFile(t, a)})
	if err := d.Answer(early, queue.Answer{Plain: true}); err != nil {
		t.Fatal(err)
	}
	s.SetQuirks(ftptest.Quirks{})
	if f := dial(t, d, late); f != nil {
		t.Fatal(f)
	}
	s.SetQuirks(ftptest.Quirks{Refuse: map[string]string{"AUTH": "500 what?"}})
	if f := dial(t, d, early); f == nil || f.Ask != queue.AskPlain {
		t.Errorf("got %v", f)
	}
}

// pemFile writes blocks into a file.
func pemFile(t *testing.T, name string, blocks ...*pem.Block) string {
	t.Helper()
	var data []byte
	for _, b := range blocks {
		data = append(data, pem.EncodeToMemory(b)...)
	}
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func rootFile(t *testing.T, a *ftptest.Authority) string {
	return pemFile(t, "ca.pem", &pem.Block{Type: "CERTIFICATE", Bytes: a.DER()})
}

// Certificates of ours come from files, with the key apart or beside.
func TestClientCertificate(t *testing.T) {
	a, config := authority(t, ftptest.Cert{})
	config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, a.Pool
	ours, err := a.Issue(ftptest.Cert{Client: true})
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(ours.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	cert := &pem.Block{Type: "CERTIFICATE", Bytes: ours.Certificate[0]}
	key := &pem.Block{Type: "PRIVATE KEY", Bytes: der}
	both, certAlone, keyAlone := pemFile(t, "both.pem", key, cert), pemFile(t, "cert.pem", cert), pemFile(t, "key.pem", key)
	s := serve(t, ftptest.Config{TLS: config})
	d, ca := New(nil), rootFile(t, a)
	for _, settings := range []Settings{{CA: ca, Cert: both}, {CA: ca, Cert: certAlone, Key: keyAlone}} {
		if f := dial(t, d, address(t, d, s, settings)); f != nil {
			t.Errorf("got %v", f)
		}
	}
	f := dial(t, d, address(t, d, s, Settings{CA: ca}))
	if f == nil || f.Ask != queue.AskNothing || f.Class != queue.ClassJob || !strings.Contains(f.Text, "wants a certificate of ours") {
		t.Errorf("got %+v", f)
	}
	if f := dial(t, d, address(t, d, s, Settings{CA: ca, Cert: certAlone})); f == nil || f.Class != queue.ClassJob || !strings.Contains(f.Text, certAlone) {
		t.Errorf("got %+v", f)
	}
}

// C18: settings of TLS are part of an address, so that sessions are shared by
// those alone who asked for the same.
func TestTLSSettingsAreInTheAddress(t *testing.T) {
	pins := []ftp.Pin{{1}, {2}}
	seen := map[string]Settings{}
	for _, s := range []Settings{
		{}, {User: "x"}, {TLS: "require"}, {TLS: "off"}, {CA: "a"}, {CA: "b"}, {Pins: pins}, {Pins: pins[:1]}, {Cert: "a"}, {Cert: "a", Key: "k"},
		{TLSMax: "1.2"}, {TLSMax: "1.3"}, {ClearData: true},
	} {
		target, err := Parse("ftp://h/", s)
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[target.Address]; ok {
			t.Errorf("%+v and %+v share %s", s, other, target.Address)
		}
		seen[target.Address] = s
	}
	one, err := Parse("ftp://h/", Settings{Pins: []ftp.Pin{pins[1], pins[0], pins[1]}, Cert: "a", Key: "a"})
	if err != nil {
		t.Fatal(err)
	}
	if two, err := Parse("ftp://h/", Settings{Pins: pins, Cert: "a"}); err != nil || one.Address != two.Address {
		t.Errorf("%s and %s mean the same", one.Address, two.Address)
	}
	cfg, err := config(must(Parse("ftp://h/", Settings{Pins: pins, TLSMax: "1.2", ClearData: true})).Address)
	if err != nil || !slices.Equal(cfg.Pins, pins) || cfg.TLS.MaxVersion != tls.VersionTLS12 || !cfg.ClearData {
		t.Errorf("read back: %+v, %v", cfg, err)
	}
	for _, bad := range []string{"ftp://h:21?pin=x", "ftp://h:21?tls-max=1.1", "ftp://h:21?cert=nowhere"} {
		if _, err := config(bad); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

func must(t Target, err error) Target {
	if err != nil {
		panic(err)
	}
	return t
}

// C9: the server forgets its tickets while we are logged in: no job fails.
func TestForgottenTicketsC9(t *testing.T) {
	a, config := authority(t, ftptest.Cert{})
	tree := ftptest.NewTree()
	for _, name := range []string{"/1", "/2", "/3"} {
		tree.WriteFile(name, []byte(name), time.Unix(1e9, 0))
	}
	s := serve(t, ftptest.Config{Tree: tree, TLS: config, ReuseRequired: true})
	d := New(nil)
	at := address(t, d, s, Settings{CA: rootFile(t, a)})
	q := queue.New(queue.Options{Local: local.New(), Remote: d, Retries: 3, Connections: 1, Backoff: func(int) time.Duration { return 0 }})
	defer q.Close()
	dir := t.TempDir()
	for i, name := range []string{"/1", "/2", "/3"} {
		if _, err := q.Add([]queue.Spec{{Kind: queue.Copy, Src: queue.Place{Address: at, Path: name}, Dst: queue.Place{Address: queue.Local, Path: dir}}}); err != nil {
			t.Fatal(err)
		}
		idle(t, q)
		s.ForgetTickets()
		if i == 1 { // and once for an upload
			if err := os.WriteFile(filepath.Join(dir, "up"), []byte("up"), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := q.Add([]queue.Spec{{Kind: queue.Copy, Src: queue.Place{Address: queue.Local, Path: filepath.Join(dir, "up")}, Dst: queue.Place{Address: at, Path: "/"}}}); err != nil {
				t.Fatal(err)
			}
			idle(t, q)
			s.ForgetTickets()
		}
	}
	if got := q.Totals(); got.Done != 4 || got.Failed > 0 || s.Logins() != 4 {
		t.Errorf("%+v, %d logins; %+v", got, s.Logins(), q.Rows(0, 4))
	}
}

// idle waits until nothing waits or runs.
func idle(t *testing.T, q *queue.Queue) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for q.Totals().Active() {
		select {
		case <-q.Changed():
		case <-ctx.Done():
			t.Fatalf("no end: %+v", q.Rows(0, 5))
		}
	}
}

// A server whose demands cannot be met is not asked ten times.
func TestReuseClass(t *testing.T) {
	for final, want := range map[bool]queue.Class{false: queue.ClassAttempt, true: queue.ClassJob} {
		f := queue.FailureOf(failure(&ftp.ReuseError{Final: final, SessionID: final, Err: &ftp.ReplyError{Command: "RETR", Code: 522, Lines: []string{"session reuse required"}}}))
		if f.Class != want || f.Code != 522 || !strings.Contains(f.Text, "TLS session") {
			t.Errorf("final %v: got %+v", final, f)
		}
	}
}
