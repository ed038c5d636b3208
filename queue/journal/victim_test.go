package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"portside/queue"
	"portside/queue/journal"
	"portside/queue/local"
	"portside/queue/queuetest"
)

// remote is the address of a server that every victim has in its memory, with
// the same files.
const remote = "ftp://files"

// victim is a process that works with a queue until it is killed. What it says
// is written at once: who kills it has heard all that was said.
type victim struct {
	dir  string
	rand *rand.Rand
	q    *queue.Queue
	next int // names of targets
	ids  []queue.ID
	ends int // the calls to the disk after which it kills itself; 0: never
}

func newVictim(dir string) *victim {
	number := func(name string) int {
		n, _ := strconv.Atoi(os.Getenv(name))
		return n
	}
	next := number("PORTSIDE_TEST_NEXT")
	return &victim{dir: dir, rand: rand.New(rand.NewPCG(uint64(next), 1)), next: next, ends: number("PORTSIDE_TEST_ENDS")}
}

func say(format string, args ...any) {
	_, _ = os.Stdout.WriteString(fmt.Sprintf(format, args...) + "\n")
}

// contents of source file k.
func contents(k int) []byte {
	n := []int{0, 1, 700, 64 << 10, 65<<10 + 1, 300_000, 1<<20 + 7, 3 << 20}[k%8]
	return bytes.Repeat(fmt.Appendf(nil, "file %d, ", k), n/8+1)[:n]
}

const (
	sources = 24 // files
	inDir   = 5  // files of a directory
)

// server has the sources.
func server() *queuetest.Disk {
	d := queuetest.NewDisk()
	for k := range sources {
		d.WriteFile(fmt.Sprintf("/f%d", k), contents(k), queuetest.Epoch())
		for i := range inDir {
			d.WriteFile(fmt.Sprintf("/d%d/sub/f%d", k, (k+i)%sources), contents((k+i)%sources), queuetest.Epoch())
		}
	}
	return d
}

// point ends the process at its hour.
func (v *victim) point(string) {
	if v.ends > 0 {
		if v.ends--; v.ends == 0 {
			end()
		}
	}
}

// end is what nothing in the process hears of.
func end() {
	p, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = p.Kill()
	}
	say("not killed: %v", err)
	time.Sleep(time.Minute)
}

func (v *victim) run() {
	j, err := journal.OpenHooked(filepath.Join(v.dir, "queue"), func(op string) error { v.point(op); return nil }, v.point)
	if err != nil {
		say("trouble %v", err)
		return
	}
	q, words, err := queue.Open(queue.Options{
		Local: local.New(), Remote: &queuetest.Dialer{Disks: map[string]*queuetest.Disk{remote: server()}}, Connections: 3,
		Backoff: func(int) time.Duration { return time.Millisecond },
	}, j)
	if err != nil || words != "" {
		say("trouble %v %s", err, words)
		return
	}
	v.q = q
	for _, r := range q.Rows(0, 1<<20) {
		if at := name(r); at != "" {
			say("row %d %s %s", r.ID, at, r.State)
			v.ids = append(v.ids, r.ID)
		}
	}
	say("open")
	switch os.Getenv("PORTSIDE_TEST_DOES") {
	case "anything":
		for {
			v.something()
		}
	case "script":
		v.script()
	}
	v.finish()
}

// name is what a job is called here, "" for one below a directory's.
func name(r queue.Row) string {
	at := r.Dst.Path
	if r.Kind == queue.Delete {
		at = r.Src.Path
	}
	if d := filepath.Base(filepath.Dir(at)); d != "dst" && d != "rm" {
		return ""
	}
	return filepath.Base(at)
}

// script does a bit of everything, once.
func (v *victim) script() {
	for what := range 5 {
		v.add(what, what)
	}
	v.q.Move(v.ids[2], -2)
	v.q.Pause(v.ids[1])
	v.q.Resume()
	for v.q.Totals().Active() {
		<-v.q.Changed()
	}
	say("clear")
	v.q.Clear()
	v.add(0, 6)
}

// finish lets everything come to its end.
func (v *victim) finish() {
	v.q.Resume()
	for v.q.Totals().Active() {
		<-v.q.Changed()
	}
	for _, r := range v.q.Rows(0, 1<<20) {
		switch {
		case r.Failure != nil:
			say("end %d %s %s: %s", r.ID, r.Src.Path, r.State, r.Failure.Text)
		case name(r) != "":
			say("end %d %s %s", r.ID, name(r), r.State)
		}
	}
	if err := v.q.Close(); err != nil {
		say("trouble %v", err)
	}
	say("closed")
}

func (v *victim) something() {
	some := func() queue.ID {
		if len(v.ids) == 0 {
			return 0
		}
		return v.ids[v.rand.IntN(len(v.ids))]
	}
	switch n := v.rand.IntN(14); n {
	case 0, 1, 2, 3, 4:
		v.add(n, v.rand.IntN(sources))
	case 5:
		v.q.Pause()
	case 6, 7:
		v.q.Resume()
	case 8:
		v.q.Pause(some())
	case 9:
		if id := some(); id%7 == 0 {
			say("cancel %d", id)
			v.q.Cancel(id)
		}
	case 10:
		if id := some(); id%3 == 0 {
			v.q.Move(id, v.rand.IntN(9)-4)
		}
	case 11:
		say("clear")
		v.q.Clear()
	default:
		time.Sleep(time.Duration(v.rand.IntN(2000)) * time.Microsecond)
	}
}

// add queues a job of each kind: what it makes says what has to be in it.
func (v *victim) add(what, k int) {
	v.next++
	here := func(p ...string) queue.Place {
		return queue.Place{Address: queue.Local, Path: filepath.Join(append([]string{v.dir}, p...)...)}
	}
	s := queue.Spec{Kind: queue.Copy, Dst: here("dst"), As: fmt.Sprintf("j%d-f%d", v.next, k)}
	switch what {
	case 0:
		s.Src = here("src", fmt.Sprintf("f%d", k))
	case 1:
		s.Src = queue.Place{Address: remote, Path: fmt.Sprintf("/f%d", k)}
	case 2:
		s.Src, s.As = queue.Place{Address: remote, Path: fmt.Sprintf("/d%d", k)}, fmt.Sprintf("j%d-d%d", v.next, k)
	case 3:
		s.Kind, s.Src = queue.Move, here("mv", s.As)
		v.put(s.Src.Path, contents(k))
	case 4:
		s = queue.Spec{Kind: queue.Delete, Src: here("rm", fmt.Sprintf("r%d", v.next))}
		v.put(s.Src.Path, nil)
	}
	ids, err := v.q.Add([]queue.Spec{s})
	if errors.Is(err, queue.ErrClosed) || err != nil {
		say("trouble %v", err)
		return
	}
	called := s.As
	if what == 4 {
		called = filepath.Base(s.Src.Path)
	}
	say("added %d %s", ids[0], called)
	v.ids = append(v.ids, ids[0])
}

func (v *victim) put(name string, data []byte) {
	if err := os.WriteFile(name, data, 0o600); err != nil {
		say("trouble %v", err)
	}
}

// fields are the words of a line, as many as asked for.
func fields(line string, n int) []string {
	f := strings.Fields(line)
	for len(f) < n {
		f = append(f, "")
	}
	return f
}
