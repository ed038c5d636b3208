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
	g.into, _ = sink.(io.ReaderFrom)
	var err error
	if _, ok := src.(sendable); ok && g.into != nil {
		err = g.send(src)
	} else if w, ok := src.(io.WriterTo); ok {
		_, err = w.WriteTo(g)
	} else {
		_, err = g.ReadFrom(src)
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
	into  io.ReaderFrom // sink, if it is one
	meter *meter
	buf   []byte
	limit io.LimitedReader
	err   error // of the sink
}

// Write implements io.Writer.
func (g *gauge) Write(p []byte) (int, error) {
	n, err := g.sink.Write(p)
	g.meter.add(int64(n))
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
func (g *gauge) send(src io.Reader) error {
	size := int64(leastChunk)
	g.limit.R = src
	for {
		if err := g.stop(); err != nil {
			return err
		}
		began := time.Now()
		g.limit.N = size
		n, err := g.pass(&g.limit)
		if err != nil {
			if g.err == nil {
				g.err = err // reading a local file hardly fails; the other end does
			}
			return err
		}
		if n < size {
			return nil
		}
		switch took := time.Since(began); {
		case took < chunkTime/2:
			size = min(size*2, mostChunk)
		case took > 2*chunkTime:
			size = max(size/2, leastChunk)
		}
	}
}
