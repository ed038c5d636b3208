//go:build unix

package faults

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"portside/queue"
)

// trial is one run: two directories that shall end as copies of each other, the
// way between them, and what happens on it.
type trial struct {
	seed    uint64
	cargo   cargo
	weather weather
	kills   span          // between two starts of portside
	trouble time.Duration // so long things happen; then it must end
	limit   time.Duration // for all
	atLeast int           // kills, or it proves nothing

	near, far shore
	sky       sky
	url       string // of the far directory
	base      string // its path at the server
	args      []string
	daysOnly  bool                       // the server tells the days of old files alone
	commands  func(log string) []command // nil: those in portside's own log
	tail      func() []string            // of what a relay has read
	start     func()                     // begins what else happens; nil: nothing

	t      *testing.T
	dir    string // of the run
	began  time.Time
	goods  map[string]thing // all there has to be in the end
	landed map[string]time.Time
	person person
	deaths int
	ended  string // what the queue said in the end
}

const password = "demo"

// run does it all, and says what was not as it has to be.
func (r *trial) run(t *testing.T) {
	t.Helper()
	r.t, r.began, r.dir = t, time.Now(), t.TempDir()
	r.goods, r.landed = map[string]thing{}, map[string]time.Time{}
	if os.Getenv("FAULTS_ALIVE") != "" {
		r.kills, r.atLeast = span{r.limit, r.limit}, 0
	}
	t.Logf("seed %d", r.seed)
	if err := errors.Join(r.cargo.sow(r.near, false, "up", r.seed, r.goods), r.cargo.sow(r.far, true, "down", r.seed+1, r.goods)); err != nil {
		t.Fatal(err)
	}
	r.prepare()
	s, err := r.begin()
	if err == nil {
		s, err = r.suffer(s)
	}
	if err == nil {
		err = r.finish(s)
	}
	if err != nil {
		r.report(err)
	}
}

// prepare makes a home for portside.
func (r *trial) prepare() {
	r.t.Helper()
	home := filepath.Join(r.dir, "home")
	env := []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "LANG=C.UTF-8", "PORTSIDE_PASSWORD=" + password}
	for _, v := range []string{"DATA_HOME", "CONFIG_HOME", "STATE_HOME", "CACHE_HOME", "RUNTIME_DIR"} {
		dir := filepath.Join(home, strings.ToLower(v))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			r.t.Fatal(err)
		}
		env = append(env, "XDG_"+v+"="+dir)
	}
	args := slices.Concat(r.args, []string{"--log", r.logFile(), r.url, r.near.(disk).root})
	r.person = person{program: program(r.t), args: args, env: env}
}

func (r *trial) logFile() string { return filepath.Join(r.dir, "portside.log") }

// begin starts portside for the first time, marks everything on both sides
// and copies it to the other: all that a person ever does.
func (r *trial) begin() (*sitting, error) {
	s, err := r.person.start()
	if err != nil {
		return nil, err
	}
	const patience = 30 * time.Second
	if err := s.sees(patience, " up ", " down "); err != nil {
		return s, err
	}
	if err := s.press("A\tA"); err != nil { // both, before anything lands
		return s, err
	}
	if err := s.sees(patience, "*up/", "*down/"); err != nil {
		return s, err
	}
	for _, marks := range []string{"*down/", "*up/"} { // the right pane is the active one
		if err := s.press("5"); err != nil {
			return s, err
		}
		if err := s.sees(patience, "Copy "); err != nil {
			return s, err
		}
		if err := s.press("\r"); err != nil {
			return s, err
		}
		// The marks go when the jobs are in the queue.
		if err := s.until(patience, "end of the marks", func(p string) bool { return !strings.Contains(p, marks) }); err != nil {
			return s, err
		}
		if err := s.press("\t"); err != nil {
			return s, err
		}
	}
	return s, nil
}

// suffer kills portside and starts it again, while things happen, until all is
// there.
func (r *trial) suffer(s *sitting) (*sitting, error) {
	rng := rand.New(rand.NewPCG(r.seed, 4))
	ctx, calm := context.WithTimeout(context.Background(), r.trouble)
	defer calm()
	if r.start != nil {
		r.start()
	}
	var seen events
	var blowing sync.WaitGroup
	// Ends with ctx; awaited below.
	blowing.Go(func() { seen = r.weather.blow(ctx, r.sky, rand.New(rand.NewPCG(r.seed, 5))) })
	err := func() error {
		for ctx.Err() == nil {
			life := r.kills.pick(rng)
			if rng.IntN(8) == 0 {
				life = min(6*life, r.trouble/4) // long enough to live through what happens
			}
			if !wait(time.Now().Add(life), ctx.Done()) {
				return nil
			}
			if err := s.kill(); err != nil {
				return err
			}
			died := time.Now()
			r.deaths++
			missing, err := r.look(died)
			if err != nil {
				return err
			}
			if s, err = r.person.start(); err != nil || missing == 0 {
				return err
			}
		}
		return nil
	}()
	calm()
	blowing.Wait()
	r.t.Logf("%s: %d kills, %s", time.Since(r.began).Round(time.Second), r.deaths, seen)
	return s, err
}

