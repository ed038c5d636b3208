package cli

import (
	"errors"
	"path/filepath"
	"strings"
	"time"

	"portside/queue"
	"portside/queue/journal"
)

// leaveWait is how long servers that do not let go may hold the panes up. What
// the queue has to keep is on the disk at any time.
const leaveWait = 2 * time.Second

// keep starts an engine whose jobs outlast the process. Where the disk cannot
// have them, or another process has them, the jobs end with this process, and
// the notice says why.
func (s *session) keep() (kept bool) {
	if s.app.env.State == "" || s.app.flags.demo {
		s.engine = queue.New(s.opt)
		return false
	}
	q, words, err := openKept(filepath.Join(s.app.env.State, "queue"), s.opt)
	if err == nil {
		s.engine = q
		s.remark(words)
		return true
	}
	s.engine = queue.New(s.opt)
	if errors.As(err, new(*journal.BusyError)) {
		s.remark(err.Error() + "; jobs queued here end when you quit")
	} else {
		s.remark("jobs end with portside: " + err.Error())
	}
	return false
}

// remark adds words to the notice.
func (s *session) remark(words string) {
	if s.notice != "" && words != "" {
		s.notice += "; "
	}
	s.notice += words
}

// openKept opens the queue in a directory.
func openKept(dir string, o queue.Options) (*queue.Queue, string, error) {
	j, err := journal.Open(dir)
	if err != nil {
		return nil, "", err
	}
	q, words, err := queue.Open(o, j)
	if err != nil {
		return nil, "", errors.Join(err, j.Close())
	}
	said := []string{j.Words(), words}
	if said[0] == "" || words == "" {
		return q, said[0] + words, nil
	}
	return q, strings.Join(said, "; "), nil
}

// leave is close, but does not wait for servers for long.
func (s *session) leave() {
	closed := make(chan struct{})
	// Ends with the engine, and leave waits for that; at the latest it ends with
	// the process, which is about to end.
	go func() { defer close(closed); s.close() }()
	select {
	case <-closed:
	case <-time.After(leaveWait):
	}
}
