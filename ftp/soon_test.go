package ftp

import (
	"fmt"
	"net"
	"slices"
	"testing"

	"portside/ftp/ftptest"
)

// The first data connection is agreed upon with the login, and is the one of
// the first transfer, whether or not it is opened during a look before.
func TestSoon(t *testing.T) {
	for _, afar := range []bool{false, true} {
		tr, data := tree(4000)
		s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Greeting: known, NoMLSD: true}})
		c := dial(t, s, func(cfg *Config) { cfg.afar = afar })
		if cmds := sent(s); !slices.Contains(cmds, "EPSV") {
			t.Errorf("the login was %q", cmds)
		}
		if _, err := c.Stat(t.Context(), "/f"); err != nil {
			t.Fatal(err)
		}
		if opened := c.greeted != nil && c.greeted.conn != nil; opened != afar {
			t.Errorf("afar %t: opened %t", afar, opened)
		}
		if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
		cmds := sent(s)
		if i := slices.Index(cmds, "EPSV"); slices.Index(cmds[i+1:], "EPSV") < slices.Index(cmds[i+1:], "RETR /f") {
			t.Errorf("it was asked for twice: %q", cmds)
		}
	}
}

// Servers that are not known are not asked, nor is anybody for whom it would be
// of no use.
func TestSoonSpared(t *testing.T) {
	for name, tt := range map[string]struct {
		greeting string
		change   func(*Config)
	}{
		"unknown": {"220 hi\r\n", func(*Config) {}},
		"active":  {known, withActive},
		"PASV":    {known, func(cfg *Config) { cfg.Memory = NewMemory(Profile{Method: "PASV"}) }},
		"not here": {known, func(cfg *Config) {
			cfg.Memory = NewMemory(Profile{})
			cfg.Memory.missData(fmt.Errorf("no way"))
		}},
	} {
		s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{Greeting: tt.greeting}})
		dial(t, s, tt.change)
		if cmds := sent(s); slices.Contains(cmds, "EPSV") {
			t.Errorf("%s: %q", name, cmds)
		}
	}
}

// An offer that is refused, says nothing, leads nowhere or has ended meanwhile
// is one way that did not work: the next is tried, or the same once more.
func TestSoonFails(t *testing.T) {
	shut, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nowhere := fmt.Sprintf("229 (|||%d|)\r\n", shut.Addr().(*net.TCPAddr).Port)
	_ = shut.Close()
	for name, tt := range map[string]struct{ answer, next string }{
		"refused":  {"500 What?\r\n", "PASV"},
		"nowhere":  {nowhere, "PASV"},
		"nonsense": {"229 (|||25|)\r\n", "EPSV"},
	} {
		listen := ftptest.Listen("229 (|||%d|)\r\n")
		if tt.next == "PASV" {
			listen = ftptest.Listen("227 (127,0,0,1,%p)\r\n")
		}
		s := script(t, ftptest.Send(known), ftptest.Exchange("USER demo", "230 in\r\n"), ftptest.Expect("FEAT"), ftptest.Expect("PWD"),
			ftptest.Expect("TYPE I"), ftptest.Expect("EPSV"), ftptest.Send("500 no\r\n257 \"/\"\r\n200 ok\r\n"+tt.answer),
			ftptest.Expect(tt.next), listen, ftptest.Expect("RETR /f"), ftptest.Try(ftptest.Expect(tt.next)),
			ftptest.Connect(), ftptest.Send("150 here\r\n"), ftptest.SendData("data"), ftptest.CloseData(),
			ftptest.Send("226 done\r\n500 no\r\n"))
		c := dial(t, s, withShort)
		if got, err := get(t.Context(), c, "/f", 0); err != nil || got != "data" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// A connection that was opened and that the server ended is not used.
func TestSoonStale(t *testing.T) {
	s := script(t, ftptest.Send(known), ftptest.Exchange("USER demo", "230 in\r\n"), ftptest.Expect("FEAT"), ftptest.Expect("PWD"),
		ftptest.Expect("TYPE I"), ftptest.Expect("EPSV"), ftptest.Send("500 no\r\n257 \"/\"\r\n200 ok\r\n"), ftptest.Listen("229 (|||%d|)\r\n"),
		ftptest.Expect("SIZE /f"), ftptest.Expect("MDTM /f"), ftptest.Expect("CWD /f"), ftptest.Connect(), ftptest.CloseData(),
		ftptest.Send("213 4\r\n213 20240203040506\r\n550 no\r\n"),
		ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("RETR /f"), ftptest.Expect("EPSV"),
		ftptest.Connect(), ftptest.Send("150 here\r\n"), ftptest.SendData("data"), ftptest.CloseData(), ftptest.Send("226 done\r\n500 no\r\n"))
	c := dial(t, s, withShort, func(cfg *Config) { cfg.afar = true })
	if _, err := c.Stat(t.Context(), "/f"); err != nil {
		t.Fatal(err)
	}
	if got, err := get(t.Context(), c, "/f", 0); err != nil || got != "data" {
		t.Errorf("%q, %v", got, err)
	}
}
