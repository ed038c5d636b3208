package ui

import (
	"slices"
	"testing"
	"time"

	"portside/queue"
)

// askingMuch is busy with a question more of a file, and two jobs that wait for the
// same password.
func askingMuch() *fake {
	f := busy()
	more := f.rows[2]
	more.ID, more.Name, more.Dst.Path = 20, "about.html", "/www/about.html"
	q := *more.Question
	q.Choices = []queue.Policy{queue.ExistsSkip, queue.ExistsRename}
	more.Question = &q
	locked := f.rows[2]
	locked.ID, locked.Name, locked.Question = 21, "locked", &queue.Question{Ask: queue.AskPassword}
	locked.Failure = &queue.Failure{Ask: queue.AskPassword, Text: "the server wants a password"}
	same := locked
	same.ID = 22
	f.rows = slices.Insert(f.rows, 3, more, locked, same)
	f.totals.Asking = 4
	return f
}

// Questions are looked through without an answer, and one about a server is
// there once however many jobs wait for it.
func TestTheInbox(t *testing.T) {
	at24(t, askingMuch, func(d *drive) {
		d.press("a")
		d.sees("/www/index.html", "1 of 3 asks", "PgDn next question")
		d.press("pgdown")
		d.sees("/www/about.html", "2 of 3 asks")
		d.press("pgup", "pgup")
		d.sees("Password for")
		d.press("esc", "a", "pgdown")
		d.sees("2 of 3 asks")
		d.press("esc")
		if len(d.f.answers) > 0 {
			t.Errorf("%+v", d.f.answers)
		}
		d.press("w", "down", "down", "down", "enter")
		d.sees("/www/about.html")
		d.press("esc", "w", "a", "s")
		d.sees("/www/about.html", "1 of 2 asks", "index.html: skip")
		d.sleep(time.Second) // what opens by itself is deaf at first
		d.press("x")
		d.sees("Password for")
	})
}

// Both files are kept under a name that a person gives, or one that is free.
func TestBothAreKeptUnderAName(t *testing.T) {
	at24(t, busy, func(d *drive) {
		d.press("a", "k")
		d.sees("Keep both, as: index-1.html")
		d.press("esc")
		d.sees("File exists", "Keep both, under another name")
		d.press("k", "enter")
		if a := d.f.answers[0]; a.Exists != queue.ExistsRename || a.As != "" {
			t.Errorf("%+v", a)
		}
	})
	at24(t, busy, func(d *drive) {
		d.press("a", "k", "backspace")
		d.typed("9/")
		d.press("enter")
		d.sees("no name for a file")
		d.press("a", "k", "backspace")
		d.typed("9")
		d.press("enter")
		if a := d.f.answers[0]; len(d.f.answers) != 1 || a.As != "index-9.html" {
			t.Errorf("%+v", d.f.answers)
		}
	})
}
