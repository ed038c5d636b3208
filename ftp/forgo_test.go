package ftp

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A command that changes something and was not answered must not arrive after
// what the next session does.
func TestUnansweredCommandsAreTakenBack(t *testing.T) {
	for verb, reset := range map[string]bool{"DELE": true, "MKD": true, "MDTM": false} {
		t.Run(verb, func(t *testing.T) {
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer ln.Close()
			end := make(chan error, 1)
			go func() { end <- silentAt(ln, verb) }() // ends with the connection; the test waits for end
			addr := ln.Addr().(*net.TCPAddr)
			c, err := Dial(t.Context(), Config{Host: "127.0.0.1", Port: addr.Port, User: "u", Password: "p", Security: Plain})
			if err != nil {
				t.Fatal(err)
			}
			c.cfg.Timeouts.Reply = 200 * time.Millisecond
			switch verb {
			case "DELE":
				err = c.Delete(t.Context(), "/f")
			case "MKD":
				err = c.MakeDir(t.Context(), "/f")
			default:
				_, err = c.Stat(t.Context(), "/f")
			}
			if err == nil || c.Alive() {
				t.Errorf("alive after %v", err)
			}
			if err := <-end; errors.Is(err, syscall.ECONNRESET) != reset {
				t.Errorf("the server saw %v", err)
			}
			_ = c.Close()
		})
	}
}

// silentAt answers one session until a verb comes, and returns how it ends.
func silentAt(ln net.Listener, verb string) error {
	conn, err := ln.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	say := func(line string) { _, _ = fmt.Fprintf(conn, "%s\r\n", line) }
	say("220 hello")
	for r := bufio.NewReader(conn); ; {
		line, err := r.ReadString('\n')
		if err != nil {
			return err
		}
		got, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch got {
		case verb:
		case "USER":
			say("230 in")
		case "PWD":
			say(`257 "/"`)
		case "SIZE":
			say("213 1")
		case "TYPE":
			say("200 fine")
		default:
			say("500 what?")
		}
	}
}
