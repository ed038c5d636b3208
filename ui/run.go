package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"

	"portside/queue"
	"portside/ui/config"
)

// Options say what the panes show and where.
type Options struct {
	Engine queue.Engine // the caller's, who closes it after Run
	// Left and Right are where the panes begin. A path that is not absolute
	// is below the directory that the login starts in; an empty address is a
	// pane with nothing connected.
	Left, Right queue.Place
	// Connect reads a URL that the user typed. The address holds no secret.
	Connect func(typed string) (address, path, password string, err error)
	Notice  string // the first message
	Kept    bool   // what has not ended goes on at the next start
	// After is called when the last job has ended, with how they did since it
	// was last called; nil: nothing is done. It may go on after Run.
	After func(done, failed, skipped int, bytes int64) error
	Bell  bool // rings then
	Prefs config.Prefs
	Data  string // the directory for what the panes remember, "" keeps nothing

	Input  io.Reader // nil: standard input
	Output io.Writer // nil: standard output
	Env    []string  // nil: the environment of the process

	ASCII   bool // no glyphs beyond ASCII of our own
	NoColor bool
}

// hangUpWait is how long a terminal that went away is given to let go.
const hangUpWait = 5 * time.Second

// Run shows the panes until the user quits, ctx ends or the terminal goes
// away. It leaves the terminal as it was, also after a panic.
func Run(ctx context.Context, o Options) error {
	if o.Env == nil {
		o.Env = os.Environ()
	}
	if o.Input == nil {
		o.Input = os.Stdin
	}
	if o.Output == nil {
		o.Output = os.Stdout
	}
	if err := fit(o); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the commands that are still under way
	p := program(ctx, o)
	hangUp := make(chan os.Signal, 1)
	signal.Notify(hangUp, syscall.SIGHUP)
	defer signal.Stop(hangUp)

	if _, err := io.WriteString(o.Output, keepTitle); err != nil {
		return explain(ctx, err)
	}
	ended, failed := make(chan struct{}), error(nil)
	// Ends with the program; Run waits for it, except on a terminal that hung
	// up and does not let go.
	go func() { defer close(ended); _, failed = p.Run() }()
	select {
	case <-ended:
		_, _ = io.WriteString(o.Output, oldTitle) // how the program ended matters more
		return explain(ctx, failed)
	case <-hangUp:
	}
	// Ends when the program takes the message, or with the process.
	go p.Quit()
	select {
	case <-ended:
	case <-time.After(hangUpWait):
	}
	return nil
}

func program(ctx context.Context, o Options, more ...tea.ProgramOption) *tea.Program {
	if noColor(o.Env) {
		o.NoColor = true
	}
	options := []tea.ProgramOption{
		tea.WithContext(ctx), tea.WithInput(o.Input), tea.WithOutput(o.Output), tea.WithEnvironment(o.Env),
		tea.WithFPS(30), tea.WithFilter(consoleKeys()),
	}
	if o.NoColor {
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	return tea.NewProgram(newModel(ctx, o), append(options, more...)...)
}

// fit refuses, in words, a terminal that cannot show the panes.
func fit(o Options) error {
	if f, ok := o.Output.(*os.File); ok && !term.IsTerminal(f.Fd()) {
		return errors.New("the panes need a terminal, and standard output is none; `portside get`, `put` and `ls` work without one")
	}
	t, known := lookup(o.Env, "TERM")
	if t == "dumb" || !known && runtime.GOOS != "windows" {
		return errors.New("the terminal cannot show the panes (TERM is dumb or not set); `portside get`, `put` and `ls` work without them")
	}
	return nil
}

// noColor reports whether NO_COLOR is set to anything at all.
func noColor(env []string) bool {
	v, _ := lookup(env, "NO_COLOR")
	return v != ""
}

func lookup(env []string, name string) (value string, ok bool) {
	for _, e := range env {
		if v, found := strings.CutPrefix(e, name+"="); found {
			value, ok = v, v != ""
		}
	}
	return value, ok
}

// explain says in words how the program ended, nil for a normal end.
func explain(ctx context.Context, err error) error {
	switch {
	case err == nil, errors.Is(err, tea.ErrInterrupted):
		return nil
	case errors.Is(err, tea.ErrProgramPanic):
		return fmt.Errorf("the panes broke off because of a mistake in portside: %w", err)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return fmt.Errorf("the terminal: %w", err)
}
