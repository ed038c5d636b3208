package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"portside/queue"
)

// eventHelp documents the events for the help of get and put.
const eventHelp = `With --json each event is one object a line on standard output:
  event     queued, started, progress, question, retry, done, failed, summary
  time      when, RFC 3339 in UTC
  job       the job's number
  kind      copy
  state     waiting, scanning, running, finishing, asking, failed, cancelled,
            skipped or done; a skipped job's event is done, a cancelled one's failed
  source    where it comes from: a local path or a URL
  target    where it goes to
  size      bytes, where known
  done      bytes so far
  rate      bytes a second, once there is something to tell
  limit     bytes a second that all may move together, where there is a limit:
            all, down, up
  priority  now, high or low, where it is not normal
  left      seconds to go, where known
  attempt   from 1
  note      with done: why it was skipped, or how it came about
  verified  with done: true where the server's checksum was compared and is the same
  error     class (job, attempt, server, queue), code (the server's), text
  question  kind (exists, password, certificate, plain), choices
summary has no job; its state is done or failed, and it adds files, skipped and
failed (how many jobs ended so), with done in bytes. What never became a job,
because its server could not be reached, has a failed event without a job.
When the run is broken off (Ctrl-C, SIGTERM), what has not ended gets a failed
event with the state cancelled and the error "interrupted", what has arrived is
kept, and the summary, whose state is failed then, is the last line as always.
Fields that do not apply are absent.`

type event struct {
	Event    string         `json:"event"`
	Time     string         `json:"time"`
	Job      queue.ID       `json:"job,omitempty"`
	Kind     queue.Kind     `json:"kind,omitempty"`
	State    queue.State    `json:"state,omitempty"`
	Source   string         `json:"source,omitempty"`
	Target   string         `json:"target,omitempty"`
	Size     *int64         `json:"size,omitempty"`
	Done     *int64         `json:"done,omitempty"`
	Rate     *int64         `json:"rate,omitempty"`
	Left     *float64       `json:"left,omitempty"`
	Limit    *queue.Rates   `json:"limit,omitempty"`
	Priority queue.Priority `json:"priority,omitempty"`
	Attempt  int            `json:"attempt,omitempty"`
	Note     string         `json:"note,omitempty"`
	Verified bool           `json:"verified,omitempty"`
	Error    *eventError    `json:"error,omitempty"`
	Question *eventQuestion `json:"question,omitempty"`
	Files    *int           `json:"files,omitempty"`
	Skipped  *int           `json:"skipped,omitempty"`
	Failed   *int           `json:"failed,omitempty"`
}

type eventError struct {
	Class queue.Class `json:"class"`
	Code  int         `json:"code,omitempty"`
	Text  string      `json:"text"`
}

type eventQuestion struct {
	Kind    queue.Ask      `json:"kind"`
	Choices []queue.Policy `json:"choices,omitempty"`
}

// events writes what happens as JSON, one object a line.
type events struct {
	out    *bufio.Writer
	last   time.Time    // of the last progress
	limit  *queue.Rates // in force then
	failed error        // of the output
}

func newEvents(w io.Writer) *events { return &events{out: bufio.NewWriter(w)} }

func (e *events) queued(r queue.Row)                  { e.job("queued", r) }
func (e *events) started(r queue.Row)                 { e.job("started", r) }
func (e *events) waiting(queue.Outage, time.Duration) {}

func (e *events) retrying(r queue.Row) { e.job("retry", r) }
func (e *events) asking(r queue.Row)   { e.job("question", r) }

func (e *events) ended(r queue.Row) {
	if r.State == queue.Failed || r.State == queue.Cancelled {
		e.job("failed", r)
		return
	}
	e.job("done", r)
}

// stopped tells of a job that the end of the run cut short.
func (e *events) stopped(r queue.Row) {
	r.State, r.Question = queue.Cancelled, nil
	r.Failure = &queue.Failure{Class: queue.ClassAttempt, Text: "interrupted"}
	e.job("failed", r)
}

// refused tells of what never became a job.
func (e *events) refused(r refusal) {
	e.write(event{
		Event: "failed", Kind: queue.Copy, State: queue.Failed, Source: r.source, Target: r.target,
		Error: &eventError{Class: queue.ClassServer, Text: r.why.what},
	})
}

// progress tells of every running job, at most once a second.
func (e *events) progress(t queue.Totals, running []queue.Row) {
	now := time.Now()
	if now.Sub(e.last) < time.Second {
		return
	}
	e.last, e.limit = now, nil
	if t.Limit != (queue.Rates{}) {
		e.limit = &t.Limit
	}
	for _, r := range running {
		if r.State == queue.Running {
			e.job("progress", r)
		}
	}
}

func (e *events) summary(t tally) {
	failed := t.failed + t.stopped
	ev := event{Event: "summary", State: queue.Done, Files: &t.done, Skipped: &t.skipped, Failed: &failed, Done: &t.bytes}
	if failed > 0 || t.broken {
		ev.State = queue.Failed
	}
	e.write(ev)
}

func (e *events) job(name string, r queue.Row) {
	ev := event{
		Event: name, Job: r.ID, Kind: r.Kind, State: r.State, Attempt: r.Attempt,
		Source: location(r.Src), Target: location(r.Dst),
	}
	if !r.Dir && r.Size >= 0 {
		ev.Size = &r.Size
	}
	if name == "queued" {
		ev.State, ev.Attempt = queue.Waiting, 0
		e.write(ev)
		return
	}
	if !r.Dir && name != "started" {
		ev.Done = &r.Done
	}
	if r.Priority != queue.PriorityNormal {
		ev.Priority = r.Priority
	}
	if name == "progress" {
		ev.Limit = e.limit
		if rate := int64(r.Rate); rate >= 0 {
			ev.Rate = &rate
		}
		if r.Left >= 0 {
			left := r.Left.Seconds()
			ev.Left = &left
		}
	}
	if name == "done" {
		ev.Note, ev.Verified = r.Note, r.Verified
	}
	if f := r.Failure; f != nil && (name == "retry" || name == "failed") {
		ev.Error = &eventError{f.Class, f.Code, f.Text}
	}
	if q := r.Question; q != nil && name == "question" {
		ev.Question = &eventQuestion{q.Ask, q.Choices}
	}
	if name == "started" {
		ev.State = queue.Running
		if r.Dir {
			ev.State = queue.Scanning
		}
	}
	e.write(ev)
}

func (e *events) write(ev event) {
	ev.Time = time.Now().UTC().Format(time.RFC3339Nano)
	err := writeJSON(e.out, ev)
	if err == nil {
		err = e.out.Flush()
	}
	if err != nil {
		e.failed = err
	}
}

// location returns a place as the command line would name it: a local path, or
// a URL whose path is absolute.
func location(p queue.Place) string {
	if p.Address == queue.Local || p.Address == "" {
		return p.Path
	}
	u, err := url.Parse(p.Address)
	if err != nil {
		return p.Path
	}
	parts := strings.Split(p.Path, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	user := ""
	if u.User != nil {
		user = u.User.String() + "@"
	}
	return u.Scheme + "://" + user + u.Host + "/" + strings.Join(parts, "/")
}

// writeJSON writes v as one line. Characters that a terminal would obey or
// hide are escaped, those beyond ASCII too.
func writeJSON(w io.Writer, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	out := make([]byte, 0, len(body)+1)
	for len(body) > 0 {
		r, size := utf8.DecodeRune(body)
		switch {
		case r < 0x7f || unicode.IsGraphic(r):
			out = append(out, body[:size]...)
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		body = body[size:]
	}
	_, err = w.Write(append(out, '\n'))
	return err
}
