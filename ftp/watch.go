package ftp

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// watch interrupts connections when a context ends, so that code which waits
// in Read or Write need not look at the context. Deadlines of a watched
// connection are set through it: a deadline can then never undo an interrupt.
type watch struct {
	cause atomic.Pointer[error]
	over  func() error // says that the context has ended, perhaps a moment before cause does
	stop  func() bool
	done  chan struct{}
	once  sync.Once

	mu    sync.Mutex
	conns []deadliner
}

// deadliner is a connection or a listener.
type deadliner interface{ SetDeadline(time.Time) error }

// longAgo is a deadline that has passed.
func longAgo() time.Time { return time.Unix(1, 0) }

// newWatch watches ctx until end is called.
func newWatch(ctx context.Context, conns ...deadliner) *watch {
	w := &watch{conns: conns, done: make(chan struct{}), over: func() error {
		if ctx.Err() == nil {
			return nil
		}
		return context.Cause(ctx)
	}}
	// AfterFunc runs its function in a goroutine of its own: end stops it, or
	// waits for it when it has begun.
	w.stop = context.AfterFunc(ctx, func() {
		defer close(w.done)
		w.interrupt(context.Cause(ctx))
	})
	return w
}

// interrupt ends all waiting on the connections, now and later.
func (w *watch) interrupt(cause error) {
	w.cause.CompareAndSwap(nil, &cause)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, conn := range w.conns {
		_ = conn.SetDeadline(longAgo())
	}
}

// add watches one more connection.
func (w *watch) add(conn deadliner) {
	w.mu.Lock()
	w.conns = append(w.conns, conn)
	w.mu.Unlock()
	if w.err() != nil {
		_ = conn.SetDeadline(longAgo())
	}
}

// err returns why the context ended, or nil.
func (w *watch) err() error {
	if p := w.cause.Load(); p != nil {
		return *p
	}
	return w.over()
}

// read gives a Read on conn until t.
func (w *watch) read(conn net.Conn, t time.Time) error {
	if err := conn.SetReadDeadline(t); err != nil {
		return err
	}
	return w.err()
}

// write gives a Write on conn until t.
func (w *watch) write(conn net.Conn, t time.Time) error {
	if err := conn.SetWriteDeadline(t); err != nil {
		return err
	}
	return w.err()
}

// end stops watching. Nothing touches the connections afterwards.
func (w *watch) end() {
	w.once.Do(func() {
		if !w.stop() {
			<-w.done
		}
	})
}
