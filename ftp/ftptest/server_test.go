package ftptest_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// client is a plain control connection.
type client struct {
	t *testing.T
	*textproto.Conn
	net net.Conn
}

func start(t *testing.T, c ftptest.Config) *ftptest.Server {
	t.Helper()
	s, err := ftptest.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func dial(t *testing.T, addr string) *client {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	t.Cleanup(func() { conn.Close() })
	return &client{t: t, Conn: textproto.NewConn(conn), net: conn}
}

// cmd sends a line and wants a code; it returns the text.
func (c *client) cmd(code int, format string, args ...any) string {
	c.t.Helper()
	if err := c.PrintfLine(format, args...); err != nil {
		c.t.Fatal(err)
	}
	return c.want(code)
}

func (c *client) want(code int) string {
	c.t.Helper()
	_, text, err := c.ReadResponse(code)
	if err != nil {
		c.t.Fatalf("want %d: %v", code, err)
	}
	return text
}

func login(t *testing.T, s *ftptest.Server) *client {
	t.Helper()
	c := dial(t, s.Addr())
	c.want(220)
	c.cmd(331, "USER demo")
	c.cmd(230, "PASS demo")
	return c
}

// epsv opens a data connection.
func (c *client) epsv() net.Conn {
	c.t.Helper()
	text := c.cmd(229, "EPSV")
	port := strings.Trim(text[strings.Index(text, "(")+1:], "|)")
	host, _, _ := net.SplitHostPort(c.net.RemoteAddr().String())
	conn, err := net.Dial("tcp", net.JoinHostPort(host, port))
	if err != nil {
		c.t.Fatal(err)
	}
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn
}

func (c *client) get(format string, args ...any) string {
	c.t.Helper()
	data := c.epsv()
	defer data.Close()
	c.cmd(150, format, args...)
	got, err := io.ReadAll(data)
	if err != nil {
		c.t.Fatal(err)
	}
	c.want(226)
	return string(got)
}

func (c *client) put(content, format string, args ...any) {
	c.t.Helper()
	data := c.epsv()
	c.cmd(150, format, args...)
	io.WriteString(data, content)
	data.Close()
	c.want(226)
}

var when = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestFiles(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0"} {
		t.Run(addr, func(t *testing.T) {
			tree := ftptest.NewTree()
			tree.WriteFile("/dir/ü \"x\".txt", []byte("hello"), when)
			tree.Link("/link", "dir")
			s := start(t, ftptest.Config{Addr: addr, Tree: tree})
			c := login(t, s)
			if text := c.cmd(211, "FEAT"); !strings.Contains(text, "\n MLST type") {
				t.Errorf("FEAT: %q", text)
			}
			c.cmd(200, "TYPE I")
			c.cmd(250, "CWD dir")
			if text := c.cmd(257, "PWD"); !strings.HasPrefix(text, `"/dir" `) {
				t.Errorf("PWD: %s", text)
			}
			if got := c.get("RETR ü \"x\".txt"); got != "hello" {
				t.Errorf("RETR: %q", got)
			}
			c.cmd(350, "REST 3")
			if got := c.get("RETR /link/ü \"x\".txt"); got != "lo" {
				t.Errorf("REST, RETR: %q", got)
			}
			c.put("one", "STOR new")
			c.put(" two", "APPE new")
			c.cmd(350, "REST 4")
			c.put("2", "STOR new")
			if got, _ := tree.ReadFile("/dir/new"); string(got) != "one 2" {
				t.Errorf("new holds %q", got)
			}
			if size := c.cmd(213, "SIZE new"); size != "5" {
				t.Errorf("SIZE %s", size)
			}
			c.cmd(213, "MFMT 20260102030405 new")
			if text := c.cmd(213, "MDTM new"); text != "20260102030405" {
				t.Errorf("MDTM %s", text)
			}
			c.cmd(257, "MKD sub")
			c.cmd(350, "RNFR new")
			c.cmd(250, "RNTO sub/newer")
			c.cmd(550, "RMD sub")
			c.cmd(550, "DELE sub")
			c.cmd(250, "DELE sub/newer")
			c.cmd(250, "RMD sub")
			c.cmd(550, "RETR gone")
			c.cmd(503, "RNTO x")
			c.cmd(221, "QUIT")
			if err := s.WaitIdle(t.Context()); err != nil {
				t.Error(err)
			}
			if !slices.Contains(s.Transcript(), "1> PASS demo") || s.Logins() != 1 {
				t.Errorf("transcript: %q", s.Transcript())
			}
		})
	}
}

