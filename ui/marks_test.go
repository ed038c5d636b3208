package ui

import (
	"fmt"
	"testing"

	"portside/queue"
)

func TestMarksComeBackWithTheirDirectory(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		d.press("home", "down", "down", "down", "down", "space", "space")
		d.sees("2 marked 94.0K of 14")
		d.press("home", "down", "enter") // assets is not there; the marks stay
		d.sees("2 marked 94.0K of 14")
		d.press("home", "enter")
		d.sees("/home/me ")
		d.seesNot("marked")
		site := queue.Place{Address: queue.Local, Path: "/home/me/site"}
		d.f.mu.Lock()
		d.f.dirs[site] = d.f.dirs[site][:8] // one of the two is gone
		d.f.mu.Unlock()
		d.press("enter")
		d.sees("1 marked 6.1K of 7")
		d.press("u", "home", "enter", "enter")
		d.seesNot("marked")
	})
}

func TestMarksGoWithTheirJobsAlsoFromAfar(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		d.press("end", "space")
		s := d.m.active()
		at := s.place
		d.press("home", "enter")
		d.m.Update(addedMsg{side: s, in: at, ids: []queue.ID{1}})
		d.press("enter")
		d.seesNot("marked")
	})
}

func TestKeptMarksAreBounded(t *testing.T) {
	k := keptMarks{}
	name := func(i int) queue.Place { return queue.Place{Path: fmt.Sprint(i)} }
	for i := range 150 {
		k.keep(name(i), []string{"a", "b"})
	}
	if len(k.order) != maxMarkedDirs || k.count != 2*maxMarkedDirs || k.take(name(49)) != nil || k.take(name(50)) == nil {
		t.Errorf("%d directories, %d names", len(k.order), k.count)
	}
	k.keep(name(1), make([]string, maxMarkedNames-5))
	if k.count > maxMarkedNames || k.take(name(1)) == nil {
		t.Error(k.count)
	}
	k.keep(name(2), nil)
}

func TestARangeFollowsTheCursor(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		d.press("home", "down", "v")
		d.sees("range")
		d.press("down", "down", "down", "up")
		d.sees("3 marked")
		d.press("tab")
		d.press("tab", "esc", "down", "down")
		d.sees("3 marked")
		d.seesNot("range")
		d.press("shift+down", "shift+down", "shift+up")
		d.sees("5 marked")
		d.press("up", "shift+up")
		d.sees("6 marked")
		d.press("shift+down") // what was marked before stays
		d.sees("5 marked")
	})
}

func TestJumpGoesToWhatIsTyped(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		on := func(name string) {
			t.Helper()
			if r, _ := d.m.active().pane.Current(); r.Name != name {
				t.Errorf("the cursor is on %q, want %q", r.Name, name)
			}
		}
		d.press("ctrl+s")
		d.sees("Jump:")
		d.typed("I")
		on("img")
		d.press("ctrl+s")
		on("index.html")
		d.press("ctrl+s")
		on("img")
		d.typed("x")
		d.sees("no such name")
		d.press("backspace")
		d.seesNot("no such name")
		d.press("backspace")
		d.typed("priv")
		on("legal-and-privacy-notice.html")
		d.press("down")
		d.seesNot("Jump:")
		on("robots.txt")
		d.press("ctrl+s")
		d.typed("caf\u00e9")
		on("cafe\u0301 menu.pdf")
		d.press("enter")
		on("cafe\u0301 menu.pdf")
		d.seesNot("Jump:", "filter")
	})
}
