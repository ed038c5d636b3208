package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"golang.org/x/term"

	"portside/ui/text"
)

// console is a terminal with a person at it: questions go to standard error,
// answers come from standard input.
type console struct {
	in  *os.File
	out io.Writer
	buf *bufio.Reader
}

// newConsole returns nil when one end is no terminal.
func newConsole(in io.Reader, out io.Writer) *console {
	file, ok := in.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || !isTerminal(out) {
		return nil
	}
	return &console{in: file, out: out, buf: bufio.NewReaderSize(file, 4096)}
}

func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// columns returns the width of the terminal that w is.
func columns(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return 80
}

// reply is a line that was typed, or why there is none.
type reply struct {
	line string
	err  error
}

var errNoAnswer = errors.New("no answer")

// ask begins to read a line; the answer comes on the channel. There is one
// question at a time.
func (c *console) ask() <-chan reply {
	got := make(chan reply, 1)
	// A read from a terminal cannot be stopped: it ends with the line, the
	// terminal or the process, and nobody has to wait for it.
	go func() {
		line, err := c.buf.ReadString('\n')
		if err != nil && line == "" {
			got <- reply{err: errNoAnswer}
			return
		}
		got <- reply{line: strings.TrimSpace(line)}
	}()
	return got
}

// line asks a question and waits for the answer.
func (c *console) line(ctx context.Context, question string) (string, error) {
	if _, err := io.WriteString(c.out, text.Safe(question)); err != nil {
		return "", err
	}
	select {
	case r := <-c.ask():
		return r.line, r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// yes asks a question that only "y" or "yes" says yes to.
func (c *console) yes(ctx context.Context, question string) (bool, error) {
	line, err := c.line(ctx, question+" [y/N] ")
	line = strings.ToLower(line)
	return line == "y" || line == "yes", err
}

// password asks for a password. The echo is off before the question shows, so
// that nothing typed early is seen either.
func (c *console) password(ctx context.Context, question string) (string, error) {
	fd := int(c.in.Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return "", err
	}
	// The echo comes back even if the read below never ends.
	defer func() { _ = term.Restore(fd, before) }()
	typing := &typing{in: c.in, out: c.out}
	got := make(chan reply, 1)
	// As in ask: the read ends by itself.
	go func() {
		typed, err := term.NewTerminal(typing, "").ReadPassword(text.Safe(question))
		got <- reply{typed, err}
	}()
	select {
	case r := <-got:
		switch {
		case !errors.Is(r.err, io.EOF):
			return r.line, r.err
		case typing.interrupted.Load():
			return "", context.Canceled
		}
		return "", errNoAnswer
	case <-ctx.Done():
		_, _ = io.WriteString(c.out, "\r\n") // the terminal is about to be left
		return "", ctx.Err()
	}
}

// typing is a terminal in raw mode, where Ctrl-C is a byte like any other.
type typing struct {
	in          io.Reader
	out         io.Writer
	interrupted atomic.Bool
}

// Read implements io.Reader.
func (t *typing) Read(p []byte) (int, error) {
	n, err := t.in.Read(p)
	if bytes.IndexByte(p[:n], 0x03) >= 0 {
		t.interrupted.Store(true)
	}
	return n, err
}

// Write implements io.Writer.
func (t *typing) Write(p []byte) (int, error) { return t.out.Write(p) }
