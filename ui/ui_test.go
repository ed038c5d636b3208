package ui

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"portside/keymap"
	"portside/queue"
	"portside/ui/dialog"
	"portside/ui/theme"
)

var errRefused = errors.New("cannot reach files.example.com: connection refused; is a server there?")

// fits checks that the content is exactly the screen: h rows, all w cells
// wide, so that nothing shifts.
func fits(t *testing.T, m *Model, w, h int) {
	t.Helper()
	rows := strings.Split(m.View().Content, "\n")
	if len(rows) != h {
		t.Errorf("%d rows, want %d", len(rows), h)
	}
	for i, r := range rows {
		if n := ansi.StringWidthWc(r); n != w {
			t.Errorf("row %d is %d cells wide, want %d: %q", i, n, w, r)
		}
	}
}

func ask(kind queue.Ask, code int, words string) error {
	f := queue.Fail(queue.ClassServer, words, nil)
	f.Ask, f.Code = kind, code
	return f
}

// at24 runs test on acme at 80x24.
func at24(t *testing.T, engine func() *fake, test func(*drive)) {
	t.Helper()
	start(t, engine, Options{Connect: func(typed string) (string, string, string, error) {
		if !strings.HasPrefix(typed, "ftp://") {
			return "", "", "", errors.New("this is no URL: " + typed)
		}
		host, path, _ := strings.Cut(strings.TrimPrefix(typed, "ftp://"), "/")
		return "ftp://" + host, path, "", nil
	}}, 80, 24, test)
}

func TestWalkThroughDirectories(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("down", "down", "down", "enter")
		d.sees("/home/me/site/img", "a.png")
		d.press("backspace")
		d.sees(">", "> img/") // on the directory that one came from
		d.press("backspace")
		d.sees("> site/", "music/")
		d.press("H")
		d.sees("LOCAL  /home/me/site ")
		d.press("L")
		d.sees("music/")
		d.press("g", "p")
		d.typed("site/img") // in place of what is there
		d.press("enter")
		d.sees("a.png")
		d.press("tab", "g", "/")
		d.sees("mple.com:21  / PLAIN", "www/")
	})
}

func TestEnterLooksAtAFile(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("end", "enter")
		d.sees("VIEW  LOCAL: ")
		d.press("esc", "tab", "end", "enter")
		d.sees("cannot be used: the row is in no known form")
	})
}

func TestCopyAsksOnceAndQueues(t *testing.T) {
	for _, key := range []string{"5", "f5", "alt+5"} {
		at24(t, acme, func(d *drive) {
			d.press("home", "down", "space", "/")
			d.typed("html")
			d.press("enter", "home", "down", "insert", key)
			d.sees("Copy 1 directory with all in it and 1 file, 6.1K -> /www?  Enter yes")
			d.press("enter")
			if len(d.f.added) != 1 || len(d.f.added[0]) != 2 {
				t.Fatalf("added %v", d.f.added)
			}
			spec := d.f.added[0][1]
			want := queue.Spec{Kind: queue.Copy, Src: queue.Place{Address: queue.Local, Path: "/home/me/site/about.html"},
				Dst: queue.Place{Address: remote, Path: "/www"}, Known: spec.Known}
			if spec != want || spec.Known.Size != 6246 {
				t.Errorf("%+v", spec)
			}
			d.sees("2 jobs queued")
			d.seesNot("marked")
		})
	}
}

func TestDeleteWantsAnExplicitYes(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("end", "8", "enter", "space", "5")
		d.sees("Delete 日本語の長いファイル名.txt, 1.0K?  y yes")
		d.press("esc")
		d.press("f8", "y")
		if len(d.f.added) != 1 || d.f.added[0][0].Kind != queue.Delete {
			t.Errorf("added %v", d.f.added)
		}
	})
}

func TestMoveRenamesABareName(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("end", "up", "6")
		d.sees("Move to (a bare name renames): /www/robots.txt")
		d.press("enter")
		if s := d.f.added[0][0]; s.Kind != queue.Move || s.Dst.Path != "/www" || s.As != "" {
			t.Errorf("%+v", s)
		}
		d.press("6")
		d.typed("-old")
		d.press("enter")
		if s := d.f.added[1][0]; s.Kind != queue.Move || s.As != "robots-old.txt" {
			t.Errorf("%+v", s)
		}
		d.press("6", "end", "ctrl+u")
		d.typed("humans.txt")
		d.press("enter")
		if !slices.Contains(d.f.calls, "rename /home/me/site/robots.txt /home/me/site/humans.txt") {
			t.Errorf("%v", d.f.calls)
		}
		d.sees("> humans.txt", "robots.txt is humans.txt now")
		d.press("6", "end", "ctrl+u")
		d.typed("/elsewhere/x")
		d.press("enter")
		d.sees("Only to /www")
		d.press("r", "end", "ctrl+u")
		d.typed("../x")
		d.press("enter")
		d.sees("no name for a file")
	})
}

