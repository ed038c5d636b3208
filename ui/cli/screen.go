package cli

import (
	"io"
	"strings"

	"portside/ui/text"
)

// screen is standard error: lines that stay, and on a terminal below them one
// that is written over, which is either progress or a question. Nothing can be
// done about an error of standard error.
type screen struct {
	w        io.Writer
	terminal bool
	status   string // the last line, "" none; safe
	question string // the open question, "" none; safe
}

// line writes a line that stays; it has to be safe.
func (s *screen) line(line string) {
	out := line + "\n"
	switch {
	case s.question != "":
		out = "\n" + out + s.question
	case s.status != "":
		out = "\r\x1b[K" + out + s.status
	}
	_, _ = io.WriteString(s.w, out)
}

// tell writes what went wrong and what to do about it.
func (s *screen) tell(what, todo string) {
	var b strings.Builder
	tell(&b, what, todo)
	s.line(strings.TrimSuffix(b.String(), "\n"))
}

// update writes over the last line.
func (s *screen) update(status string) {
	if !s.terminal || s.question != "" {
		return
	}
	s.status = strings.TrimRight(text.Fit(status, columns(s.w)-1), " ")
	_, _ = io.WriteString(s.w, "\r"+s.status+"\x1b[K")
}

// clear takes the last line away.
func (s *screen) clear() {
	if s.status != "" {
		s.status = ""
		_, _ = io.WriteString(s.w, "\r\x1b[K")
	}
}

// ask shows a question in place of the progress, until answered.
func (s *screen) ask(question string) {
	s.clear()
	s.question = question
	_, _ = io.WriteString(s.w, question)
}

func (s *screen) answered() { s.question = "" }
