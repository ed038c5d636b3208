package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"portside/queue"
	"portside/ui/text"
)

// asker asks what to do about targets that exist, one at a time, while other
// transfers go on.
type asker struct {
	tty     *console
	screen  *screen
	waiting []queue.ID
	current *queue.Row
	got     <-chan reply
}

// letters are the answers; a capital gives the same one to all.
func letters() []struct {
	letter byte
	policy queue.Policy
	word   string
} {
	return []struct {
		letter byte
		policy queue.Policy
		word   string
	}{
		{'o', queue.ExistsOverwrite, "overwrite"},
		{'s', queue.ExistsSkip, "skip"},
		{'n', queue.ExistsNewer, "only if newer"},
		{'d', queue.ExistsSize, "only if the size differs"},
		{'r', queue.ExistsResume, "resume (checks the last 64K first)"},
		{'k', queue.ExistsRename, "keep both, under a new name"},
	}
}

// takes puts the question of r in line; false means nobody can answer it here.
func (a *asker) takes(r queue.Row) bool {
	if a == nil || r.Question == nil || r.Question.Ask != queue.AskExists {
		return false
	}
	if a.current != nil {
		a.waiting = append(a.waiting, r.ID)
		return true
	}
	a.show(r)
	return true
}

func (a *asker) show(r queue.Row) {
	a.current = &r
	a.screen.ask(prompt(r, time.Now()))
	a.got = a.tty.ask()
}

// replies is where the answer to the open question comes from.
func (a *asker) replies() <-chan reply {
	if a == nil {
		return nil
	}
	return a.got
}

// read understands what was typed: an answer, nil to cancel the job, or not ok
// when it has to be asked again.
func (a *asker) read(r reply) (row queue.Row, answer *queue.Answer, ok bool) {
	row = *a.current
	a.screen.answered()
	if r.err != nil || r.line == "x" {
		a.current, a.got = nil, nil
		return row, nil, true
	}
	if len(r.line) == 1 {
		lower := strings.ToLower(r.line)
		for _, l := range letters() {
			if lower[0] == l.letter && offered(*row.Question, l.policy) {
				a.current, a.got = nil, nil
				answer := &queue.Answer{Exists: l.policy}
				if lower != r.line {
					answer.Scope = queue.ScopeBatch // all of this run, also what asks later
				}
				return row, answer, true
			}
		}
	}
	a.show(row)
	return row, nil, false
}

// again shows a question whose answer the engine did not take.
func (a *asker) again(row queue.Row, why string) {
	a.screen.tell(why, "")
	a.show(row)
}

// next shows the next question that is still open.
func (a *asker) next(e queue.Engine) {
	for a.current == nil && len(a.waiting) > 0 {
		id := a.waiting[0]
		a.waiting = a.waiting[1:]
		if r, ok := e.Row(id); ok && r.State == queue.Asking && r.Question != nil {
			a.show(r)
		}
	}
}

func offered(q queue.Question, p queue.Policy) bool {
	return len(q.Choices) == 0 || slices.Contains(q.Choices, p)
}

// prompt words the question about a target.
func prompt(r queue.Row, now time.Time) string {
	q := r.Question
	lines := []string{text.Safe(r.Name) + " exists already"}
	lines = append(lines, "  source  "+facts(q.Source, now), "  target  "+facts(q.Target, now))
	var choices []string
	for _, l := range letters() {
		if offered(*q, l.policy) {
			choices = append(choices, fmt.Sprintf("%c %s", l.letter, l.word))
		}
	}
	lines = append(lines, "  "+strings.Join(choices, ", ")+", x leave it; a capital for all: ")
	return strings.Join(lines, "\n")
}

func facts(e queue.Entry, now time.Time) string {
	if e.Type == queue.Dir {
		return "a directory"
	}
	size := text.Size(e.Size)
	if size == "" {
		size = "?"
	}
	return text.FitLeft(size, 7) + "  " + text.Time(e.Time, now)
}
