package ui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/vt"

	"portside/queue"
)

// terminal is a terminal that counts what it is sent. vt.Emulator is not safe
// for two goroutines, so all of it but Read goes through one mutex.
type terminal struct {
	mu    sync.Mutex
	vt    *vt.Emulator
	bytes int
	raw   strings.Builder
}

func (s *terminal) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bytes += len(p)
	s.raw.Write(p)
	// What is no terminal's own descriptor is taken to turn LF into CR LF.
	if _, err := s.vt.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// hangUp ends the terminal's answers. Its own Close races with Read.
func (s *terminal) hangUp() {
	if c, ok := s.vt.InputPipe().(io.Closer); ok {
		_ = c.Close()
	}
}

// sent is all that was written, as it came.
func (s *terminal) sent() string   { s.mu.Lock(); defer s.mu.Unlock(); return s.raw.String() }
func (s *terminal) count() int     { s.mu.Lock(); defer s.mu.Unlock(); return s.bytes }
func (s *terminal) screen() string { s.mu.Lock(); defer s.mu.Unlock(); return s.vt.String() }

// inTerminal runs a whole program on a terminal, in a bubble of its own time.
func inTerminal(t *testing.T, engine func() *fake, w, h int, test func(t *testing.T, p *tea.Program, term *terminal, f *fake)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		term := &terminal{vt: vt.NewEmulator(w, h)}
		input, typed := io.Pipe()
		f := engine()
		o := Options{Engine: f, Input: input, Output: term, Env: []string{"TERM=xterm-256color"},
			Left: queue.Place{Address: queue.Local, Path: "/home/me/site"}, Right: queue.Place{Address: remote, Path: "/www"}}
		p := program(ctx, o, tea.WithWindowSize(w, h), tea.WithColorProfile(colorprofile.ANSI), tea.WithoutSignalHandler())
		var all sync.WaitGroup
		all.Go(func() { _, _ = io.Copy(io.Discard, term.vt) }) // its answers to queries
		var err error
		all.Go(func() { _, err = p.Run() })
		time.Sleep(time.Second)
		test(t, p, term, f)
		p.Quit()
		time.Sleep(time.Second)
		cancel()
		term.hangUp()
		_ = typed.Close()
		all.Wait()
		if err != nil && !errors.Is(err, tea.ErrProgramKilled) {
			t.Error(err)
		}
	})
}

// G12: while nothing happens not a byte is written.
func TestIdleWritesNothing(t *testing.T) {
	inTerminal(t, acme, 80, 24, func(t *testing.T, _ *tea.Program, term *terminal, _ *fake) {
		if !strings.Contains(term.screen(), "日本語") {
			t.Errorf("nothing is shown:\n%s", term.screen())
		}
		before := term.count()
		time.Sleep(10 * time.Second)
		if n := term.count() - before; n != 0 {
			t.Errorf("%d bytes in 10 idle seconds", n)
		}
		t.Logf("first screen: %d bytes", before)
	})
}

// A name in the form that macOS writes keeps its accents all the way.
func TestDecomposedAccentReachesTheTerminal(t *testing.T) {
	inTerminal(t, acme, 80, 24, func(t *testing.T, _ *tea.Program, term *terminal, _ *fake) {
		if !strings.Contains(term.sent(), "cafe\u0301 menu.pdf") {
			t.Error("the accent is lost")
		}
	})
}

func wide() *fake {
	f := newFake()
	var entries []queue.Entry
	for i := range 200 {
		name := fmt.Sprintf("plain-%03d.txt", i)
		if i%4 == 0 {
			name = fmt.Sprintf("plain-%03d-文件名称.txt", i)
		}
		entries = append(entries, file(name, int64(i)*1000, at(3, 1, 8, 0)))
	}
	f.dirs[queue.Place{Address: queue.Local, Path: "/home/me/site"}] = entries
	f.dirs[queue.Place{Address: remote, Path: "/www"}] = entries
	return f
}

// The renderer paints rows with wide cells anew in every frame; this holds
// what that costs, so that a change is seen.
func TestBytesOfKeysAndTicks(t *testing.T) {
	for _, c := range []struct {
		name      string
		engine    func() *fake
		key, tick int // budgets: bytes for one key, bytes for a second of progress
	}{{"narrow", acme, 200, 200}, {"wide", wide, 1000, 1400}} {
		inTerminal(t, c.engine, 80, 24, func(t *testing.T, p *tea.Program, term *terminal, f *fake) {
			before := term.count()
			for range 20 {
				p.Send(press("down"))
				time.Sleep(50 * time.Millisecond)
			}
			perKey := (term.count() - before) / 20
			f.change(queue.Totals{Running: 1, Files: 1, Bytes: 1 << 30, Left: time.Minute, Version: 1},
				queue.Row{ID: 1, Version: 1, Kind: queue.Copy, State: queue.Running, Name: "x.iso", Size: 1 << 30, Rate: 3e6, Left: time.Minute})
			time.Sleep(time.Second)
			before = term.count()
			for i := range 10 {
				f.mu.Lock()
				f.rows[0].Done = int64(i) * 30 << 20
				f.totals.BytesDone = f.rows[0].Done
				f.mu.Unlock()
				time.Sleep(time.Second)
			}
			perSecond := (term.count() - before) / 10
			t.Logf("%s names: %d bytes a key, %d bytes a second of progress", c.name, perKey, perSecond)
			if perKey > c.key || perSecond > c.tick {
				t.Errorf("%s names: over the budget of %d and %d bytes", c.name, c.key, c.tick)
			}
			f.change(queue.Totals{Done: 1, Version: 2})
			time.Sleep(2 * time.Second)
			before = term.count()
			time.Sleep(10 * time.Second)
			if n := term.count() - before; n != 0 {
				t.Errorf("%d bytes after the work was done", n)
			}
		})
	}
}

// G8: a mistake of ours leaves the terminal as it was.
func TestAPanicRestoresTheTerminal(t *testing.T) {
	term := &terminal{vt: vt.NewEmulator(80, 24)}
	input, typed := io.Pipe()
	go func() { _, _ = io.Copy(io.Discard, term.vt) }() // ends with the emulator
	f := acme()
	o := Options{Engine: f, Input: input, Output: term, Env: []string{"TERM=xterm-256color"}}
	p := program(t.Context(), o, tea.WithWindowSize(80, 24), tea.WithoutSignalHandler())
	go p.Send(rowsMsg{}) // a message that cannot be: side is nil
	_, err := p.Run()
	if !errors.Is(err, tea.ErrProgramPanic) {
		t.Errorf("%v", err)
	}
	if err := explain(t.Context(), err); !strings.Contains(err.Error(), "mistake in portside") {
		t.Error(err)
	}
	if term.vt.IsAltScreen() {
		t.Error("the alternate screen is left behind")
	}
	term.hangUp()
	_ = typed.Close()
}
