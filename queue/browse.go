package queue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
)

// Connect implements [Engine].
func (q *Queue) Connect(ctx context.Context, address string) (Info, error) {
	q.mu.Lock()
	e := q.end(address)
	e.browsed = true
	busy, info := e.own > 0 && len(e.idle) == 0 && e.ask == nil, e.info
	q.mu.Unlock()
	if busy {
		return info, nil // sessions are there, all at work
	}
	err := q.browse(ctx, address, true, func(_ context.Context, f FS) error {
		info = f.Info()
		return nil
	})
	return info, err
}

// browse runs f with a session. When it dies under an operation that may be
// repeated, and had been idle before, a new one is tried.
func (q *Queue) browse(ctx context.Context, address string, again bool, f func(context.Context, FS) error) error {
	ctx, untie := q.tied(ctx)
	defer untie()
	for {
		s, err := q.borrow(ctx, address)
		if err != nil {
			return err
		}
		err = f(ctx, s.fs)
		s.judge(ctx, err)
		var begun *begunError
		stale := again && s.used && s.broken && ctx.Err() == nil && !errors.As(err, &begun)
		q.give(s)
		if err == nil || !stale {
			return err
		}
	}
}

// judge marks a session that must not be used again.
func (s *session) judge(ctx context.Context, err error) {
	if err == nil {
		return
	}
	c := FailureOf(err).Class
	s.broken = s.broken || ctx.Err() != nil || c == ClassAttempt || c == ClassServer || !s.fs.Alive()
}

// errStopped ends a listing that its reader has had enough of.
var errStopped = errors.New("enough")

// List implements [Engine].
func (q *Queue) List(ctx context.Context, at Place) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		began := false
		err := q.browse(ctx, at.Address, true, func(ctx context.Context, f FS) error {
			for e, err := range f.List(ctx, at.Path) {
				if err != nil {
					if began {
						return &begunError{err}
					}
					return err
				}
				began = true
				if !yield(e, nil) {
					return errStopped
				}
			}
			return nil
		})
		var b *begunError
		if errors.As(err, &b) {
			err = b.err
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(Entry{}, err)
		}
	}
}

// begunError is an error after rows were passed on: no second try.
type begunError struct{ err error }

// Error implements error.
func (e *begunError) Error() string { return e.err.Error() }

// Unwrap gives the error itself.
func (e *begunError) Unwrap() error { return e.err }

// Stat implements [Engine].
func (q *Queue) Stat(ctx context.Context, at Place) (Entry, error) {
	var e Entry
	err := q.browse(ctx, at.Address, true, func(ctx context.Context, f FS) (err error) {
		e, err = f.Stat(ctx, at.Path)
		return err
	})
	return e, err
}

// Mkdir implements [Engine].
func (q *Queue) Mkdir(ctx context.Context, at Place) error {
	return q.browse(ctx, at.Address, false, func(ctx context.Context, f FS) error { return f.Mkdir(ctx, at.Path) })
}

// Rename implements [Engine].
func (q *Queue) Rename(ctx context.Context, at Place, to string) error {
	return q.browse(ctx, at.Address, false, func(ctx context.Context, f FS) error { return f.Rename(ctx, at.Path, to) })
}

// Open implements [Engine]. The session is the stream's until it is closed.
func (q *Queue) Open(ctx context.Context, at Place, offset int64) (io.ReadCloser, error) {
	ctx, untie := q.tied(ctx)
	s, err := q.borrow(ctx, at.Address)
	if err != nil {
		untie()
		return nil, err
	}
	r, err := s.fs.Open(ctx, at.Path, offset)
	if err != nil {
		s.judge(ctx, err)
		q.give(s)
		untie()
		return nil, err
	}
	f := q.limit.join(!s.ep.local, false)
	l := &loan{ReadCloser: r, back: func(err error) {
		f.end()
		s.judge(ctx, err)
		q.give(s)
		untie()
	}}
	l.read = func(p []byte) (int, error) {
		want, err := f.take(ctx, int64(len(p)))
		if err != nil {
			return 0, err
		}
		n, err := r.Read(p[:want])
		f.back(want - int64(n))
		return n, err
	}
	return l, nil
}

// loan is a stream that holds a session.
type loan struct {
	io.ReadCloser
	read func(p []byte) (int, error) // as the limit of the rate allows
	back func(error)                 // nil once it is given back
}

// Read implements io.Reader.
func (l *loan) Read(p []byte) (int, error) { return l.read(p) }

// Close implements io.Closer.
func (l *loan) Close() error {
	err := l.ReadCloser.Close()
	if l.back != nil {
		l.back(err)
		l.back = nil
	}
	return err
}

// sample returns an FS at an address for its paths only, nil if none is known.
func (q *Queue) sample(address string) FS {
	if address == Local {
		return q.opt.Local
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if e := q.ends[address]; e != nil {
		return e.sample
	}
	return nil
}

// Join implements [Engine].
func (q *Queue) Join(at Place, name string) (Place, error) {
	var err error
	if f := q.sample(at.Address); f != nil {
		at.Path, err = f.Join(at.Path, name)
	} else {
		at.Path, err = joinRemote(at.Path, name)
	}
	return at, err
}

// Parent implements [Engine].
func (q *Queue) Parent(at Place) Place {
	if f := q.sample(at.Address); f != nil {
		at.Path = f.Parent(at.Path)
	} else {
		at.Path = parentRemote(at.Path)
	}
	return at
}

// Answer implements [Engine].
func (q *Queue) Answer(id ID, a Answer) error {
	q.mu.Lock()
	j := q.list.jobs.get(id)
	if j == nil || j.state != asking {
		q.mu.Unlock()
		return fmt.Errorf("job %d asks nothing", id)
	}
	if e := j.x.asker; e != nil {
		q.mu.Unlock()
		return q.AnswerEndpoint(e.address, a)
	}
	defer q.mu.Unlock()
	if !a.Exists.valid() || a.Exists == ExistsAsk {
		return fmt.Errorf("%q is no answer to what to do with a target that exists", a.Exists)
	}
	if a.Scope != ScopeJob && a.Scope != ScopeOpen && a.Scope != ScopeBatch {
		return fmt.Errorf("an answer cannot apply to %q", a.Scope)
	}
	q.list.answer(j, a)
	q.schedule()
	return nil
}

// AnswerEndpoint implements [Engine].
func (q *Queue) AnswerEndpoint(address string, a Answer) error {
	if q.opt.Remote == nil {
		return Fail(ClassJob, address+": there are no connections here", nil)
	}
	if err := q.opt.Remote.Answer(address, a); err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	e := q.end(address)
	e.ask, e.proven = nil, false
	e.well()
	q.list.answered(e)
	q.schedule()
	return nil
}
