package ui

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"portside/queue"
	"portside/ui/pane"
)

// evil has a name that a terminal would obey, with a mode of its own.
func evil() *fake {
	f := acme()
	site := queue.Place{Address: queue.Local, Path: "/home/me/site"}
	f.dirs[site] = []queue.Entry{
		{Name: "\x1b]0;x\a\u202e日本\xff.sh", Size: 5_000_000, Time: now(), Mode: fs.ModeSetuid | 0o755, HasMode: true, Owner: "me\x1b[2J", Group: "staff"},
	}
	return f
}

func TestInfo(t *testing.T) {
	shots(t, []shot{
		{"both", acme, func(d *drive) { d.cursorOn("hero.mp4"); d.press("i") }},
		{"sum", acme, func(d *drive) { d.cursorOn("hero.mp4"); d.press("i", "c") }},
		{"many", acme, func(d *drive) { d.press("A", "i") }},
		{"evil", evil, func(d *drive) { d.press("end", "i", "c") }},
		{"raw", acme, func(d *drive) { d.press("tab", "end", "i") }},
	})
}

// cursorOn goes to a row.
func (d *drive) cursorOn(name string) {
	d.press("home")
	for range 40 {
		if r, _ := d.m.active().pane.Current(); r.Name == name {
			return
		}
		d.press("down")
	}
	d.t.Fatalf("there is no %q", name)
}

func TestInfoNamesBothSides(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		d.cursorOn("hero.mp4")
		d.press("i")
		d.sees("LOCAL: /home/me/site/hero.mp4", "193147699 bytes (184.2M)", "rw-r--r-- (0644)", "2026-11-21 14:02:00",
			"demo@files.example.com: /www", "119747379 bytes (114.2M)", "c checksum")
		d.press("esc")
		d.seesNot("193147699 bytes")
		d.press("tab")
		d.cursorOn("wp-old.tar.gz")
		d.press("i")
		d.sees("2023-08-17, only the day is known", "Rights    not known")
		d.seesNot("Also at")
	})
}

func TestInfoOfMarkedRowsSaysWhatIsNotAddedUp(t *testing.T) {
	got := factsOfMany([]pane.Row{{Size: 10}, {Size: -1}, {Type: pane.Dir, Size: 4096}, {Type: pane.Link, Size: 9}})
	if got[0].Value != "2 files, 1 directory, 1 link" || got[1].Value != "at least 10 bytes in the files, directories not added up (z)" {
		t.Errorf("%+v", got)
	}
}

func TestAChecksumStandsWithItsOwnSide(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		d.cursorOn("hero.mp4")
		d.press("i", "c")
		if s := d.screen(); strings.Index(s, "Checksum  SHA-256") > strings.Index(s, "Also at") {
			t.Error("it seems to be the other side's")
		}
	})
	start(t, acme, Options{}, 40, 10, func(d *drive) {
		d.cursorOn("hero.mp4")
		d.press("i", "c")
		d.sees("Checksum  SHA-256") // scrolled to
	})
}

// sums counts what is asked of a server.
type sums struct {
	*fake
	err  error
	gate chan struct{}
	ask  int
}

func (s *sums) Sum(ctx context.Context, _ queue.Place) (by string, sum []byte, err error) {
	s.ask++
	if s.gate != nil {
		<-ctx.Done()
		return "", nil, ctx.Err()
	}
	return "CRC32", []byte{0xca, 0xfe}, s.err
}

func TestAChecksumIsTheServersOrComputedHere(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		s := &sums{fake: d.f}
		d.m.engine = s
		d.f.files = map[queue.Place]string{{Address: queue.Local, Path: "/home/me/site/robots.txt"}: "all of it"}
		d.cursorOn("robots.txt")
		d.press("i", "c")
		d.sees("Checksum  SHA-256", fmt.Sprintf("%x", sha256.Sum256([]byte("all of it")))[:40])
		d.press("esc", "tab")
		d.cursorOn("hero.mp4")
		d.press("i")
		if s.ask != 0 {
			t.Error("a checksum is asked for that nobody wants")
		}
		d.press("c")
		d.sees("Checksum  CRC32 cafe")
		s.err = queue.Fail(queue.ClassJob, "no checksums are computed there", nil)
		d.press("c")
		d.sees("Checksum  none: no checksums are computed there")
		s.gate = make(chan struct{})
		d.press("c", "c")
		d.sees("computing, Esc breaks it off")
		if s.ask != 3 {
			t.Errorf("asked %d times", s.ask)
		}
		d.press("esc", "i")
		d.seesNot("Checksum")
		d.press("esc", "home")
		d.cursorOn("logs") // a directory has none
		d.press("i", "c")
		d.seesNot("hecksum")
	})
}

func TestInfoObeysNoName(t *testing.T) {
	start(t, evil, Options{}, 60, 20, func(d *drive) {
		d.press("end", "i")
		d.sees(`\x1b]0;x\a\u202e\u65e5\u672c\xff.sh`, "(4755)", `me\x1b[2J`)
		if c := d.m.View().Content; strings.Contains(c, "\x1b]") || strings.Contains(c, "\x1b[2J") {
			t.Error("a name reached the terminal as it was")
		}
	})
}
