package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"portside/queue"
	"portside/ui/text"
)

// The exit statuses. 3 to 6 stand only where every failure was of that kind.
const (
	statusDone        = 0
	statusFailed      = 1
	statusUsage       = 2
	statusConnect     = 3
	statusLogin       = 4
	statusTrust       = 5
	statusExists      = 6
	statusInterrupted = 130
)

// problem is an error as the user reads it, with the exit status it leads to.
type problem struct {
	status int
	what   string // what went wrong with what: "a.txt: it exists already"
	todo   string // what to do about it, "" nothing special
	told   bool   // it is on standard error already
}

// Error returns what went wrong.
func (p *problem) Error() string { return p.what }

// usage returns the problem of a command line that makes no sense.
func usage(todo, format string, args ...any) *problem {
	return &problem{status: statusUsage, what: fmt.Sprintf(format, args...), todo: todo}
}

// interrupted returns the problem of a run that the user broke off.
func interrupted(todo string) *problem {
	return &problem{status: statusInterrupted, what: "interrupted", todo: todo}
}

func outputProblem(err error) error {
	if err == nil {
		return nil
	}
	return &problem{status: statusFailed, what: "cannot write to standard output: " + err.Error()}
}

// endpointProblem says why there is no session.
func endpointProblem(ctx context.Context, err error) *problem {
	if ctx.Err() != nil {
		return interrupted("")
	}
	f := queue.FailureOf(err)
	p := &problem{status: statusConnect, what: f.Text, todo: advice(f)}
	if kind := statusOf(f); kind != statusFailed {
		p.status = kind
	}
	return p
}

// pathProblem says why something at a place could not be done.
func pathProblem(ctx context.Context, what string, err error) *problem {
	if ctx.Err() != nil {
		return interrupted("")
	}
	f := queue.FailureOf(err)
	return &problem{status: statusOf(f), what: what + ": " + f.Text, todo: advice(f)}
}

// statusOf returns the exit status that a failure leads to when there is no
// other. A full disk of the server is a failed transfer, not a lost server.
func statusOf(f *queue.Failure) int {
	switch f.Ask {
	case queue.AskPassword:
		return statusLogin
	case queue.AskTrust, queue.AskPlain:
		return statusTrust
	case queue.AskExists:
		return statusExists
	}
	if f.Class == queue.ClassServer && f.Code != 452 && f.Code != 552 {
		return statusConnect
	}
	return statusFailed
}

// advice says what to do about a failure.
func advice(f *queue.Failure) string {
	switch f.Ask {
	case queue.AskPassword:
		return "give the user in the URL or with --user, and the password with PORTSIDE_PASSWORD, --password-stdin or .netrc"
	case queue.AskTrust:
		if f.Pin == "" {
			return "if you know its authority, give that certificate with --ca FILE"
		}
		return "if you know that this is the server's key, say --pin " + f.Pin + "; if you know its authority, give that certificate with --ca FILE"
	case queue.AskPlain:
		return "if that is fine, say so with --tls off"
	case queue.AskExists:
		return "say what to do with --exists skip, resume, newer, size, rename or overwrite"
	default:
		return ""
	}
}

// tell writes a problem to standard error.
func (a *app) tell(p *problem) { tell(a.env.Stderr, p.what, p.todo) }

// tell writes what went wrong, made safe, and what to do about it. Nothing can
// be done about an error of standard error.
func tell(w io.Writer, what, todo string) {
	out := "portside: " + oneLine(what) + "\n"
	if todo != "" {
		out += "  " + oneLine(todo) + "\n"
	}
	_, _ = io.WriteString(w, out)
}

// oneLine makes text from anywhere safe and puts it into one line.
func oneLine(s string) string {
	return text.Safe(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), " "))
}

// warn writes a warning once for the run.
func (a *app) warn(format string, args ...any) {
	if !a.flags.quiet {
		tell(a.env.Stderr, fmt.Sprintf(format, args...), "")
	}
}

// tally counts how jobs ended.
type tally struct {
	done, skipped int
	failed        int
	stopped       int  // jobs that the end of the run cut short
	broken        bool // the run did not come to its own end
	bytes         int64
	status        int // of the failures so far, 0 without
	unfit         []unfit
}

// unfit is a reason for which things are skipped, whatever the targets hold.
type unfit struct {
	why   string
	first string // that it befell
	n     int
}

// leave counts something that was skipped for what it is.
func (t *tally) leave(name, why string) {
	for i := range t.unfit {
		if t.unfit[i].why == why {
			t.unfit[i].n++
			return
		}
	}
	t.unfit = append(t.unfit, unfit{why, name, 1})
}

// String says what was skipped and why.
func (u unfit) String() string {
	if u.n == 1 {
		return u.first + " was skipped: " + u.why
	}
	return fmt.Sprintf("%s and %d more were skipped: %s", u.first, u.n-1, u.why)
}

// fail counts a failure of a kind.
func (t *tally) fail(status int) {
	t.failed++
	if t.status != 0 && t.status != status {
		status = statusFailed
	}
	t.status = status
}

// problem returns what the run has to end with, nil when all went well. The
// failures are on standard error already.
func (t *tally) problem() error {
	if t.status == 0 {
		return nil
	}
	return &problem{status: t.status, told: true, what: "some transfers failed"}
}

// reason is why an operation on a path failed, without the path, which the
// message names itself.
func reason(path string, err error) error {
	var f *queue.Failure
	if errors.As(err, &f) {
		short := *f
		short.Text = strings.TrimPrefix(f.Text, path+": ")
		return &short
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// shown is a URL from the command line without what stands before the @.
func shown(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		scheme, rest = "", url
	} else {
		scheme += "://"
	}
	authority, path, slash := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		authority = authority[at+1:]
	}
	if slash {
		path = "/" + path
	}
	return scheme + authority + path
}
