package ftp

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// abandon reads a little of /f and closes it.
func abandon(t *testing.T, c *Conn) error {
	t.Helper()
	d, err := c.Retr(t.Context(), "/f", 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(d, make([]byte, 4)); err != nil {
		t.Fatal(err)
	}
	err = d.Close()
	if !errors.Is(err, errAbandoned) {
		t.Errorf("got %v", err)
	}
	return err
}

// A download that is closed before its end costs the session only where the
// replies to ABOR leave a doubt.
func TestAbortE33(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, replies string
		noop          string // the answer to the question whether that was all; "" when it is not asked
		lives         bool
	}{
		{"426 and 226", "426 Aborted.\r\n226 Closed.\r\n", "200 OK", true},
		{"225 and 226", "225 Abort.\r\n226 Closed.\r\n", "200 OK", true},
		{"500 and 426", "500 Unknown command.\r\n426 Aborted.\r\n", "200 OK", true},
		{"226 only", "226 Closed.\r\n", "", false},
		{"150 at last", "226 Closed.\r\n150 Opening.\r\n", "", false},
		{"500 only", "500 Unknown command.\r\n", "", false},
		{"nothing", "", "", false},
		{"421", "426 Aborted.\r\n421 Bye.\r\n", "", false},
		{"one too many", "426 Aborted.\r\n226 Closed.\r\n", "226 Closed.", false},
		{"no end", strings.Repeat("150 x\r\n", 20), "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			steps := passiveSteps(ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.Send("150 x\r\n"), ftptest.SendData("12345678"),
				ftptest.Expect("\xff\xf4\xf2ABOR"))
			if tt.replies != "" {
				steps = append(steps, ftptest.Send(tt.replies))
			}
			if tt.noop != "" {
				steps = append(steps, ftptest.Exchange("NOOP", tt.noop+"\r\n"))
			}
			if tt.lives {
				steps = append(steps, ftptest.Exchange("NOOP", "200 ok\r\n"))
			}
			c := dial(t, script(t, steps...), withShort)
			began := time.Now()
			err := abandon(t, c)
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
			if want := map[bool]Trial{true: Works, false: Fails}[tt.lives]; c.know.Profile().Abort != want {
				t.Errorf("the profile says %d", c.know.Profile().Abort)
			}
			if !tt.lives {
				broken(t, c, err)
				return
			}
			if errors.Is(err, ErrBroken) {
				t.Errorf("got %v", err)
			}
			usable(t, c)
		})
	}
}

func TestAbortClosedE33(t *testing.T) {
	c := dial(t, script(t, passiveSteps(ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.Send("150 x\r\n"), ftptest.SendData("12345678"),
		ftptest.Expect("\xff\xf4\xf2ABOR"), ftptest.Hangup())...), withShort)
	broken(t, c, abandon(t, c))
}

// Where ABOR is known to fail it is not sent, nor where a context has ended:
// nobody waits.
func TestAbortIsNotTried(t *testing.T) {
	for name, know := range map[string]Trial{"fails": Fails, "cancelled": Untried} {
		s := script(t, passiveSteps(ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.Send("150 x\r\n"), ftptest.SendData("12345678"))...)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		c := dial(t, s, func(cfg *Config) { cfg.Memory = NewMemory(Profile{Abort: know}) })
		d, err := c.Retr(ctx, "/f", 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(d, make([]byte, 4)); err != nil {
			t.Fatal(err)
		}
		if know == Untried {
			cancel()
		}
		began := time.Now()
		broken(t, c, d.Close())
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s: it took %v", name, took)
		}
		if cmds := sent(s); cmds[len(cmds)-1] != "RETR /f" {
			t.Errorf("%s: sent %q", name, cmds[len(cmds)-1])
		}
		if got := c.know.Profile().Abort; got != know {
			t.Errorf("%s: the profile says %d", name, got)
		}
	}
}

// The session lives on, plain and with TLS, in both modes, and is asked whether
// that was all only once.
func TestAbortedSessionGoesOn(t *testing.T) {
	for _, secure := range []bool{false, true} {
		for _, mode := range []Mode{Passive, Active} {
			tr, data := tree(8 << 20)
			server, roots, err := ftptest.NewTLS()
			if err != nil {
				t.Fatal(err)
			}
			s := serve(t, ftptest.Config{Tree: tr, TLS: server, ReuseRequired: true})
			c := dial(t, s, withRoots(roots), func(cfg *Config) {
				cfg.Mode, cfg.Security = mode, Plain
				if secure {
					cfg.Security = Explicit
				}
			})
			for range 3 {
				if err := abandon(t, c); errors.Is(err, ErrBroken) {
					t.Fatalf("TLS %v, %v: %v", secure, mode, err)
				}
			}
			if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
				t.Errorf("TLS %v, %v: %d bytes, %v", secure, mode, len(got), err)
			}
			if noops := strings.Count(strings.Join(sent(s), "|"), "NOOP"); noops != 1 {
				t.Errorf("%d times NOOP", noops)
			}
		}
	}
}

// What went out behind the transfer is answered too.
func TestAbortBehindWhichMoreWasSent(t *testing.T) {
	tr, data := tree(8 << 20)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Greeting: known}})
	var log recorder
	c := dial(t, s, withPassive, func(cfg *Config) { cfg.Trace = log.trace() })
	for range 3 {
		if _, err := get(t.Context(), c, "/empty", 0); err != nil { // a small one before: it is worth it
			t.Fatal(err)
		}
		if err := abandon(t, c); errors.Is(err, ErrBroken) {
			t.Fatal(err)
		}
	}
	if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if !strings.Contains(log.text(), "> RETR /f\n> EPSV") {
		t.Errorf("nothing was sent behind the transfer:\n%s", log.text())
	}
}

// A loop over a long listing may be left.
func TestAbortedListing(t *testing.T) {
	rows := strings.Repeat("type=file;size=1; some-name\r\n", 500_000)
	s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{Listing: func(string, string) io.Reader { return strings.NewReader(rows) }}})
	c := dial(t, s)
	for range 3 {
		for _, err := range c.List(t.Context(), "/") {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		usable(t, c)
	}
	if !strings.Contains(strings.Join(sent(s), "|"), "ABOR") {
		t.Error("it came to its end")
	}
}
