package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"portside/queue"
	"portside/ui/connect"
)

func (a *app) getCommand() *cobra.Command {
	cmd := a.transferCommand(&cobra.Command{
		Use:   "get [flags] URL... LOCAL-DIR",
		Short: "Download files and directories",
		Long: `get downloads into LOCAL-DIR, which has to exist. A file F lands as LOCAL-DIR/F,
a directory D with all that is in it as LOCAL-DIR/D, the root of a server under
the server's name. With - as the last argument one file goes to standard output.

` + eventHelp,
		Example: `  portside get ftp://demo@files.example.com/pub/readme.txt .
  portside get --exists resume ftpes://me@files.example.com/photos ftpes://me@files.example.com/notes ~/backup
  portside get ftp://files.example.com/list.csv - | head`,
	}, "get needs at least one URL and the directory to download into", a.get)
	a.flags.segmented(cmd.Flags())
	return cmd
}

func (a *app) get(ctx context.Context, urls []string, dir string) error {
	policy, err := a.flags.policy(a.tty != nil)
	if err != nil {
		return err
	}
	if connect.IsURL(dir) {
		return usage("portside get URL... LOCAL-DIR; put uploads", "the last argument of get is a local directory, not %s", shown(dir))
	}
	if dir == "-" && (len(urls) > 1 || a.flags.json) {
		return usage("", "with - get writes one file to standard output, and nothing else")
	}
	if dir == "-" && a.flags.verify == string(queue.VerifyHash) {
		return usage("", "what goes to standard output cannot be verified by checksum: it is gone by then")
	}
	if dir == "-" && a.flags.after != "" {
		return usage("", "with - nothing is queued, and so nothing comes after the queue")
	}
	targets, err := a.targets(urls...)
	if err != nil {
		return err
	}
	s, err := a.open(false)
	if err != nil {
		return err
	}
	defer s.close()
	s.know(targets...)
	if dir == "-" {
		return s.print(ctx, targets[0])
	}
	into, err := s.localDir(ctx, dir)
	if err != nil {
		return err
	}
	var specs []queue.Spec
	var refused []refusal
	for i, t := range targets {
		info, err := s.connect(ctx, t)
		var p *problem
		switch {
		case errors.As(err, &p) && p.status != statusInterrupted:
			refused = append(refused, refusal{source: shown(urls[i]), target: dir, why: p})
			continue
		case err != nil:
			return a.brokenOff(refused, err)
		}
		spec := queue.Spec{Kind: queue.Copy, Src: queue.Place{Address: t.Address, Path: t.Resolve(info.Home)}, Dst: into, Exists: policy}
		if spec.Src.Path == "/" {
			spec.As = t.Host
		}
		specs = append(specs, spec)
	}
	return s.transfer(ctx, specs, refused)
}

// print writes one file to standard output.
func (s *session) print(ctx context.Context, t connect.Target) error {
	info, err := s.connect(ctx, t)
	if err != nil {
		return err
	}
	at := queue.Place{Address: t.Address, Path: t.Resolve(info.Home)}
	e, err := s.engine.Stat(ctx, at)
	if err != nil && ctx.Err() == nil && errors.Is(err, fs.ErrNotExist) {
		return pathProblem(ctx, "cannot get "+at.Path, reason(at.Path, err))
	}
	if err == nil && e.Type == queue.Dir {
		return usage("give a directory to download into", "%s is a directory: - takes one file", at.Path)
	}
	known := err == nil
	r, err := s.engine.Open(ctx, at, 0)
	if err != nil {
		return pathProblem(ctx, "cannot get "+at.Path, reason(at.Path, err))
	}
	out := &writer{w: s.app.env.Stdout}
	n, err := io.Copy(out, r)
	closed := r.Close()
	switch {
	case ctx.Err() != nil:
		return interrupted("")
	case out.err != nil:
		return outputProblem(out.err)
	case err != nil:
		return pathProblem(ctx, "cannot get "+at.Path, reason(at.Path, err))
	case closed != nil:
		return pathProblem(ctx, "cannot get "+at.Path, reason(at.Path, closed))
	case known && e.Type == queue.File && e.Size >= 0 && n != e.Size && !t.Text:
		return &problem{status: statusFailed, what: fmt.Sprintf("cannot get %s: %d bytes came, but it has %d", at.Path, n, e.Size)}
	default:
		return nil
	}
}

// writer tells errors of writing from those of reading.
type writer struct {
	w   io.Writer
	err error
}

// Write writes to the output.
func (w *writer) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	if err != nil {
		w.err = err
	}
	return n, err
}

// ReadFrom lets the kernel copy where the output can.
func (w *writer) ReadFrom(r io.Reader) (int64, error) {
	to, ok := w.w.(io.ReaderFrom)
	if !ok {
		return io.Copy(struct{ io.Writer }{w}, r)
	}
	return to.ReadFrom(r)
}