func TestMakeADirectory(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("tab", "7")
		d.typed("new things")
		d.press("enter")
		d.sees(">", "> new things/", "Directory new things is there")
	})
}

func TestAFailedListingKeepsTheOldOne(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("tab", "down", "enter") // assets is not listed
		d.sees("demo@file~ple.com:21  /www", "wp-old.tar.gz", "/www/assets: no such file or directory")
	})
}

// An error stands on the screen once, as long as the message row shows it, and
// its reason is what is read.
func TestAnErrorIsSaidOnce(t *testing.T) {
	start(t, acme, Options{}, 40, 10, func(d *drive) {
		deep := queue.Place{Address: queue.Local, Path: "/home/me/site/assets"}
		d.f.dirs[deep] = nil
		d.f.fails[deep] = &fs.PathError{Op: "list", Path: "/home/me/site/assets/of/the/site", Err: fs.ErrPermission}
		d.press("down", "enter")
		d.sees(" /home/me/si~/of/the/site: no permission", "14 items")
		if n := strings.Count(d.screen(), "permission"); n != 1 {
			t.Errorf("%d times:\n%s", n, d.screen())
		}
		d.press("7")
		d.sees("New directory:", "/home/me/si~/of/the/site: no permission") // where nothing else says it
	})
	refused := func() *fake { f := acme(); f.refuse[queue.Local] = []error{errRefused}; return f }
	start(t, refused, Options{}, 40, 10, func(d *drive) {
		if s := strings.Join(strings.Fields(d.screen()), " "); strings.Count(s, "cannot reach") != 1 || !strings.Contains(s, "is a server there?") {
			t.Errorf("%s", d.screen())
		}
	})
}

func TestFailuresOfPathsInWords(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&fs.PathError{Op: "list", Path: "/x", Err: fs.ErrNotExist}, "/x: no such file or directory"},
		{&fs.PathError{Op: "mkdir", Path: "/x", Err: syscall.EEXIST}, "/x: exists already"},
		{&fs.PathError{Op: "mkdir", Path: "/x", Err: syscall.EACCES}, "/x: no permission"},
		{&os.LinkError{Op: "rename", Old: "/a", New: "/b", Err: syscall.ENOTDIR}, "/b: is not a directory"},
		{&fs.PathError{Op: "join", Path: "a/b", Err: fmt.Errorf("%w: it has a slash", fs.ErrInvalid)}, "a/b: the name is not allowed: it has a slash"},
		{&fs.PathError{Op: "list", Path: "/x", Err: syscall.ENAMETOOLONG}, "/x: the name is too long"},
		{&fs.PathError{Op: "list", Path: "/x", Err: errors.New("the moon is full")}, "/x: the moon is full"},
		{errors.New("the moon is full"), "the moon is full"},
		{queue.Fail(queue.ClassJob, "our words", &fs.PathError{Op: "list", Path: "/x", Err: fs.ErrNotExist}), "our words"},
		{&fs.PathError{Op: "write", Path: "/x", Err: syscall.ENOSPC}, "the local disk is full: write /x: no space left on device"},
	} {
		f := failureOf(tt.err)
		if f.Text != tt.want {
			t.Errorf("%v: %q, want %q", tt.err, f.Text, tt.want)
		}
		if errors.Is(tt.err, fs.ErrNotExist) != errors.Is(f, fs.ErrNotExist) {
			t.Errorf("%v: the cause is lost", tt.err)
		}
	}
}

func TestAWrongPathEndsAtHome(t *testing.T) {
	o := Options{Left: queue.Place{Address: queue.Local, Path: "/home/me"}, Right: queue.Place{Address: remote, Path: "nowhere"}, Notice: "welcome"}
	start(t, acme, o, 80, 24, func(d *drive) {
		d.sees("/nowhere: no such file or directory", "www/")
		d.press("2", "esc", "tab", "backspace", "ctrl+r")
		d.sees("www/")
	})
	o.Right.Path = "/www"
	start(t, acme, o, 80, 24, func(d *drive) { d.sees("welcome") })
	refused := func() *fake { f := acme(); f.refuse[remote] = []error{errRefused}; return f }
	start(t, refused, o, 80, 24, func(d *drive) { d.sees("welcome", "cannot reach") }) // in the pane
	start(t, refused, o, 40, 10, func(d *drive) { d.sees("cannot reach") })            // which is not in sight
}

