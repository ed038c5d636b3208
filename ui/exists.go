package ui

import (
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/dialog"
	"portside/ui/text"
	"portside/ui/theme"
)

// choosing is the box about a target that exists.
type choosing struct {
	box    *dialog.Choose
	row    queue.Row
	others []queue.Row // what asks the same
	seen   uint64      // the version of the queue that the box counts
	scopes []queue.Scope
}

// cancelJob is the choice that ends the job instead of answering.
const cancelJob = "cancel"

// Lines implements layer.
func (c *choosing) Lines(w, h int, th *theme.Theme) []string { return c.box.Lines(w, h, th) }

// Cursor implements layer.
func (c *choosing) Cursor() (x, y int) { return c.box.Cursor() }

// Key implements layer.
func (c *choosing) Key(m *Model, _ tea.KeyPressMsg, name string) tea.Cmd {
	switch name {
	case "pgdown":
		return m.turn(c.row, 1)
	case "pgup":
		return m.turn(c.row, -1)
	}
	switch c.box.Key(name) {
	case dialog.No:
		m.lower()
		m.say(plain, "The question stays open: a answers it")
	case dialog.Yes:
		m.lower()
		at := indexOf(m.questions(), c.row.ID)
		switch {
		case c.box.Value() == string(queue.ExistsRename) && c.scopes[c.box.Scope()] == queue.ScopeJob:
			return m.askOtherName(c)
		case c.box.Value() == cancelJob:
			return m.nextQuestion(c.row.ID, at, m.cancelJob(c.row.ID))
		}
		return m.nextQuestion(c.row.ID, at, m.choose(c))
	}
	return nil
}

// choose gives the answer that was chosen to what it applies to.
func (m *Model) choose(c *choosing) tea.Cmd {
	a := queue.Answer{Exists: queue.Policy(c.box.Value())}
	m.say(plain, name(c.row)+": "+c.box.Value())
	switch a.Scope = c.scopes[c.box.Scope()]; a.Scope {
	case queue.ScopeBatch:
		m.say(plain, "The whole job: "+c.box.Value())
	case queue.ScopeOpen:
		a.Seen = c.seen
		n := len(slices.DeleteFunc(c.others, func(o queue.Row) bool { return !offered(o.Question, a.Exists) }))
		if m.say(plain, count(n+1, "file", "files")+": "+c.box.Value()); m.totals.Asking > questionsAt {
			m.say(plain, "All that ask: "+c.box.Value())
		}
	}
	return m.answer(c.row.ID, a)
}

// existsChoice asks about a target that exists, and about all of them.
func (m *Model) existsChoice(r queue.Row) *choosing {
	c := &choosing{box: m.existsBox(r), row: r, seen: m.totals.Version, scopes: []queue.Scope{queue.ScopeJob}}
	c.box.Scopes = []string{"this file"}
	all := m.questions()
	if at := indexOf(all, r.ID); len(all) > 1 && at >= 0 {
		c.box.Note = fmt.Sprintf("%d of %d asks", at+1, len(all))
		c.box.Foot = "PgDn next question"
	}
	c.others = slices.DeleteFunc(m.asking(), func(o queue.Row) bool {
		return o.ID == r.ID || o.Question.Ask != queue.AskExists || o.Version > c.seen
	})
	if n := len(c.others) + 1; n > 1 {
		words := fmt.Sprintf("these %d", n)
		if m.totals.Asking > questionsAt {
			words = "all that ask"
		}
		c.box.Scopes = append(c.box.Scopes, words)
		c.scopes = append(c.scopes, queue.ScopeOpen)
	}
	c.box.Scopes = append(c.box.Scopes, "the whole job")
	c.scopes = append(c.scopes, queue.ScopeBatch)
	return c
}

// existsBox lists what can be done about a target that exists. What the marked
// line does never destroys anything.
func (m *Model) existsBox(r queue.Row) *dialog.Choose {
	q, where := r.Question, hostOf(r.Dst.Address)
	if r.Dst.Address == queue.Local {
		where = "this machine"
	}
	box := &dialog.Choose{Title: "File exists on " + where, Body: m.existsFacts(r)}
	for _, c := range existsChoices(q) {
		if !offered(q, queue.Policy(c.Value)) {
			continue
		}
		if c.Value == string(queue.ExistsSkip) && len(box.Choices) > 0 && box.Choices[0].Value != string(queue.ExistsResume) {
			box.Mark(len(box.Choices))
		}
		box.Choices = append(box.Choices, c)
	}
	return box
}

// offered reports whether a choice makes sense: the queue names those that it
// can carry out, and a target that is not shorter has nothing to resume.
func offered(q *queue.Question, p queue.Policy) bool {
	if p == cancelJob {
		return true
	}
	if p == queue.ExistsResume && q.Source.Size >= 0 && q.Target.Size >= q.Source.Size {
		return false
	}
	return len(q.Choices) == 0 || slices.Contains(q.Choices, p)
}

func existsChoices(q *queue.Question) []dialog.Choice {
	return []dialog.Choice{
		{Key: "r", Value: string(queue.ExistsResume), Text: "Resume from " + amount(q.Target.Size) + " (checks the last 64K first)"},
		{Key: "o", Value: string(queue.ExistsOverwrite), Text: "Overwrite"},
		{Key: "n", Value: string(queue.ExistsNewer), Text: "Overwrite only if newer"},
		{Key: "d", Value: string(queue.ExistsSize), Text: "Overwrite only if the size differs"},
		{Key: "k", Value: string(queue.ExistsRename), Text: "Keep both, under another name"},
		{Key: "s", Value: string(queue.ExistsSkip), Text: "Skip"},
		{Key: "x", Value: cancelJob, Text: "Cancel the job"},
	}
}

// existsFacts says what is known of the two files, in words too.
func (m *Model) existsFacts(r queue.Row) []string {
	src, dst := r.Question.Source, r.Question.Target
	line := func(who string, e queue.Entry, words string) string {
		when := ""
		if !e.Time.IsZero() {
			when = e.Time.In(m.clock().Location()).Format("2006-01-02 15:04")
			if e.Precision == queue.Day {
				when = e.Time.UTC().Format(time.DateOnly)
			}
		}
		return fmt.Sprintf("  %-6s  %6s  %-16s  %s", who, text.Size(e.Size), when, words)
	}
	facts := []string{
		text.Middle(r.Dst.Path, min(m.w, 72)-4),
		"",
		"            size  modified",
		line("source", src, ""),
		line("target", dst, compareWords(src, dst)),
	}
	if why := r.Question.Why; why != "" {
		facts = append(facts, "  "+why)
	}
	return facts
}

// compareWords says how the target differs from the source.
func compareWords(src, dst queue.Entry) string {
	words := ""
	switch d := dst.Later(src); {
	case src.Time.IsZero() || dst.Time.IsZero():
	case d > 0:
		words = "newer by " + span(d)
	case d < 0:
		words = "older by " + span(-d)
	default:
		words = "same time"
	}
	size := ""
	switch {
	case src.Size < 0 || dst.Size < 0:
	case dst.Size < src.Size:
		size = "smaller"
	case dst.Size > src.Size:
		size = "larger"
	default:
		size = "same size"
	}
	if words != "" && size != "" {
		return words + ", " + size
	}
	return words + size
}

// span says a length of time in its largest unit.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < 48*time.Hour:
		return count(int(d/time.Hour), "hour", "hours")
	}
	return count(int(d/(24*time.Hour)), "day", "days")
}