// part is how files grow.
var part = regexp.MustCompile(`(^|/)\.[^/]*\.portside(\.json)?[^/]*$`)

// look sees how far it has come: how much is missing, and whether something is
// there that must not be.
func (r *trial) look(now time.Time) (missing int, err error) {
	here := map[bool]map[string]bool{false: {}, true: {}}
	var wrong []error
	for far, s := range map[bool]shore{false: r.near, true: r.far} {
		err := s.walk(func(name string, size int64, _ time.Time, dir bool) {
			want, known := r.goods[name]
			switch {
			case part.MatchString(name):
				missing++
			case !known:
				wrong = append(wrong, fmt.Errorf("%s: nobody has asked for that", name))
			case dir != want.dir || !dir && size != want.size:
				wrong = append(wrong, fmt.Errorf("%s has %d of %d bytes under its final name", name, size, want.size))
			default:
				here[far][name] = true
			}
		})
		if err != nil {
			return 0, err
		}
	}
	for name, want := range r.goods {
		if !here[!want.far][name] {
			missing++
		} else if _, ok := r.landed[name]; !ok && !want.dir {
			r.landed[name] = now
		}
	}
	return missing, errors.Join(wrong...)
}

// finish waits for the end, and proves it.
func (r *trial) finish(s *sitting) error {
	for {
		missing, err := r.look(time.Now())
		if err != nil {
			return errors.Join(err, s.kill())
		}
		if missing == 0 {
			break
		}
		if time.Since(r.began) > r.limit {
			return errors.Join(fmt.Errorf("%d files, directories or parts are not as they have to be; the screen:\n%s", missing, s.picture()), r.shows(s))
		}
		if !wait(time.Now().Add(200*time.Millisecond), s.ended) {
			return fmt.Errorf("portside ended by itself (%v):\n%s", s.err, s.lastWords())
		}
	}
	if err := r.idle(s); err != nil {
		return err
	}
	// Once more: there is nothing left to do, and so nothing is done.
	again := time.Now()
	s, err := r.person.start()
	if err != nil {
		return err
	}
	if err := s.sees(30*time.Second, " up ", " down "); err != nil {
		return err
	}
	if err := r.idle(s); err != nil {
		return err
	}
	for _, c := range r.said() {
		if c.at.After(again) {
			return fmt.Errorf("a start after the end: %v", c)
		}
	}
	return r.verdict()
}

var (
	unfinished = regexp.MustCompile(` \d+ (run|wait|paused|ask|failed|cancelled|skipped)\b`)
	settled    = regexp.MustCompile(` QUEUE .*?(\d+) done|Queue empty`)
)

// idle waits until the queue's screen says that all is done, and quits.
func (r *trial) idle(s *sitting) error {
	err := s.press("w")
	if err == nil {
		err = s.until(30*time.Second, "queue that is done", func(p string) bool {
			title, _, _ := strings.Cut(p[max(strings.Index(p, " QUEUE "), 0):], "\n")
			return settled.MatchString(title) && !unfinished.MatchString(title)
		})
	}
	if err == nil {
		if r.ended == "" {
			r.ended = settled.FindString(s.picture())
		}
		err = s.press("w")
	}
	if err == nil {
		err = s.until(10*time.Second, "two panes", func(p string) bool { return !strings.Contains(p, " QUEUE ") })
	}
	if err == nil {
		err = r.nothingOpen(s)
	}
	if err != nil {
		return errors.Join(err, s.kill())
	}
	return s.quit()
}

// nothingOpen makes sure that an idle portside has no file of ours open.
func (r *trial) nothingOpen(s *sitting) error {
	fds := fmt.Sprintf("/proc/%d/fd", s.cmd.Process.Pid)
	entries, err := os.ReadDir(fds)
	if err != nil {
		return nil // not on this system
	}
	for _, e := range entries {
		if to, err := os.Readlink(filepath.Join(fds, e.Name())); err == nil && strings.HasPrefix(to, r.near.(disk).root+"/") {
			return fmt.Errorf("%s is still open", to)
		}
	}
	return nil
}

// shows adds what the queue says about jobs that did not end.
func (r *trial) shows(s *sitting) error {
	err := s.press("w")
	if err == nil {
		err = s.sees(5*time.Second, " QUEUE ")
	}
	return errors.Join(err, errors.New(s.picture()), s.kill())
}

