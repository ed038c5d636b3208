package cli

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"portside/queue"
)

// interruptible returns a context that ends with the first signal to stop; the
// second one ends the process at once.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// transferCommand completes cmd to one that moves files: its last argument is
// where they go, and those before are what goes there. missing says what is
// when there are fewer than two.
func (a *app) transferCommand(cmd *cobra.Command, missing string, move func(ctx context.Context, from []string, to string) error) *cobra.Command {
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) < 2 {
			return usage("portside help "+cmd.Name(), "%s", missing)
		}
		ctx, stop := interruptible(cmd.Context())
		defer stop()
		return move(ctx, args[:len(args)-1], args[len(args)-1])
	}
	a.flags.transfers(cmd.Flags())
	return cmd
}

// transfer queues specs and follows them to their end. refused are those that
// could not even be queued, by what was asked for.
func (s *session) transfer(ctx context.Context, specs []queue.Spec, refused []refusal) error {
	a := s.app
	terminal := isTerminal(a.env.Stderr)
	screen := &screen{w: a.env.Stderr, terminal: terminal}
	w := &watcher{
		engine:    s.engine,
		reporters: []reporter{&words{screen: screen, chatty: terminal && !a.flags.quiet, quiet: a.flags.quiet}},
		quiet:     (!terminal || a.flags.quiet) && !a.flags.json,
	}
	if a.tty != nil {
		w.asker = &asker{tty: a.tty, screen: screen}
	}
	var out *events
	if a.flags.json {
		out = newEvents(a.env.Stdout)
		w.reporters = append(w.reporters, out)
	}
	for _, r := range refused {
		screen.tell(r.why.what, r.why.todo)
		w.tally.fail(r.why.status)
		if out != nil {
			out.refused(r)
		}
	}
	if len(specs) > 0 {
		if _, err := s.engine.Add(specs); err != nil {
			return pathProblem(ctx, "cannot queue", err)
		}
	}
	err := w.run(ctx)
	screen.clear()
	if screen.question != "" {
		screen.answered()
		screen.line("")
	}
	if !w.tally.broken && len(specs) > 0 && s.engine.Totals().Stopped == "" {
		s.afterwards(ctx, w.tally)
	}
	if err == nil && out != nil {
		err = outputProblem(out.failed)
	}
	return err
}

// brokenOff ends the output of a run that was broken off before it had a job.
func (a *app) brokenOff(refused []refusal, err error) error {
	if !a.flags.json {
		return err
	}
	out := newEvents(a.env.Stdout)
	t := tally{broken: true}
	for _, r := range refused {
		t.fail(r.why.status)
		out.refused(r)
	}
	out.summary(t)
	return err
}

// refusal is something that could not be queued.
type refusal struct {
	source, target string // "" where not known
	why            *problem
}

// localDir returns the local directory that name means, which has to be there.
func (s *session) localDir(ctx context.Context, name string) (queue.Place, error) {
	at, err := localPlace(name)
	if err != nil {
		return at, err
	}
	e, err := s.engine.Stat(ctx, at)
	switch {
	case err != nil && ctx.Err() != nil:
		return at, interrupted("")
	case err != nil:
		return at, usage("the last argument is the directory to download into: make it first", "%s: %v", name, reason(at.Path, err))
	case e.Type != queue.Dir:
		return at, usage("the last argument is the directory to download into", "%s is not a directory", name)
	default:
		return at, nil
	}
}

func localPlace(name string) (queue.Place, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return queue.Place{}, usage("", "%s: %v", name, err)
	}
	return queue.Place{Address: queue.Local, Path: path}, nil
}
