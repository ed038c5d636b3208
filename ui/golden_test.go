package ui

import (
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"portside/queue"
)

func at(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, time.UTC)
}

func file(name string, size int64, t time.Time) queue.Entry {
	return queue.Entry{Name: name, Size: size, Time: t, Mode: 0o644, HasMode: true}
}

func dir(name string, t time.Time) queue.Entry {
	return queue.Entry{Name: name, Type: queue.Dir, Size: -1, Time: t, Mode: fs.ModeDir | 0o755, HasMode: true}
}

// acme is a site on both sides.
func acme() *fake {
	f := newFake()
	local := queue.Place{Address: queue.Local, Path: "/home/me/site"}
	f.dirs[local] = []queue.Entry{
		file("robots.txt", 84, time.Date(2024, 1, 9, 12, 0, 0, 0, time.UTC)),
		file("hero.mp4", 193_147_699, at(11, 21, 14, 2)), file("about.html", 6246, at(11, 21, 13, 58)),
		dir("img", at(11, 21, 14, 2)), dir("assets", at(11, 20, 18, 31)), dir("css", at(11, 21, 13, 40)),
		file("index.html", 12_698, at(11, 21, 14, 5)), file(".htaccess", 120, at(1, 2, 3, 4)),
		file("legal-and-privacy-notice.html", 22_528, time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)),
		{Name: "deploy.sh", Size: 310, Time: at(10, 2, 10, 10), Mode: 0o755, HasMode: true},
		{Name: "current", Type: queue.Link, Size: 9, Time: at(10, 2, 10, 10), Target: "site-7"},
		file("Grüße aus Köln.txt", 77, at(3, 1, 8, 0)), file("日本語の長いファイル名.txt", 1030, at(3, 1, 8, 0)),
		file("cafe\u0301 menu.pdf", 90_001, at(3, 1, 8, 0)), file("empty", 0, at(3, 1, 8, 0)),
	}
	f.dirs[queue.Place{Address: queue.Local, Path: "/home/me/site/img"}] = []queue.Entry{file("a.png", 1, at(1, 1, 1, 1))}
	f.dirs[queue.Place{Address: queue.Local, Path: "/home/me"}] = []queue.Entry{dir("docs", now()), dir("site", now()), dir("music", now())}
	www := queue.Place{Address: remote, Path: "/www"}
	f.dirs[www] = []queue.Entry{
		dir("assets", at(11, 20, 18, 33)), dir("logs", at(11, 21, 0, 0)), file("about.html", 6100, at(11, 14, 10, 2)),
		file("hero.mp4", 119_747_379, at(11, 21, 13, 40)),
		{Name: "wp-old.tar.gz", Size: 1_503_238_553, Time: time.Date(2023, 8, 17, 0, 0, 0, 0, time.UTC), Precision: queue.Day},
		{Raw: "?? gibberish from the server", Reason: "the row is in no known form"},
	}
	f.dirs[queue.Place{Address: remote, Path: "/"}] = []queue.Entry{dir("www", now())}
	return f
}

// busy is acme with a queue that has something of everything.
func busy() *fake {
	f := acme()
	there := func(p string) queue.Place { return queue.Place{Address: remote, Path: p} }
	here := func(p string) queue.Place { return queue.Place{Address: queue.Local, Path: p} }
	job := func(id queue.ID, s queue.State, name string, size, done int64) queue.Row {
		return queue.Row{ID: id, Batch: 1, Kind: queue.Copy, State: s, Name: name, Size: size, Done: done, Left: -1,
			Src: here("/home/me/site/" + name), Dst: there("/www/" + name), Attempt: 1}
	}
	run := job(1, queue.Running, "hero.mp4", 193_147_699, 119_751_573)
	run.Rate, run.Left = 2.9e6, 24*time.Second
	get := job(2, queue.Running, "access.log.1.gz", 100_977_868, 11_107_565)
	get.Src, get.Dst = there("/www/logs/access.log.1.gz"), here("/home/me/site/access.log.1.gz")
	get.Rate, get.Left = 1.2e6, 71*time.Second
	ask := job(3, queue.Asking, "index.html", 12_698, 0)
	ask.Question = &queue.Question{Ask: queue.AskExists, Source: file("index.html", 12_698, at(11, 21, 14, 5)),
		Target:  file("index.html", 12_100, at(11, 14, 10, 2)),
		Choices: []queue.Policy{queue.ExistsResume, queue.ExistsOverwrite, queue.ExistsNewer, queue.ExistsSize, queue.ExistsRename, queue.ExistsSkip}}
	fail := job(4, queue.Failed, "img/raw.tif", 1_181_116_006, 0)
	fail.Failure = &queue.Failure{Class: queue.ClassJob, Code: 552, Text: "552 Requested file action aborted: exceeded quota"}
	fail.Attempt = 3
	f.rows = []queue.Row{run, get, ask, fail, job(5, queue.Paused, "backup/site.tar", 230_686_720, 59_978_547),
		job(6, queue.Waiting, "img/launch-02.png", 41_733_325, 0), job(7, queue.Done, "logo.svg", 14_540, 14_540)}
	f.totals = queue.Totals{Waiting: 1, Running: 2, Asking: 1, Paused: 1, Failed: 1, Done: 1,
		Files: 7, FilesDone: 1, Bytes: 1_762_182_856, BytesDone: 190_852_225, Rate: 4.1e6, Left: 139 * time.Second, Version: 9}
	for i, l := range []struct {
		dir  byte
		text string
	}{{'*', "connecting files.example.com:21"}, {'<', "220 Server ready"}, {'>', "USER demo"}, {'<', "331 Password"},
		{'>', "PASS ****"}, {'<', "230 Welcome"}, {'!', "552 exceeded quota"}} {
		f.log = append(f.log, queue.Line{Seq: uint64(i + 1), Time: now().Add(-time.Minute), Conn: 1, Dir: l.dir, Text: l.text})
	}
	return f
}