func TestAListingIsShownWhileItArrives(t *testing.T) {
	gate := make(chan struct{})
	slow := func() *fake {
		f := acme()
		gate = make(chan struct{})
		f.gates[queue.Place{Address: remote, Path: "/www"}] = gate
		return f
	}
	at24(t, slow, func(d *drive) {
		d.sleep(50 * time.Millisecond)
		d.sees("assets/", "reading 1, Esc stops")
		close(gate)
		d.sleep(200 * time.Millisecond)
		d.sees("wp-old.tar.gz")
		d.seesNot("reading")
	})
	at24(t, slow, func(d *drive) {
		d.sleep(50 * time.Millisecond)
		d.press("tab", "esc")
		d.sleep(200 * time.Millisecond)
		d.sees("not complete: broken off", "Reading was broken off")
		d.seesNot("wp-old")
	})
}

func TestAPasswordIsAskedForAndNeverShown(t *testing.T) {
	locked := func() *fake {
		f := acme()
		f.refuse[remote] = []error{ask(queue.AskPassword, 0, "a password is needed"), ask(queue.AskPassword, 530, "530 Login incorrect"), nil}
		return f
	}
	at24(t, locked, func(d *drive) {
		d.sees("Password for demo@files.example.com:21:")
		d.typed("x") // typed before it could be read
		d.sleep(400 * time.Millisecond)
		d.typed("s3cret")
		d.sees(": ******")
		d.seesNot("s3cret")
		d.press("enter")
		d.sees("530 Login incorrect", "Password for")
		d.sleep(400 * time.Millisecond)
		if d.f.connects != 3 {
			t.Errorf("%d connects: it tries by itself", d.f.connects)
		}
		d.send(tea.PasteMsg{Content: "hunter2\n"})
		d.settle()
		d.sees("Password for") // a paste does not submit
		d.press("enter")
		d.sees("wp-old.tar.gz")
		if d.f.answers[0].Password != "s3cret" || d.f.answers[1].Password != "hunter2" {
			t.Errorf("%+v", d.f.answers)
		}
		d.seesNot("hunter2")
	})
	at24(t, locked, func(d *drive) {
		d.sleep(400 * time.Millisecond)
		d.press("esc")
		d.sees("not connected")
		if d.f.connects != 2 {
			t.Errorf("%d connects", d.f.connects)
		}
	})
}

func TestPlainAndTrustWantTheWordYes(t *testing.T) {
	for _, kind := range []queue.Ask{queue.AskPlain, queue.AskTrust} {
		guarded := func() *fake {
			f := acme()
			f.refuse[remote] = []error{ask(kind, 0, "the certificate, or that there is none")}
			return f
		}
		at24(t, guarded, func(d *drive) {
			d.sees("the certificate, or that there is none", "Type yes:")
			d.sleep(400 * time.Millisecond)
			d.press("y", "enter")
			d.sees("not connected")
			if len(d.f.answers) > 0 {
				t.Errorf("%v", d.f.answers)
			}
		})
		at24(t, guarded, func(d *drive) {
			d.sleep(400 * time.Millisecond)
			d.typed("yes")
			d.press("enter")
			d.sees("wp-old.tar.gz")
			if a := d.f.answers[0]; a.Plain != (kind == queue.AskPlain) || a.Trust != (kind == queue.AskTrust) {
				t.Errorf("%+v", a)
			}
		})
	}
}

// The box about a certificate shows what a person needs to compare.
func TestTrustShowsTheFacts(t *testing.T) {
	guarded := func() *fake {
		f := acme()
		why := queue.Fail(queue.ClassServer, "the certificate of h:21 is not trusted: it is signed by itself", nil)
		why.Ask = queue.AskTrust
		why.Facts = []string{"Names: ftp.example", "Issued by: CN=ftp.example", "Valid: 2026-01-01 to 2027-01-01", "Key: sha256//" + strings.Repeat("Q", 43) + "="}
		f.refuse[remote] = []error{why}
		return f
	}
	for _, w := range []int{80, 40} {
		start(t, guarded, Options{}, w, 24, func(d *drive) {
			d.sees("by itself", "Names: ftp.example", "Issued by: CN=ftp.example", "2027-01-01", "sha256//QQQ", "Type yes:")
		})
	}
}

func TestConnectToATypedURL(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.f.dirs[queue.Place{Address: "ftp://other", Path: "/pub/x"}] = []queue.Entry{file("found", 1, now())}
		d.press("2")
		d.typed("other/pub/x")
		d.press("enter")
		d.sees("other  /pub/x", "found")
		d.seesNot("wp-old")
		d.press("f1", "esc", "2")
		d.typed("http://x")
		d.press("enter")
		d.sees("this is no URL: http://x")
		d.press("esc")
		d.f.dirs[queue.Place{Address: "ftp://third", Path: "/"}] = []queue.Entry{file("here too", 1, now())}
		d.press("2")
		d.send(tea.PasteMsg{Content: "ftp://third/\n"})
		d.press("enter")
		d.sees("here too")
	})
}

