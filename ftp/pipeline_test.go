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
	s := script(t, ftptest.Login(),
		ftptest.Exchange("DELE /a", "250 Gone.\r\n"), ftptest.Expect("DELE /b"), ftptest.Expect("DELE /c"))
	know := NewMemory(Profile{})
	c := dial(t, s, withShort, func(cfg *Config) { cfg.Memory = know })
	cmds := []command{{"DELE", "/a"}, {"DELE", "/b"}, {"DELE", "/c"}}
	heard := 0
	err := c.pipeline(t.Context(), cmds, func(int, reply, error) { heard++ })
	broken(t, c, err)
	if heard != 1 {
		t.Errorf("%d replies", heard)
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
