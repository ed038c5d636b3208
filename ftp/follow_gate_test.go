package ftp

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

// While a download that was asked for is dismissed, the one that is announced
// does not go out behind it: the command that comes next would get its reply.
func TestFollowDismissedAndAnnounced(t *testing.T) {
	s := serve(t, ftptest.Config{Tree: numbered(5), Quirks: ftptest.Quirks{Greeting: known}})
	c := dial(t, s, withActive)
	for i := range 2 {
		if _, err := get(t.Context(), c, "/0", 0); err != nil {
			t.Fatal(err)
		}
		c.Announce(fmt.Sprint("/", i+1))
	}
	if size, err := c.Size(t.Context(), "/4"); err != nil || size != 500 {
		t.Errorf("got %d, %v", size, err)
	}
	if got, err := get(t.Context(), c, "/3", 0); err != nil || got != strings.Repeat("3", 500) {
		t.Errorf("got %.20q, %v", got, err)
	}
	usable(t, c)
}

// Nothing goes out behind what may need another command before it is over, or
// whose offset could be taken for that of what follows.
func TestFollowBehindDownloadsAlone(t *testing.T) {
	for name, op := range map[string]func(c *Conn) error{
		"LIST": func(c *Conn) error { _, err := names(t.Context(), c, "/"); return err },
		"STOR": func(c *Conn) error { return put(t.Context(), c, "/up", "data", 0) },
		"REST": func(c *Conn) error { _, err := get(t.Context(), c, "/1", 5); return err },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, ftptest.Config{Tree: numbered(3), Quirks: ftptest.Quirks{Greeting: known, NoMLSD: true}})
			c := dial(t, s, withActive)
			if _, err := get(t.Context(), c, "/0", 0); err != nil {
				t.Fatal(err)
			}
			c.Announce("/2")
			if err := op(c); err != nil {
				t.Error(err)
			}
			if slices.Contains(sent(s), "RETR /2") {
				t.Errorf("sent %q", sent(s))
			}
			usable(t, c)
		})
	}
}

// A download that is refused for want of an account is asked for again once what
// was asked for behind it is read. A long path is walked to first.
func TestFollowBehindRefusal(t *testing.T) {
	dir, file := "/"+strings.Repeat("d", 300)+"/"+strings.Repeat("e", 300), "x"
	for name, tt := range map[string]struct {
		path, refusal string
		again         []ftptest.Step
		retr          string
	}{
		"account": {"/1", "532 need account\r\n", []ftptest.Step{ftptest.Exchange("ACCT blue", "230 ok\r\n")}, "RETR /1"},
		"length": {dir + "/" + file, "", []ftptest.Step{ftptest.Exchange("CWD /"+strings.Repeat("d", 300), "250 ok\r\n"),
			ftptest.Exchange("CWD "+strings.Repeat("e", 300), "250 ok\r\n")}, "RETR " + file},
	} {
		t.Run(name, func(t *testing.T) {
			file := func(text string) []ftptest.Step {
				return []ftptest.Step{ftptest.Connect(), ftptest.Send("150 Go.\r\n"), ftptest.SendData(text), ftptest.CloseData(), ftptest.Send("226 Done.\r\n")}
			}
			refused := []ftptest.Step{}
			if tt.refusal != "" {
				refused = slices.Concat([]ftptest.Step{ftptest.Expect("PORT *"), ftptest.Expect("RETR " + tt.path), ftptest.Send("200 OK.\r\n" + tt.refusal),
					ftptest.Expect("PORT *"), ftptest.Expect("RETR /2"), ftptest.Send("200 OK.\r\n")}, file("2"))
			}
			s := script(t, slices.Concat([]ftptest.Step{ftptest.Login(), ftptest.Exchange("TYPE I", "200 OK.\r\n"),
				ftptest.Exchange("PORT *", "200 OK.\r\n"), ftptest.Expect("RETR /0")}, file("0"), refused, tt.again,
				[]ftptest.Step{ftptest.Expect("PORT *"), ftptest.Expect(tt.retr), ftptest.Send("200 OK.\r\n")}, file("1"))...)
			c := dial(t, s, withShort, withActive, func(cfg *Config) {
				cfg.Account, cfg.Memory = "blue", NewMemory(Profile{Ahead: Works, Pipeline: Works})
			})
			if _, err := get(t.Context(), c, "/0", 0); err != nil {
				t.Fatal(err)
			}
			c.Announce("/2")
			if got, err := get(t.Context(), c, tt.path, 0); err != nil || got != "1" {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// Where the end of a download proves nothing and the next one was asked for
// already, no size can be asked for: the session is over.
func TestFollowBehindDoubt(t *testing.T) {
	file := func(text string) []ftptest.Step {
		return []ftptest.Step{ftptest.Connect(), ftptest.Send("150 Go.\r\n"), ftptest.SendData(text), ftptest.CloseData(), ftptest.Send("226 Done.\r\n")}
	}
	s := script(t, slices.Concat([]ftptest.Step{ftptest.Login(), ftptest.Exchange("TYPE I", "200 OK.\r\n"),
		ftptest.Exchange("PORT *", "200 OK.\r\n"), ftptest.Expect("RETR /0")}, file("0"),
		[]ftptest.Step{ftptest.Expect("PORT *"), ftptest.Expect("RETR /1"), ftptest.Expect("PORT *"), ftptest.Expect("RETR /2"),
			ftptest.Send("200 OK.\r\n226 Done.\r\n200 OK.\r\n")})...)
	know := NewMemory(Profile{Ahead: Works, Pipeline: Works})
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
