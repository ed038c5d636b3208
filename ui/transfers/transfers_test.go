package transfers

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"portside/queue"
	"portside/ui/theme"
)

const mib = 1 << 20

func example() (queue.Totals, []queue.Row) {
	site := "ftps://deploy@files.example.com/?mode=passive"
	up := func(id queue.ID, state queue.State, name string, size int64) queue.Row {
		return queue.Row{
			ID: id, Kind: queue.Copy, State: state, Name: name, Size: size, Left: -1, Attempt: 1,
			Src: queue.Place{Address: queue.Local, Path: "/home/me/" + name},
			Dst: queue.Place{Address: site, Path: "/var/www/" + name},
		}
	}
	run := up(1, queue.Running, "hero.mp4", 184*mib)
	run.Done, run.Rate, run.Left = 115*mib, 2.9*mib, 24*time.Second
	down := up(2, queue.Running, "logs/access.log.1.gz", 96*mib)
	down.Src, down.Dst = down.Dst, down.Src
	down.Done, down.Rate, down.Left = 11*mib, 1.2*mib, 71*time.Second
	ask := up(3, queue.Asking, "video/teaser.mp4", 184*mib)
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	ask.Question = &queue.Question{Ask: queue.AskExists,
		Source: queue.Entry{Size: 184 * mib, Time: noon}, Target: queue.Entry{Size: 97 * mib, Time: noon.Add(-time.Hour)}}
	fail := up(4, queue.Failed, "img/raw.tif", 1100*mib)
	fail.Attempt, fail.Failure = 3, &queue.Failure{Class: queue.ClassJob, Code: 552, Text: "/var/www/img/.raw.tif.portside: the server said 552 over quota\x1b[2J\nask for more"}
	pause := up(5, queue.Paused, "backup/site.tar", 220*mib)
	pause.Done = 57 * mib
	wait := up(6, queue.Waiting, "css/site.css", 31<<10)
	t := queue.Totals{Waiting: 6, Running: 2, Asking: 3, Paused: 1, Failed: 1, Done: 27, Files: 41, FilesDone: 27,
		Bytes: 1400 * mib, BytesDone: 585 * mib, Rate: 6.1 * mib, Left: 139 * time.Second}
	return t, []queue.Row{run, down, ask, fail, pause, wait}
}

func window(rows []queue.Row) func(from, n int) []queue.Row {
	return func(from, n int) []queue.Row {
		from = min(from, len(rows))
		return rows[from:min(from+n, len(rows))]
	}
}

func shot(lines ...string) string {
	var out []string
	for _, l := range lines {
		out = append(out, strings.TrimRight(ansi.Strip(l), " "))
	}
	return strings.Join(out, "\n")
}

