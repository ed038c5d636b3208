package queue

import (
	"context"
	"sync"
)

// spawn is the one place where goroutines start. The caller holds the mutex
// and the queue is not closed. What a fault leaves behind is the business of
// f; here it only must not take the program down.
func (q *Queue) spawn(f func()) {
	// Close cancels what f waits for, and waits for f.
	q.wg.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				_ = q.fault(p) // it stands in the log
			}
		}()
		f()
	})
}

// tie is a browsing call that Close has to end.
type tie struct{ cancel context.CancelFunc }

// tied returns a ctx that Close ends as well, and what to call in the end.
func (q *Queue) tied(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	t := &tie{cancel: cancel}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		cancel()
	}
	q.ties[t] = true
	return ctx, func() {
		cancel()
		q.mu.Lock()
		defer q.mu.Unlock()
		delete(q.ties, t)
	}
}

// Close implements [Engine].
func (q *Queue) Close() error {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return nil
	}
	q.closed = true
	if q.timer != nil {
		q.timer.Stop()
	}
	for j := range q.list.runs {
		j.x.run.cancel()
	}
	for t := range q.ties {
		t.cancel()
	}
	q.mu.Unlock()
	q.wg.Wait()

	q.mu.Lock()
	var bye sync.WaitGroup
	for _, e := range q.ends {
		for fs := e.pop(); fs != nil; fs = e.pop() {
			// Ends by the FS's own limit on goodbyes; awaited below.
			bye.Go(func() {
				defer func() { _ = recover() }() // a fault must not keep the others open
				_ = fs.Close()
			})
		}
	}
	q.mu.Unlock()
	bye.Wait()
	q.notify()
	return q.saver.close(q)
}
