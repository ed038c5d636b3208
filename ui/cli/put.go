package cli

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"portside/queue"
	"portside/ui/connect"
)

func (a *app) putCommand() *cobra.Command {
	cmd := a.transferCommand(&cobra.Command{
		Use:   "put [flags] PATH... URL",
		Short: "Upload files and directories",
		Long: `put uploads into the directory at URL, which has to exist. A file F lands as
URL/F, a directory D with all that is in it as URL/D.

` + eventHelp,
		Example: `  portside put index.html css ftp://me@files.example.com/htdocs
  portside put --mode active --exists newer ~/site ftpes://me@files.example.com//srv/www`,
	}, "put needs at least one path and the URL of the directory to upload into", a.put)
	a.flags.scattered(cmd.Flags())
	return cmd
}

func (a *app) put(ctx context.Context, paths []string, to string) error {
	policy, err := a.flags.policy(a.tty != nil)
	if err != nil {
		return err
	}
	specs := make([]queue.Spec, 0, len(paths))
	for _, p := range paths {
		if connect.IsURL(p) {
			return usage("portside put PATH... URL; get downloads", "put takes local paths before the URL, not %s", shown(p))
		}
		src, err := localPlace(p)
		if err != nil {
			return err
		}
		if filepath.Dir(src.Path) == src.Path {
			return usage("", "%s is a root: name the directories in it", p)
		}
		specs = append(specs, queue.Spec{Kind: queue.Copy, Src: src, Exists: policy})
	}
	targets, err := a.targets(to)
	if err != nil {
		return err
	}
	s, err := a.open(false)
	if err != nil {
		return err
	}
	defer s.close()
	s.know(targets...)
	dst, err := s.remoteDir(ctx, targets[0])
	var p *problem
	switch {
	case errors.As(err, &p) && p.status != statusInterrupted:
		return s.transfer(ctx, nil, []refusal{{target: shown(to), why: p}})
	case err != nil:
		return a.brokenOff(nil, err)
	}
	for i := range specs {
		specs[i].Dst = dst
	}
	return s.transfer(ctx, specs, nil)
}

// remoteDir returns the directory at t. Where the server says that it is not
// there, or is a file, nothing is sent; where it says nothing, the upload will
// show.
func (s *session) remoteDir(ctx context.Context, t connect.Target) (queue.Place, error) {
	info, err := s.connect(ctx, t)
	if err != nil {
		return queue.Place{}, err
	}
	at := queue.Place{Address: t.Address, Path: t.Resolve(info.Home)}
	if t.Path == "" {
		return at, nil
	}
	e, err := s.engine.Stat(ctx, at)
	switch {
	case ctx.Err() != nil:
		return at, interrupted("")
	case errors.Is(err, fs.ErrNotExist):
		return at, &problem{status: statusFailed, what: at.Path + ": there is no such directory on " + t.Label,
			todo: "the URL names the directory to upload into: make it first"}
	case err == nil && e.Type == queue.File:
		return at, &problem{status: statusFailed, what: at.Path + " on " + t.Label + " is a file",
			todo: "the URL names the directory to upload into"}
	default:
		return at, nil
	}
}
