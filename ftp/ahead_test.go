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

	"github.com/google/go-cmp/cmp"

	"portside/ftp/ftptest"
)

// known is a greeting of a server that keeps commands until a transfer is over.
const known = "220 (vsFTPd 3.0.3)\r\n"

// talk returns the commands of a transcript from the first EPSV on.
func talk(s server) []string {
	cmds := sent(s)
	if i := slices.Index(cmds, "EPSV"); i >= 0 {
		// What is said of names is the login's, too.
		return slices.DeleteFunc(cmds[i:], func(cmd string) bool { return cmd == "OPTS UTF8 ON" })
	}
	return cmds
}

// Behind a small transfer EPSV goes out with the command, and the next transfer
// begins without another one; a refusal in between changes nothing.
func TestAhead(t *testing.T) {
	tr, data := tree(4000)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Greeting: known}})
	c := dial(t, s)
	for range 3 {
		if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
	}
	if _, err := get(t.Context(), c, "/none", 0); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if err := put(t.Context(), c, "/up", data, 0); err != nil {
		t.Fatal(err)
	}
	if got, err := names(t.Context(), c, "/dir"); err != nil || !slices.Equal(got, []string{"sub"}) {
		t.Fatal(got, err)
	}
	usable(t, c)
	want := []string{"EPSV", "RETR /f", "EPSV", "RETR /f", "EPSV", "RETR /f", "EPSV",
		"RETR /none", "EPSV", "STOR /up", "EPSV", "MLSD /dir", "EPSV", "NOOP"}
	if d := cmp.Diff(want, talk(s)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if got := c.know.Profile().Ahead; got != Works {
		t.Errorf("the profile says %d", got)
	}
}

// Servers that are not known, and transfers behind big ones, are spared.
func TestAheadNotTried(t *testing.T) {
	tr, _ := tree(4000)
	big := strings.Repeat("x", bookBelow)
	tr.WriteFile("/big", []byte(big), time.Time{})
	for _, tt := range []struct {
		greeting, path string
		change         func(*Config)
	}{
		{"220 Hello\r\n", "/f", func(*Config) {}},
		{known, "/big", func(*Config) {}},
		{known, "/f", withActive},
		{known, "/f", func(cfg *Config) { cfg.TransferNoop = 1 << 40 }},
		{known, "/f", func(cfg *Config) { cfg.Memory = NewMemory(Profile{Ahead: Fails}) }},
	} {
		s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Greeting: tt.greeting}})
		c := dial(t, s, tt.change)
		for range 2 {
			if _, err := get(t.Context(), c, tt.path, 0); err != nil {
				t.Fatal(err)
			}
		}
		cmds := sent(s)
		if last := cmds[len(cmds)-1]; last != "RETR "+tt.path {
			t.Errorf("%q %s: %q was sent behind the transfer", tt.greeting, tt.path, last)
		}
	}
}

func TestAheadTLS(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		tr, data := tree(4000)
		cfg, roots, err := ftptest.NewTLS()
		if err != nil {
			t.Fatal(err)
		}
		s := serve(t, ftptest.Config{Tree: tr, TLS: cfg, ReuseRequired: true, Quirks: ftptest.Quirks{Greeting: known}})
		c := dial(t, s, func(cfg *Config) {
			cfg.Security, cfg.TLS = Explicit, &tls.Config{RootCAs: roots, MaxVersion: version}
		})
		for range 5 {
			if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
				t.Fatalf("%d bytes, %v", len(got), err)
			}
			if err := put(t.Context(), c, "/up", data, 0); err != nil {
				t.Fatal(err)
			}
		}
		if got := c.know.Profile().Ahead; got != Works {
			t.Errorf("the profile says %d", got)
		}
	}
}

