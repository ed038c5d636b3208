//go:build unix

package faults

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"portside/ftp/ftptest"
)

// controls are the sequences that portside itself sends: styles, moves, erasing,
// modes, queries, the keyboard's, and the title.
var controls = regexp.MustCompile(`^(?:` +
	`\x1b\[[0-9;:]*m|\x1b\[[0-9;]*[A-HJKLMPSTX@Zbdfgr` + "`" + `a]|\x1b\[[?>=<]?[0-9;]*[hlucnqmstW]|\x1b\[[?=>]?[0-9;]*\$p|\x1b\[[0-9]* q|` +
	`\x1b\][0-9]{1,3};[^\x00-\x1f\x7f]*(?:\x07|\x1b\\)|\x1bP\+q[0-9A-Fa-f;]*\x1b\\|\x1b[78=>M])`)

// harmless says what in raw was none of portside's own, or "".
func harmless(raw string) string {
	if !utf8.ValidString(raw) {
		return "bytes that are no UTF-8"
	}
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRuneInString(raw[i:])
		around := raw[max(0, i-40):min(len(raw), i+40)]
		switch {
		case r == '\x1b':
			c := controls.FindString(raw[i:])
			if c == "" || strings.Contains(c, ftptest.Mark) {
				return fmt.Sprintf("the sequence in %q", around)
			}
			n = len(c)
		case r == '\n' || r == '\r' || r == '\b' || r == '\t' || r == '\a':
			if strings.HasPrefix(raw[i+n:], ftptest.Mark) {
				return fmt.Sprintf("a control byte in %q", around)
			}
		case r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x2028 && r <= 0x202e || r >= 0x2060 && r <= 0x2069 || r == 0x200b || r == 0x200e || r == 0x200f || r == 0xfeff:
			return fmt.Sprintf("%U in %q", r, around)
		}
		i += n
	}
	return ""
}

// A check that finds nothing proves nothing.
func TestHarmIsSeen(t *testing.T) {
	for _, bad := range []string{"\x1b[7777m", "\x1b]0;7777\a", "a\r7777", "\u009b31m", "\x9b", "x\u202ey", "\x1b_7777\x1b\\", "\x1bc", "\x01", "\x1b]52;c"} {
		if harmless("fine "+bad+" fine") == "" {
			t.Errorf("%q is let through", bad)
		}
	}
	if bad := harmless("\x1b[?1049h\x1b[1;31mname\x1b[0m\r\n\x1b]0;portside\x07"); bad != "" {
		t.Error(bad)
	}
}

// settles waits until the screen has stood still for a moment.
func (s *sitting) settles() {
	for before := ""; ; {
		now := s.picture()
		if now == before || !wait(time.Now().Add(120*time.Millisecond), s.ended) {
			return
		}
		before = now
	}
}

// inLine says whether the line between the panes is one line.
func (s *sitting) inLine() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, files := -1, s.screen.Height()-5
	if s.screen.Height() >= 32 {
		files -= 12
	}
	for y := 1; y < files; y++ {
		x := s.screen.Width()/2 - 2
		for ; x < s.screen.Width(); x++ {
			if c := s.screen.CellAt(x, y); c != nil && c.Content == "│" {
				break
			}
		}
		if at < 0 {
			at = x
		}
		if x != at || x == s.screen.Width() {
			return fmt.Errorf("row %d: the line is in column %d, not %d:\n%s", y, x, at, s.screen.String())
		}
	}
	return nil
}

// What a server says, in names, links, greetings and replies, reaches no
// terminal as a command, and pushes nothing out of its column.
func TestAHostileServerHasNoHandOnTheTerminal(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, size := range [][2]uint16{{80, 24}, {60, 20}, {140, 40}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			text := bytes.ReplaceAll([]byte(ftptest.HostileText()), []byte("\r"), nil)
			server, err := ftptest.Start(ftptest.Config{Tree: ftptest.HostileTree(), Quirks: ftptest.Quirks{
				Greeting: "220-" + string(text) + "\r\n220 " + string(text) + "\r\n",
				Refuse:   map[string]string{"RETR": "550 " + string(text)},
			}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(server.Close)
			r := trial{t: t, dir: t.TempDir(), near: disk{root: t.TempDir()}, args: []string{"--tls", "off"}}
			r.url = (&url.URL{Scheme: "ftp", User: url.User("demo"), Host: server.Addr(), Path: "/hostile"}).String()
			r.prepare()
			r.person.columns, r.person.rows, r.person.keep = size[0], size[1], true
			s, err := r.person.start()
			if err != nil {
				t.Fatal(err)
			}
			if err := walkThrough(s); err != nil {
				t.Error(err)
			}
			if err := s.kill(); err != nil {
				t.Error(err)
			}
			if raw := s.stray.String(); len(raw) < 5000 {
				t.Errorf("only %d bytes were written", len(raw))
			} else if bad := harmless(raw); bad != "" {
				t.Error(bad)
			}
			landed(t, r.near.(disk).root)
		})
	}
}

// walkThrough sees every name and every screen.
func walkThrough(s *sitting) error {
	const patience = 30 * time.Second
	if err := s.sees(patience, ftptest.Mark); err != nil {
		return err
	}
	if err := s.press("\t"); err != nil {
		return err
	}
	for range 18 {
		if err := s.press("\x1b[6~"); err != nil { // a page down
			return err
		}
		s.settles()
		if err := s.inLine(); err != nil {
			return err
		}
	}
	if err := s.press("A5"); err != nil {
		return err
	}
	if err := s.sees(patience, "Copy "); err != nil {
		return err
	}
	for _, step := range [][2]string{{"\r", ""}, {"w", " QUEUE "}, {"\x1b[6~", ""}, {"\x1b[F", ""}, {"\x1b", ""}, {"@", " LOG "}, {"\x1b[5~", ""}, {"\x1b", ""}, {"?", "Keys"}, {"\x1b", ""},
		{"\x1b[H", ""}, {"\r", ""}, {"\x1b", ""}, {"i", ""}, {"\x1b", ""}, {"8", "Delete "}, {"\x1b", ""}, {"r", ""}, {"\x1b", ""}, {"a", ""}, {"\x1b", ""}, {"9", ""}, {"\x1b", ""}, {"2", ""}, {"\x1b", ""}} {
		if err := s.press(step[0]); err != nil {
			return err
		}
		if err := s.sees(patience, step[1]); err != nil {
			return err
		}
		s.settles()
	}
	return nil
}

// landed sees that nothing was written but below root.
func landed(t *testing.T, root string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Dir(root), func(path string, _ os.DirEntry, err error) error {
		if err == nil && !strings.HasPrefix(path, root) && strings.Contains(path, ftptest.Mark) {
			t.Errorf("%q", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
