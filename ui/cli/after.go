package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// after is what is to be done once the queue has come to its end. The zero one
// is nothing.
type after struct {
	bell bool
	argv []string
}

// parseAfter reads what --after says.
func parseAfter(s string) (after, error) {
	if s == "" {
		return after{}, nil
	}
	if s == "bell" {
		return after{bell: true}, nil
	}
	argv, err := split(s)
	if err != nil {
		return after{}, err
	}
	if len(argv) == 0 || argv[0] == "" {
		return after{}, errors.New("there is no command in it")
	}
	if _, err := exec.LookPath(argv[0]); err != nil {
		return after{}, fmt.Errorf("there is no command %s", argv[0])
	}
	return after{argv: argv}, nil
}

// split cuts a command into its words. Quotes of either kind keep together what
// stands between them; nothing else means anything, and no shell sees it.
func split(s string) ([]string, error) {
	var words []string
	var word strings.Builder
	begun, quote := false, rune(0)
	for _, r := range s {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, begun = r, true
		case r == ' ' || r == '\t' || r == '\n' || r == '\r':
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote (%c) is not closed", quote)
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}

// outcome is what a command is told about the jobs that have ended.
type outcome struct {
	done, failed, skipped int
	bytes                 int64
}

// environment is ours without passwords, and with what has ended.
func (e outcome) environment(ours []string) []string {
	var env []string
	for _, v := range ours {
		name, _, _ := strings.Cut(strings.ToUpper(v), "=")
		if !strings.HasPrefix(name, "PORTSIDE_") || !strings.HasSuffix(name, "PASSWORD") {
			env = append(env, v)
		}
	}
	return append(env,
		"PORTSIDE_DONE="+strconv.Itoa(e.done), "PORTSIDE_FAILED="+strconv.Itoa(e.failed),
		"PORTSIDE_SKIPPED="+strconv.Itoa(e.skipped), "PORTSIDE_BYTES="+strconv.FormatInt(e.bytes, 10))
}

// run starts the command and waits for it. What it prints goes to out, and the
// last line of that into the error.
func (a after) run(ctx context.Context, e outcome, out io.Writer) error {
	if len(a.argv) == 0 {
		return nil
	}
	last := &lastLine{}
	cmd := exec.CommandContext(ctx, a.argv[0], a.argv[1:]...)
	cmd.Env = e.environment(os.Environ())
	cmd.Stdout = io.MultiWriter(out, last)
	cmd.Stderr = cmd.Stdout
	cmd.WaitDelay = time.Second // what it started and left behind keeps the output open
	err := cmd.Run()
	if err == nil || errors.Is(err, exec.ErrWaitDelay) {
		return nil
	}
	what := fmt.Sprintf("the command after the queue (%s) failed: %v", a.argv[0], err)
	if said := last.String(); said != "" {
		what += ": " + said
	}
	return errors.New(what)
}

// lastLine keeps the last line of what is written to it.
type lastLine struct{ tail []byte }

// Write implements io.Writer.
func (l *lastLine) Write(p []byte) (int, error) {
	const most = 1000
	l.tail = append(l.tail, p[max(len(p)-most, 0):]...)
	l.tail = l.tail[max(len(l.tail)-most, 0):]
	return len(p), nil
}

// String returns the line.
func (l *lastLine) String() string {
	line := bytes.TrimRight(l.tail, " \r\n")
	return string(line[bytes.LastIndexByte(line, '\n')+1:])
}

// afterwards does what --after says, when something had to be done at all.
func (s *session) afterwards(ctx context.Context, t tally) {
	e := outcome{done: t.done, failed: t.failed, skipped: t.skipped, bytes: t.bytes}
	a := s.app
	if e.done+e.failed+e.skipped == 0 {
		return
	}
	if a.flags.then.bell && isTerminal(a.env.Stderr) {
		_, _ = io.WriteString(a.env.Stderr, "\a") // nobody hears it where it cannot be written
	}
	if err := a.flags.then.run(ctx, e, a.env.Stderr); err != nil {
		tell(a.env.Stderr, err.Error(), "")
	}
}
