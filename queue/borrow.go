package queue

import (
	"context"
	"errors"
	"time"
)

// give returns a session of borrow and its slot.
func (q *Queue) give(s *session) {
	q.put(s)
	if s.ep.local {
		return
	}
	q.mu.Lock()
	s.ep.slots--
	q.schedule()
	q.mu.Unlock()
}

// borrow gets a session for browsing, ahead of workers that wait for one.
func (q *Queue) borrow(ctx context.Context, address string) (*session, error) {
	for {
		e, err := q.slot(ctx, address)
		if err != nil {
			return nil, err
		}
		s, err := q.open(ctx, e, false)
		if err == nil {
			return s, nil
		}
		q.give(&session{ep: e})
		var held *heldError
		if errors.As(err, &held) && held.release && ctx.Err() == nil {
			continue // wait for one of those that there are
		}
		if held != nil {
			return nil, held.failure
		}
		return nil, err
	}
}

// slot waits for a slot at an address.
func (q *Queue) slot(ctx context.Context, address string) (*endpoint, error) {
	q.mu.Lock()
	e := q.end(address)
	if q.closed {
		q.mu.Unlock()
		return nil, ErrClosed
	}
	if e.local {
		q.mu.Unlock()
		return e, nil
	}
	if len(e.line) == 0 && (e.room(time.Now()) || e.ask != nil) {
		e.slots++
		q.mu.Unlock()
		return e, nil
	}
	b := &browser{ep: e, ready: make(chan struct{})}
	e.line = append(e.line, b)
	q.mu.Unlock()
	select {
	case <-b.ready:
		return e, nil
	case <-ctx.Done():
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if b.ok {
		e.slots-- // it came just now; let the next one have it
	}
	for i, o := range e.line {
		if o == b {
			e.line = append(e.line[:i], e.line[i+1:]...)
			break
		}
	}
	q.schedule()
	return nil, ctx.Err()
}
