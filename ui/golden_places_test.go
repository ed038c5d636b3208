package ui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"portside/queue"
	"portside/ui/config"
)

// visited has been at some servers.
func visited(d *drive) {
	day := 24 * time.Hour
	d.m.places.recent = append(d.m.places.recent, []config.Recent{
		{Address: "ftps://deploy@files.acme.example:990", Path: "/var/www/html", Security: "TLS 1.3", Last: now().Add(-2 * time.Minute)},
		{Address: "ftp://scans@nas.home:21?mode=active", Path: "/scans", Security: "PLAIN", Last: now().Add(-5 * time.Hour)},
		{Address: "ftp://\x1b]0;evil\a\u202e日本@host:21", Path: "/\x1b[31mred", Security: "PLAIN", Last: now().Add(-40 * day)},
	}...)
}

func TestPlaces(t *testing.T) {
	shots(t, []shot{
		{"sites", acme, func(d *drive) { visited(d); d.press("2", "down", "down") }},
		{"typed", acme, func(d *drive) { visited(d); d.press("2"); d.typed("ftps://deploy@files.ex") }},
		{"bookmarks", acme, func(d *drive) { d.press("m", "a", "tab", "m", "7", "m", "日", "g", "b", "down") }},
		{"size", acme, func(d *drive) { deep(d); d.press("down", "z") }},
		{"found", acme, func(d *drive) { deep(d); d.press("f"); d.typed("o"); d.press("enter", "down") }},
		{"find", acme, func(d *drive) { d.press("f"); d.typed("*.css") }},
		{"none", acme, func(d *drive) { d.press("2"); d.typed("zzz") }},
	})
}

// parsed takes a URL apart as far as a test needs.
func parsed(typed string) (address, path, password string, err error) {
	address, path, _ = strings.Cut(strings.TrimPrefix(typed, "ftp://"), "/")
	if strings.HasPrefix(typed, "http") {
		return "", "", "", errors.New("this is no URL: " + typed)
	}
	return "ftp://" + address, "/" + path, "", nil
}

func TestTwoServersAndNoneOfThemOnTheRight(t *testing.T) {
	other := queue.Place{Address: "ftp://other", Path: "/pub"}
	two := func() *fake {
		f := acme()
		f.dirs[other] = []queue.Entry{file("found", 1, now())}
		return f
	}
	start(t, two, Options{Connect: parsed}, 80, 24, func(d *drive) {
		d.press("2", "ctrl+left")
		d.sees("Sites, in the left pane")
		d.typed("ftp://other/pub")
		d.press("enter")
		d.sees("other  /pub", "found", "hero.mp4")
		if d.m.focus != 0 {
			t.Error("the other pane is active")
		}
		d.press("down", "5", "enter")
		if len(d.f.added) != 1 || d.f.added[0][0].Src.Address != other.Address || d.f.added[0][0].Dst.Address != remote {
			t.Errorf("%+v", d.f.added)
		}
		d.press("tab", "g", "l") // this machine on the right, where it was left
		d.sees("LOCAL  /home/me/site", "other  /pub", "robots.txt")
		d.press("g", "l")
		d.sees("shows this machine already")
		d.press("tab", "2")
		d.typed("other") // of late
		d.sees("ftp://other", "/pub")
		d.seesNot("This machine")
		d.press("esc", "2")
		d.typed("/home/me")
		d.press("enter")
		d.sees("LOCAL  /home/me ", "docs/")
		d.press("2")
		d.typed("..")
		d.press("enter")
		d.sees("no such file or directory")
	})
}

func TestSitesFilterAndMistakes(t *testing.T) {
	start(t, acme, Options{Connect: parsed}, 80, 24, func(d *drive) {
		visited(d)
		d.press("2")
		d.typed("PLAIN")
		d.seesNot("deploy@files")
		d.press("down")
		d.sees("PLAIN FTP, no encryption", "ftp://scans@nas.home:21")
		d.seesNot("mode=active")
		d.press("esc", "2")
		d.typed("http://x")
		d.press("enter")
		d.sees("this is no URL", "Sites, in")
		d.send(tea.PasteMsg{Content: "y\n"})
		d.settle()
		d.seesNot("this is no URL")
		d.press("up", "up", "tab", "enter", "enter") // the first one of the list
		if d.m.layer != nil {
			t.Error("the box is still there")
		}
		d.press("2")
		for range 30 {
			d.press("down")
		}
		d.sees("> LOCAL")
	})
}

