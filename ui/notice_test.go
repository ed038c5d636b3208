package ui

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/config"
)

func TestNoticesByTerminal(t *testing.T) {
	const nine, seven = "\x1b]9;a, b\x1b\\", "\x1b]777;notify;portside;a, b\x1b\\"
	tests := []struct {
		env  string
		want string
	}{
		{"TERM=xterm-256color", ""},
		{"TERM=linux", ""},
		{"TERM=xterm-kitty", nine},
		{"TERM=xterm-256color TERM_PROGRAM=iTerm.app", nine},
		{"TERM=xterm-256color TERM_PROGRAM=WezTerm", nine},
		{"TERM=xterm-ghostty", nine},
		{"TERM=foot", seven},
		{"TERM=xterm-256color VTE_VERSION=7600", seven},
		{"TERM=rxvt-unicode-256color", seven},
		{"TERM=tmux-256color TERM_PROGRAM=tmux", ""},
		{"TERM=xterm-kitty TMUX=/tmp/x", ""},
		{"TERM=screen.xterm-kitty", ""},
		{"TERM=xterm-kitty STY=1.x", ""},
	}
	for _, tt := range tests {
		if got := noticeOf(strings.Fields(tt.env)).sequence("a; b"); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.env, got, tt.want)
		}
	}
	if got := osc9.sequence("\x1b\\\a\u009c"); strings.ContainsAny(got[4:len(got)-2], "\x1b\a\u009c") {
		t.Errorf("%q", got)
	}
}

func TestNoticesComeOnlyWhenAskedForAndNobodyLooks(t *testing.T) {
	ends := func(d *drive, version uint64, state queue.State) {
		row := busy().rows[3]
		row.ID, row.Version, row.State, row.Done, row.Name = queue.ID(version), version, state, 1<<20, "x\x1b]0;y\a"
		d.f.change(queue.Totals{Failed: 1, Version: version, Left: -1}, row)
		d.sleep(time.Minute)
	}
	tests := []struct {
		name  string
		prefs config.Prefs
		away  bool
		want  string
	}{
		{"not asked for", config.Prefs{}, true, "\a"},
		{"somebody looks", config.Prefs{Notify: true}, false, "\a"},
		{"nobody looks", config.Prefs{Notify: true}, true, "\a\x1b]9;portside: 1 failed\x1b\\\x1b]9;portside: 1 done, 1.0M\x1b\\"},
		{"no bell", config.Prefs{Silent: true}, true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start(t, acme, Options{Prefs: tt.prefs, Env: []string{"TERM=xterm-kitty"}}, 80, 24, func(d *drive) {
				if d.m.View().ReportFocus != tt.prefs.Notify {
					d.t.Error("the terminal is asked for its focus, or is not")
				}
				d.send(tea.BlurMsg{})
				if !tt.away {
					d.send(tea.FocusMsg{})
				}
				ends(d, 1, queue.Failed)
				ends(d, 2, queue.Done)
				if d.raw != tt.want && d.raw != otherWay(tt.want) {
					d.t.Errorf("%q, want %q", d.raw, tt.want)
				}
			})
		})
	}
}

// otherWay is the same with the bell last of the two that go out at once.
func otherWay(s string) string {
	notice, rest, _ := strings.Cut(strings.TrimPrefix(s, "\a"), "\x1b\\")
	return notice + "\x1b\\\a" + rest
}

// A window's title is the person's own again in the end.
func TestTheTitleIsKeptAndBroughtBack(t *testing.T) {
	var out bytes.Buffer
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in, keys := io.Pipe()
	defer keys.Close()
	_ = Run(ctx, Options{Engine: acme(), Input: in, Output: &out, Env: []string{"TERM=xterm"}})
	if s := out.String(); !strings.HasPrefix(s, keepTitle) || !strings.HasSuffix(s, oldTitle) {
		t.Errorf("%q", s)
	}
}
