package cli

import (
	"bufio"
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/spf13/cobra"

	"portside/queue"
	"portside/ui/text"
)

func (a *app) lsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ls [flags] URL",
		Short: "List a directory",
		Long: `ls lists the directory at URL in the order of the server: rights, size, time
(in the local zone) and name. Names end in / for directories, links show where
they lead.

With --json each entry is one object a line:
  name       as the server wrote it; bytes that are no UTF-8 become U+FFFD
  type       file, dir, link or other
  size       bytes; absent when unknown
  time       RFC 3339 in UTC; absent when unknown
  precision  how exact the time is: second, minute or day
  mode       the permission bits in octal: "0644"
  owner, group, target (of a link); absent when unknown
  raw        a row that could not be read; then it stands alone`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("portside help ls", "ls needs one URL")
			}
			ctx, stop := interruptible(cmd.Context())
			defer stop()
			return a.ls(ctx, args[0])
		},
	}
	a.flags.connection(cmd.Flags())
	cmd.Flags().BoolVar(&a.flags.json, "json", false, "print one object a line")
	cmd.Flags().BoolVarP(&a.flags.quiet, "quiet", "q", false, "print errors only, no warnings")
	a.flags.retries = defaultRetries
	return cmd
}

func (a *app) ls(ctx context.Context, url string) error {
	targets, err := a.targets(url)
	if err != nil {
		return err
	}
	s, err := a.open(false)
	if err != nil {
		return err
	}
	defer s.close()
	s.know(targets...)
	info, err := s.connect(ctx, targets[0])
	if err != nil {
		return err
	}
	at := queue.Place{Address: targets[0].Address, Path: targets[0].Resolve(info.Home)}
	out := bufio.NewWriter(a.env.Stdout)
	bad, listed, err := a.list(out, s.engine.List(ctx, at))
	if err != nil && !listed && ctx.Err() == nil {
		// The path of a file is listed as that file.
		if e, statErr := s.engine.Stat(ctx, at); statErr == nil && e.Type != queue.Dir {
			err = a.printEntry(out, e)
		}
	}
	if flushed := out.Flush(); flushed != nil {
		return outputProblem(flushed)
	}
	if err != nil {
		return pathProblem(ctx, "cannot list "+at.Path, reason(at.Path, err))
	}
	if bad > 0 && !a.flags.json {
		a.warn("%s", unreadable(bad))
	}
	return nil
}

func unreadable(n int) string {
	if n == 1 {
		return "1 row of the listing could not be read and is shown as it came"
	}
	return fmt.Sprintf("%d rows of the listing could not be read and are shown as they came", n)
}

// list prints entries as they come, and returns how many could not be read and
// whether there were any.
func (a *app) list(out *bufio.Writer, entries iter.Seq2[queue.Entry, error]) (bad int, some bool, err error) {
	for e, err := range entries {
		if err != nil {
			return bad, some, err
		}
		some = true
		if e.Name == "" {
			bad++
		}
		if err := a.printEntry(out, e); err != nil {
			return bad, some, outputProblem(err)
		}
	}
	return bad, some, nil
}

func (a *app) printEntry(out *bufio.Writer, e queue.Entry) error {
	if a.flags.json {
		return writeJSON(out, newListed(e))
	}
	_, err := out.WriteString(row(e, time.Now()) + "\n")
	return err
}

// listed is an entry as `ls --json` prints it.
type listed struct {
	Name      string `json:"name,omitempty"`
	Type      string `json:"type,omitempty"`
	Size      *int64 `json:"size,omitempty"`
	Time      string `json:"time,omitempty"`
	Precision string `json:"precision,omitempty"`
	Mode      string `json:"mode,omitempty"`
	Owner     string `json:"owner,omitempty"`
	Group     string `json:"group,omitempty"`
	Target    string `json:"target,omitempty"`
	Raw       string `json:"raw,omitempty"`
}

func newListed(e queue.Entry) listed {
	if e.Name == "" {
		return listed{Raw: e.Raw}
	}
	l := listed{Name: e.Name, Type: e.Type.String(), Owner: e.Owner, Group: e.Group, Target: e.Target}
	if e.Size >= 0 {
		l.Size = &e.Size
	}
	if !e.Time.IsZero() {
		l.Time = e.Time.UTC().Format(time.RFC3339Nano)
		l.Precision = e.Precision.String()
	}
	if e.HasMode {
		l.Mode = fmt.Sprintf("%04o", e.Mode.Perm())
	}
	return l
}

// row is an entry as a line of the table.
func row(e queue.Entry, now time.Time) string {
	if e.Name == "" {
		return "?  " + text.Safe(e.Raw)
	}
	mode := "-"
	end := ""
	switch e.Type {
	case queue.Dir:
		mode, end = "d", "/"
	case queue.Link:
		mode = "l"
		if e.Target != "" {
			end = " -> " + text.Safe(e.Target)
		}
	case queue.Other:
		mode = "?"
	}
	if e.HasMode {
		mode += e.Mode.Perm().String()[1:]
	}
	when := ""
	if !e.Time.IsZero() {
		when = e.Time.In(now.Location()).Format("2006-01-02 15:04")
		if e.Precision == queue.Day {
			when = e.Time.UTC().Format("2006-01-02")
		}
	}
	return text.Fit(mode, 10) + " " + text.FitLeft(text.Size(e.Size), 8) + "  " + text.Fit(when, 16) + "  " + text.Safe(e.Name) + end
}