func TestServersOfLateAreKept(t *testing.T) {
	o := Options{Connect: parsed, Data: t.TempDir()}
	start(t, acme, o, 80, 24, func(d *drive) { d.sleep(time.Second); d.seesNot("Not kept") })
	all, err := config.LoadRecent(o.Data)
	if err != nil || len(all) != 1 || all[0].Address != remote || all[0].Path != "/www" || all[0].Security != "PLAIN" {
		t.Fatalf("%v %+v", err, all)
	}
	o.Left, o.Right = queue.Place{Address: queue.Local, Path: "/home/me"}, queue.Place{}
	start(t, acme, o, 80, 24, func(d *drive) {
		d.sleep(time.Second) // the box is there at once
		d.sees("Recent", "files.example.com", "PLAIN FTP")
		d.press("enter")
		d.sees("hero.mp4")
	})
}

func TestALetterLeadsBackAlsoToAnotherServer(t *testing.T) {
	o := Options{Connect: parsed, Data: t.TempDir()}
	start(t, acme, o, 80, 24, func(d *drive) {
		d.press("'", "a")
		d.sees("No bookmark is called a")
		d.press("g", "b")
		d.sees("There are none yet")
		d.press("enter", "esc", "m", "!")
		d.sees("a letter or a digit")
		d.press("tab", "m", "a")
		d.sees("' a leads to demo@files.example.com /www")
		d.press("tab", "m", "b", "'", "b")
		d.press("m", "b")
		d.seesNot("no more to")
		d.press("backspace", "m", "b")
		d.sees("' b leads to LOCAL /home/me, no more to LOCAL /home/me/site")
	})
	start(t, acme, o, 80, 24, func(d *drive) { // the next run
		d.press("'", "a")
		d.sees("/www PLAIN name ^│ demo@file~ple.com:21  /www PLAIN name ^") // both panes
		d.press("tab", "g", "b", "down", "enter")
		d.sees("LOCAL  /home/me ", "docs/")
	})
}

// deep has something below the assets of the local side.
func deep(d *drive) {
	at := func(p string) queue.Place { return queue.Place{Address: queue.Local, Path: "/home/me/site/" + p} }
	d.f.mu.Lock()
	defer d.f.mu.Unlock()
	d.f.dirs[at("assets")] = []queue.Entry{dir("fonts", now()), file("logo.svg", 14_540, now()), {Name: "loop", Type: queue.Link, Size: 4}}
	d.f.dirs[at("assets/fonts")] = []queue.Entry{file("plex.woff2", 222_000_000, at2()), file("日本\x1b[31m.svg", 3, at2())}
	d.f.dirs[at("css")] = []queue.Entry{file("site.css", 2048, now()), dir("closed", now())}
}

func at2() time.Time { return at(3, 1, 8, 0) }

func TestTheWayBackStaysWhereItCannotBeRead(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		site := queue.Place{Address: queue.Local, Path: "/home/me/site"}
		d.press("down", "down", "down", "enter")
		d.sees("/home/me/site/img")
		d.f.fails[site] = errRefused
		before := d.f.dirs[site]
		d.f.dirs[site] = nil
		d.press("H")
		d.sees("/home/me/site/img", "cannot reach")
		d.press("L")
		d.sees("There is no directory before this one")
		delete(d.f.fails, site)
		d.f.dirs[site] = before
		d.press("H")
		d.sees("LOCAL  /home/me/site  ", "> img/") // with the cursor on where it comes from
		d.press("L")
		d.sees("/home/me/site/img")
	})
}

func TestTabCompletesAPath(t *testing.T) {
	start(t, acme, Options{Connect: parsed}, 80, 24, func(d *drive) {
		deep(d)
		d.press("g", "p")
		d.typed("a")
		d.press("tab")
		d.sees("Go to: assets/")
		lists := d.f.lists
		d.press("tab", "tab", "tab") // the link beside it, and round
		d.sees("Go to: assets/fonts")
		d.press("enter")
		d.sees("plex.woff2")
		if d.f.lists != lists+2 { // to complete it once, and to show it
			t.Errorf("%d lists", d.f.lists-lists)
		}
		d.press("g", "p")
		d.typed("/home/me/site/C") // another case
		d.press("tab")
		d.sees("Go to: /home/me/site/c")
		d.press("tab")
		d.sees("Go to: /home/me/site/css")
		d.press("tab")
		d.sees("Go to: /home/me/site/current")
		d.press("tab", "/")
		d.sees("Go to: /home/me/site/css/")
		d.press("esc", "g", "p")
		d.typed("nowhere/x")
		d.press("tab", "enter")
		d.sees("no such file or directory")
	})
}

