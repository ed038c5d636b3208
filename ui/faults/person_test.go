//go:build unix

package faults

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// person starts portside on a terminal, looks at the screen and presses keys.
type person struct {
	program string
	args    []string
	env     []string
	rows    uint16 // of the terminal; 0: 40
	columns uint16 // 0: 130
	keep    bool   // all that is written
}

// sitting is one run of portside.
type sitting struct {
	cmd     *exec.Cmd
	tty     *os.File
	reading sync.WaitGroup
	ended   chan struct{} // closed when the program has ended
	err     error         // then

	mu     sync.Mutex
	screen *vt.Emulator
	stray  strings.Builder // what was written last, or all of it
	keep   bool
	count  int // of bytes written
}

// start starts portside.
func (p *person) start() (*sitting, error) {
	size := pty.Winsize{Rows: cmp.Or(p.rows, 40), Cols: cmp.Or(p.columns, 130)}
	s := &sitting{cmd: exec.Command(p.program, p.args...), screen: vt.NewEmulator(int(size.Cols), int(size.Rows)), ended: make(chan struct{}), keep: p.keep}
	s.cmd.Env = p.env
	tty, err := pty.StartWithSize(s.cmd, &size)
	if err != nil {
		return nil, err
	}
	s.tty = tty
	// Both end with the program, by the terminal that it leaves; leave waits.
	s.reading.Go(s.watch)
	s.reading.Go(func() { _, _ = io.Copy(tty, s.screen) })
	// Ends with the program, which leave or kill waits for.
	go func() { s.err = s.cmd.Wait(); close(s.ended) }()
	return s, nil
}

// watch draws what the program writes.
func (s *sitting) watch() {
	buf := make([]byte, 32<<10)
	for {
		n, err := s.tty.Read(buf)
		s.mu.Lock()
		_, _ = s.screen.Write(buf[:n])
		s.stray.Write(buf[:n])
		if s.count += n; s.stray.Len() > 1<<16 && !s.keep {
			rest := s.stray.String()[s.stray.Len()-1<<12:]
			s.stray.Reset()
			s.stray.WriteString(rest)
		}
		s.mu.Unlock()
		if err != nil {
			if c, ok := s.screen.InputPipe().(io.Closer); ok {
				_ = c.Close()
			}
			return
		}
	}
}

// picture is the screen.
func (s *sitting) picture() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.screen.String()
}

// lastWords is what the program wrote last, for one that ended by itself.
func (s *sitting) lastWords() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.stray.String()
	return all[max(0, len(all)-2000):]
}

// sees waits until the screen shows all of the words.
func (s *sitting) sees(limit time.Duration, words ...string) error {
	return s.until(limit, fmt.Sprintf("%q", words), func(picture string) bool {
		for _, w := range words {
			if !strings.Contains(picture, w) {
				return false
			}
		}
		return true
	})
}

// until waits for a picture.
func (s *sitting) until(limit time.Duration, what string, good func(picture string) bool) error {
	end := time.Now().Add(limit)
	for {
		picture := s.picture()
		if good(picture) {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("no %s on the screen:\n%s", what, picture)
		}
		if !wait(time.Now().Add(20*time.Millisecond), s.ended) && !good(s.picture()) {
			return fmt.Errorf("portside ended (%v) without %s on the screen:\n%s", s.err, what, s.lastWords())
		}
	}
}

func (s *sitting) press(keys string) error {
	_, err := io.WriteString(s.tty, keys)
	return err
}

// kill ends portside as a power cut would, and waits.
func (s *sitting) kill() error {
	select {
	case <-s.ended:
		return fmt.Errorf("portside ended by itself (%v):\n%s", s.err, s.lastWords())
	default:
	}
	_ = s.cmd.Process.Signal(syscall.SIGKILL)
	<-s.ended
	s.leave()
	return nil
}

// leave closes the terminal behind a program that has ended.
func (s *sitting) leave() {
	<-s.ended
	_ = s.tty.Close()
	s.reading.Wait()
}

// quit leaves portside by its key: at once, since nothing is to be done.
func (s *sitting) quit() error {
	if err := s.press("q"); err != nil {
		return err
	}
	if !wait(time.Now().Add(20*time.Second), s.ended) {
		defer s.leave()
		if s.err != nil {
			return fmt.Errorf("portside ended with %w:\n%s", s.err, s.lastWords())
		}
		return nil
	}
	return fmt.Errorf("portside does not end:\n%s", s.picture())
}
