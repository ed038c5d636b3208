package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"portside/queue"
	"portside/queue/local"
	"portside/ui/config"
	"portside/ui/connect"
	"portside/ui/text"
)

// logLines is how many lines of the connection log are kept.
const logLines = 10_000

// session is the engine of one run and what belongs to it.
type session struct {
	app    *app
	engine queue.Engine
	dialer *connect.Dialer
	notice string // what was wrong with our own files, "" nothing
	tail   *tail  // nil: no --log
	opt    queue.Options
}

// open starts an engine in memory.
func (a *app) open(interactive bool) (*session, error) {
	s, err := a.prepare(interactive)
	if err == nil {
		s.engine = queue.New(s.opt)
	}
	return s, err
}

// prepare makes a session without an engine.
func (a *app) prepare(interactive bool) (*session, error) {
	if err := a.flags.check(); err != nil {
		return nil, err
	}
	limits, err := a.flags.limits()
	if err != nil {
		return nil, err
	}
	segments, err := a.flags.parts()
	if err != nil {
		return nil, err
	}
	log := queue.NewLog(logLines)
	s := &session{app: a}
	marks, notice := a.marks()
	if s.notice = notice; notice != "" && !interactive {
		a.warn("%s", notice)
	}
	s.dialer = connect.New(log, marks...)
	if err := s.knowProxy(); err != nil {
		return nil, err
	}
	if a.flags.log != "" {
		var err error
		if s.tail, err = openTail(a.flags.log, log); err != nil {
			return nil, &problem{status: statusFailed, what: "cannot write the log: " + err.Error()}
		}
	}
	s.opt = queue.Options{
		Local: local.New(), Remote: s.dialer, Log: log,
		Connections: int(a.flags.connections), Interactive: interactive, Retries: a.flags.retries,
		Limits: limits, Segments: segments, Verify: queue.Verify(a.flags.verify), Permissions: a.flags.permissions,
	}
	return s, nil
}

// marks returns how the dialer remembers which servers speak TLS, and what is
// wrong with that, in words. The demo's server is nobody's.
func (a *app) marks() (marks []connect.Option, notice string) {
	if a.env.Data == "" || a.flags.demo {
		return nil, ""
	}
	known, err := config.OpenKnown(a.env.Data, time.Now)
	if err != nil {
		notice = err.Error()
	}
	return []connect.Option{connect.WithMarks(known)}, notice
}

// DataDir returns the directory for what portside learns by itself, for
// [Env].
func DataDir() string { return config.DataDir() }

// StateDir returns the directory for what outlasts a run of portside, for
// [Env].
func StateDir() string { return config.StateDir() }

// ConfigDir returns the directory of the settings, for [Env].
func ConfigDir() string { return config.Dir() }

// close ends the engine, with all sessions and workers, and then the log.
func (s *session) close() {
	if s.engine != nil {
		_ = s.engine.Close() // what jobs ended with was reported by them
	}
	if s.tail != nil {
		if err := s.tail.close(); err != nil {
			s.app.warn("the log is not complete: %v", err)
		}
	}
}

// know hands the passwords of targets to the dialer.
func (s *session) know(targets ...connect.Target) {
	for _, t := range targets {
		if t.HasPass {
			s.dialer.SetPassword(t.Address, t.Password)
		}
	}
}

// knowProxy hands the password of the proxy to the dialer.
func (s *session) knowProxy() error {
	if s.app.flags.proxy == "" {
		return nil
	}
	proxy, password, err := connect.ParseProxy(s.app.flags.proxy)
	if err != nil {
		return usage("", "--proxy: %v", err)
	}
	if password != "" {
		s.app.warn("a password in a URL can be read by everyone on this machine and stays in the shell's history: PORTSIDE_PROXY_PASSWORD keeps it private")
	} else {
		password = s.app.env.Environ("PORTSIDE_PROXY_PASSWORD")
	}
	s.dialer.SetProxyPassword(proxy, password)
	return nil
}

// maxLogins is how often a password is asked for.
const maxLogins = 3

// connect makes sure that there is a session at t, asking what has to be
// asked where there is a terminal.
func (s *session) connect(ctx context.Context, t connect.Target) (queue.Info, error) {
	for logins := 0; ; {
		info, err := s.engine.Connect(ctx, t.Address)
		if err == nil || ctx.Err() != nil || s.app.tty == nil {
			if err != nil {
				return info, endpointProblem(ctx, err)
			}
			return info, nil
		}
		f := queue.FailureOf(err)
		if f.Ask == queue.AskPassword {
			if logins++; logins > maxLogins {
				return info, endpointProblem(ctx, err)
			}
			if f.Code != 0 {
				tell(s.app.env.Stderr, f.Text, "")
			}
		}
		answer, noAnswer := s.answer(ctx, t, f)
		switch {
		case errors.Is(noAnswer, context.Canceled):
			return info, interrupted("")
		case noAnswer != nil:
			return info, endpointProblem(ctx, err)
		}
		if err := s.engine.AnswerEndpoint(t.Address, answer); err != nil {
			return info, endpointProblem(ctx, err)
		}
	}
}

// answer asks on the terminal what a failure to connect asks.
func (s *session) answer(ctx context.Context, t connect.Target, f *queue.Failure) (queue.Answer, error) {
	switch f.Ask {
	case queue.AskPassword:
		password, err := s.app.tty.password(ctx, "Password for "+t.Label+": ")
		return queue.Answer{Password: password}, err
	case queue.AskPlain:
		yes, err := s.app.tty.yes(ctx, oneLine(f.Text)+". Go on without encryption?")
		if err == nil && !yes {
			err = errNoAnswer
		}
		return queue.Answer{Plain: yes}, err
	case queue.AskTrust:
		for _, line := range append([]string{f.Text}, f.Facts...) {
			tell(s.app.env.Stderr, line, "")
		}
		yes, err := s.app.tty.yes(ctx, "Trust this key of "+t.Label+" for this run?")
		if err == nil && !yes {
			err = errNoAnswer
		}
		return queue.Answer{Trust: yes}, err
	default:
		return queue.Answer{}, errNoAnswer
	}
}

// tail writes the connection log to a file as it grows.
type tail struct {
	file *os.File
	log  *queue.Log
	seq  uint64
	err  error
	stop chan struct{}
	done sync.WaitGroup
}

func openTail(name string, log *queue.Log) (*tail, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	if st, err := f.Stat(); err == nil && st.Mode().IsRegular() {
		if err := f.Chmod(0o600); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	t := &tail{file: f, log: log, stop: make(chan struct{})}
	// close stops it and waits for it.
	t.done.Go(t.run)
	return t, nil
}

func (t *tail) run() {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-t.stop:
			t.write()
			return
		case <-tick.C:
			t.write()
		}
	}
}

// write writes the lines that are new, and says where some were lost.
func (t *tail) write() {
	for {
		lines := t.log.Lines(t.seq, 1000)
		if len(lines) == 0 || t.err != nil {
			return
		}
		if lost := lines[0].Seq - t.seq - 1; lost > 0 {
			_, t.err = fmt.Fprintf(t.file, "(%d lines were too fast to be written)\n", lost)
		}
		for _, l := range lines {
			if t.err == nil {
				_, t.err = fmt.Fprintf(t.file, "%s %d %c  %s\n", l.Time.UTC().Format("2006-01-02T15:04:05.000Z"), l.Conn, l.Dir, text.Safe(l.Text))
			}
		}
		t.seq = lines[len(lines)-1].Seq
	}
}

func (t *tail) close() error {
	close(t.stop)
	t.done.Wait()
	return errors.Join(t.err, t.file.Close())
}
