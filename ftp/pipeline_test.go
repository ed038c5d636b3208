package ftp

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

// The replies belong to the commands in order, whatever each of them says, and
// little is unanswered at any time.
func TestPipeline(t *testing.T) {
	tr, _ := tree(10)
	s := serve(t, ftptest.Config{Tree: tr})
	c := dial(t, s)
	var cmds []command
	for i := range 300 {
		cmds = append(cmds, command{"MKD", fmt.Sprintf("/dir/%03d", i/2)}) // each one twice
	}
	var made []int
	err := c.pipeline(t.Context(), cmds, func(i int, _ reply, refused error) {
		if refused == nil {
			made = append(made, i)
		} else if !errors.Is(refused, fs.ErrExist) {
			t.Errorf("command %d: %v", i, refused)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(made) != 150 || slices.ContainsFunc(made, func(i int) bool { return i%2 != 0 }) {
		t.Errorf("made %v", made)
	}
	if got := c.know.Profile().Pipeline; got != Works {
		t.Errorf("the profile says %d", got)
	}
	usable(t, c)
}

// A server that loses commands is asked one at a time from the next session on.
func TestPipelineFails(t *testing.T) {
	t.Parallel()
	// It carries out the first and the last, and loses the one between.
	s := script(t, ftptest.Login(),
		ftptest.Exchange("DELE /a", "250 Gone.\r\n"), ftptest.Expect("DELE /b"), ftptest.Exchange("DELE /c", "250 Gone.\r\n"))
	know := NewMemory(Profile{})
	c := dial(t, s, withShort, func(cfg *Config) { cfg.Memory = know })
	cmds := []command{{"DELE", "/a"}, {"DELE", "/b"}, {"DELE", "/c"}}
	heard := 0
	err := c.pipeline(t.Context(), cmds, func(int, reply, error) { heard++ })
	broken(t, c, err)
	if heard != 0 {
		t.Errorf("%d commands are said to be answered, and nobody knows which", heard)
	}
	if got := know.Profile().Pipeline; got != Fails {
		t.Errorf("the profile says %d", got)
	}

	ftpSrv := serve(t, ftptest.Config{})
	c = dial(t, ftpSrv, func(cfg *Config) { cfg.Memory = know })
	if err := c.pipeline(t.Context(), cmds, func(int, reply, error) {}); err != nil {
		t.Fatal(err)
	}
	lines := ftpSrv.Transcript()
	for i, line := range lines {
		if strings.Contains(line, "> DELE") && !strings.Contains(lines[i+1], "< ") {
			t.Errorf("a command went out before the last was answered:\n%s", strings.Join(lines, "\n"))
		}
	}
}

// A server that answers more than it was asked has lost its way too.
func TestPipelineAnsweredTwice(t *testing.T) {
	s := script(t, ftptest.Login(),
		ftptest.Expect("DELE /a"), ftptest.Expect("DELE /b"), ftptest.Send("250 a\r\n500 x\r\n250 b\r\n"))
	c := dial(t, s, withShort)
	err := c.pipeline(t.Context(), []command{{"DELE", "/a"}, {"DELE", "/b"}}, func(int, reply, error) {
		t.Error("a reply was given to a command")
	})
	if !isProtocol(err) || c.know.Profile().Pipeline != Fails {
		t.Errorf("got %v, %d", err, c.know.Profile().Pipeline)
	}
	broken(t, c, err)
}

// Servers that are known to lose commands are told by their greeting.
func TestPipelineByGreeting(t *testing.T) {
	for greeting, want := range map[string]Trial{
		"220 Microsoft FTP Service\r\n": Fails, "220-hello\r\n220 MikroTik FTP server\r\n": Fails,
		"220 vax MadGoat FTP server\r\n": Fails, "220 (vsFTPd 3.0.3)\r\n": Untried,
	} {
		s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{Greeting: greeting}})
		if got := dial(t, s).know.Profile().Pipeline; got != want {
			t.Errorf("%q: %d", greeting, got)
		}
	}
}
