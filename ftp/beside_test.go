package ftp

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"testing"

	"portside/ftp/ftptest"
)

// A session behind others asks for nothing that they have learned.
func TestLaterSessionsBeginSooner(t *testing.T) {
	tr, data := tree(4000)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Greeting: known}})
	know := NewMemory(Profile{})
	share := func(cfg *Config) { cfg.Memory = know }
	if _, err := get(t.Context(), dial(t, s, share), "/f", 0); err != nil {
		t.Fatal(err)
	}
	before := len(sent(s))
	c := dial(t, s, share)
	if got, err := get(t.Context(), c, "/f", 1000); err != nil || got != data[1000:] {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	want := []string{"USER demo", "PASS demo", "OPTS UTF8 ON", "PWD", "TYPE I", "EPSV", "REST 1000", "RETR /f", "EPSV"}
	if got := sent(s)[before:]; !slices.Equal(got, want) {
		t.Errorf("sent %q", got)
	}
	if !c.Features().Has("REST") {
		t.Error("the features are forgotten")
	}
}

// nobody returns a port on which nobody listens.
func nobody(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// E7: the server is told the place while the data connection is dialled. Where
// that cannot be made the server still holds the place, and the next transfer
// tells it another.
func TestPlaceOutlivesTheDialE7(t *testing.T) {
	s := script(t, ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n"),
		ftptest.Exchange("EPSV", fmt.Sprintf("229 (|||%d|)\r\n", nobody(t))), ftptest.Exchange("REST 5", "350 ok\r\n"),
		ftptest.Exchange("PASV", "425 no\r\n"),
		ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Exchange("REST 0", "350 ok\r\n"), ftptest.Expect("RETR /f"), ftptest.Connect(),
		ftptest.Send("150 here\r\n"), ftptest.SendData("abc"), ftptest.CloseData(), ftptest.Send("226 done\r\n"))
	c := dial(t, s, func(cfg *Config) { cfg.Mode = Passive })
	if _, err := get(t.Context(), c, "/f", 5); err == nil {
		t.Fatal("there was no data connection")
	}
	if got, err := get(t.Context(), c, "/f", 0); err != nil || got != "abc" {
		t.Fatalf("%q, %v", got, err)
	}
}

// The second login of a user is one packet, with what ends it, where the first
// has shown that user and password are all.
func TestBriefLogin(t *testing.T) {
	features := "211-x\r\n SIZE\r\n211 end\r\n"
	again := []ftptest.Step{ftptest.Send(known), ftptest.Expect("USER demo"), ftptest.Expect("PASS demo"), ftptest.Expect("PWD"),
		ftptest.Expect("TYPE I"), ftptest.Expect("EPSV")}
	for name, tt := range map[string]struct {
		answer string
		want   error
	}{
		"good":    {"331 go on\r\n230 in\r\n257 \"/home\"\r\n200 ok\r\n229 (|||40000|)\r\n", nil},
		"too few": {"331 go on\r\n530 no\r\n530 no\r\n530 no\r\n530 no\r\n", ErrLogin},
		"freely":  {"230 in\r\n230 in\r\n257 \"/home\"\r\n200 ok\r\n425 no\r\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			know := NewMemory(Profile{})
			share := func(cfg *Config) { cfg.Memory = know }
			first := script(t, ftptest.Send(known), ftptest.Exchange("USER demo", "331 go on\r\n"), ftptest.Exchange("PASS demo", "230 in\r\n"),
				ftptest.Exchange("FEAT", features), ftptest.Exchange("PWD", "257 \"/home\"\r\n"), ftptest.Exchange("TYPE I", "200 ok\r\n"),
				ftptest.Exchange("EPSV", "229 (|||40000|)\r\n"))
			dial(t, first, share)
			s := script(t, append(again, ftptest.Send(tt.answer))...)
			cfg := configOf(s)
			cfg.Memory = know
			c, err := Dial(t.Context(), cfg)
			if !errors.Is(err, tt.want) {
				t.Fatal(err)
			}
			if err == nil {
				_ = c.fail(errClosed) // scripts do not answer QUIT
				if c.Home() != "/home" || !c.Features().Has("SIZE") {
					t.Errorf("home %s, features %v", c.Home(), c.Features())
				}
			}
			if know.admitted(whom{"127.0.0.1", "demo", false}) != (tt.want == nil) {
				t.Error("the way of the login is not what was learned")
			}
		})
	}
}
