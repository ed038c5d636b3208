package ftp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// bubble is a server whose connections are pipes, so that it and its client
// live under a clock of their own (package synctest), where hours cost nothing.
// It is played by a function; each connection that the client opens is taken
// by the next call of accept.
type bubble struct {
	t       *testing.T
	dialled chan net.Conn
	conn    net.Conn // the control connection
	in      *bufio.Reader
	heard   []string
}

// inBubble runs the client's part against a server's part. The server's has
// to come to its end; then the control connection is closed.
func inBubble(t *testing.T, server func(b *bubble), client func(t *testing.T, cfg Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bubble{t: t, dialled: make(chan net.Conn, 8)}
		done := make(chan struct{})
		go func() { // ends with the server's part; the test waits for done
			defer close(done)
			b.conn = b.accept()
			b.in = bufio.NewReader(b.conn)
			server(b)
			_ = b.conn.Close()
		}()
		client(t, Config{Host: "192.0.2.1", Port: 2121, User: "demo", Password: "demo", Mode: Passive, dial: b.dial})
		<-done
	})
}

// piped is one end of a pipe, with the addresses of TCP.
type piped struct{ net.Conn }

func (piped) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 2121} }
func (piped) LocalAddr() net.Addr  { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 2), Port: 40000} }

// A pipe that the other end has closed takes no deadline; TCP does.
func (p piped) SetReadDeadline(t time.Time) error  { _ = p.Conn.SetReadDeadline(t); return nil }
func (p piped) SetWriteDeadline(t time.Time) error { _ = p.Conn.SetWriteDeadline(t); return nil }

func (b *bubble) dial(context.Context, netip.Addr, netip.AddrPort) (net.Conn, error) {
	ours, theirs := net.Pipe()
	b.dialled <- theirs
	return piped{ours}, nil
}

// accept returns the next connection of the client.
func (b *bubble) accept() net.Conn { return <-b.dialled }

// send writes text to the control connection. A client that is gone is not the
// server's business.
func (b *bubble) send(text string) { _, _ = io.WriteString(b.conn, text) }

// hear reads one command and reports whether the client is still there.
func (b *bubble) hear() (string, bool) {
	line, err := b.in.ReadString('\n')
	line = strings.TrimRight(line, "\r\n")
	if err == nil {
		b.heard = append(b.heard, line)
	}
	return line, err == nil
}

// expect hears commands and answers them: "USER *", "331 password".
func (b *bubble) expect(pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		got, ok := b.hear()
		prefix, any := strings.CutSuffix(pairs[i], "*")
		if !ok || got != pairs[i] && !(any && strings.HasPrefix(got, prefix)) {
			b.t.Errorf("got %q, want %q", got, pairs[i])
			return
		}
		if pairs[i+1] != "" {
			b.send(pairs[i+1] + "\r\n")
		}
	}
}

// login lets the client in.
func (b *bubble) login() {
	b.expect("USER demo", "331 password", "PASS demo", "230 in", "FEAT", "502 no", "PWD", `257 "/"`)
}

// transfer begins one: its data connection is returned.
func (b *bubble) transfer(command string) net.Conn {
	b.expect("EPSV", "229 (|||5000|)")
	data := b.accept()
	b.expect(command, "150 go")
	return data
}

// end takes commands until the client leaves.
func (b *bubble) end() {
	for {
		line, ok := b.hear()
		switch {
		case !ok:
			return
		case line == "QUIT":
			b.send("221 bye\r\n")
		default:
			b.send("200 ok\r\n")
		}
	}
}

