package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"portside/queue"
)

const remote = "ftp://demo@files.example.com:21"

// now is the time of all screens.
func now() time.Time { return time.Date(2026, 11, 23, 14, 6, 31, 0, time.UTC) }

// fake is an Engine without a disk, a network or a queue.
type fake struct {
	mu       sync.Mutex
	dirs     map[queue.Place][]queue.Entry
	security string
	refuse   map[string][]error // of Connect, by address, used up one by one
	fails    map[queue.Place]error
	gates    map[queue.Place]chan struct{} // List waits for them behind the first entry
	rows     []queue.Row
	files    map[queue.Place]string // what is in them
	totals   queue.Totals
	log      []queue.Line
	limits   queue.Limits

	connections int
	changes     chan struct{}

	added    [][]queue.Spec
	answers  []queue.Answer
	calls    []string
	connects int
	lists    int
}

func newFake() *fake {
	return &fake{
		dirs: map[queue.Place][]queue.Entry{}, fails: map[queue.Place]error{}, gates: map[queue.Place]chan struct{}{},
		refuse: map[string][]error{}, security: "PLAIN", changes: make(chan struct{}, 1), totals: queue.Totals{Left: -1},
	}
}

func (f *fake) call(s string) { f.calls = append(f.calls, s) }

func (f *fake) Add(specs []queue.Spec) ([]queue.ID, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.added = append(f.added, specs)
	ids := make([]queue.ID, len(specs))
	for i := range ids {
		ids[i] = queue.ID(i + 1)
	}
	return ids, nil
}

func (f *fake) Pause(ids ...queue.ID)                        { f.call("pause") }
func (f *fake) Resume(ids ...queue.ID)                       { f.call("resume") }
func (f *fake) Cancel(ids ...queue.ID)                       { f.call("cancel") }
func (f *fake) Retry(ids ...queue.ID)                        { f.call("retry") }
func (f *fake) Move(id queue.ID, by int)                     { f.call(fmt.Sprint("move ", by)) }
func (f *fake) Prioritize(p queue.Priority, ids ...queue.ID) { f.call("priority " + string(p)) }
func (f *fake) Clear()                                       { f.call("clear") }
func (f *fake) Connections(by int) int                       { f.connections += by; return f.connections }
func (f *fake) Limits() queue.Limits                         { return f.limits }
func (f *fake) Limit(l queue.Limits) {
	f.limits = l
	f.totals.Limit, f.totals.LimitUntil = l.At(now())
}
func (f *fake) Changed() <-chan struct{} { return f.changes }
func (f *fake) Close() error             { return nil }
func (f *fake) Totals() queue.Totals     { f.mu.Lock(); defer f.mu.Unlock(); return f.totals }
func (f *fake) Rows(from, n int) []queue.Row {
	f.mu.Lock()
	defer f.mu.Unlock()
	from = min(from, len(f.rows))
	return slices.Clone(f.rows[from:min(from+n, len(f.rows))])
}

func (f *fake) Answer(_ queue.ID, a queue.Answer) error {
	f.answers = append(f.answers, a)
	for i, r := range f.rows {
		if r.State == queue.Asking {
			f.rows[i].State = queue.Waiting
			f.totals.Asking--
			break
		}
	}
	return nil
}

func (f *fake) Row(id queue.ID) (queue.Row, bool) {
	i := slices.IndexFunc(f.rows, func(r queue.Row) bool { return r.ID == id })
	if i < 0 {
		return queue.Row{}, false
	}
	return f.rows[i], true
}

func (f *fake) Updates(since uint64, n int) []queue.Row {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []queue.Row
	for _, r := range f.rows {
		if r.Version > since && len(out) < n {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b queue.Row) int { return int(a.Version) - int(b.Version) })
	return out
}

func (f *fake) Connect(ctx context.Context, address string) (queue.Info, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.connects++
	if errs := f.refuse[address]; len(errs) > 0 {
		f.refuse[address] = errs[1:]
		if errs[0] != nil {
			return queue.Info{}, errs[0]
		}
	}
	if address == queue.Local {
		return queue.Info{Address: address, Name: "local", Home: "/home/me"}, nil
	}
	return queue.Info{Address: address, Name: hostOf(address), Home: "/", Security: f.security}, nil
}

func (f *fake) AnswerEndpoint(_ string, a queue.Answer) error {
	f.answers = append(f.answers, a)
	return nil
}

func (f *fake) List(ctx context.Context, at queue.Place) iter.Seq2[queue.Entry, error] {
	return func(yield func(queue.Entry, error) bool) {
		f.mu.Lock()
		entries, known := f.dirs[at]
		err, gate := f.fails[at], f.gates[at]
		f.lists++
		f.mu.Unlock()
		if err == nil && !known {
			err = &fs.PathError{Op: "list", Path: at.Path, Err: fs.ErrNotExist}
		}
		for i, e := range entries {
			if i == 1 && gate != nil {
				select {
				case <-gate:
				case <-ctx.Done():
					yield(queue.Entry{}, ctx.Err())
					return
				}
			}
			if !yield(e, nil) {
				return
			}
		}
		if err != nil {
			yield(queue.Entry{}, err)
		}
	}
}

func (f *fake) Stat(context.Context, queue.Place) (queue.Entry, error) {
	return queue.Entry{}, fs.ErrNotExist
}

func (f *fake) Mkdir(_ context.Context, at queue.Place) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	parent := f.Parent(at)
	f.dirs[at] = []queue.Entry{}
	f.dirs[parent] = append(f.dirs[parent], queue.Entry{Name: path.Base(at.Path), Type: queue.Dir, Size: -1})
	return nil
}

