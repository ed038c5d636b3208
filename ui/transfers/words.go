package transfers

import (
	"fmt"
	"slices"
	"strings"

	"portside/queue"
	"portside/ui/text"
	"portside/ui/theme"
)

// count is one number of the totals with its word.
type count struct {
	n     int
	word  string
	style string
}

func counts(t queue.Totals, th *theme.Theme) []count {
	all := []count{
		{t.Running, "run", th.Move},
		{t.Waiting, "wait", ""},
		{t.Paused, "paused", ""},
		{t.Asking, "ask", th.Warn},
		{t.Failed, "failed", th.Bad},
		{t.Cancelled, "cancelled", ""},
		{t.Skipped, "skipped", ""},
		{t.Done, "done", ""},
	}
	some := all[:0]
	for _, c := range all {
		if c.n > 0 {
			some = append(some, c)
		}
	}
	return some
}

func (c count) String() string { return fmt.Sprintf("%d %s", c.n, c.word) }

// fitting leaves out whole counts until the rest has room in w cells: first
// what is over, last what needs a person.
func fitting(some []count, w int) []count {
	some = slices.Clone(some)
	for _, word := range []string{"done", "skipped", "cancelled", "wait", "paused", "run", "failed", "ask"} {
		if text.Width(join(some)) <= w {
			break
		}
		some = slices.DeleteFunc(some, func(c count) bool { return c.word == word })
	}
	return some
}

// join says counts in words.
func join(some []count) string {
	words := make([]string, len(some))
	for i, c := range some {
		words[i] = c.String()
	}
	return strings.Join(words, "  ")
}

// Summary says the totals in words, as the strip, the queue and the title of
// the window all do: "3 run  6 wait  1 failed".
func Summary(t queue.Totals) string {
	if words := join(counts(t, &theme.Theme{})); words != "" {
		return words
	}
	return "Queue empty"
}

// stateWord returns the word of at most six cells for what a job does.
func stateWord(r queue.Row) string {
	if r.Listed {
		return "files" // of this directory are on their way
	}
	switch r.State {
	case queue.Waiting:
		return "wait"
	case queue.Scanning:
		return "scan"
	case queue.Running:
		return "run"
	case queue.Finishing:
		return "finish"
	case queue.Asking:
		return "ASK"
	case queue.Paused:
		return "pause"
	case queue.Failed:
		return "FAIL"
	case queue.Cancelled:
		return "cancel"
	case queue.Skipped:
		return "skip"
	default:
		return string(r.State)
	}
}

func stateStyle(s queue.State, th *theme.Theme) string {
	switch s {
	case queue.Running, queue.Scanning, queue.Finishing:
		return th.Move
	case queue.Asking:
		return th.Warn
	case queue.Failed:
		return th.Bad
	case queue.Waiting, queue.Done, queue.Skipped, queue.Cancelled:
		return th.Faint
	default:
		return ""
	}
}

// arrow says where a job's bytes go: out, in, or nowhere.
func arrow(r queue.Row) string {
	switch {
	case r.Kind == queue.Delete:
		return "rm"
	case r.Kind == queue.Chmod:
		return "ch"
	case r.Dst.Address == queue.Local && r.Src.Address != queue.Local:
		return "<-"
	default:
		return "->"
	}
}

func name(r queue.Row) string {
	n := r.Name
	if n == "" {
		n = r.Src.Path
	}
	if r.Dir && !strings.HasSuffix(n, "/") {
		n += "/"
	}
	return n
}

// story says in a few words what a job wants or suffers, "" when its numbers
// say all.
func story(r queue.Row) string {
	switch {
	case r.State == queue.Asking && r.Question != nil:
		return question(*r.Question)
	case r.Failure != nil && (r.State == queue.Failed || r.State == queue.Waiting):
		first, _, _ := strings.Cut(r.Trouble(), "\n")
		return strings.TrimPrefix(first, "the server said ")
	case r.State == queue.Running || r.State == queue.Scanning && !r.Listed:
		return ""
	case r.State == queue.Waiting && r.Priority == queue.PriorityNow:
		return "next"
	case r.State == queue.Waiting && (r.Priority == queue.PriorityHigh || r.Priority == queue.PriorityLow):
		return string(r.Priority) + " priority"
	default:
		return r.Remark()
	}
}

func question(q queue.Question) string {
	switch q.Ask {
	case queue.AskExists:
		if q.Why != "" {
			return "exists, " + q.Why
		}
		return "exists" + compare(q.Source, q.Target)
	case queue.AskPassword:
		return "needs a password"
	case queue.AskTrust:
		return "certificate not trusted"
	case queue.AskPlain:
		return "server has no TLS"
	default:
		return string(q.Ask)
	}
}

// compare says how the target differs from the source.
func compare(src, dst queue.Entry) string {
	if dst.Type == queue.Dir {
		return ", a directory"
	}
	words := ""
	switch {
	case src.Size < 0 || dst.Size < 0:
	case dst.Size < src.Size:
		words += ", smaller"
	case dst.Size > src.Size:
		words += ", bigger"
	default:
		words += ", same size"
	}
	switch d := dst.Later(src); {
	case d < 0:
		words += ", older"
	case d > 0:
		words += ", newer"
	}
	return words
}

func percent(done, size int64) string {
	switch {
	case size < 0:
		return ""
	case done >= size:
		return "100%"
	default:
		return fmt.Sprintf("%d%%", min(int(float64(max(done, 0))/float64(size)*100), 99))
	}
}

// MovesBytes reports whether a job of a kind has bytes to move; the others count
// entries.
func MovesBytes(k queue.Kind) bool { return k != queue.Delete && k != queue.Chmod }
