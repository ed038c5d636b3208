package ui

import (
	"testing"

	"portside/queue"
)

// twins is acme with the same directories on both sides, but for some.
func twins() *fake {
	f := acme()
	put := func(address, path string, names ...string) {
		var all []queue.Entry
		for _, n := range names {
			all = append(all, dir(n, now()))
		}
		f.dirs[queue.Place{Address: address, Path: path}] = all
	}
	put(queue.Local, "/home/me/site", "assets", "css", "caf\u00e9")
	put(queue.Local, "/home/me/site/assets", "fonts")
	put(queue.Local, "/home/me/site/assets/fonts")
	put(queue.Local, "/home/me/site/css", "old")
	put(queue.Local, "/home/me/site/css/old")
	put(queue.Local, "/home/me/site/caf\u00e9")
	put(queue.Local, "/home", "me")
	put(remote, "/", "www", "etc")
	put(remote, "/etc")
	put(remote, "/www", "assets", "cafe\u0301")
	put(remote, "/www/assets", "fonts")
	put(remote, "/www/assets/fonts")
	put(remote, "/www/cafe\u0301")
	return f
}

func TestBothPanesGoTogether(t *testing.T) {
	start(t, twins, Options{}, 100, 24, func(d *drive) {
		d.press("Y", "home", "down", "enter")
		d.sees("/home/me/site/assets ", "/www/assets ", "sync ")
		d.press("down", "enter")
		d.sees("/home/me/site/assets/fonts ", "/www/assets/fonts ")
		d.press("tab", "backspace", "backspace") // from the other side as well
		d.sees("/home/me/site ", "/www ", "sync ")
		d.press("tab", "home", "down", "down", "enter") // in another form there
		d.sees("/home/me/site/caf\u00e9 ", "/www/cafe\u0301 ")
		d.press("H")
		d.sees("/home/me/site ", "/www ")
		d.press("Y", "home", "down", "enter")
		d.sees("/home/me/site/assets ", "/www ")
		d.seesNot("sync")
	})
}

func TestWhatIsMissingThereMakesAPause(t *testing.T) {
	start(t, twins, Options{}, 100, 24, func(d *drive) {
		d.press("Y", "end", "enter")
		d.sees("css/ is not there; Y pauses until you are back", "sync paused", "/home/me/site/css ", "/www ")
		d.press("down", "enter", "backspace", "backspace")
		d.sees("Both panes go together again", "sync ", "/home/me/site ", "/www ")
		d.press("home", "down", "enter")
		d.sees("/home/me/site/assets ", "/www/assets ")
		d.press("backspace", "backspace", "backspace") // /home/me and /, then nothing is above
		d.sees("There is nothing above /; Y pauses", "/home ")
	})
}

func TestAStepThatFailsThereMakesAPause(t *testing.T) {
	start(t, twins, Options{}, 100, 24, func(d *drive) {
		delete(d.f.dirs, queue.Place{Address: remote, Path: "/www/assets"})
		d.press("Y", "home", "down", "enter")
		d.sees("/home/me/site/assets ", "/www ", "sync paused", "no such file")
		d.press("backspace")
		d.sees("sync ")
	})
}

func TestAJumpIsMadeBelowTheRootsOrEndsIt(t *testing.T) {
	start(t, twins, Options{}, 100, 24, func(d *drive) {
		d.press("Y", "g", "p")
		d.typed("/home/me/site/assets/fonts")
		d.press("enter")
		d.sees("/home/me/site/assets/fonts ", "/www/assets/fonts ", "sync ")
		d.press("tab", "g", "p")
		d.typed("/etc")
		d.press("enter")
		d.sees("Y is off", "/home/me/site/assets/fonts ", "/etc ")
		d.seesNot("sync ")
	})
}

func TestAComparisonGoesAlong(t *testing.T) {
	start(t, twins, Options{}, 100, 24, func(d *drive) {
		d.press("Y", "C")
		d.sees("1 only here", "css/                       + ")
		d.press("home", "down", "enter")
		d.sees("Both sides are the same", "compare  sync ")
		d.press("backspace")
		d.sees("css/                       + ")
		d.press("end", "enter")
		d.sees("css/ is not there")
		d.seesNot(" + ")
		d.press("Y", "backspace")
		d.seesNot("compare", "sync")
	})
}