// The welcome may be long in coming, and may be announced.
func TestWelcomeA10A11(t *testing.T) {
	for name, tt := range map[string]struct {
		play func(b *bubble)
		ok   bool
	}{
		"announced":         {func(b *bubble) { b.send("120 in a moment\r\n"); time.Sleep(2 * time.Second); b.send("220 now\r\n") }, true},
		"never after that":  {func(b *bubble) { b.send("120 in a moment\r\n") }, false},
		"announced forever": {func(b *bubble) { b.send(strings.Repeat("120 in a moment\r\n", 20)) }, false},
		"after 20 s":        {func(b *bubble) { time.Sleep(20 * time.Second); b.send("220 now\r\n") }, true},
		"after 70 s":        {func(b *bubble) { time.Sleep(70 * time.Second); b.send("220 now\r\n") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(b *bubble) {
				b.send("")
				tt.play(b)
				if tt.ok {
					b.expect("USER demo", "230 in", "FEAT", "502 no", "PWD", "502 no")
				}
				b.end()
			}, func(t *testing.T, cfg Config) {
				began := time.Now()
				c, err := Dial(t.Context(), cfg)
				if (err == nil) != tt.ok {
					t.Errorf("got %v", err)
				}
				if passed := time.Since(began); passed > 61*time.Second {
					t.Errorf("it took %v", passed)
				}
				if err == nil {
					_ = c.Close()
					return
				}
				var connect *ConnectError
				if !errors.As(err, &connect) || connect.Stage != "greeting" {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// The verdict on a transfer may be long in coming: the server looks for
// viruses, or moves the file elsewhere.
func TestLateVerdictA18(t *testing.T) {
	for _, tt := range []struct {
		up    bool
		after time.Duration
		ok    bool
	}{{false, 45 * time.Second, true}, {false, 61 * time.Second, false}, {true, 9 * time.Minute, true}, {true, 11 * time.Minute, false}} {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			inBubble(t, func(b *bubble) {
				b.send("220 hi\r\n")
				b.login()
				b.expect("TYPE I", "200 ok")
				if tt.up {
					data := b.transfer("STOR /f")
					if got, err := io.ReadAll(data); err != nil || string(got) != "hello" {
						t.Errorf("it got %q, %v", got, err)
					}
					_ = data.Close()
				} else {
					data := b.transfer("RETR /f")
					_, _ = io.WriteString(data, "hello")
					_ = data.Close()
				}
				time.Sleep(tt.after)
				b.send("226 done\r\n")
				b.end()
				for _, command := range b.heard[7:] {
					if command != "NOOP" && command != "QUIT" {
						t.Errorf("it sent %q again", command)
					}
				}
			}, func(t *testing.T, cfg Config) {
				c, err := Dial(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				got := "hello"
				if tt.up {
					err = put(t.Context(), c, "/f", got, 0)
				} else {
					got, err = get(t.Context(), c, "/f", 0)
				}
				if (err == nil) != tt.ok || !tt.ok && !errors.Is(err, ErrNoVerdict) || got != "hello" {
					t.Errorf("got %q, %v", got, err)
				}
				if tt.ok {
					usable(t, c)
				} else {
					broken(t, c, err)
				}
				_ = c.Close()
			})
		})
	}
}

// A server that gives one byte a second for ever gives nothing; a caller who
// takes one byte a second for ever may.
func TestCrawlE27(t *testing.T) {
	const size = 3000
	for _, way := range []string{"Read", "WriteTo", "Write", "List", "slow caller"} {
		t.Run(way, func(t *testing.T) {
			inBubble(t, func(b *bubble) {
				b.send("220 hi\r\n")
				b.login()
				var data net.Conn
				if way == "List" {
					b.expect("CWD /d", "250 ok", "SYST", "502 no")
				}
				b.expect("TYPE I", "200 ok")
				switch way {
				case "Write":
					data = b.transfer("STOR /f")
					for one, err := make([]byte, 1), error(nil); err == nil; time.Sleep(time.Second) {
						_, err = data.Read(one)
					}
				case "List":
					data = b.transfer("LIST -a")
				default:
					data = b.transfer("RETR /f")
				}
				if way == "slow caller" {
					_, _ = io.WriteString(data, strings.Repeat("x", size))
					_ = data.Close()
					b.send("226 done\r\n")
				}
				for err := error(nil); err == nil && way != "slow caller"; time.Sleep(time.Second) {
					_, err = data.Write([]byte("x"))
				}
				b.end()
			}, func(t *testing.T, cfg Config) {
				c, err := Dial(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				err = c.crawl(t, way)
				if way == "slow caller" {
					if err != nil || time.Since(began) < size*time.Second {
						t.Errorf("after %v: %v", time.Since(began), err)
					}
					usable(t, c)
				} else {
					if !errors.Is(err, os.ErrDeadlineExceeded) || !strings.Contains(err.Error(), "bytes moved in 5m") {
						t.Errorf("got %v", err)
					}
					if passed := time.Since(began); passed < 5*time.Minute || passed > 6*time.Minute {
						t.Errorf("it took %v", passed)
					}
					broken(t, c, err)
				}
				_ = c.Close()
			})
		})
	}
}

// crawl transfers in a way.
func (c *Conn) crawl(t *testing.T, way string) error {
	ctx := t.Context()
	switch way {
	case "Write":
		return put(ctx, c, "/f", strings.Repeat("x", 1<<20), 0)
	case "List":
		_, err := names(ctx, c, "/d")
		return err
	}
	d, err := c.Retr(ctx, "/f", 0)
	if err != nil {
		return err
	}
	switch way {
	case "Read":
		_, err = io.ReadAll(d)
	case "WriteTo":
		_, err = d.WriteTo(io.Discard)
	default:
		for one := make([]byte, 1); err == nil; time.Sleep(time.Second) {
			_, err = d.Read(one)
		}
		err = eofIsNil(err)
	}
	return errors.Join(err, d.Close())
}
