package queue

import (
	"strings"
	"time"
)

const (
	keptTries  = 3   // attempts that failed, of each job
	tryTextMax = 300 // bytes: a server can say a lot
)

// failedTry takes down that an attempt failed. What asks a person is no failure
// yet.
func (x *extra) failedTry(f *Failure, now time.Time) {
	text := f.Text
	if len(text) > tryTextMax {
		text = strings.ToValidUTF8(text[:tryTextMax], "") + "..."
	}
	kept := x.failed[max(len(x.failed)-keptTries+1, 0):]
	x.failed = append(kept[:len(kept):len(kept)], Try{At: now, Command: f.Command, Text: text}) // rows share what is there
}

// triesOf returns the attempts of a job that failed, without the paths that its
// row shows.
func triesOf(r Row, failed []Try) []Try {
	out := make([]Try, len(failed))
	for i, t := range failed {
		r.Failure = &Failure{Text: t.Text}
		t.Text = r.Trouble()
		out[i] = t
	}
	return out
}