// A server that answers EPSV at once and breaks off the transfer is never
// believed, and never asked again in this way.
func TestAheadEager(t *testing.T) {
	steps := []ftptest.Step{
		ftptest.Login(), ftptest.Exchange("TYPE I", "200 OK.\r\n"),
		ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("RETR /f"), ftptest.Connect(),
		ftptest.Send("150 Go.\r\n"), ftptest.SendData("whole"), ftptest.CloseData(), ftptest.Send("226 Done.\r\n"),
		ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("RETR /f"), ftptest.Connect(),
		ftptest.Send("150 Go.\r\n"), ftptest.SendData("ha"), ftptest.Expect("EPSV"),
		ftptest.Send("229 (|||1234|)\r\n"), ftptest.CloseData(), ftptest.Send("226 Done.\r\n"),
	}
	s := script(t, steps...)
	know := NewMemory(Profile{Ahead: Works})
	c := dial(t, s, withShort, func(cfg *Config) { cfg.Memory = know })
	if got, err := get(t.Context(), c, "/f", 0); got != "whole" || err != nil {
		t.Fatal(got, err)
	}
	_, err := get(t.Context(), c, "/f", 0)
	broken(t, c, err)
	if got := know.Profile().Ahead; got != Fails {
		t.Errorf("the profile says %d", got)
	}
}

// What was agreed upon may be gone when it is needed: then it is agreed upon
// anew, and not ahead any more.
func TestAheadGone(t *testing.T) {
	s := script(t,
		ftptest.Login(), ftptest.Exchange("TYPE I", "200 OK.\r\n"),
		ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("RETR /a"), ftptest.Connect(),
		ftptest.Send("150 Go.\r\n"), ftptest.SendData("a"), ftptest.CloseData(), ftptest.Send("226 Done.\r\n"),
		ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("RETR /b"), ftptest.Expect("EPSV"), ftptest.Connect(),
		ftptest.Send("150 Go.\r\n"), ftptest.SendData("b"), ftptest.CloseData(), ftptest.Send("226 Done.\r\n"),
		ftptest.Send(fmt.Sprintf("229 (|||%d|)\r\n", closedPort(t))),
		ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("RETR /c"), ftptest.Connect(),
		ftptest.Send("150 Go.\r\n"), ftptest.SendData("c"), ftptest.CloseData(), ftptest.Send("226 Done.\r\n"),
	)
	know := NewMemory(Profile{Ahead: Works})
	c := dial(t, s, withShort, func(cfg *Config) { cfg.Memory = know })
	for _, name := range []string{"a", "b", "c"} {
		if got, err := get(t.Context(), c, "/"+name, 0); got != name || err != nil {
			t.Fatal(name, got, err)
		}
	}
	if got := know.Profile().Ahead; got != Fails {
		t.Errorf("the profile says %d", got)
	}
}

// In active mode PORT goes out with the command once it has worked; but REST
// stands right before its command.
func TestPair(t *testing.T) {
	tr, data := tree(4000)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Greeting: known}})
	c := dial(t, s, withActive)
	for range 3 {
		if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
	}
	if got, err := get(t.Context(), c, "/f", 10); err != nil || got != data[10:] {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	var pairs []bool // whether RETR came before the answer to PORT
	lines := s.Transcript()
	for i, line := range lines {
		if strings.Contains(line, "> PORT") {
			pairs = append(pairs, strings.Contains(strings.Join(lines[i+1:min(i+3, len(lines))], "\n"), "> RETR"))
		}
	}
	text := strings.Join(lines, "\n")
	if i := strings.Index(text, "> REST 10"); i < 0 || !strings.Contains(text[i:], "> RETR /f") || strings.Contains(text[i:], "> PORT") {
		t.Errorf("REST does not stand right before its command:\n%s", text)
	}
	if len(pairs) != 4 {
		t.Fatalf("%d times PORT:\n%s", len(pairs), text)
	}
}

