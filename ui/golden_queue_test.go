package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/keymap"
	"portside/queue"
)

func TestQueueScreens(t *testing.T) {
	over := func() *fake {
		f := busy()
		skip := queue.Row{ID: 8, Batch: 1, Kind: queue.Copy, State: queue.Skipped, Name: "pipe", Size: -1, Left: -1, Note: "it is no file"}
		f.rows, f.totals.Skipped = append(f.rows, skip), 1
		return f
	}
	failed := func() *fake {
		f := busy()
		for i, at := range []time.Time{now().Add(-6 * time.Minute), now().Add(-5 * time.Minute), now().Add(-32 * time.Second)} {
			f.rows[3].Tries = append(f.rows[3].Tries, queue.Try{At: at, Text: "the connection broke\nafter 1.2M"})
			if i == 2 {
				f.rows[3].Tries[i] = queue.Try{At: at, Command: "STOR", Text: "the server said 552 exceeded quota \x1b[2J"}
			}
		}
		return f
	}
	shots(t, []shot{
		{"failed", failed, func(d *drive) { d.press("w", "down", "down", "down") }},
		{"folded", over, func(d *drive) { d.press("w", "end") }},
		{"unfolded", over, func(d *drive) { d.press("w", "end", "enter", "down") }},
		{"empty", acme, func(d *drive) { d.press("w") }},
		{"inbox", askingMuch, func(d *drive) { d.press("a", "pgdown") }},
	})
}

func TestLogScreens(t *testing.T) {
	shots(t, []shot{
		{"connection", twoServers, func(d *drive) { d.press("@", "c") }},
		{"errors", twoServers, func(d *drive) { d.press("@", "c", "c") }},
		{"save", busy, func(d *drive) { d.press("@", "s") }},
	})
}

// twoServers is busy with lines of a connection to another server.
func twoServers() *fake {
	f := busy()
	for i := range f.log {
		f.log[i].Address = remote
	}
	for _, l := range []string{"220 \x1b[31mother server", "230 日本語"} {
		f.log = append(f.log, queue.Line{Seq: uint64(len(f.log) + 1), Time: now(), Conn: 12, Dir: '<', Text: l, Address: "ftps://me@other.example.org:21"})
	}
	return f
}

// A line goes to the clipboard as it is shown, and the log into a new file.
func TestTheLogIsCopiedAndSaved(t *testing.T) {
	at24(t, twoServers, func(d *drive) {
		d.press("@", "c", "up")
		cmd := d.m.act(keymap.Log, keymap.ActCopyLine, "")
		if got := fmt.Sprint(cmd()); got != `14:06:31 12 <  220 \x1b[31mother server` {
			t.Errorf("%q", got)
		}
		d.sees("Copied: 14:06:31 12 <")
		name := filepath.Join(t.TempDir(), "log.txt")
		d.press("s")
		d.sees("Save these lines as: ", "portside-20261123-140631.log")
		d.typed(name)
		d.press("enter")
		d.sees("The log is saved: ")
		want := "2026-11-23 14:06:31 12 <  220 \\x1b[31mother server\n2026-11-23 14:06:31 12 <  230 日本語\n"
		if data, err := os.ReadFile(name); err != nil || string(data) != want {
			t.Errorf("%q, %v", data, err)
		}
	})
}

// What has ended is folded again for whoever comes back.
func TestTheQueueIsFoldedAgain(t *testing.T) {
	at24(t, busy, func(d *drive) {
		d.press("w", "end")
		d.seesNot("logo.svg")
		d.press("enter")
		d.sees("logo.svg", "Enter folds")
		d.press("enter")
		d.seesNot("logo.svg")
		d.press("enter", "w", "w")
		d.seesNot("logo.svg")
	})
}

// Orders do not hold up the screen, and are carried out as they were given.
func TestOrdersAreCarriedOutInTheirOrder(t *testing.T) {
	at24(t, busy, func(d *drive) {
		d.press("w")
		for _, key := range []string{"p", "K", "J", "R", "c"} {
			d.send(press(key))
		}
		d.settle()
		want := "[pause move -1 move 1 retry clear]"
		if got := fmt.Sprint(d.f.calls); got != want {
			t.Errorf("%s, not %s", got, want)
		}
		d.sees("are forgotten")
	})
}

// What keys set is said beside them, and a page of jobs misses none.
func TestTheHintOfTheQueueHasValues(t *testing.T) {
	at24(t, func() *fake {
		f := busy()
		for i := range 100 {
			f.rows = append(f.rows[:6:6], slices.Concat(f.rows[6:], []queue.Row{{ID: queue.ID(100 + i), Kind: queue.Copy, State: queue.Waiting, Name: fmt.Sprint("more-", i), Size: 1}})...)
		}
		f.rows = append(f.rows[:6:6], f.rows[7:]...)
		f.totals.Done = 0
		return f
	}, func(d *drive) {
		d.press("w", "+", "+", "l")
		d.typed("2M")
		d.press("enter")
		d.sees("l limit 2M  + - connections 2  p pause all  c clear")
		first, _ := d.m.list.view.Selected()
		shown := strings.Count(d.screen(), " -> ") + strings.Count(d.screen(), " <- ") - 1 // the detail has one as well
		d.press("pgdown")
		second, _ := d.m.list.view.Selected()
		if at := indexOf(d.f.rows, second.ID) - indexOf(d.f.rows, first.ID); at != shown {
			t.Errorf("a page is %d jobs, %d are shown", at, shown)
		}
	})
}