func same(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestStrip(t *testing.T) {
	th := theme.New(theme.Options{})
	tot, rows := example()
	alone := queue.Totals{Running: 1, Files: 2, FilesDone: 1, Bytes: 184 * mib, BytesDone: 115 * mib, Left: 24 * time.Second}
	unknown := rows[1]
	unknown.Size, unknown.Done = -1, 5*mib
	scan := queue.Row{ID: 9, State: queue.Scanning, Kind: queue.Copy, Name: "photos", Dir: true, Size: -1}
	listed, fresh := scan, rows[0]
	listed.Listed = true
	fresh.Rate = -1
	for _, tt := range []struct {
		w    int
		t    queue.Totals
		rows []queue.Row
		want string
	}{
		{80, queue.Totals{Left: -1}, nil, " Queue empty"},
		{80, queue.Totals{Done: 3}, nil, " 3 done"},
		{80, alone, rows, " -> hero.mp4 ██████░░░░ 62% 2.9M/s                         1/2  69.0M left 0:24"},
		{80, tot, rows, " -> hero.mp4 62% 2.9M/s      27/41  815.0M left 2:19  1 paused  3 ask  1 failed"},
		{60, alone, rows, " -> hero.mp4 ██████░░░░ 62% 2.9M/s                 1/2 0:24"},
		{40, tot, rows, " -> hero.mp4 62% 2.9M/s  3 ask 1 failed"},
		{80, alone, []queue.Row{unknown}, " <- logs/access.log.1.gz 5.0M 1.2M/s                       1/2  69.0M left 0:24"},
		{80, queue.Totals{Running: 1, Left: -1}, []queue.Row{scan}, " -> photos/ is being read"},
		{80, queue.Totals{Asking: 1, Left: -1}, []queue.Row{listed, rows[2]}, strings.Repeat(" ", 74) + "1 ask"},
		{80, alone, []queue.Row{fresh}, " -> hero.mp4 ██████░░░░ 62%                                1/2  69.0M left 0:24"},
		{80, queue.Totals{Running: 1, Left: -1}, []queue.Row{listed, scan}, " -> photos/ is being read"},
		{80, queue.Totals{Waiting: 2, Left: -1}, nil, " waiting"},
		{80, queue.Totals{Waiting: 2, Left: -1, Stopped: "the local disk is full"}, nil, " stopped: the local disk is full"},
		{80, queue.Totals{Running: 1, Waiting: 2, Left: -1, Stopped: "the local disk is full"}, rows, " -> hero.mp4 ██████░░░░ 62% 2.9M/s"},
		{80, queue.Totals{Waiting: 2, Left: -1, Outage: queue.Outage{Why: "demo@a: refused"}}, nil, " waiting: demo@a: refused"},
		{80, queue.Totals{Failed: 2}, nil, strings.Repeat(" ", 71) + "2 failed"},
	} {
		same(t, shot(Strip(tt.t, tt.rows, tt.w, th)), tt.want)
	}
}

func TestConnectionsAreCounted(t *testing.T) {
	var v View
	for w, want := range map[int]string{60: " QUEUE                                 8 connections  2 run", 20: " QUEUE        2 run"} {
		v.Update(queue.Totals{Running: 2, Connections: 8}, window(nil), 5)
		same(t, strings.TrimRight(shot(v.Lines(w, 5, theme.New(theme.Options{}))[:1]...), " "), want)
	}
}

func TestHead(t *testing.T) {
	tot, rows := example()
	same(t, shot(Head(tot, rows, 100, 4, theme.New(theme.Options{}))...), `── Queue ────────────────────────────────────── 2 run  6 wait  1 paused  3 ask  1 failed  27 done ──
 all       27 of 41 files                             1.4G  ███████░░░░░░░░░░  41%    6.1M/s    2:19
 run    -> hero.mp4                                 184.0M  ██████████░░░░░░░  62%    2.9M/s    0:24
 run    <- logs/access.log.1.gz                      96.0M  █░░░░░░░░░░░░░░░░  11%    1.2M/s    1:11`)
	over := queue.Totals{Done: 3, Files: 3, FilesDone: 3, Bytes: mib, BytesDone: mib, Left: -1}
	same(t, shot(Head(over, nil, 80, 2, theme.New(theme.Options{}))...), `── Queue ───────────────────────────────────────────────────────────── 3 done ──
 all       3 of 3 files                  1.0M  ██████████ 100%`)
	same(t, shot(Head(queue.Totals{}, nil, 40, 3, theme.New(theme.Options{ASCII: true}))...), "-- Queue ---------------------- empty --\n all\n")
}

// What stopped the queue stands beside the key that goes on, however long it is.
func TestStoppedNamesTheKey(t *testing.T) {
	var v View
	tot := queue.Totals{Waiting: 1, Stopped: "the local disk is full: /home/me/" + strings.Repeat("long/", 40) + ".f.portside"}
	v.Update(tot, window(nil), 5)
	for _, w := range []int{40, 80} {
		got := shot(v.Lines(w, 5, theme.New(theme.Options{}))[1])
		if !strings.HasPrefix(got, " stopped: th") || !strings.HasSuffix(got, "; R tries again") || len(got) >= w {
			t.Errorf("%q", got)
		}
	}
}

// Numbers are never cut: where the room is short whole ones are left out, and
// the words of a job stand where there is no detail.
func TestShortOfRoom(t *testing.T) {
	tot, rows := example()
	tot.FilesDone, tot.Files = 27_111, 41_222
	th := theme.New(theme.Options{})
	var v View
	v.Update(tot, window(rows), 8)
	same(t, shot(v.Lines(40, 8, th)...), ` QUEUE 2 run  1 paused  3 ask  1 failed
  41%  27111/41222    6.1M/s  2:19 left
 state     name              size
>run    -> hero.mp4        184.0M   62%
 run    <- logs/ac~og.1.gz  96.0M   11%
 ASK    -> video/~ser.mp4 exists, small~
 FAIL   -> img/raw.tif 552 over quota\x~
 pause  -> backup/site.tar 220.0M   25%`)
	numbers := regexp.MustCompile(`\d~`)
	for w := 40; w < 200; w++ {
		for _, h := range []int{8, 20} {
			v.Update(tot, window(rows), h)
			for i, l := range v.Lines(w, h, th)[:2] {
				if numbers.MatchString(ansi.Strip(l)) {
					t.Errorf("row %d of %d cells: %q", i, w, ansi.Strip(l))
				}
			}
		}
		if l := ansi.Strip(Head(tot, nil, w, 1, th)[0]); numbers.MatchString(l) || ansi.StringWidthWc(l) != w {
			t.Errorf("head of %d cells: %q", w, l)
		}
	}
}

func TestReasonsHaveTheFreeRoom(t *testing.T) {
	row := queue.Row{ID: 1, State: queue.Skipped, Kind: queue.Copy, Name: "current", Size: -1, Note: "a link to a directory is not followed, wherever it leads"}
	if l := jobLine(row, 140, false, true, theme.New(theme.Options{})); !strings.Contains(l, "is not followed, wherever it leads") {
		t.Errorf("%q", l)
	}
}

// A window that grows shows more jobs, not empty rows.
func TestTheWindowStaysFull(t *testing.T) {
	rows := make([]queue.Row, 50)
	for i := range rows {
		rows[i].ID = queue.ID(i + 1)
	}
	var v View
	tot := queue.Totals{Waiting: 50}
	v.Update(tot, window(rows), 8)
	v.Bottom()
	v.Update(tot, window(rows), 8)
	v.Update(tot, window(rows), 38)
	if r, _ := v.Selected(); len(v.rows) != jobRows(38) || r.ID != 50 || v.CursorRow() != headRows+jobRows(38)-1 {
		t.Errorf("%d rows, job %d in row %d", len(v.rows), r.ID, v.CursorRow())
	}
}

func TestView(t *testing.T) {
	tot, rows := example()
	var v View
	v.Update(tot, window(rows), 16)
	v.Move(3)
	v.Update(tot, window(rows), 16)
	same(t, shot(v.Lines(80, 16, theme.New(theme.Options{}))...), ` QUEUE                        2 run  6 wait  1 paused  3 ask  1 failed  27 done
 ████████░░░░░░░░░░░░  41%  27 of 41 files  585.0M of 1.4G    6.1M/s  2:19 left
 state     name                          size  progress            speed    left
 run    -> hero.mp4                    184.0M  ██████░░░░  62%    2.9M/s    0:24
 run    <- logs/access.log.1.gz         96.0M  █░░░░░░░░░  11%    1.2M/s    1:11
 ASK    -> video/teaser.mp4            184.0M  exists, smaller, older
>FAIL   -> img/raw.tif                   1.1G  552 over quota\x1b[2J
 pause  -> backup/site.tar             220.0M  ██░░░░░░░░  25%
 wait   -> css/site.css                 31.0K



────────────────────────────────────────────────────────────────────────────────
 img/raw.tif   attempt 3
 /home/me/img/raw.tif -> ftps://deploy@file~ar/www/img/raw.tif
 the server said 552 over quota\x1b[2J ask for more`)
	if v.CursorRow() != 6 {
		t.Errorf("cursor in row %d", v.CursorRow())
	}
}

// Columns never shift, whatever the size of the screen.
func TestEveryLineIsAsWideAsTheScreen(t *testing.T) {
	tot, rows := example()
	for i := range rows {
		rows[i].Name = strings.Repeat("日本e\u0301", 3*i) + "\x1b[31m.txt"
	}
	var v View
	for _, th := range []*theme.Theme{theme.New(theme.Options{}), theme.New(theme.Options{ASCII: true, NoColor: true})} {
		for w := range 150 {
			for _, h := range []int{0, 1, 2, 5, 11, 12, 24} {
				v.Update(tot, window(rows), h)
				lines := v.Lines(w, h, th)
				head := Head(tot, rows, w, h, th)
				if len(lines) != h || len(head) != h {
					t.Fatalf("%dx%d: %d and %d lines", w, h, len(lines), len(head))
				}
				for _, l := range append(append(lines, head...), Strip(tot, rows, w, th), Strip(queue.Totals{Stopped: "日本語"}, rows, w, th)) {
					if n := ansi.StringWidthWc(l); n != w {
						t.Fatalf("%dx%d: %d cells in %q", w, h, n, l)
					}
				}
			}
		}
	}
}

func TestViewOfALongQueueHoldsOnlyItsWindow(t *testing.T) {
	const jobs = 100_000
	fetched, asked := 0, 0
	rows := func(from, n int) []queue.Row {
		var out []queue.Row
		for i := from; i < min(from+n, jobs); i++ {
			out = append(out, queue.Row{ID: queue.ID(i + 1), State: queue.Waiting, Name: "f"})
		}
		fetched += len(out)
		asked++
		return out
	}
	var v View
	tot := queue.Totals{Waiting: jobs / 2} // directories are not all counted
	v.Update(tot, rows, 24)
	v.Bottom()
	v.Update(tot, rows, 24)
	if r, _ := v.Selected(); r.ID != jobs {
		t.Errorf("at job %d", r.ID)
	}
	v.Move(5)
	v.Update(tot, rows, 24)
	v.Page(-1, 24)
	v.Update(tot, rows, 24)
	if r, _ := v.Selected(); r.ID != jobs-17 {
		t.Errorf("at job %d", r.ID)
	}
	v.Top()
	v.Update(tot, rows, 24)
	if r, _ := v.Selected(); r.ID != 1 {
		t.Errorf("at job %d", r.ID)
	}
	if fetched > 300 || asked > 60 {
		t.Errorf("%d jobs in %d calls", fetched, asked)
	}
}

func TestCursorStaysOnItsJob(t *testing.T) {
	tot, rows := example()
	var v View
	v.Update(tot, window(rows), 24)
	v.Move(4)
	v.Update(tot, window(rows), 24)
	v.Update(tot, window(rows[1:]), 24)
	if r, _ := v.Selected(); r.ID != 5 {
		t.Errorf("at job %d", r.ID)
	}
	v.Update(tot, window(rows[5:]), 24)
	if r, _ := v.Selected(); r.ID != 6 {
		t.Errorf("at job %d", r.ID)
	}
	v.Update(queue.Totals{}, window(nil), 24)
	if _, ok := v.Selected(); ok {
		t.Error("a job in an empty queue")
	}
}

// A directory whose files are on their way says how many have ended, and every
// word of a state stands apart from what follows it.
func TestStatesInWords(t *testing.T) {
	row := queue.Row{Name: "photos", Dir: true, Listed: true, Note: "3 of 20 done", Size: -1}
	th := theme.New(theme.Options{})
	for state, want := range map[queue.State]string{
		queue.Scanning:  " files  -> photos/                             3 of 20 done",
		queue.Finishing: " finish -> photos/                                   ",
		queue.Cancelled: " cancel -> photos/                             3 of 20 done",
	} {
		row.State, row.Listed = state, state == queue.Scanning
		if got := shot(jobLine(row, 80, false, true, th)); !strings.HasPrefix(got, strings.TrimRight(want, " ")) {
			t.Errorf("%s: %q, want %q", state, got, want)
		}
	}
}

func TestStories(t *testing.T) {
	now := time.Now().Truncate(time.Minute)
	for want, q := range map[string]queue.Question{
		"exists, same size":     {Ask: queue.AskExists, Source: queue.Entry{Size: 1}, Target: queue.Entry{Size: 1}},
		"exists, bigger, newer": {Ask: queue.AskExists, Source: queue.Entry{Size: 1, Time: now}, Target: queue.Entry{Size: 2, Time: now.Add(time.Second)}},
		"exists, smaller": {Ask: queue.AskExists, Source: queue.Entry{Size: 2, Time: now, Precision: queue.Minute},
			Target: queue.Entry{Size: 1, Time: now.Add(59 * time.Second)}},
		"exists, cannot be resumed: why": {Ask: queue.AskExists, Why: "cannot be resumed: why"},
		"exists":                         {Ask: queue.AskExists, Source: queue.Entry{Size: -1}, Target: queue.Entry{Size: 2}},
		"exists, a directory":            {Ask: queue.AskExists, Target: queue.Entry{Type: queue.Dir}},
		"needs a password":               {Ask: queue.AskPassword},
		"certificate not trusted":        {Ask: queue.AskTrust},
		"server has no TLS":              {Ask: queue.AskPlain},
	} {
		if got := story(queue.Row{State: queue.Asking, Question: &q}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := route(queue.Row{Kind: queue.Delete, Src: queue.Place{Address: queue.Local, Path: "/tmp/x"}}, 40); got != "delete /tmp/x" {
		t.Errorf("%q", got)
	}
}
