package ftptest_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

func TestRefusals(t *testing.T) {
	tree := ftptest.NewTree()
	tree.WriteFile("/f", []byte("data"), when)
	tree.WriteFile("/locked/f", []byte("data"), when)
	tree.Chmod("/locked", 0o555)
	s := start(t, ftptest.Config{Tree: tree, Quirks: ftptest.Quirks{NoEPSV: true, NoMLSD: true, NoActive: true,
		Refuse: map[string]string{"DELE": "553 Never."}}})
	c := login(t, s)
	c.cmd(502, "EPSV")
	c.cmd(502, "MLSD")
	c.cmd(500, "PORT 127,0,0,1,9,9")
	c.cmd(553, "DELE f")
	c.cmd(550, "MKD locked/x")
	c.cmd(550, "RMD locked")
	c.cmd(550, "RNFR gone")
	if feat := c.cmd(211, "FEAT"); strings.Contains(feat, "EPSV") || strings.Contains(feat, "MLST") {
		t.Errorf("FEAT %q", feat)
	}
	s.SetQuirks(ftptest.Quirks{At421: map[string]bool{"NOOP": true}})
	c.cmd(421, "NOOP")
	if _, err := c.ReadLine(); err != io.EOF {
		t.Error(err)
	}
}

func TestGreetings(t *testing.T) {
	for want, q := range map[string]ftptest.Quirks{
		"120 wait":              {Greeting: "120 wait\r\n220 now\r\n"},
		"220-Welcome to a serv": {CloseGreeting: true},
		"\x00\x01\xff\xfeSSH-2": {Garbage: true},
	} {
		s := start(t, ftptest.Config{Quirks: q})
		c := dial(t, s.Addr())
		line, err := c.ReadLineBytes()
		if err == io.ErrUnexpectedEOF || !strings.HasPrefix(string(line), want[:8]) && err == nil {
			t.Errorf("%q: %q %v", want, line, err)
		}
	}
	s := start(t, ftptest.Config{MaxConns: 1})
	login(t, s)
	dial(t, s.Addr()).want(421)
}

// download gets big and returns how much came, the verdict's code (0 if there
// is none), and how the data connection ended.
func download(t *testing.T, c *client) (int, int, error) {
	t.Helper()
	data := c.epsv()
	defer data.Close()
	c.cmd(150, "RETR big")
	got, err := io.ReadAll(data)
	c.net.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	code, _, verdict := c.ReadResponse(0)
	var refused *textproto.Error
	if errors.As(verdict, &refused) {
		code = refused.Code
	}
	return len(got), code, err
}

func TestBrokenDownloads(t *testing.T) {
	tree := ftptest.NewTree()
	tree.AddGenerated("/big", 1<<20, 1, when)
	for _, test := range []struct {
		name string
		q    ftptest.Quirks
		n    int
		err  error
		code int
	}{
		{"whole", ftptest.Quirks{}, 1 << 20, nil, 226},
		{"426", ftptest.Quirks{Drop: &ftptest.Drop{After: 1000}}, 1000, nil, 426},
		{"421", ftptest.Quirks{Drop: &ftptest.Drop{After: 1000, How: ftptest.DropGoodbye}}, 1000, nil, 421},
		{"silence", ftptest.Quirks{Drop: &ftptest.Drop{After: 1000, How: ftptest.DropFIN}}, 1000, nil, 0},
		{"reset", ftptest.Quirks{Drop: &ftptest.Drop{After: 0, How: ftptest.DropRST}}, 0, syscall.ECONNRESET, 426},
		{"all reset", ftptest.Quirks{Drop: &ftptest.Drop{After: 0, How: ftptest.DropAll}}, 0, syscall.ECONNRESET, 0},
		{"truncated", ftptest.Quirks{Truncate: true, TruncateAfter: 999}, 999, nil, 226},
		{"too long", ftptest.Quirks{Extra: []byte("more")}, 1<<20 + 4, nil, 226},
		{"no verdict", ftptest.Quirks{HideReply226: true}, 1 << 20, nil, 0},
		{"250", ftptest.Quirks{Reply226: "250 Fine."}, 1 << 20, nil, 250},
		{"early verdict", ftptest.Quirks{EarlyReply226: true}, 1 << 20, nil, 226},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, ftptest.Config{Tree: tree, Quirks: test.q})
			n, code, err := download(t, login(t, s))
			if n != test.n || !errors.Is(err, test.err) || code != test.code {
				t.Errorf("%d bytes, %v, %d", n, err, code)
			}
		})
	}
}

