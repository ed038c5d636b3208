package ftp

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// numbered is a tree of n small files, /0 and on.
func numbered(n int) *ftptest.Tree {
	tr := ftptest.NewTree()
	for i := range n {
		tr.WriteFile(fmt.Sprint("/", i), []byte(strings.Repeat(fmt.Sprint(i), 500)), time.Time{})
	}
	return tr
}

// getAll downloads the files of numbered and announces each before its time.
func getAll(t *testing.T, c *Conn, n int) {
	t.Helper()
	for i := range n {
		if i+1 < n {
			c.Announce(fmt.Sprint("/", i+1))
		}
		got, err := get(t.Context(), c, fmt.Sprint("/", i), 0)
		if want := strings.Repeat(fmt.Sprint(i), 500); err != nil || got != want {
			t.Fatalf("file %d: %.20q, %v", i, got, err)
		}
	}
}

// In active mode what was announced is asked for behind the transfer before,
// plain and with TLS, in one packet only where the server needs that.
func TestFollow(t *testing.T) {
	for _, tt := range []struct {
		greeting string
		secure   bool
		early    int // how many downloads were asked for before their time
	}{
		{known, false, 18},
		{known, true, 18},
		{"220 ProFTPD Server\r\n", true, 9},
		{"220 Welcome to Pure-FTPd\r\n", false, 9},
		{"220 Hello\r\n", false, 0},
	} {
		const n = 20
		cfg := ftptest.Config{Tree: numbered(n), Quirks: ftptest.Quirks{Greeting: tt.greeting}, TLS: nil}
		change := withActive
		if tt.secure {
			server, roots, err := ftptest.NewTLS()
			if err != nil {
				t.Fatal(err)
			}
			cfg.TLS, cfg.ReuseRequired = server, true
			change = func(cfg *Config) {
				cfg.Mode, cfg.Security, cfg.TLS = Active, Explicit, &tls.Config{RootCAs: roots}
			}
		}
		s := serve(t, cfg)
		var log recorder
		c := dial(t, s, change, func(cfg *Config) { cfg.Trace = log.trace() })
		getAll(t, c, n)
		usable(t, c)
		early, open := 0, 0 // open: downloads that are asked for and not over
		for line := range strings.Lines(log.text()) {
			switch {
			case strings.HasPrefix(line, "> RETR"):
				if open++; open > 1 {
					early++
				}
			case strings.HasPrefix(line, "< 226"):
				open--
			}
		}
		if early != tt.early {
			t.Errorf("%q: %d downloads were asked for before their time, want %d", tt.greeting, early, tt.early)
		}
	}
}

// What was announced and does not come is read and forgotten, whatever the
// next operation is.
func TestFollowDismissed(t *testing.T) {
	s := serve(t, ftptest.Config{Tree: numbered(5), Quirks: ftptest.Quirks{Greeting: known}})
	c := dial(t, s, withActive)
	for i, op := range []func() error{
		func() error { return c.Noop(t.Context()) },
		func() error { _, err := get(t.Context(), c, "/4", 0); return err },
		func() error { _, err := get(t.Context(), c, "/2", 1); return err },
		func() error { return put(t.Context(), c, "/up", "data", 0) },
		func() error { _, err := names(t.Context(), c, "/"); return err },
	} {
		for _, path := range []string{"/2", "/none"} {
			if _, err := get(t.Context(), c, "/0", 0); err != nil {
				t.Fatal(err)
			}
			c.Announce(path)
			if _, err := get(t.Context(), c, "/1", 0); err != nil {
				t.Fatal(err)
			}
			if !c.follows() || !c.Alive() {
				t.Fatalf("operation %d: nothing follows", i)
			}
			if err := op(); err != nil {
				t.Errorf("operation %d behind %s: %v", i, path, err)
			}
		}
	}
	// a download that follows and is refused is a refusal, no more
	c.Announce("/none")
	if _, err := get(t.Context(), c, "/1", 0); err != nil {
		t.Fatal(err)
	}
	if _, err := get(t.Context(), c, "/none", 0); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	usable(t, c)
}

// A server that refuses what comes while it transfers is not believed, and
// never asked again in this way.
func TestFollowRefused(t *testing.T) {
	file := func(text string) []ftptest.Step {
		return []ftptest.Step{ftptest.Connect(), ftptest.Send("150 Go.\r\n"), ftptest.SendData(text), ftptest.CloseData()}
	}
	s := script(t, slices.Concat([]ftptest.Step{ftptest.Login(), ftptest.Exchange("TYPE I", "200 OK.\r\n"),
		ftptest.Exchange("PORT *", "200 OK.\r\n"), ftptest.Expect("RETR /0")}, file("0"), []ftptest.Step{ftptest.Send("226 Done.\r\n"),
		ftptest.Expect("PORT *"), ftptest.Expect("RETR /1"), ftptest.Send("200 OK.\r\n")}, file("1"), []ftptest.Step{
		ftptest.Expect("PORT *"), ftptest.Expect("RETR /2"), ftptest.Send("450 Transferring.\r\n226 Done.\r\n")})...)
	know := NewMemory(Profile{Ahead: Works})
	c := dial(t, s, withShort, withActive, func(cfg *Config) { cfg.Memory = know })
	if _, err := get(t.Context(), c, "/0", 0); err != nil {
		t.Fatal(err)
	}
	c.Announce("/2")
	_, err := get(t.Context(), c, "/1", 0)
	broken(t, c, err)
	if got := know.Profile().Ahead; got != Fails {
		t.Errorf("the profile says %d", got)
	}
}

// A big file that was announced and does not come costs the session; so does
// the end of the session before it came.
func TestFollowBig(t *testing.T) {
	tr := numbered(2)
	tr.WriteFile("/big", make([]byte, 3*bookBelow), time.Time{})
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Greeting: known}})
	for _, closes := range []bool{false, true} {
		c := dial(t, s, withActive)
		for _, path := range []string{"/0", "/1"} {
			c.Announce("/big")
			if _, err := get(t.Context(), c, path, 0); err != nil {
				t.Fatal(err)
			}
		}
		if closes {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
			continue
		}
		broken(t, c, c.Noop(t.Context()))
	}
}
