package ftp

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
)

func parse(s string) (reply, error) { return readReply(bufio.NewReader(strings.NewReader(s))) }

func TestReplyA1A3A7(t *testing.T) {
	for _, tt := range []struct {
		in   string
		code int
		text []string
	}{
		{"220 hi\r\n", 220, []string{"hi"}},
		{"226\r\n", 226, []string{""}},
		{"226\tdone\n", 226, []string{"done"}},
		{"200 a\r\r\n", 200, []string{"a"}},
		{"200 a\rb\r\n", 200, []string{"a\rb"}},
		{"230-a\r\n230-b\r\n220 c\r\n  230 d\r\n230 end\r\n", 230, []string{"a", "b", "220 c", "  230 d", "end"}},
		{"211-x\n MDTM\n211\n", 211, []string{"x", " MDTM", ""}},
		{"\xff\xf1220 a\xff\xfb\x01b\xff\xffc\r\n", 220, []string{"ab\xffc"}},
		{"250 na\xffve\r\n", 250, []string{"na\xffve"}},
	} {
		r, err := parse(tt.in)
		if err != nil || r.code != tt.code || !reflect.DeepEqual(r.text(), tt.text) {
			t.Errorf("%q: got %d %q, %v; want %d %q", tt.in, r.code, r.text(), err, tt.code, tt.text)
		}
	}
}

func TestReplyA6A8A9(t *testing.T) {
	for _, tt := range []struct{ in, says string }{
		{"SSH-2.0-OpenSSH_9\r\n", "SSH"},
		{"HTTP/1.0 400 Bad Request\r\n", "web server"},
		{"\x15\x03\x01\x00\x02\x02\x28\n", "TLS"},
		{"Welcome\r\n", "not an FTP reply"},
		{"099 x\r\n", "not an FTP reply"},
		{"600 x\r\n", "not an FTP reply"},
		{"2x0 x\r\n", "not an FTP reply"},
		{"-220 x\r\n", "not an FTP reply"},
		{"226000 x\r\n", "not an FTP reply"},
		{"\r\n", "not an FTP reply"},
		{"257 \"/a\x00b\"\r\n", "zero byte"},
	} {
		_, err := parse(tt.in)
		var protocol *ProtocolError
		if !errors.As(err, &protocol) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%q: got %v, want a ProtocolError with %q", tt.in, err, tt.says)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\x00\x15\r\n") {
			t.Errorf("%q: control characters in %q", tt.in, err)
		}
	}
	for _, in := range []string{"", "2", "220", "220-a\r\nb\r\n"} {
		if _, err := parse(in); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: got %v, want an unexpected end", in, err)
		}
	}
}

func TestReplyA5(t *testing.T) {
	banner := "220-" + strings.Repeat("x", 3*maxLine) + "\r\n" + strings.Repeat("220-"+strings.Repeat("y", 500)+"\r\n", 2000) + "220 end\r\n"
	r, err := parse(banner)
	if err != nil || r.code != 220 {
		t.Fatalf("a banner of %d bytes: %v", len(banner), err)
	}
	kept := 0
	for _, line := range r.lines {
		kept += len(line)
	}
	if kept > maxReplyBytes || len(r.lines) > maxReplyLines || len(r.lines[0]) > maxLine {
		t.Errorf("kept %d bytes in %d lines", kept, len(r.lines))
	}
	endless := io.MultiReader(strings.NewReader("220-"), neverEnds{})
	var protocol *ProtocolError
	if _, err := readReply(bufio.NewReader(endless)); !errors.As(err, &protocol) {
		t.Errorf("an endless banner: %v", err)
	}
}

type neverEnds struct{}

func (neverEnds) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func FuzzReply(f *testing.F) {
	f.Add([]byte("220 hi\r\n"), uint8(1))
	f.Add([]byte("230-a\r\n230-b\r\n220 c\r\n  230 d\r\n230 end\r\n200 next\n"), uint8(3))
	f.Add([]byte("\xff\xf1220 a\xff\xfb\x01b\xff\xffc\r\n"), uint8(2))
	f.Add([]byte("226\r\n\x00"), uint8(5))
	f.Fuzz(func(t *testing.T, data []byte, chunk uint8) {
		whole := bufio.NewReader(bytes.NewReader(data))
		parts := bufio.NewReaderSize(&chunks{data: data, n: int(chunk)%7 + 1}, 16)
		for range 8 {
			a, errA := readReply(whole)
			b, errB := readReply(parts)
			if (errA == nil) != (errB == nil) || errA == nil && !reflect.DeepEqual(a, b) {
				t.Fatalf("%q: whole %v %v, in parts %v %v", data, a, errA, b, errB)
			}
			if errA != nil {
				return
			}
			if a.code < 100 || a.code > 599 || len(a.text()) != len(a.lines) {
				t.Fatalf("%q: %+v", data, a)
			}
			for _, line := range a.lines {
				if strings.ContainsAny(line, "\n\x00") {
					t.Fatalf("%q: %q", data, line)
				}
			}
		}
	})
}

