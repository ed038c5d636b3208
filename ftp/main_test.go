package ftp

import (
	"context"
	"errors"
	"flag"
	"io"
	"net"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"portside/ftp/ftptest"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.parallel").Value.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) {
		_ = flag.Set("test.parallel", "8") // tests that wait for deadlines need no processor
	}
	if flag.Lookup("test.fuzz").Value.String() != "" {
		os.Exit(m.Run()) // the fuzzer's own goroutines may still be ending
	}
	goleak.VerifyTestMain(m)
}

// short are timeouts for tests in which they pass.
var short = Timeouts{
	Dial: time.Second, Greeting: 300 * time.Millisecond, Handshake: 500 * time.Millisecond,
	Reply: 300 * time.Millisecond, FirstDial: 200 * time.Millisecond, DataDial: 200 * time.Millisecond,
	Accept: 300 * time.Millisecond, Stall: 300 * time.Millisecond,
	Finish: 300 * time.Millisecond, UploadFinish: 300 * time.Millisecond,
}

// recorder keeps a trace.
type recorder struct {
	mu    sync.Mutex
	lines []string
}

func (r *recorder) trace() *Trace {
	return &Trace{Line: func(dir byte, text string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.lines = append(r.lines, string(dir)+" "+text)
	}}
}

func (r *recorder) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.lines, "\n")
}

// serve starts a server that ends with the test.
func serve(t *testing.T, cfg ftptest.Config) *ftptest.Server {
	t.Helper()
	s, err := ftptest.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		checkManners(t, s.Transcript())
	})
	return s
}

// checkManners looks at what was said in any test: while a transfer runs no
// command is sent but those that end it, since there are servers that break it
// off (vsftpd never does, and what goes out in one packet with its command is
// there before it runs); and EPSV ALL is never said, since it could not be
// taken back.
func checkManners(t *testing.T, transcript []string) {
	t.Helper()
	running, patient := map[string]bool{}, map[string]bool{} // by session
	for _, line := range transcript {
		id, said, _ := strings.Cut(line, " ")
		session, command := strings.CutSuffix(id, ">")
		switch verb, arg, _ := strings.Cut(said, " "); {
		case !command:
			session = strings.TrimSuffix(id, "<")
			patient[session] = patient[session] || strings.Contains(said, "(vsFTPd")
			if code, _, _ := strings.Cut(said, "-"); len(code) >= 3 {
				running[session] = strings.HasPrefix(said, "150 ") || strings.HasPrefix(said, "125 ")
			}
		case verb == "EPSV" && strings.EqualFold(arg, "ALL"):
			t.Errorf("%s was sent", said)
		case running[session] && !patient[session] && verb != "ABOR":
			t.Errorf("%s was sent while a transfer ran:\n%s", said, strings.Join(transcript, "\n"))
		}
	}
}

// script starts a script that ends with the test and has to be followed.
func script(t *testing.T, steps ...ftptest.Step) *ftptest.ScriptServer {
	t.Helper()
	s, err := ftptest.Script(steps...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("the script was not followed: %v\n%s", err, strings.Join(s.Transcript(), "\n"))
		}
	})
	return s
}

type server interface {
	Host() string
	Port() int
	Transcript() []string
}

// configOf returns how to reach s.
func configOf(s server) Config {
	return Config{Host: s.Host(), Port: s.Port(), User: "demo", Password: "demo"}
}

// dial opens a session that ends with the test.
func dial(t *testing.T, s server, change ...func(*Config)) *Conn {
	t.Helper()
	cfg := configOf(s)
	for _, f := range change {
		f(&cfg)
	}
	c, err := Dial(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, scripted := s.(*ftptest.ScriptServer); scripted {
			_ = c.fail(errClosed) // scripts do not answer QUIT
		}
		_ = c.Close()
	})
	return c
}

func withShort(cfg *Config)   { cfg.Timeouts = short }
func withActive(cfg *Config)  { cfg.Mode = Active }
func withPassive(cfg *Config) { cfg.Mode = Passive }

// get downloads a whole file.
func get(ctx context.Context, c *Conn, path string, offset int64) (string, error) {
	d, err := c.Retr(ctx, path, offset)
	if err != nil {
		return "", err
	}
	data, err := io.ReadAll(d)
	return string(data), errors.Join(err, d.Close())
}

// put uploads a whole file.
func put(ctx context.Context, c *Conn, path, data string, offset int64) error {
	u, err := c.Stor(ctx, path, offset)
	if err != nil {
		return err
	}
	_, err = io.WriteString(u, data)
	return errors.Join(err, u.Close())
}

// names lists a directory.
func names(ctx context.Context, c *Conn, dir string) ([]string, error) {
	var out []string
	var failed error
	for e, err := range c.List(ctx, dir) {
		if err != nil {
			failed = err
			break
		}
		out = append(out, e.Name)
	}
	slices.Sort(out)
	return out, failed
}

// sent returns the commands of a transcript.
func sent(s server) []string {
	var out []string
	for _, line := range s.Transcript() {
		if _, cmd, ok := strings.Cut(line, "> "); ok {
			out = append(out, cmd)
		}
	}
	return out
}

// broken asserts that err broke c, and that c refuses further use.
func broken(t *testing.T, c *Conn, err error) {
	t.Helper()
	if !errors.Is(err, ErrBroken) {
		t.Errorf("got %v, want an error that matches ErrBroken", err)
	}
	if err := c.Noop(t.Context()); !errors.Is(err, ErrBroken) {
		t.Errorf("Noop on a broken session: %v", err)
	}
	if c.Alive() {
		t.Error("a broken session is alive")
	}
}

// usable asserts that c still works.
func usable(t *testing.T, c *Conn) {
	t.Helper()
	if err := c.Noop(t.Context()); err != nil {
		t.Errorf("the session does not work any more: %v", err)
	}
}

// closedPort returns a port on which nobody listens, and nobody will as long as
// the test runs: a connection has it.
func closedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn.LocalAddr().(*net.TCPAddr).Port
}

// tree returns a small tree with one file of n bytes at /f.
func tree(n int) (*ftptest.Tree, string) {
	tr := ftptest.NewTree()
	data := strings.Repeat("0123456789\r\nabc\n", n/15+1)[:n]
	tr.WriteFile("/f", []byte(data), time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC))
	tr.WriteFile("/empty", nil, time.Time{})
	tr.Mkdir("/dir/sub")
	return tr, data
}
