package cli

import (
	"context"
	"errors"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"portside/queue"
	"portside/ui/config"
)

// Env is the world of one run.
type Env struct {
	Args           []string // without the program's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Environ        func(name string) string
	// Data is the directory for what portside learns by itself; "" keeps nothing.
	Data string
	// State is the directory for the queue of the two panes; "" keeps it in memory.
	State string
	// Config is the directory of the settings; "" has none.
	Config string
	// Panes shows the two panes and returns when the user leaves them.
	Panes   func(ctx context.Context, p Panes) error
	Version string
}

// Panes is what the two panes start with. The engine stays the command
// line's; it is closed after the panes have returned.
type Panes struct {
	Engine      queue.Engine
	Left, Right queue.Place // Path may be relative to the login directory; no Address: nothing yet
	// Connect reads a URL that the user typed.
	Connect func(typed string) (address, path, password string, err error)
	Notice  string // to be shown first, "" nothing
	Kept    bool   // what has not ended goes on at the next start
	// After is called when the last job has ended, with how they did; nil:
	// nothing is to be done. Bell asks for the terminal's bell then.
	After   func(done, failed, skipped int, bytes int64) error
	Bell    bool
	ASCII   bool // the terminal draws no line glyphs
	NoColor bool
	Prefs   config.Prefs
	Data    string // the directory for what the panes remember, "" keeps nothing
}

// app is one run of the command line.
type app struct {
	env    Env
	flags  flags
	tty    *console // nil: there is no terminal to ask on
	warned bool
}

// Main runs the command line and returns the exit status.
func Main(ctx context.Context, e Env) int {
	a := &app{env: e, tty: newConsole(e.Stdin, e.Stderr)}
	root := a.root()
	root.SetArgs(append([]string{}, e.Args...))
	root.SetIn(e.Stdin)
	root.SetOut(e.Stdout)
	root.SetErr(e.Stderr)
	if runtime.GOOS == "windows" {
		cobra.MousetrapHelpText = "" // it would end the process by itself
	}
	err := root.ExecuteContext(ctx)
	if err == nil {
		return statusDone
	}
	var p *problem
	if !errors.As(err, &p) {
		p = &problem{status: statusUsage, what: err.Error(), todo: "portside help shows the commands and their flags"}
	}
	if !p.told {
		a.tell(p)
	}
	return p.status
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "portside [flags] [URL] [LOCAL-DIR]",
		Short: "Two panes, local and remote, over FTP and FTPS",
		Long: `portside shows local and remote files side by side and moves them with a
queue behind. Without a command it opens the two panes.

A URL is ftp:// (TLS when the server offers it), ftpes:// (TLS required) or
ftps:// (TLS from the first byte, port 990). Its path is relative to the login
directory; // or /%2F at its start makes it absolute.

The password comes from --password-stdin, the URL, PORTSIDE_PASSWORD, .netrc
(readable by you alone), or a prompt.`,
		Args:          cobra.MaximumNArgs(2),
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          a.panes,
	}
	root.Flags().BoolVar(&a.flags.demo, "demo", false, "an embedded server on this machine with files to try")
	root.Flags().BoolVar(&a.flags.plain, "plain", false, "no lines, boxes and bars, and one pane at a time, for screen readers")
	a.flags.connection(root.Flags())
	a.flags.workers(root.Flags())
	a.flags.segmented(root.Flags())
	root.AddCommand(a.getCommand(), a.putCommand(), a.lsCommand(), &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := io.WriteString(cmd.OutOrStdout(), "portside "+a.env.Version+"\n")
			return outputProblem(err)
		},
	})
	return root
}