func (f *fake) Rename(_ context.Context, at queue.Place, to string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.call("rename " + at.Path + " " + to)
	for i, e := range f.dirs[f.Parent(at)] {
		if e.Name == path.Base(at.Path) {
			f.dirs[f.Parent(at)][i].Name = path.Base(to)
		}
	}
	return nil
}

func (f *fake) Open(_ context.Context, at queue.Place, _ int64) (io.ReadCloser, error) {
	if err := f.fails[at]; err != nil {
		return nil, err
	}
	return io.NopCloser(strings.NewReader(f.files[at])), nil
}

func (f *fake) Join(at queue.Place, name string) (queue.Place, error) {
	if name == "" || name == ".." || strings.ContainsAny(name, "/\x00") {
		return at, errors.New("no name for a file: " + name)
	}
	at.Path = path.Join(at.Path, name)
	return at, nil
}

func (f *fake) Parent(at queue.Place) queue.Place {
	at.Path = path.Dir(at.Path)
	return at
}

func (f *fake) Log(after uint64, n int) []queue.Line {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.log, func(l queue.Line) bool { return l.Seq > after })
	if i < 0 {
		return nil
	}
	return slices.Clone(f.log[i:min(i+n, len(f.log))])
}

// change sets what the queue shows, and says so.
func (f *fake) change(t queue.Totals, rows ...queue.Row) {
	f.mu.Lock()
	f.totals, f.rows = t, rows
	f.mu.Unlock()
	select {
	case f.changes <- struct{}{}:
	default:
	}
}

// drive is a Model whose commands run, in a bubble of its own time.
type drive struct {
	t    *testing.T
	m    *Model
	f    *fake
	msgs chan tea.Msg
	quit bool
	raw  string // what was sent to the terminal beside the screen
}

// start runs a Model inside a synctest bubble and hands it to test.
func start(t *testing.T, f func() *fake, o Options, w, h int, test func(d *drive)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		engine := f()
		o.Engine = engine
		if o.Left.Address == "" {
			o.Left = queue.Place{Address: queue.Local, Path: "/home/me/site"}
			o.Right = queue.Place{Address: remote, Path: "/www"}
		}
		m := newModel(ctx, o)
		begun := time.Now()
		m.clock = func() time.Time { return now().Add(time.Since(begun)) }
		d := &drive{t: t, m: m, f: engine, msgs: make(chan tea.Msg, 1000)}
		d.m.resize(w, h)
		d.run(m.Init())
		d.settle()
		test(d)
	})
}

// run runs a command and what it makes, each in a goroutine that ends with
// its context.
func (d *drive) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		switch msg := cmd().(type) {
		case nil:
		case tea.BatchMsg:
			for _, c := range msg {
				d.run(c)
			}
		default:
			d.msgs <- msg
		}
	}()
}

// settle hands out messages until nothing is left to do now.
func (d *drive) settle() {
	for {
		synctest.Wait()
		select {
		case msg := <-d.msgs:
			d.send(msg)
		default:
			return
		}
	}
}

func (d *drive) send(msg tea.Msg) {
	if _, ok := msg.(tea.QuitMsg); ok {
		d.quit = true
	}
	if raw, ok := msg.(tea.RawMsg); ok {
		d.raw += fmt.Sprint(raw.Msg)
	}
	_, cmd := d.m.Update(msg)
	_ = d.m.View() // as the program does after every message
	d.run(cmd)
}

// sleep lets the bubble's time pass.
func (d *drive) sleep(t time.Duration) {
	end := time.Now().Add(t)
	for time.Now().Before(end) {
		d.settle()
		time.Sleep(min(10*time.Millisecond, time.Until(end)))
	}
	d.settle()
}

// press presses keys: names as the keymap spells them.
func (d *drive) press(names ...string) {
	for _, n := range names {
		d.send(press(n))
		d.settle()
	}
}

// typed types text, a key for each character.
func (d *drive) typed(s string) {
	for _, r := range s {
		d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	d.settle()
}

func press(name string) tea.KeyPressMsg {
	special := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "backspace": tea.KeyBackspace, "up": tea.KeyUp,
		"down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd,
		"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "insert": tea.KeyInsert, "f5": tea.KeyF5, "f8": tea.KeyF8, "f1": tea.KeyF1,
	}
	k := tea.KeyPressMsg{}
	rest := name
	for {
		mod, after, ok := strings.Cut(rest, "+")
		if !ok || after == "" {
			break
		}
		rest = after
		k.Mod |= map[string]tea.KeyMod{"ctrl": tea.ModCtrl, "alt": tea.ModAlt, "shift": tea.ModShift}[mod]
	}
	switch c, ok := special[rest]; {
	case ok:
		k.Code = c
	case rest == "space":
		k.Code, k.Text = ' ', " "
	default:
		k.Code = []rune(rest)[0]
		if k.Mod == 0 {
			k.Text = rest
		}
	}
	return k
}

// screen is what a person sees: no styles, no blanks at the ends of rows.
func (d *drive) screen() string { return plainText(d.m.View().Content) }

func plainText(content string) string {
	rows := strings.Split(ansi.Strip(content), "\n")
	for i, r := range rows {
		rows[i] = strings.TrimRight(r, " ")
	}
	return strings.Join(rows, "\n") + "\n"
}

// sees fails the test unless the screen shows all of wants.
func (d *drive) sees(wants ...string) {
	d.t.Helper()
	s := d.screen()
	for _, w := range wants {
		if !strings.Contains(s, w) {
			d.t.Errorf("%q is not on the screen:\n%s", w, s)
		}
	}
}

func (d *drive) seesNot(words ...string) {
	d.t.Helper()
	s := d.screen()
	for _, w := range words {
		if strings.Contains(s, w) {
			d.t.Errorf("%q is on the screen:\n%s", w, s)
		}
	}
}