func TestDropTimes(t *testing.T) {
	tree := ftptest.NewTree()
	tree.AddGenerated("/big", 1<<20, 1, when)
	c := login(t, start(t, ftptest.Config{Tree: tree, Quirks: ftptest.Quirks{Drop: &ftptest.Drop{After: 10, Times: 2}}}))
	var codes []int
	for range 3 {
		_, code, _ := download(t, c)
		codes = append(codes, code)
		c.net.SetReadDeadline(time.Now().Add(20 * time.Second))
	}
	if !slices.Equal(codes, []int{426, 426, 226}) {
		t.Errorf("%v", codes)
	}
}

func TestStallAndABOR(t *testing.T) {
	tree := ftptest.NewTree()
	tree.AddGenerated("/big", 1<<20, 1, when)
	gate, reached := make(chan struct{}), make(chan string, 1)
	s := start(t, ftptest.Config{Tree: tree, Quirks: ftptest.Quirks{Stall: gate, StallAfter: 5,
		Reached: func(point string) { reached <- point }}})
	c := login(t, s)
	data := c.epsv()
	c.cmd(150, "RETR big")
	if point := <-reached; point != "data" {
		t.Error(point)
	}
	c.cmd(426, "\xff\xf4\xff\xf2ABOR")
	c.want(226)
	if n, _ := io.Copy(io.Discard, data); n != 5 {
		t.Errorf("%d bytes", n)
	}
	data = c.epsv()
	c.cmd(150, "RETR big")
	<-reached
	close(gate)
	if n, _ := io.Copy(io.Discard, data); n != 1<<20 {
		t.Errorf("%d bytes", n)
	}
	c.want(226)
}

func TestHold(t *testing.T) {
	reached := make(chan string, 1)
	s := start(t, ftptest.Config{Quirks: ftptest.Quirks{Hold: map[string]<-chan struct{}{"USER": nil},
		Reached: func(point string) { reached <- point }}})
	c := dial(t, s.Addr())
	c.want(220)
	c.PrintfLine("USER demo")
	<-reached
	c.net.Close() // a held session notices that its client left
	if err := s.WaitIdle(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestUploads(t *testing.T) {
	tree := ftptest.NewTree()
	tree.Discard(1 << 20)
	s := start(t, ftptest.Config{Tree: tree})
	c := login(t, s)
	big := strings.Repeat("0123456789abcdef", 200_000)
	c.put(big, "STOR big")
	c.put("small", "STOR small")
	size, crc, err := tree.Sum("/big")
	tree.Discard(0)
	tree.WriteFile("/same", []byte(big), when)
	if want, sum, _ := tree.Sum("/same"); size != want || crc != sum || err != nil {
		t.Errorf("%d bytes, %x, %v", size, crc, err)
	}
	s.SetQuirks(ftptest.Quirks{DiskFull: true, DiskFullAfter: 3})
	data := c.epsv()
	c.cmd(150, "STOR full")
	io.WriteString(data, "12345")
	c.want(452)
	if got, _ := tree.ReadFile("/full"); string(got) != "123" {
		t.Errorf("full holds %q", got)
	}
}

func TestRate(t *testing.T) {
	tree := ftptest.NewTree()
	tree.AddGenerated("/big", 200_000, 1, when)
	s := start(t, ftptest.Config{Tree: tree, Rate: 1_000_000})
	c := login(t, s)
	began := time.Now()
	if n, _, _ := download(t, c); n != 200_000 {
		t.Errorf("%d bytes", n)
	}
	if took := time.Since(began); took < 140*time.Millisecond {
		t.Errorf("took %v", took)
	}
}

func TestTLS(t *testing.T) {
	cfg, roots, err := ftptest.NewTLS()
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		for _, implicit := range []bool{false, true} {
			for _, reuse := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s implicit=%v reuse=%v", tls.VersionName(version), implicit, reuse), func(t *testing.T) {
					tree := ftptest.NewTree()
					tree.WriteFile("/f", []byte("data"), when)
					s := start(t, ftptest.Config{Tree: tree, TLS: cfg, Implicit: implicit, TLSRequired: true, ReuseRequired: true})
					own := &tls.Config{RootCAs: roots, ServerName: "localhost", MaxVersion: version}
					if reuse {
						own.ClientSessionCache = tls.NewLRUClientSessionCache(4)
					}
					conn, err := net.Dial("tcp", s.Addr())
					if err != nil {
						t.Fatal(err)
					}
					defer conn.Close()
					conn.SetDeadline(time.Now().Add(20 * time.Second))
					if !implicit {
						plain := &client{t: t, Conn: textproto.NewConn(conn)}
						plain.want(220)
						plain.cmd(534, "USER demo")
						plain.cmd(234, "AUTH TLS")
					}
					tc := tls.Client(conn, own)
					c := &client{t: t, Conn: textproto.NewConn(tc), net: conn}
					if implicit {
						c.want(220)
					}
					c.cmd(331, "USER demo")
					c.cmd(230, "PASS demo")
					c.cmd(200, "PBSZ 0")
					c.cmd(200, "PROT P")
					for range 3 {
						raw := c.epsv()
						c.cmd(150, "RETR f")
						data := tls.Client(raw, own)
						got, err := io.ReadAll(data)
						if !reuse {
							c.want(522)
						} else if c.want(226); string(got) != "data" || err != nil {
							t.Errorf("%q, %v", got, err)
						}
						raw.Close()
					}
					if !reuse {
						return
					}
					s.ForgetTickets()
					raw := c.epsv()
					defer raw.Close()
					c.cmd(150, "RETR f")
					io.ReadAll(tls.Client(raw, own))
					c.want(522)
				})
			}
		}
	}
}