func TestTheQuestionOfASingleCopyOpensByItself(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("end", "5", "enter")
		row := busy().rows[2]
		row.ID, row.Version = 1, 5
		d.f.change(queue.Totals{Asking: 1, Version: 5}, row)
		d.sleep(10 * time.Millisecond)
		d.sees("File exists", "older by 7 days, smaller", "> r  Resume from 11.8K")
		d.press("o") // meant for something else
		if len(d.f.answers) > 0 {
			t.Fatalf("%v", d.f.answers)
		}
		d.sleep(400 * time.Millisecond)
		d.press("tab", "s")
		if a := d.f.answers[0]; a.Exists != queue.ExistsSkip || a.Scope != queue.ScopeBatch {
			t.Errorf("%+v", a)
		}
		d.seesNot("File exists")
	})
}

// An answer reaches one file, those that ask now, or the whole job.
func TestTheScopeOfAnAnswer(t *testing.T) {
	three := func() *fake {
		f := busy()
		a, b := f.rows[2], f.rows[2]
		a.ID, a.Name, b.ID, b.Name = 30, "a.html", 31, "b.html"
		b.Question = &queue.Question{Ask: queue.AskExists, Source: a.Question.Source, Target: a.Question.Target, Choices: []queue.Policy{queue.ExistsSkip}}
		f.rows = slices.Insert(f.rows, 3, a, b)
		f.totals.Asking = 3
		return f
	}
	for _, tt := range []struct {
		keys  []string
		scope queue.Scope
		seen  uint64
		says  string
	}{
		{[]string{"a", "o"}, queue.ScopeJob, 0, "index.html: overwrite"},
		{[]string{"a", "tab", "o"}, queue.ScopeOpen, 9, "2 files: overwrite"}, // to the third one it was not offered
		{[]string{"a", "tab", "s"}, queue.ScopeOpen, 9, "3 files: skip"},
		{[]string{"a", "tab", "tab", "s"}, queue.ScopeBatch, 0, "The whole job: skip"},
	} {
		at24(t, three, func(d *drive) {
			d.press(tt.keys[0])
			d.sees("Apply to   (x) this file   ( ) these 3   ( ) the whole job   Tab", "1 of 3 asks")
			d.press(tt.keys[1:]...)
			if a := d.f.answers[0]; len(d.f.answers) != 1 || a.Scope != tt.scope || a.Seen != tt.seen {
				t.Errorf("%v: %+v", tt.keys, d.f.answers)
			}
			if d.m.message.text != tt.says {
				t.Errorf("%v: %q", tt.keys, d.m.message.text)
			}
		})
	}
}

func TestManyCopiesDoNotInterrupt(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("A", "5", "enter")
		row := busy().rows[2]
		row.ID, row.Version = 1, 5
		d.f.change(queue.Totals{Asking: 1, Version: 5}, row)
		d.sleep(10 * time.Millisecond)
		d.seesNot("File exists")
		d.press("a")
		d.sees("File exists")
		d.press("esc")
		d.sees("The question stays open")
	})
}

// The default never destroys anything, whatever is offered.
func TestTheDefaultAnswerIsHarmless(t *testing.T) {
	at24(t, busy, func(d *drive) {
		row := d.f.rows[2]
		row.Question.Choices = []queue.Policy{queue.ExistsOverwrite, queue.ExistsNewer, queue.ExistsSkip}
		if got := d.m.existsBox(row).Value(); got != string(queue.ExistsSkip) {
			t.Errorf("the default is %q", got)
		}
	})
}

func TestAQuestionSaysWhatDidNotWork(t *testing.T) {
	at24(t, busy, func(d *drive) {
		d.f.rows[2].Question.Why = "cannot be resumed: it is not the beginning of the source"
		d.f.rows[2].Question.Choices = []queue.Policy{queue.ExistsOverwrite, queue.ExistsSkip}
		d.press("a")
		d.sees("cannot be resumed: it is not the beginning of the source", "> s  Skip")
	})
}

