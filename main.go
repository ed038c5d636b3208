// Command portside is a terminal client for FTP and FTPS: local and remote
// side by side, with a transfer queue behind them.
package main

import (
	"context"
	"os"

	"portside/ui"
	"portside/ui/cli"
)

// version is set by the release build.
var version = "dev"

func main() {
	os.Exit(cli.Main(context.Background(), cli.Env{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Environ: os.Getenv, Version: version, Data: cli.DataDir(), State: cli.StateDir(), Config: cli.ConfigDir(),
		Panes: func(ctx context.Context, p cli.Panes) error {
			return ui.Run(ctx, ui.Options{
				Engine: p.Engine, Left: p.Left, Right: p.Right, Connect: p.Connect, Notice: p.Notice, Kept: p.Kept,
				After: p.After, Bell: p.Bell, Prefs: p.Prefs, Data: p.Data,
				Input: os.Stdin, Output: os.Stdout, Env: os.Environ(), ASCII: p.ASCII, NoColor: p.NoColor,
			})
		},
	}))
}