// limited is busy with a limit until seven, and a job that goes first.
func limited() *fake {
	f := busy()
	l, err := queue.ParseLimits("13:00-19:00 down 2M up 500K, 10M")
	if err != nil {
		panic(err)
	}
	f.Limit(l)
	f.rows = f.rows[:6] // the cursor stands on what waits
	f.rows[5].Priority = queue.PriorityHigh
	return f
}

// shot is a screen that is compared with the one in testdata.
type shot struct {
	name   string
	engine func() *fake
	do     func(*drive)
}

// shots compares screens at three sizes, each in colours, without them and in
// ASCII, and at the smallest size. They are in the directory of the test's name.
func shots(t *testing.T, all []shot) {
	t.Helper()
	type size struct {
		name string
		w, h int
		o    Options
	}
	sizes := []size{{"40x10", 40, 10, Options{}}}
	for _, z := range []size{{"80x24", 80, 24, Options{}}, {"60x20", 60, 20, Options{}}, {"140x40", 140, 40, Options{}}} {
		sizes = append(sizes, z, size{z.name + "-nocolor", z.w, z.h, Options{NoColor: true}}, size{z.name + "-ascii", z.w, z.h, Options{ASCII: true}})
	}
	for _, s := range all {
		for _, z := range sizes {
			t.Run(filepath.Join(s.name, z.name), func(t *testing.T) {
				start(t, s.engine, z.o, z.w, z.h, func(d *drive) {
					s.do(d)
					fits(d.t, d.m, z.w, z.h)
					out := d.screen()
					if z.o.NoColor {
						out = d.m.View().Content // with the styles that stay
					}
					golden.RequireEqual(d.t, out)
				})
			})
		}
	}
}

func TestScreens(t *testing.T) {
	nothing := func(*drive) {}
	marked := func(d *drive) { d.press("down", "down", "down", "down", "space", "space", "down", "space") }
	shots(t, []shot{
		{"main", acme, marked},
		{"busy", busy, marked},
		{"filter", acme, func(d *drive) { d.press("/"); d.typed("html") }},
		{"copy", acme, func(d *drive) { marked(d); d.press("5") }},
		{"delete", acme, func(d *drive) { marked(d); d.press("8") }},
		{"mkdir", acme, func(d *drive) { d.press("7"); d.typed("new") }},
		{"sort", acme, func(d *drive) { d.press("s") }},
		{"queue", busy, func(d *drive) { d.press("w", "down", "down", "down") }},
		{"limited", limited, func(d *drive) { d.press("w", "end") }},
		{"log", busy, func(d *drive) { d.press("@") }},
		{"keys", acme, func(d *drive) { d.press("?", "down") }},
		{"keysearch", acme, func(d *drive) { d.press("?"); d.typed("mark") }},
		{"exists", busy, func(d *drive) { d.press("a") }},
		{"right", acme, func(d *drive) { d.press("tab", "end") }},
		{"alone", func() *fake { f := acme(); f.refuse[remote] = []error{errRefused}; return f }, nothing},
	})
}
