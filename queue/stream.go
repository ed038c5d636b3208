package queue

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"syscall"
	"time"
)

const (
	bufferSize = 256 << 10
	leastChunk = 64 << 10
	mostChunk  = 512 << 10              // more than that made the kernel's sending slower, and its times uneven
	chunkTime  = 100 * time.Millisecond // a chunk aims to take, so that progress shows
)

// stream copies src to its end. Where both ends can, the kernel moves the
// bytes: from a file to a socket or another file the sink reads itself, in
// chunks; from a socket to a file the source writes itself, as it sees fit.
func (t *task) stream(ctx context.Context, sink Sink, src io.ReadCloser) error {
	buf := t.q.buffers.Get().(*[bufferSize]byte)
	defer t.q.buffers.Put(buf)
	g := &gauge{stop: ctx.Err, sink: sink, meter: &t.run.meter, buf: buf[:]}
	if g.proof = t.proof; g.proof == nil { // else all bytes pass through here
		g.into, _ = sink.(io.ReaderFrom)
	}
	g.flow = t.q.limit.join(!t.from.ep.local, !t.to.ep.local)
	defer g.flow.end()
	err := g.move(ctx, src)
	for errors.Is(err, errLimit) || g.limited { // a limit was set meanwhile
		g.err, g.limited = nil, false
		err = g.move(ctx, src)
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case g.err != nil:
		return at(t.to, g.err)
	default:
		return at(t.from, err)
	}
}

// move copies src by the way that suits both ends, and the limit of the rate.
func (g *gauge) move(ctx context.Context, src io.ReadCloser) error {
	if _, ok := src.(sendable); ok && g.into != nil {
		return g.send(ctx, src)
	}
	if g.flow.tight() {
		return g.trickle(ctx, src)
	}
	if w, ok := src.(io.WriterTo); ok {
		_, err := w.WriteTo(g)
		return err
	}
	_, err := g.ReadFrom(src)
	return err
}

// errLimit ends an unlimited copy when a limit comes into force.
var errLimit = errors.New("the rate is limited now")

// trickle copies as the limit allows, until src ends or the limit does. What is
// read is never more than may be written, so that nobody waits with data that
// has arrived.
func (g *gauge) trickle(ctx context.Context, src io.Reader) error {
	for {
		want, err := g.flow.take(ctx, int64(len(g.buf)))
		if err != nil {
			return err
		}
		n, err := src.Read(g.buf[:want])
		g.flow.back(want - int64(n))
		if n > 0 {
			if _, werr := g.put(g.buf[:n]); werr != nil {
				return werr
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case !g.flow.tight():
			return errLimit // on by the fast way
		}
	}
}

// sendable is a file that the kernel can send from.
type sendable interface {
	fs.File
	io.Seeker
	syscall.Conn
}

// gauge is a sink that counts, and remembers whose error it was.
type gauge struct {
	stop  func() error // says why to stop
	sink  Sink
	into  io.ReaderFrom // sink, if it may read by itself
	proof *proof        // takes what was written; nil: nobody asks
	meter *meter
	buf   []byte
	part  io.LimitedReader
	flow  *flow
	err   error // of the sink

	limited bool // a limit ended the copy; sources dress up errors
}

// Write implements io.Writer.
func (g *gauge) Write(p []byte) (int, error) {
	n, err := g.put(p)
	if err == nil {
		err = g.free()
	}
	return n, err
}

// free reports that no limit is in force, or ends the copy.
func (g *gauge) free() error {
	if g.flow.tight() {
		g.limited = true
		return errLimit
	}
	return nil
}

// put writes p to the sink.
func (g *gauge) put(p []byte) (int, error) {
	n, err := g.sink.Write(p)
	g.meter.add(int64(n))
	if g.proof != nil {
		_, _ = g.proof.Write(p[:n])
	}
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	if err != nil {
		g.err = err
		return n, err
	}
	return n, g.stop()
}

// ReadFrom implements io.ReaderFrom. A part of a socket goes to the sink as it
// is, which may let the kernel copy it; the rest goes through the buffer.
func (g *gauge) ReadFrom(r io.Reader) (int64, error) {
	if l, ok := r.(*io.LimitedReader); ok && g.into != nil {
		if _, ok := l.R.(syscall.Conn); ok {
			if err := g.free(); err != nil {
				return 0, err
			}
			return g.pass(l)
		}
	}
	var total int64
	for {
		n, err := r.Read(g.buf)
		if n > 0 {
			total += int64(n)
			if _, werr := g.Write(g.buf[:n]); werr != nil {
				return total, werr
			}
		}
		if errors.Is(err, io.EOF) {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

// pass lets the sink read l by itself.
func (g *gauge) pass(l *io.LimitedReader) (int64, error) {
	n, err := g.into.ReadFrom(l)
	g.meter.add(n)
	var f *Failure
	var p *fs.PathError
	if errors.As(err, &f) || errors.As(err, &p) {
		g.err = err
	}
	return n, err
}

// send lets the sink read src in chunks that are small enough for progress
// to show and large enough not to matter.
func (g *gauge) send(ctx context.Context, src io.Reader) error {
	size := int64(leastChunk)
	g.part.R = src
	for {
		want, err := g.flow.take(ctx, size)
		if err != nil {
			return err
		}
		began := time.Now()
		g.part.N = want
		n, err := g.pass(&g.part)
		g.flow.back(want - n)
		if err != nil {
			if g.err == nil {
				g.err = err // reading a local file hardly fails; the other end does
			}
			return err
		}
		if n < want {
			return nil
		}
		switch took := time.Since(began); {
		case want < size: // as the limit says
		case took < chunkTime/2:
			size = min(size*2, mostChunk)
		case took > 2*chunkTime:
			size = max(size/2, leastChunk)
		}
	}
}
