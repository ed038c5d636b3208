package ftp

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

const noopAfter = 200 * time.Millisecond

func withNoop(cfg *Config) { cfg.TransferNoop = noopAfter }

// TestTransferNoop has servers answer a NOOP that was sent while they transfer
// at once, behind their own reply, with a refusal, or never. It is never taken
// for the verdict.
func TestTransferNoop(t *testing.T) {
	data := []ftptest.Step{ftptest.SendData("second"), ftptest.CloseData()}
	say := func(text string) []ftptest.Step { return []ftptest.Step{ftptest.Send(text)} }
	for _, tt := range []struct {
		name  string
		noop  string // the answer to NOOP while idle
		steps []ftptest.Step
		check func(error) bool
		over  bool // the session
	}{
		{"at once", "200 ok", slices.Concat(say("200 ok\r\n"), data, say("226 done\r\n")), is(nil), false},
		{"behind", "200 ok", slices.Concat(data, say("226 done\r\n200 ok\r\n")), is(nil), false},
		{"refused at once", "200 ok", slices.Concat(say("500 busy\r\n"), data, say("226 done\r\n")), is(nil), false},
		{"refused behind", "200 ok", slices.Concat(data, say("226 done\r\n"), say("500 what\r\n")), is(nil), false},
		{"never", "200 ok", slices.Concat(data, say("226 done\r\n")), is(nil), true},
		{"both say 200", "200 ok", slices.Concat(data, say("200 done\r\n200 ok\r\n")), is(nil), false},
		{"both say 250", "250 ok", slices.Concat(say("250 ok\r\n"), data, say("250 done\r\n")), is(nil), false},
		{"never, and 200", "200 ok", slices.Concat(data, say("200 done\r\n")), is(ErrNoVerdict), true},
		{"failed before", "200 ok", slices.Concat(data, say("426 broken off\r\n200 ok\r\n")), isCode(426), false},
		{"failed behind", "200 ok", slices.Concat(say("200 ok\r\n"), data, say("426 broken off\r\n")), isCode(426), false},
		{"failed or refused", "200 ok", slices.Concat(data, say("500 no\r\n200 ok\r\n")), is(ErrNoVerdict), true},
		{"done and then failed", "200 ok", slices.Concat(data, say("226 done\r\n451 or not\r\n")), isCode(451), true},
		{"one too many", "200 ok", slices.Concat(data, say("226 done\r\n226 done\r\n")), is(nil), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			steps := slices.Concat([]ftptest.Step{ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("NOOP", tt.noop+"\r\n"),
				ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.Send("150 go\r\n"),
				ftptest.SendData("first "), ftptest.Expect("NOOP")}, tt.steps)
			if !tt.over {
				steps = append(steps, ftptest.Exchange("NOOP", tt.noop+"\r\n"))
			}
			s := script(t, steps...)
			var d *Download
			c := dial(t, s, withShort, withNoop, func(cfg *Config) {
				cfg.Trace = &Trace{Line: func(dir byte, text string) {
					if dir == '>' && text == "NOOP" && d != nil {
						d.t.pulse.every = 0 // one is what the script expects
					}
				}}
			})
			var err error
			if d, err = c.Retr(t.Context(), "/f", 0); err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(d)
			err = errors.Join(err, d.Close())
			if !tt.check(err) || string(b) != "first second" {
				t.Errorf("got %q, %v", b, err)
			}
			d = nil
			if tt.over {
				broken(t, c, errors.Join(err, c.over()))
			} else {
				usable(t, c)
			}
		})
	}
}

// TestTransferNoopUnknown sends none to a server that does not have it.
func TestTransferNoopUnknown(t *testing.T) {
	gate := make(chan struct{})
	timer := time.AfterFunc(2*noopAfter, func() { close(gate) })
	defer timer.Stop()
	s := script(t, ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("NOOP", "502 what\r\n"),
		ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.Send("150 go\r\n"),
		ftptest.Hold(gate), ftptest.SendData("data"), ftptest.CloseData(), ftptest.Send("226 done\r\n"), ftptest.Exchange("SIZE /f", "213 4\r\n"))
	c := dial(t, s, withNoop)
	if got, err := get(t.Context(), c, "/f", 0); err != nil || got != "data" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := c.Size(t.Context(), "/f"); err != nil {
		t.Error(err)
	}
}

