package ui

import (
	"strings"
	"testing"

	"portside/queue"
)

func TestASizeIsAddedUpAndMarksNothing(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		deep(d)
		d.press("down", "z")
		d.sees("assets/            211.7M", "assets holds 211.7M in 3 files")
		d.seesNot("marked")
		d.press("down", "space", "space", "z") // one refuses a directory below it
		d.sees("css/                >2.0K", "2 directories hold at least 2.0K in 2 files")
		d.press("ctrl+r")
		d.seesNot("211.7M ", ">2.0K")
		d.press("u", "end", "z")
		d.sees("No directory is marked or under the cursor")
	})
}

func TestEscStopsAddingUpAndLeavesTheLeast(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		deep(d)
		d.f.gates[queue.Place{Address: queue.Local, Path: "/home/me/site/assets/fonts"}] = make(chan struct{})
		d.press("down", "z")
		d.sleep(2 * taskEvery)
		d.sees("211.7M, Esc stops")
		d.press("esc")
		d.sees("assets/           >211.7M", "at least 211.7M in 2 files: broken off")
	})
}

func TestASearchLeadsToWhatItFinds(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		deep(d)
		d.f.dirs[queue.Place{Address: queue.Local, Path: "/home/me/site/css"}] = []queue.Entry{file("site\n.css\x1b]0;x", 2048, now()), file(".CSS", 1, now())}
		d.press("f")
		d.sees("Find below /home/me/site:")
		d.typed("CSS")
		d.press("enter")
		d.sees("FOUND  CSS  below LOCAL /home/me/site", "3 found, complete", "> css/", "css/.CSS", "x1b")
		if strings.Contains(d.m.View().Content, "\x1b]") {
			t.Error("a name reached the terminal as it was")
		}
		d.press("end", "down", "enter")
		d.sees("LOCAL  /home/me/site/css", "> .CSS")
		d.press("f")
		d.sees("(empty: the last results):")
		d.press("enter")
		d.sees("3 found, complete")
		d.press("esc")
		d.sees("LOCAL  /home/me/site/css")
		d.press("f")
		d.typed("*.none")
		d.press("enter")
		d.sees("Nothing is called that", "0 found, complete")
		d.press("enter", "q", "H", "f")
		d.typed("woff")
		d.press("enter")
		d.sees("assets/fonts/plex.woff2", "1 found, complete")
	})
}

func TestEscStopsASearchBeforeItLeaves(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		deep(d)
		d.f.gates[queue.Place{Address: queue.Local, Path: "/home/me/site/assets/fonts"}] = make(chan struct{})
		d.press("f")
		d.typed("*")
		d.press("enter", "down", "down")
		d.sleep(2 * taskEvery)
		d.sees("found, searching", "> ")
		at := d.m.places.found.cursor
		d.press("esc")
		d.sees("found, stopped", "FOUND")
		if d.m.places.found.cursor != at {
			t.Error("the cursor has moved")
		}
		d.press("esc")
		d.seesNot("FOUND")
		d.press("f")
		d.typed("*") // a new search takes the place of one that goes on
		d.press("enter", "enter", "f")
		d.typed("logo")
		d.press("enter")
		d.sees("FOUND  logo")
		d.seesNot("The search for *")
	})
}

func TestASearchEndsAtSoManyResults(t *testing.T) {
	engine := tree{newFake(), func(string) ([]queue.Entry, error) {
		return []queue.Entry{dir("a", now()), dir("b", now()), file("c", 1, now())}, nil
	}}
	f := &search{pattern: "*", root: queue.Place{Path: "/"}}
	msg := f.run(t.Context(), engine, func(string) {})
	f.take()
	if !msg.full || msg.err != nil || len(f.hits) != maxFound {
		t.Errorf("%+v with %d", msg, len(f.hits))
	}
}

func TestASearchThroughManyKeepsOnlyWhatItFinds(t *testing.T) {
	files := make([]queue.Entry, 1000)
	for i := range files {
		files[i] = file("f"+string(rune('a'+i%26)), 1, now())
	}
	top := make([]queue.Entry, 200)
	for i := range top {
		top[i] = dir("d", now())
	}
	engine := tree{newFake(), func(path string) ([]queue.Entry, error) {
		if path == "/" {
			return top, nil
		}
		return files, nil
	}}
	f := &search{pattern: "fz", root: queue.Place{Path: "/"}}
	msg := f.run(t.Context(), engine, func(string) {})
	if seen := f.take(); seen != 200_200 || len(f.hits) != 200*38 || msg.full || !msg.walked.Whole() {
		t.Errorf("%d seen, %d found, %+v", seen, len(f.hits), msg)
	}
}
