package cli

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"portside/queue"
	"portside/ui/connect"
)

// panes opens the two panes.
func (a *app) panes(cmd *cobra.Command, args []string) error {
	if a.flags.demo && len(args) > 0 {
		return usage("", "--demo brings its own server and directory")
	}
	if err := a.fit(); err != nil {
		return err
	}
	settings, err := a.flags.settings()
	if err != nil {
		return err
	}
	s, err := a.prepare(true)
	if err != nil {
		return err
	}
	defer s.leave()
	p := Panes{
		ASCII: a.ascii(), NoColor: a.env.Environ("NO_COLOR") != "", Prefs: a.prefs(),
		Connect: func(typed string) (address, path, password string, err error) {
			t, err := connect.Parse(strings.TrimSpace(typed), settings)
			return t.Address, t.Path, t.Password, err
		},
	}
	a.afterwards(&p)
	if !a.flags.demo {
		p.Data = a.env.Data
	}
	dir := "."
	if len(args) == 2 {
		dir = args[1]
	}
	switch {
	case a.flags.demo:
		stop, err := s.demo(settings, &p, &dir)
		if err != nil {
			return err
		}
		defer stop()
	case len(args) > 0:
		targets, err := a.targets(args[0])
		if err != nil {
			return err
		}
		s.know(targets...)
		p.Right = queue.Place{Address: targets[0].Address, Path: targets[0].Path}
	}
	// Jobs of an earlier run go on at once: by now it is known what the server in
	// the URL wants to hear.
	p.Kept = s.keep()
	p.Engine = s.engine
	if p.Notice == "" || s.notice != "" {
		p.Notice = s.notice
	}
	if p.Left, err = s.localDir(cmd.Context(), dir); err != nil {
		return err
	}
	if err := a.env.Panes(cmd.Context(), p); err != nil {
		return &problem{status: statusFailed, what: err.Error()}
	}
	return nil
}

// afterwards has the panes do what is to follow the last job.
func (a *app) afterwards(p *Panes) {
	then := a.flags.then
	if p.Bell = then.bell; len(then.argv) > 0 {
		p.After = func(done, failed, skipped int, bytes int64) error {
			// It goes on when the panes are left, and what it prints would end up in them.
			return then.run(context.Background(), outcome{done, failed, skipped, bytes}, io.Discard)
		}
	}
}

// demo starts the embedded server and puts it on the right.
func (s *session) demo(settings connect.Settings, p *Panes, dir *string) (stop func(), err error) {
	demo, stop, err := connect.StartDemo()
	if err != nil {
		return nil, &problem{status: statusFailed, what: "the demo cannot start: " + err.Error()}
	}
	settings.Proxy = "" // the server is on this machine
	t, err := connect.Parse(demo.URL, settings)
	if err != nil {
		stop()
		return nil, usage("", "the demo: %v", err)
	}
	s.dialer.SetPassword(t.Address, demo.Password)
	p.Right = queue.Place{Address: t.Address, Path: t.Path}
	p.Notice = "The server on the right is portside's own; both sides go when you quit"
	*dir = demo.LocalDir
	return stop, nil
}

// fit refuses what cannot show the panes.
func (a *app) fit() error {
	const instead = "get, put and ls work without a terminal: portside help"
	if !isTerminal(a.env.Stdout) {
		return usage(instead, "the two panes need a terminal, and standard output is none")
	}
	if term := a.env.Environ("TERM"); term == "dumb" {
		return usage(instead, "the two panes need more than a terminal of the kind %q", term)
	}
	return nil
}

// ascii reports whether the locale says that the terminal knows ASCII only; old
// terminals do unless it says more.
func (a *app) ascii() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(a.env.Environ(name)); v != "" {
			return !strings.Contains(v, "utf-8") && !strings.Contains(v, "utf8")
		}
	}
	term := a.env.Environ("TERM")
	return term == "linux" || strings.HasPrefix(term, "vt")
}