// TestTransferNoopUploads sends NOOPs between writes.
func TestTransferNoopUploads(t *testing.T) {
	for _, reply := range []string{"200 ok\r\n226 done\r\n", "226 done\r\n200 ok\r\n"} {
		s := script(t, ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("NOOP", "200 ok\r\n"),
			ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("STOR /f"), ftptest.Connect(), ftptest.Send("150 go\r\n"),
			ftptest.Expect("NOOP"), ftptest.ReadData(func(data []byte, err error) {
				if string(data) != "first second" || err != nil {
					t.Errorf("the server got %q, %v", data, err)
				}
			}), ftptest.Send(reply), ftptest.Exchange("SIZE /f", "213 12\r\n"))
		c := dial(t, s, withNoop)
		u, err := c.Stor(t.Context(), "/f", 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(u, "first "); err != nil {
			t.Fatal(err)
		}
		u.t.pulse.next = time.Now() // as after a while
		if _, err := io.WriteString(u, "second"); err != nil {
			t.Fatal(err)
		}
		if err := u.Close(); err != nil {
			t.Error(err)
		}
		if _, err := c.Size(t.Context(), "/f"); err != nil {
			t.Error(err)
		}
	}
}

// TestTransferNoopOverTLS waits for the server's goodbye, which comes in front
// of the answer to NOOP.
func TestTransferNoopOverTLS(t *testing.T) {
	config, roots, err := ftptest.NewTLS()
	if err != nil {
		t.Fatal(err)
	}
	s, err := ftptest.Start(ftptest.Config{TLS: config, TLSRequired: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := dial(t, s, withRoots(roots), withNoop, func(cfg *Config) { cfg.Security = Explicit })
	for range 2 {
		u, err := c.Stor(t.Context(), "/f", 0)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			u.t.pulse.next = time.Now() // as after a while
			if _, err := io.WriteString(u, strings.Repeat("x", 100_000)); err != nil {
				t.Fatal(err)
			}
		}
		if err := u.Close(); err != nil {
			t.Error(err)
		}
		if size, err := c.Size(t.Context(), "/f"); err != nil || size != 300_000 {
			t.Errorf("%d bytes, %v", size, err)
		}
	}
	if n := strings.Count(strings.Join(sent(s), "\n"), "NOOP"); n < 1+2*3 {
		t.Errorf("sent NOOP %d times", n)
	}
}

// TestTransferNoopWithoutControl loses the control connection under a transfer:
// what the data connection brings still counts.
func TestTransferNoopWithoutControl(t *testing.T) {
	s := script(t, ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"), ftptest.Exchange("NOOP", "200 ok\r\n"),
		ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.Send("150 go\r\n"),
		ftptest.SendData("first "), ftptest.Expect("NOOP"), ftptest.SendData("second"), ftptest.Reset())
	c := dial(t, s, withShort, withNoop)
	got, err := get(t.Context(), c, "/f", 0)
	if !errors.Is(err, ErrNoVerdict) || got != "first second" {
		t.Errorf("got %q, %v", got, err)
	}
	broken(t, c, err)
}

// TestKeepAlive is heard by turns with two commands, and takes any answer.
func TestKeepAlive(t *testing.T) {
	s := script(t, ftptest.Login(), ftptest.Exchange("NOOP", "500 what\r\n"), ftptest.Exchange("PWD", "257 \"/\"\r\n"), ftptest.Exchange("NOOP", "200 ok\r\n"),
		ftptest.Exchange("PWD", "421 goodbye\r\n"))
	c := dial(t, s)
	for range 3 {
		if err := c.KeepAlive(t.Context()); err != nil {
			t.Error(err)
		}
	}
	broken(t, c, c.KeepAlive(t.Context()))
	if cmds := strings.Join(sent(s), " "); !strings.HasSuffix(cmds, "NOOP PWD NOOP PWD") {
		t.Errorf("sent %s", cmds)
	}
}