func TestScript(t *testing.T) {
	var got string
	s, err := ftptest.Script(ftptest.Login(),
		ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"),
		ftptest.Exchange("STOR *", "150 go\r\n"), ftptest.Connect(),
		ftptest.ReadData(func(data []byte, err error) { got = string(data) }), ftptest.CloseData(),
		ftptest.Send("226 done\r\n"), ftptest.Expect("NOOP"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := dial(t, s.Addr())
	c.want(220)
	c.cmd(331, "USER demo")
	c.cmd(230, "PASS demo")
	c.cmd(257, "PWD")
	c.put("hello", "STOR x")
	if got != "hello" {
		t.Errorf("%q", got)
	}
	c.PrintfLine("QUIT")
	if _, err := c.ReadLine(); err == nil {
		t.Error("the script goes on")
	}
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), `got "QUIT", want "NOOP"`) {
		t.Error(err)
	}
}

func TestDemo(t *testing.T) {
	c := login(t, start(t, ftptest.Config{Tree: ftptest.Demo()}))
	if got := c.get("RETR /docs/日本語のファイル.txt"); got == "" {
		t.Error("empty")
	}
	c.cmd(550, "MKD /locked/x")
	if got := c.get("LIST latest"); !strings.Contains(got, "index.html") {
		t.Errorf("%q", got)
	}
}

func BenchmarkRETR(b *testing.B) {
	tree := ftptest.NewTree()
	tree.AddGenerated("/big", 1<<30, 1, when)
	s, err := ftptest.Start(ftptest.Config{Tree: tree})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	conn, err := net.Dial("tcp", s.Addr())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	c := textproto.NewConn(conn)
	c.PrintfLine("USER demo\r\nPASS demo")
	for range 3 {
		c.ReadLine()
	}
	b.SetBytes(1 << 30)
	buf := make([]byte, 256<<10)
	for b.Loop() {
		c.PrintfLine("EPSV")
		line, _ := c.ReadLine()
		var port int
		fmt.Sscanf(line[strings.Index(line, "("):], "(|||%d|)", &port)
		data, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			b.Fatal(err)
		}
		c.PrintfLine("RETR big")
		io.CopyBuffer(struct{ io.Writer }{io.Discard}, data, buf)
		data.Close()
		c.ReadLine()
		c.ReadLine()
	}
}