func TestCompareWords(t *testing.T) {
	at := func(d time.Duration, p queue.Precision) queue.Entry {
		return queue.Entry{Size: 1, Time: now().Truncate(time.Minute).Add(d), Precision: p}
	}
	for _, tt := range []struct {
		dst, src queue.Entry
		want     string
	}{
		{at(12*time.Second, queue.Second), at(0, queue.Second), "newer by 12 s, same size"},
		{at(12*time.Second, queue.Second), at(0, queue.Minute), "same time, same size"},
		{at(72*time.Second, queue.Second), at(0, queue.Minute), "newer by 1 min, same size"},
		{at(-time.Second, queue.Second), at(0, queue.Minute), "older by 1 min, same size"},
		{at(0, queue.Second), queue.Entry{Size: 1}, "same size"},
	} {
		if got := compareWords(tt.src, tt.dst); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// The bell rings once for a burst of questions and failures, and the title of
// the window counts them.
func TestTheBellRingsOnceForABurst(t *testing.T) {
	at24(t, acme, func(d *drive) {
		version := uint64(0)
		change := func(state queue.State) {
			version++
			row := busy().rows[3]
			row.ID, row.Version, row.State = queue.ID(version), version, state
			d.f.change(queue.Totals{Running: 1, Failed: int(version), Version: version, Left: -1}, row)
		}
		change(queue.Running)
		d.sleep(time.Second)
		if d.raw != "" {
			t.Fatalf("it rings for nothing: %q", d.raw)
		}
		for range 20 {
			change(queue.Failed)
			d.sleep(time.Second)
		}
		if d.raw != "\a" {
			t.Errorf("%q", d.raw)
		}
		if title := d.m.View().WindowTitle; title != "portside: 1 run  21 failed" {
			t.Errorf("title %q", title)
		}
		d.sleep(time.Minute)
		change(queue.Failed)
		d.sleep(time.Second)
		if d.raw != "\a\a" {
			t.Errorf("%q", d.raw)
		}
	})
}

func TestFinishedWorkIsReadAgain(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("tab", "down", "down", "down", "space", "tab")
		lists := d.f.lists
		row := busy().rows[6]
		row.Version, row.ID = 5, 1
		www := queue.Place{Address: remote, Path: "/www"}
		d.f.dirs[www] = append(d.f.dirs[www], file("logo.svg", 14_540, now()))
		d.f.change(queue.Totals{Done: 1, Version: 5}, row)
		d.sleep(500 * time.Millisecond)
		if d.f.lists != lists+1 {
			t.Errorf("%d readings", d.f.lists-lists)
		}
		d.sees("logo.svg  ", "logo.svg is copied, 14.2K", "*about.html            6.0K")
		d.sleep(10 * time.Second)
		if d.f.lists != lists+1 {
			t.Error("it is read again and again")
		}
	})
}

// Files are seen where they land while others are on their way: each second on
// this machine, seldom on a server, where a look costs a listing.
func TestFilesAreSeenWhileTheBatchRuns(t *testing.T) {
	for _, c := range []struct {
		place       queue.Place
		least, most int
	}{
		{queue.Place{Address: queue.Local, Path: "/home/me/site"}, 8, 10},
		{queue.Place{Address: remote, Path: "/www"}, 2, 4},
	} {
		at24(t, acme, func(d *drive) {
			lists := d.f.lists
			for i := range 50 {
				row := queue.Row{ID: queue.ID(i + 1), Version: uint64(i + 1), Kind: queue.Copy, State: queue.Done, Name: "f"}
				row.Dst = queue.Place{Address: c.place.Address, Path: c.place.Path + "/f"}
				d.f.change(queue.Totals{Running: 1, Done: i + 1, Version: row.Version}, row)
				d.sleep(200 * time.Millisecond)
			}
			if n := d.f.lists - lists; n < c.least || n > c.most {
				t.Errorf("%s: %d readings in ten seconds, want %d to %d", c.place.Path, n, c.least, c.most)
			}
		})
	}
}

func TestFailuresAreSummedUp(t *testing.T) {
	for _, tt := range []struct {
		done, failed int
		says         string
	}{
		{0, 1, "a.txt: no permission"},
		{0, 2, "2 failed: w shows why, R there tries all again"},
		{3, 1, "3 done, 1 failed: w shows why, r there tries again"},
		{3, 2, "3 done, 2 failed: w shows why, R there tries all again"},
	} {
		at24(t, acme, func(d *drive) {
			var rows []queue.Row
			for i := range tt.done + tt.failed {
				r := queue.Row{ID: queue.ID(i + 1), Version: uint64(i + 1), Kind: queue.Copy, State: queue.Done, Name: "a.txt"}
				r.Dst = queue.Place{Address: remote, Path: "/www/a.txt"}
				if i >= tt.done {
					r.State, r.Failure = queue.Failed, &queue.Failure{Class: queue.ClassJob, Text: "/www/.a.txt.portside: no permission"}
				}
				rows = append(rows, r)
			}
			if tt.failed > 0 { // and their directory, which has no reason of its own
				r := queue.Row{ID: 100, Version: 100, Kind: queue.Copy, State: queue.Failed, Name: "d", Dir: true}
				r.Failure = queue.Fail(queue.ClassJob, "1 of 1 failed", queue.ErrBelow)
				rows = append(rows, r)
			}
			d.f.change(queue.Totals{Done: tt.done, Failed: tt.failed, Left: -1}, rows...)
			d.sleep(time.Second)
			d.sees(tt.says)
		})
	}
}

func TestReloadKeepsCursorAndMarks(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("down", "down", "space", "down", "down")
		site := queue.Place{Address: queue.Local, Path: "/home/me/site"}
		d.f.dirs[site] = append([]queue.Entry{dir("a-new-one", now())}, d.f.dirs[site]...)
		d.press("ctrl+r")
		d.sees("a-new-one/", "*css/", "> cafe\u0301 menu.pdf")
	})
}