// stats knows what paths are.
type stats struct{ *fake }

func (s stats) Stat(_ context.Context, at queue.Place) (queue.Entry, error) {
	for _, e := range s.dirs[s.Parent(at)] {
		if e.Name == base(at.Path) {
			return e, nil
		}
	}
	return queue.Entry{}, errRefused
}

func TestATypedPathMayBeAFileOrAURL(t *testing.T) {
	start(t, acme, Options{Connect: parsed}, 80, 24, func(d *drive) {
		d.m.engine = stats{d.f}
		d.press("backspace", "g", "p")
		d.typed("~/site/empty")
		d.press("enter")
		d.sees("LOCAL  /home/me/site  ", "> empty")
		d.press("g", "p")
		d.typed("..")
		d.press("enter")
		d.sees("LOCAL  /home/me  ")
		d.f.dirs[queue.Place{Address: "ftp://other", Path: "/pub"}] = []queue.Entry{file("found", 1, now())}
		d.press("g", "p")
		d.typed("ftp://other/pub")
		d.press("enter")
		d.sees("other  /pub", "found")
		d.press("2")
		d.typed("ftp://other/pub/found")
		d.press("enter")
		d.sees("other  /pub ", "> found")
		d.press("g", "p")
		d.typed("http://other/pub")
		d.press("enter")
		d.sees("this is no URL")
	})
}

func TestTwoServersOfOneNameShowTheirPorts(t *testing.T) {
	start(t, acme, Options{Connect: parsed}, 120, 24, func(d *drive) {
		for i, s := range d.m.sides {
			s.info = queue.Info{Name: "demo@host", Address: "ftp://demo@host:210" + string(rune('1'+i))}
		}
		d.m.tellApart()
		d.sees("demo@host:2101", "demo@host:2102")
		d.f.change(queue.Totals{Waiting: 1, Version: 3, Outage: queue.Outage{Server: "demo@host", Why: "refused"}})
		d.sleep(time.Second)
		d.sees("reconnecting demo@host:2101")
		d.f.change(queue.Totals{Version: 4})
		d.sleep(time.Second)
		d.seesNot("reconnecting")
	})
}

func TestTheSamePathOnTheOtherMachine(t *testing.T) {
	start(t, acme, Options{Connect: parsed}, 80, 24, func(d *drive) {
		d.f.dirs[queue.Place{Address: remote, Path: "/www/img"}] = []queue.Entry{file("here too", 1, now())}
		d.press("down", "down", "down", "enter", "=")
		d.sees("/home/me/site/img", "/www/img", "here too")
		d.press("tab", "backspace", "=") // from there to here
		d.sees("LOCAL  /home/me/site ", "robots.txt")
		d.press("tab", "backspace", "=")
		d.sees("Not below where this pane began: the other one goes to /www", "/www PLAIN")
		d.press("tab", "2")
		d.typed("local")
		d.press("enter", "tab", "=")
		d.sees("LOCAL  /home/me                 name ^│ LOCAL  /home/me  ")
	})
}

func TestTheWayBackLeadsToOtherServers(t *testing.T) {
	start(t, acme, Options{Connect: parsed}, 80, 24, func(d *drive) {
		d.press("tab", "m", "a", "tab", "backspace", "'", "a")
		d.sees("/www PLAIN name ^│ demo@")
		d.f.refuse[queue.Local] = []error{errRefused}
		d.press("H")
		d.sees("cannot reach", "/www PLAIN name ^│ demo@")
		d.press("H")
		d.sees("LOCAL  /home/me  ")
		d.press("H")
		d.sees("LOCAL  /home/me/site  ")
		d.press("H")
		d.sees("There is no directory before this one")
		d.press("L", "L")
		d.sees("/www PLAIN name ^│ demo@")
		d.press("L")
		d.sees("There is no directory")
	})
}