func TestListings(t *testing.T) {
	tree := ftptest.NewTree()
	tree.WriteFile("/a file", []byte("123"), when)
	tree.Mkdir("/d")
	tree.Chtimes("/d", when)
	tree.Chtimes("/", when)
	tree.Link("/l", "a file")
	tree.Chtimes("/l", when) // follows the link
	now := func() time.Time { return when.Add(24 * time.Hour) }
	s := start(t, ftptest.Config{Tree: tree, Now: now})
	c := login(t, s)
	rows := strings.Split(c.get("LIST -la"), "\r\n")
	if want := "-rw-r--r-- 1 demo     demo                3 Jan  2 03:04 a file"; rows[0] != want {
		t.Errorf("LIST %q", rows[0])
	}
	if !strings.HasPrefix(rows[1], "drwxr-xr-x 1 ") || !strings.HasSuffix(rows[2], " l -> a file") {
		t.Errorf("LIST %q", rows)
	}
	want := "type=cdir;modify=20260102030405;UNIX.mode=0755;UNIX.owner=demo;UNIX.group=demo; .\r\n" +
		"type=pdir;modify=20260102030405;UNIX.mode=0755;UNIX.owner=demo;UNIX.group=demo; ..\r\n" +
		"type=file;size=3;modify=20260102030405;UNIX.mode=0644;UNIX.owner=demo;UNIX.group=demo; a file\r\n"
	if got := c.get("MLSD /"); !strings.HasPrefix(got, want) || !strings.Contains(got, "type=OS.unix=slink:a file;") {
		t.Errorf("MLSD %q", got)
	}
	if got := c.get("NLST"); got != "a file\r\nd\r\nl\r\n" {
		t.Errorf("NLST %q", got)
	}
	if got := c.cmd(250, "MLST d"); !strings.Contains(got, "\n type=dir;modify=20260102030405;") {
		t.Errorf("MLST %q", got)
	}
	s.SetQuirks(ftptest.Quirks{ListDialect: "dos"})
	if got := c.get("LIST"); !strings.Contains(got, "01-02-26  03:04AM       <DIR>          d\r\n") {
		t.Errorf("LIST %q", got)
	}
}

func TestModes(t *testing.T) {
	tree := ftptest.NewTree()
	tree.WriteFile("/f", []byte("data"), when)
	s := start(t, ftptest.Config{Tree: tree})
	c := login(t, s)
	// passive, the old way
	var n [6]int
	text := c.cmd(227, "PASV")
	if _, err := fmt.Sscanf(text[strings.Index(text, "("):], "(%d,%d,%d,%d,%d,%d)", &n[0], &n[1], &n[2], &n[3], &n[4], &n[5]); err != nil {
		t.Fatal(err)
	}
	data, err := net.Dial("tcp", fmt.Sprintf("%d.%d.%d.%d:%d", n[0], n[1], n[2], n[3], n[4]<<8|n[5]))
	if err != nil {
		t.Fatal(err)
	}
	c.cmd(150, "RETR f")
	if got, _ := io.ReadAll(data); string(got) != "data" {
		t.Errorf("PASV: %q", got)
	}
	c.want(226)
	// active
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	for _, line := range []string{fmt.Sprintf("PORT 127,0,0,1,%d,%d", port>>8, port&255), "EPRT |1|127.0.0.1|" + strconv.Itoa(port) + "|"} {
		c.cmd(200, "%s", line)
		if err := c.PrintfLine("RETR f"); err != nil {
			t.Fatal(err)
		}
		data, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		c.want(150)
		if got, _ := io.ReadAll(data); string(got) != "data" {
			t.Errorf("%s: %q", line, got)
		}
		c.want(226)
	}
	c.cmd(500, "PORT 127,0,0,2,9,9")
	c.cmd(425, "RETR f")
	c.cmd(522, "EPSV 2")
}

func TestGenerated(t *testing.T) {
	const size = 5<<30 + 7
	tree := ftptest.NewTree()
	tree.AddGenerated("/big", size, 9, when)
	c := login(t, start(t, ftptest.Config{Tree: tree}))
	if got := c.cmd(213, "SIZE big"); got != strconv.Itoa(size) {
		t.Errorf("SIZE %s", got)
	}
	whole := make([]byte, 300_000)
	ftptest.Generated(size, 9).ReadAt(whole, size-300_000)
	for _, tail := range []int{300_000, 1234, 3, 0} { // every reading gives the same bytes
		c.cmd(350, "REST %d", size-tail)
		if got := c.get("RETR big"); got != string(whole[300_000-tail:]) {
			t.Errorf("the last %d bytes differ", tail)
		}
	}
	if bytes.Count(whole, whole[512:1024]) != 1 {
		t.Error("content repeats itself")
	}
	c.cmd(350, "REST %d", size+1)
	c.cmd(554, "RETR big")
}

func TestCloseEndsAll(t *testing.T) {
	tree := ftptest.NewTree()
	tree.AddGenerated("/big", 1<<40, 9, when)
	s := start(t, ftptest.Config{Tree: tree, Rate: 1000})
	c := login(t, s)
	data := c.epsv()
	c.cmd(150, "RETR big")
	s.Close()
	if _, err := io.Copy(io.Discard, data); errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	if _, err := c.ReadLine(); err == nil {
		t.Error("the control connection lives on")
	}
}