func TestQuit(t *testing.T) {
	for _, key := range []string{"q", "0", "alt+0"} {
		at24(t, acme, func(d *drive) {
			d.press(key)
			if !d.quit {
				t.Error("still there")
			}
		})
		at24(t, busy, func(d *drive) {
			d.press(key, "enter")
			if d.quit {
				t.Error("transfers were stopped without a question")
			}
			d.press("y")
			if !d.quit {
				t.Error("still there")
			}
		})
	}
	at24(t, acme, func(d *drive) {
		d.press("ctrl+c")
		d.sees("Ctrl-C once more")
		d.press("ctrl+c")
		d.sees("Quit?")
		d.press("enter")
		if !d.quit {
			t.Error("still there")
		}
	})
}

// What a kept queue has not done goes on at the next start, unless it could not
// be saved.
func TestQuitWithAKeptQueue(t *testing.T) {
	for _, c := range []struct {
		engine func() *fake
		change func(*queue.Totals)
		want   string
	}{
		{busy, func(t *queue.Totals) { t.Running, t.Waiting = 2, 1 }, "3 jobs stop, and go on at the next start. Quit?"},
		{busy, func(t *queue.Totals) { t.Running, t.Waiting = 1, 0 }, "1 job stops, and goes on at the next start. Quit?"},
		{busy, func(t *queue.Totals) { t.Unsaved = "the disk is full" }, "what has not ended is lost. Quit?"},
		{acme, func(t *queue.Totals) { t.Unsaved = "the disk is full" }, "what has not ended is lost. Quit?"},
	} {
		start(t, c.engine, Options{Kept: true}, 80, 24, func(d *drive) {
			c.change(&d.m.totals)
			c.change(&d.f.totals)
			d.press("q")
			d.sees(c.want)
			d.press("enter")
			if d.quit {
				t.Error("left without an answer")
			}
			d.press("y")
			if !d.quit {
				t.Error("still there")
			}
		})
	}
	start(t, acme, Options{Kept: true}, 80, 24, func(d *drive) {
		if d.press("q"); !d.quit {
			t.Error("still there")
		}
	})
}

func TestNotSaved(t *testing.T) {
	at24(t, busy, func(d *drive) {
		d.f.totals.Unsaved = "no space left on device"
		d.m.refresh()
		d.press("down")
		d.sees("The queue is not saved: no space left on device", "not saved  ")
		d.press("w")
		d.sees("not saved: no space left on device")
	})
}

func TestTheQueueScreen(t *testing.T) {
	at24(t, busy, func(d *drive) {
		d.press("w", "space", "r", "R", "J", "K", "c", "x")
		d.sees("Cancel hero.mp4? What arrived is removed; pausing keeps it  y yes")
		d.press("y", "p")
		want := []string{"pause", "retry", "retry", "move 1", "move -1", "clear", "cancel", "pause"}
		if !slices.Equal(d.f.calls, want) {
			t.Errorf("%v", d.f.calls)
		}
		d.press("w")
		d.sees("LOCAL")
	})
}

func TestTheLogScreen(t *testing.T) {
	at24(t, busy, func(d *drive) {
		d.press("ctrl+o", "/")
		d.typed("PASS")
		d.press("enter")
		d.sees("PASS ****", "filter: pass")
		d.press("esc")
		d.sees("LOCAL")
	})
}

func TestTheListOfKeysIsCutNowhere(t *testing.T) {
	for _, screen := range []string{"esc", "w", "@"} {
		at24(t, acme, func(d *drive) {
			d.press(screen, "?")
			for range 100 {
				d.press("down")
				d.seesNot("~")
			}
		})
	}
}

func TestTheListOfKeysRunsThem(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("?")
		d.typed("make a dir")
		d.press("enter")
		d.sees("New directory:")
	})
}

// The cursor follows the filter, so that Enter Enter opens what was looked for
// and never leads up.
func TestAFilterLeadsToItsFirstMatch(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("/")
		d.typed("im")
		d.sees("> img/")
		d.press("enter", "enter")
		d.sees("/home/me/site/img", "a.png")
		d.press("/")
		d.typed("nothing")
		d.press("enter", "enter")
		d.sees("/home/me/site/img", "Nothing matches the filter")
	})
}

func TestWhatCancellingLoses(t *testing.T) {
	rows := busy().rows
	for _, tt := range []struct {
		row  queue.Row
		want string
	}{
		{rows[0], " Cancel hero.mp4? What arrived is removed; pausing keeps it  y yes  Esc no"},
		{rows[5], " Cancel img/launch-02.png?  y yes  Esc no"},
		{queue.Row{Kind: queue.Copy, Dir: true, Name: "img"}, " Cancel img? Parts of files are removed; pausing keeps them  y yes  Esc no"},
		{queue.Row{Kind: queue.Delete, Name: "x", Done: 5}, " Cancel x?  y yes  Esc no"},
	} {
		words := cancelWords(tt.row)
		c := dialog.Confirm{Text: words[0], Shorter: words[1:], Explicit: true}
		if got := strings.TrimRight(plainText(c.Draw(80, theme.New(theme.Options{}))), " \n"); got != tt.want {
			t.Errorf("got  %q\nwant %q", got, tt.want)
		}
	}
}

