package queue

import (
	"errors"
	"time"
)

const (
	syncWait   = 100 * time.Millisecond // what was written outlasts a power cut after this at the latest
	saveAgain  = 10 * time.Second       // after the disk refused
	leastWaste = 4 << 20                // bytes of a store that are not worth a snapshot
)

// saver tells a Store what becomes of the list. What changes is collected under
// the queue's mutex and written by the saver's goroutine without it, in the
// order in which it came about.
type saver struct {
	store Store
	wake  chan struct{} // holds one: something is to be told
	quit  chan struct{} // closed by Close
	ended chan struct{} // closed by the goroutine

	// Guarded by the queue's mutex.
	waiting []ticket
	unsaved string // why the store is behind, in words
	closed  bool

	// Of the goroutine.
	behind  bool      // only a snapshot can help
	dirty   bool      // written, and not synced
	since   time.Time // when the first of that was written
	snapped int64     // size of the store after the last snapshot
	last    []byte    // the globals as written
}

// ticket is somebody who waits until all that he has changed is written.
type ticket struct {
	sync bool // and would outlast a power cut
	done chan error
}

func newSaver(s Store) *saver {
	return &saver{store: s, wake: make(chan struct{}, 1), quit: make(chan struct{}), ended: make(chan struct{})}
}

// nudge wakes the goroutine.
func (s *saver) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// ask returns a channel that receives once all that was changed until now is
// written, or why it is not. The caller holds the mutex.
func (s *saver) ask(sync bool) <-chan error {
	t := ticket{sync: sync, done: make(chan error, 1)}
	if s.closed {
		t.done <- ErrClosed
		return t.done
	}
	s.waiting = append(s.waiting, t)
	s.nudge()
	return t.done
}

// run is the goroutine. It ends when Close asks it to, with all told.
func (s *saver) run(q *Queue) {
	defer close(s.ended)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Reset(s.rest())
		select {
		case <-s.quit:
			s.tell(q)
			s.flush(q)
			return
		case <-s.wake:
		case <-timer.C:
		}
		s.tell(q)
		if s.dirty && time.Since(s.since) >= syncWait {
			s.flush(q)
		}
	}
}

// rest is how long the goroutine may sleep.
func (s *saver) rest() time.Duration {
	switch {
	case s.behind:
		return saveAgain
	case s.dirty:
		return max(syncWait-time.Since(s.since), 0)
	default:
		return time.Hour
	}
}

// tell writes what changed, and answers those who wait for it.
func (s *saver) tell(q *Queue) {
	q.mu.Lock()
	waiting := s.waiting
	s.waiting = nil
	var commit []byte
	if !s.behind {
		commit = q.encode(s)
	}
	q.mu.Unlock()
	err := s.write(q, commit)
	for _, t := range waiting {
		if err == nil && t.sync {
			err = s.flush(q)
		}
		t.done <- err
	}
}

// write appends a commit, or a snapshot in its place.
func (s *saver) write(q *Queue, commit []byte) error {
	if !s.behind {
		if len(commit) == 0 {
			return nil
		}
		if err := s.store.Append(commit); err != nil {
			_ = s.fell(q, err) // unless a new file does better
			return s.snapshot(q)
		}
		if !s.dirty {
			s.dirty, s.since = true, time.Now()
		}
		if size := s.store.Size(); size < leastWaste || size < 3*s.snapped+leastWaste {
			return nil
		}
	}
	return s.snapshot(q)
}

// flush makes what was written outlast a power cut.
func (s *saver) flush(q *Queue) error {
	if !s.dirty || s.behind {
		return nil
	}
	if err := s.store.Sync(); err != nil {
		_ = s.fell(q, err) // what the file holds is not known: a new one does better
		return s.snapshot(q)
	}
	s.dirty = false
	return nil
}

// fell takes down that the store is behind. It is tried again after a while,
// with a snapshot.
func (s *saver) fell(q *Queue, err error) error {
	s.behind, s.dirty = true, false
	q.mu.Lock()
	defer q.mu.Unlock()
	if s.unsaved != err.Error() {
		s.unsaved = err.Error()
		q.list.changes.version++
		q.notify()
	}
	return err
}

// snapshot writes the whole list in the place of all that was told. Jobs are
// taken down in chunks, while others may change: those changes are told behind.
func (s *saver) snapshot(q *Queue) error {
	if err := s.store.Rewrite(q.snapshot(s)); err != nil {
		return s.fell(q, err)
	}
	s.behind, s.dirty, s.snapped = false, false, s.store.Size()
	q.mu.Lock()
	defer q.mu.Unlock()
	if s.unsaved != "" {
		s.unsaved = ""
		q.list.changes.version++
		q.notify()
	}
	s.nudge() // for what changed meanwhile
	return nil
}

// written waits until what was changed until now would outlast the process. A
// disk that takes no more is no reason not to go on with what runs.
func (q *Queue) written() {
	if q.saver == nil {
		return
	}
	q.mu.Lock()
	done := q.saver.ask(false)
	q.mu.Unlock()
	<-done //nolint:errcheck // what is wrong with the store stands in the Totals
}

// persist waits until the jobs of an Add are on disk, and lets them begin. If they
// cannot be had there they are gone again. The caller holds the mutex, which is
// given up for the wait.
func (q *Queue) persist(ids []ID) error {
	done := q.saver.ask(true)
	q.mu.Unlock()
	err := <-done
	q.mu.Lock()
	if err == nil {
		q.list.begins(ids)
	} else {
		q.list.forget(ids)
		err = Fail(ClassQueue, "the queue cannot be saved: "+err.Error(), err)
	}
	q.schedule()
	return err
}

// close tells the last of it and closes the store. A nil saver has none.
func (s *saver) close(q *Queue) error {
	if s == nil {
		return nil
	}
	close(s.quit)
	<-s.ended
	q.mu.Lock()
	s.closed = true
	for _, t := range s.waiting {
		t.done <- ErrClosed
	}
	s.waiting = nil
	var err error
	if s.unsaved != "" {
		err = errors.New(s.unsaved)
	}
	q.mu.Unlock()
	return errors.Join(err, s.store.Close())
}