// verdict compares both sides with what there has to be, byte by byte, and
// what was said with what had to be.
func (r *trial) verdict() error {
	var wrong []error
	bad := func(format string, a ...any) { wrong = append(wrong, fmt.Errorf(format, a...)) }
	for side, s := range map[string]shore{"here": r.near, "at the server": r.far} {
		left := maps.Clone(r.goods)
		err := s.walk(func(name string, size int64, t time.Time, dir bool) {
			want, known := left[name]
			delete(left, name)
			switch {
			case !known:
				bad("%s: %s must not be there", side, name)
			case dir != want.dir || !dir && size != want.size:
				bad("%s: %s has %d bytes, want %d", side, name, size, want.size)
			case dir:
			case !r.same(t, want):
				bad("%s: %s has the time %v, want %v", side, name, t, want.time)
			case sum(s, name) != want.sum:
				bad("%s: %s has other bytes", side, name)
			}
		})
		if err != nil {
			bad("%s: %w", side, err)
		}
		for name := range left {
			bad("%s: %s is missing", side, name)
		}
	}
	wrong = append(wrong, r.twice()...)
	if n, want := jobs(r.ended), r.files(); n > 0 && n != want {
		bad("%d jobs were done, want %d", n, want)
	}
	if r.deaths < r.atLeast {
		bad("only %d kills: too quick to prove anything", r.deaths)
	}
	r.t.Logf("%s: %d files and directories, %d transfers; %s", time.Since(r.began).Round(100*time.Millisecond), len(r.goods), len(r.said()), strings.Join(strings.Fields(r.ended), " "))
	return errors.Join(wrong[:min(len(wrong), 20)]...)
}

// same reports whether a file's time was kept, as exactly as the server told
// it: one without MLSD names no more than the day of an old file.
func (r *trial) same(t time.Time, want thing) bool {
	if r.daysOnly && want.far {
		return t.Equal(want.time.Truncate(24*time.Hour)) || t.Equal(want.time)
	}
	return t.Truncate(time.Second).Equal(want.time)
}

// files is how many files there are.
func (r *trial) files() (n int) {
	for _, g := range r.goods {
		if !g.dir {
			n++
		}
	}
	return n
}

func jobs(title string) (n int) {
	if m := settled.FindStringSubmatch(title); m != nil {
		fmt.Sscan(m[1], &n)
	}
	return n
}

func sum(s shore, name string) (out [sha256.Size]byte) {
	f, err := s.open(name)
	if err != nil {
		return out
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return out
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// window is how much of a file may be fetched to prove that it is whole.
const window = 64 << 10

// attempt is the part of an upload that began once more.
var attempt = regexp.MustCompile(`^(.*)\.[0-9a-z]{4}\.portside$`)

// twice finds files that were sent again after they were there, by a portside
// that began after that.
func (r *trial) twice() (wrong []error) {
	files := map[string]string{}
	for name, g := range r.goods {
		if !g.dir {
			whole := path.Join(r.base, name)
			files[whole] = name
			files[path.Join(path.Dir(whole), queue.PartName(path.Base(whole)))] = name
		}
	}
	count := map[string]int{}
	for _, c := range r.said() {
		name, known := files[c.path]
		if again := attempt.FindStringSubmatch(c.path); !known && again != nil {
			name, known = files[again[1]+".portside"]
		}
		landed, whole := r.landed[name]
		switch {
		case !known:
			wrong = append(wrong, fmt.Errorf("%v: nobody has asked for that", c))
		case !whole || c.at.Before(landed):
		case c.verb == "RETR" && c.offset > 0 && c.offset >= r.goods[name].size-window:
		default:
			wrong = append(wrong, fmt.Errorf("%v: was there since %v", c, landed.Format("15:04:05.000")))
		}
		count[name]++
	}
	return wrong
}

func (r *trial) said() []command {
	if r.commands != nil {
		return r.commands(r.logFile())
	}
	return logged(r.logFile())
}

// logged reads the transfers out of portside's own log.
func logged(file string) (all []command) {
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	conns := map[string]*asking{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		w := strings.SplitN(lines.Text(), " ", 5)
		if len(w) < 5 || w[2] != ">" {
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, w[0])
		if conns[w[1]] == nil {
			conns[w[1]] = &asking{}
		}
		if c, ok := conns[w[1]].command(w[4], at); ok && err == nil {
			all = append(all, c)
		}
	}
	return all
}

// report says what went wrong, and leaves behind what may tell why.
func (r *trial) report(err error) {
	r.t.Helper()
	r.t.Errorf("after %s and %d kills: %v", time.Since(r.began).Round(time.Second), r.deaths, err)
	if r.tail != nil {
		r.t.Logf("the relay heard last:\n%s", strings.Join(r.tail(), "\n"))
	}
	if keep := os.Getenv("FAULTS_KEEP"); keep != "" {
		_ = os.RemoveAll(filepath.Join(keep, r.t.Name()))
		_ = os.CopyFS(filepath.Join(keep, r.t.Name()), os.DirFS(r.dir))
	}
	data, _ := os.ReadFile(r.logFile())
	lines := strings.Split(string(data), "\n")
	r.t.Logf("portside's log ends:\n%s", strings.Join(lines[max(0, len(lines)-120):], "\n"))
}