func TestExtension(t *testing.T) {
	for name, want := range map[string]string{
		"a.txt": ".txt", "a.tar.gz": ".tar.gz", ".profile": "", "README": "", "x.": ".", ".a.b": ".b", "": "", ".tar.gz": "",
	} {
		if got := extension(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestFilterLeavesWithTheDirectory(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("/")
		d.typed("IMG")
		d.press("enter")
		d.sees("filter: IMG", "1 of 14 items")
		d.press("down", "enter")
		d.seesNot("filter")
		d.press("/")
		d.typed("x")
		d.press("enter", "esc")
		d.seesNot("filter")
	})
}

func TestMarksByPattern(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("+", "backspace")
		d.typed("*.html")
		d.press("enter")
		d.sees("3 marked 40.5K of 14", "3 marked")
		d.press("*")
		d.sees("11 marked")
		d.press("-", "enter")
		d.seesNot("11 marked 1")
		d.press("A", "u")
		d.sees("14 items")
	})
}

// G7: F1 to F5 of the Linux console arrive as a broken sequence and a letter.
func TestConsoleFunctionKeys(t *testing.T) {
	filter := consoleKeys()
	if filter(nil, uv.UnknownCsiEvent("\x1b[[")) != nil {
		t.Error("the sequence is let through")
	}
	if k, ok := filter(nil, press("E")).(tea.KeyPressMsg); !ok || k.String() != "f5" {
		t.Errorf("%v", k)
	}
	if k := filter(nil, press("E")).(tea.KeyPressMsg); k.String() != "E" {
		t.Errorf("a letter alone became %v", k)
	}
}

func TestOnePaneOnNarrowScreens(t *testing.T) {
	start(t, acme, Options{}, 50, 12, func(d *drive) {
		d.sees("LOCAL", "1/2")
		d.press("tab")
		d.sees("demo@", "PLAIN", "2/2")
		d.seesNot("LOCAL")
	})
}

// G5: a storm of sizes, on every screen.
func TestAnySizeIsDrawn(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	at24(t, busy, func(d *drive) {
		for _, keys := range [][]string{{}, {"w"}, {"@"}, {"?"}, {"esc", "w", "a"}, {"esc", "5"}} {
			d.press(keys...)
			for range 200 {
				w, h := rng.IntN(300), rng.IntN(100)
				d.send(tea.WindowSizeMsg{Width: w, Height: h})
				if w >= minWidth && h >= minHeight {
					fits(t, d.m, w, h)
				}
			}
		}
		d.send(tea.WindowSizeMsg{Width: 30, Height: 5})
		d.sees("portside needs 40x10")
	})
}

// G1: nothing that a server says reaches the terminal as anything but text.
func TestHostileTextIsHarmless(t *testing.T) {
	evil := []string{"\x1b]0;owned\a", "\x1b[2J", "\x9b31m", "\u009b31m", "a\rb", "\u202egnp.exe", "zero\u200bwidth", "\x00\x08\x7f", "\xff\xfe", "new\nline", "\x1bPq\x1b\\",
		"e" + strings.Repeat("\u0301", 50)}
	hostile := func() *fake {
		f := busy()
		f.security = "PLAIN\x1b[5m"
		www := queue.Place{Address: remote, Path: "/www"}
		for i, e := range evil {
			f.dirs[www] = append(f.dirs[www], queue.Entry{Name: e, Size: 1, Time: now(), Owner: e, Target: e}, queue.Entry{Raw: e, Reason: e})
			f.log = append(f.log, queue.Line{Seq: uint64(100 + i), Time: now(), Dir: '<', Text: e})
			r := f.rows[2]
			r.ID, r.Version, r.Name, r.Dst.Path, r.State = queue.ID(100+i), uint64(100+i), e, "/www/"+e, queue.Failed
			r.Failure = &queue.Failure{Text: e}
			f.rows = append(f.rows, r)
		}
		f.rows[2].Name, f.rows[2].Dst.Path = strings.Join(evil, ""), strings.Join(evil, "")
		f.totals.Stopped = evil[0]
		return f
	}
	style := regexp.MustCompile("\x1b\\[[0-9;]*m")
	check := func(d *drive, where string) {
		v := d.m.View()
		for i, r := range style.ReplaceAllString(v.Content, "") + v.WindowTitle {
			if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == '\u202e' || r == '\u200b' || r == '\ufffd' {
				t.Fatalf("%s: %U at %d", where, r, i)
			}
		}
		fits(t, d.m, d.m.w, d.m.h)
	}
	start(t, hostile, Options{Notice: evil[0]}, 140, 40, func(d *drive) {
		check(d, "start")
		d.press("tab")
		for range 30 {
			d.press("down")
			check(d, "row")
			for _, key := range []string{"enter", "5", "6", "7", "8", "r", "space", "w", "@", "?", "a"} {
				d.press(key)
				check(d, key)
				d.press("esc", "esc")
				if d.m.screen != keymap.Panes {
					d.press("esc")
				}
			}
		}
		d.f.fails[d.m.sides[1].place] = errors.New(strings.Join(evil, " "))
		d.press("ctrl+r")
		check(d, "failure")
		d.m.askFailure(strings.Join(evil, ""), queue.FailureOf(ask(queue.AskTrust, 1, strings.Join(evil, "\n"))), nil)
		check(d, "question")
	})
}