// chunks gives data n bytes at a time.
type chunks struct {
	data []byte
	n    int
}

func (c *chunks) Read(p []byte) (int, error) {
	if len(c.data) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), c.n)], c.data)
	c.data = c.data[n:]
	return n, nil
}

func TestReplyByteByByte(t *testing.T) {
	in := "230-a\r\n\xff\xfb\x0122\r\n230 end\r\n"
	r, err := readReply(bufio.NewReader(iotest.OneByteReader(strings.NewReader(in))))
	if err != nil || len(r.lines) != 3 {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestPWDA26(t *testing.T) {
	for in, want := range map[string]string{
		`"/home/a" is current`: "/home/a",
		`"/a ""b"" c"`:         `/a "b" c`,
		`"/"`:                  "/",
		`"/abc`:                "/",
		`/abc`:                 "/",
		`"C:\x" is it`:         "/",
		`"" none`:              "/",
		"\"/a\rb\"":            "/",
	} {
		if got := parsePWD(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestModTimeD20(t *testing.T) {
	for in, want := range map[string]string{
		"20240203040506":       "2024-02-03T04:05:06Z",
		"20240203040506.250":   "2024-02-03T04:05:06.25Z",
		"191040203040506":      "2004-02-03T04:05:06Z",
		"20240203040506 local": "2024-02-03T04:05:06Z",
	} {
		got, ok := parseModTime(in)
		if !ok || got.Format("2006-01-02T15:04:05.999Z07:00") != want {
			t.Errorf("%q: got %v, want %s", in, got, want)
		}
	}
	for _, in := range []string{"", "x", "2024", "20241303040506", "19104020304050x"} {
		if got, ok := parseModTime(in); ok {
			t.Errorf("%q: got %v", in, got)
		}
	}
}

func TestAnnouncedSize(t *testing.T) {
	for in, want := range map[string]int64{
		"150 Opening BINARY mode data connection for f (123 bytes).": 123,
		"150 for (9 bytes) x (123 bytes)":                            123,
		"150 ok":                                                     -1,
		"150 (x bytes)":                                              -1,
		"150 (-1 bytes)":                                             -1,
		"150 (99999999999999999999 bytes)":                           -1,
	} {
		if got := announcedSize(in); got != want {
			t.Errorf("%q: got %d", in, got)
		}
	}
}

// What a reply costs does not grow with what it leaves out.
func TestReplyCostA5(t *testing.T) {
	banner := "220-" + strings.Repeat("220-"+strings.Repeat("y", 500)+"\r\n", 2000) + "220 end\r\n"
	var before, after runtime.MemStats
	br := bufio.NewReader(strings.NewReader(banner))
	runtime.ReadMemStats(&before)
	r, err := readReply(br)
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; err != nil || r.code != 220 || grown > 1<<20 {
		t.Errorf("%d bytes for a banner of %d, %v", grown, len(banner), err)
	}
}

// Over TLS replies come in records: one each, many in one, one in many, cut
// anywhere.
func TestReplyOverTLSA32(t *testing.T) {
	config, roots := newTLS(t)
	ours, theirs := net.Pipe()
	server, client := tls.Server(theirs, config), tls.Client(ours, &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"})
	const in = "220-a\r\n220 b\r\n\xff\xf1331\tp\n230\r\n\xff\xfb\x01226 d\xff\xff\r\n"
	done := make(chan error, 1)
	go func() { // ends with what it has to say; the test waits for done
		for i := range len(in) {
			for _, part := range []string{in[:i], in[i:]} {
				if _, err := io.WriteString(server, part); err != nil {
					done <- err
					return
				}
			}
		}
		for i := range len(in) {
			if _, err := io.WriteString(server, in[i:i+1]); err != nil {
				done <- err
				return
			}
		}
		done <- server.CloseWrite()
	}()
	br := bufio.NewReader(client)
	for i := range len(in) + 1 {
		for _, code := range []int{220, 331, 230, 226} {
			if r, err := readReply(br); err != nil || r.code != code {
				t.Fatalf("cut at %d: got %+v, %v", i, r, err)
			}
		}
	}
	if _, err := readReply(br); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("at the end: %v", err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	_, _ = ours.Close(), theirs.Close()
}