// The server may refuse PORT, or lose the command behind it.
func TestPairRefused(t *testing.T) {
	t.Parallel()
	port := func(reply string) []ftptest.Step {
		return []ftptest.Step{ftptest.Expect("PORT *"), ftptest.Expect("RETR /f"), ftptest.Send(reply)}
	}
	first := []ftptest.Step{ftptest.Login(), ftptest.Exchange("TYPE I", "200 OK.\r\n"),
		ftptest.Exchange("PORT *", "200 OK.\r\n"), ftptest.Expect("RETR /f"), ftptest.Connect(),
		ftptest.Send("150 Go.\r\n"), ftptest.SendData("f"), ftptest.CloseData(), ftptest.Send("226 Done.\r\n")}
	for _, tt := range []struct {
		name, reply string
		over        bool
		pipeline    Trial
		ahead       Trial
	}{
		{"both", "500 No PORT.\r\n425 No way.\r\n", false, Untried, Works},
		{"port alone", "500 No PORT.\r\n150 Go.\r\n", true, Untried, Works},
		{"lost", "200 OK.\r\n", true, Fails, Works},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := script(t, slices.Concat(first, port(tt.reply))...)
			know := NewMemory(Profile{Ahead: Works})
			c := dial(t, s, withShort, withActive, func(cfg *Config) {
				cfg.Memory = know
				cfg.Timeouts.Accept = 2 * cfg.Timeouts.Reply
			})
			if got, err := get(t.Context(), c, "/f", 0); got != "f" || err != nil {
				t.Fatal(got, err)
			}
			_, err := get(t.Context(), c, "/f", 0)
			if err == nil || errors.Is(err, ErrBroken) != tt.over {
				t.Errorf("got %v", err)
			}
			if got := know.Profile(); got.Pipeline != tt.pipeline || got.Ahead != tt.ahead {
				t.Errorf("the profile says %+v", got)
			}
		})
	}
}

// The server may answer PORT once it has connected, behind the command.
func TestPairAnsweredLate(t *testing.T) {
	apart := func(steps ...ftptest.Step) []ftptest.Step {
		return append([]ftptest.Step{ftptest.Exchange("PORT *", "200 OK.\r\n")}, steps...)
	}
	whole := []ftptest.Step{ftptest.Expect("RETR /f"), ftptest.Connect(), ftptest.Send("150 Go.\r\n"), ftptest.SendData("f"),
		ftptest.CloseData(), ftptest.Send("226 Done.\r\n")}
	for name, late := range map[string][]ftptest.Step{
		"begun": {ftptest.Expect("PORT *"), ftptest.Expect("RETR /f"), ftptest.Send("150 Go.\r\n"), ftptest.Connect(),
			ftptest.Send("200 OK.\r\n"), ftptest.SendData("f"), ftptest.CloseData(), ftptest.Send("226 Done.\r\n")},
		"refused": {ftptest.Expect("PORT *"), ftptest.Expect("RETR /f"), ftptest.Send("550 No such file.\r\n"), ftptest.Connect(),
			ftptest.Send("200 OK.\r\n"), ftptest.CloseData()},
	} {
		t.Run(name, func(t *testing.T) {
			first := append([]ftptest.Step{ftptest.Login(), ftptest.Exchange("TYPE I", "200 OK.\r\n")}, apart(whole...)...)
			s := script(t, slices.Concat(first, late, apart(whole...))...)
			c := dial(t, s, withShort, withActive)
			for i := range 3 {
				got, err := get(t.Context(), c, "/f", 0)
				switch {
				case i == 1 && name == "refused":
					if !errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrBroken) {
						t.Errorf("got %v", err)
					}
				case got != "f" || err != nil:
					t.Fatal(i, got, err)
				}
			}
		})
	}
	t.Run("not connected", func(t *testing.T) {
		s := script(t, slices.Concat([]ftptest.Step{ftptest.Login(), ftptest.Exchange("TYPE I", "200 OK.\r\n")}, apart(whole...),
			[]ftptest.Step{ftptest.Expect("PORT *"), ftptest.Expect("RETR /f"), ftptest.Send("150 Go.\r\n425 No way.\r\n")})...)
		c := dial(t, s, withShort, withActive)
		if got, err := get(t.Context(), c, "/f", 0); got != "f" || err != nil {
			t.Fatal(got, err)
		}
		if _, err := get(t.Context(), c, "/f", 0); !errors.Is(err, ErrBroken) {
			t.Errorf("got %v", err)
		}
	})
}