func TestKeysAreAnsweredWhileTransfersRun(t *testing.T) {
	at24(t, busy, func(d *drive) {
		for i := range 20 {
			row := d.f.rows[0]
			row.Done += int64(i) << 20
			row.Version = uint64(20 + i)
			d.f.change(d.f.totals, append([]queue.Row{row}, d.f.rows[1:]...)...)
			d.press("down")
			synctest.Wait()
		}
		d.sees("> 日本語")
	})
}

// A queue that changes all the time is looked at a few times a second.
func TestABusyQueueDoesNotFloodTheScreen(t *testing.T) {
	at24(t, acme, func(d *drive) {
		looks := 0
		for i := range 1000 {
			d.f.change(queue.Totals{Running: 1, Version: uint64(i), Left: -1})
			synctest.Wait()
			select {
			case msg := <-d.msgs:
				looks++
				d.send(msg)
			default:
			}
			time.Sleep(time.Millisecond)
		}
		if looks > 8 {
			t.Errorf("%d looks in a second", looks)
		}
	})
}

func TestAMillionRowsAreTheLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a million rows")
	}
	f := newFake()
	at := queue.Place{Address: remote, Path: "/"}
	f.dirs[at] = make([]queue.Entry, maxRows+5)
	box := &inbox{ready: make(chan struct{}, 1), done: make(chan struct{})}
	box.fill(t.Context(), f, at)
	if len(box.rows) != maxRows || !errors.Is(box.err, errTooMany) {
		t.Errorf("%d rows, %v", len(box.rows), box.err)
	}
}

func TestRefusals(t *testing.T) {
	for _, env := range [][]string{{"TERM=dumb"}, {}} {
		err := Run(t.Context(), Options{Output: &strings.Builder{}, Input: strings.NewReader(""), Env: append(env, "A=b")})
		if err == nil || !strings.Contains(err.Error(), "terminal") {
			t.Errorf("%v: %v", env, err)
		}
	}
	for _, v := range []string{"1", "yes", "0"} {
		if !noColor([]string{"NO_COLOR=" + v}) {
			t.Errorf("NO_COLOR=%s is ignored", v)
		}
	}
	if noColor([]string{"NO_COLOR="}) {
		t.Error("an empty NO_COLOR counts")
	}
}

func many(n int) *fake {
	f := newFake()
	entries := make([]queue.Entry, n)
	for i := range entries {
		entries[i] = file(fmt.Sprintf("IMG_%06d_名前.jpeg", (i*7919)%n), int64(i)*1000, now().Add(-time.Duration(i)*time.Minute))
	}
	f.dirs[queue.Place{Address: queue.Local, Path: "/home/me/site"}] = entries
	f.dirs[queue.Place{Address: remote, Path: "/www"}] = entries
	return f
}

func BenchmarkHundredThousand(b *testing.B) {
	m := newModel(b.Context(), Options{Engine: many(0)})
	m.clock = now
	f := many(100_000)
	for i, place := range []queue.Place{{Address: queue.Local, Path: "/home/me/site"}, {Address: remote, Path: "/www"}} {
		s := m.sides[i]
		s.info = queue.Info{Address: place.Address, Name: "x"}
		s.place = place
		box := &inbox{ready: make(chan struct{}, 1), done: make(chan struct{})}
		box.fill(b.Context(), f, place)
		s.pane.Begin(true, "")
		s.pane.Append(box.rows)
	}
	m.resize(140, 40)
	b.Run("view", func(b *testing.B) {
		for b.Loop() {
			_ = m.View()
		}
	})
	for _, key := range []string{"down", "end", "home", ".", "A"} {
		b.Run("key "+key, func(b *testing.B) {
			k := press(key)
			for b.Loop() {
				m.Update(k)
				_ = m.View()
			}
		})
	}
	b.Run("sort", func(b *testing.B) {
		for b.Loop() {
			m.sides[0].pane.Reverse()
		}
	})
}
