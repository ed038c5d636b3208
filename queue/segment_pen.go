package queue

import (
	"bytes"
	"context"
	"errors"
	"io"
)

var (
	// errEnough ends a stream whose piece is in place.
	errEnough = errors.New("the rest is there already")
	// errTaken ends a stream whose piece somebody else has.
	errTaken = errors.New("the piece was taken back")
	// errDisagree says that two streams brought different bytes.
	errDisagree = errors.New("the server's connections do not agree about the file")
	// errSurplus says that a stream goes on behind the end of the file.
	errSurplus = errors.New("the server sent more than the file had")
)

// pen writes what one stream brings into its piece, and nothing behind it. Where
// the piece ends it compares what comes with what the next stream has brought.
// It is a Sink for the gauge alone.
type pen struct {
	g     *segment
	p     *piece
	out   io.WriteCloser
	into  io.ReaderFrom // out, if it is one
	proof *proof        // takes the bytes, while one stream brings all of them
	err   error         // why it takes no more

	want, seen int64 // bytes to compare, and that were
	same       bool  // all of them are alike, which proves little
	first      byte
}

// room returns how much may be written now. None without an error: what comes
// is to be compared.
func (w *pen) room(ctx context.Context) (int64, error) {
	s := w.g.s
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case ctx.Err() != nil:
			return 0, ctx.Err()
		case w.p.owner != w.g:
			return 0, errTaken
		case w.want > 0:
			return 0, nil
		case w.p.at < w.p.end:
			return min(w.p.end-w.p.at, penChunk), nil
		case w.p.end == s.size:
			return 0, errSurplus
		}
		n := s.after(w.p)
		if n.proved() {
			w.want, w.same = min(overlap, n.at-n.from), true
			return 0, nil
		}
		if o := n.owner; o != nil {
			o.cancel() // nothing of it is there that could be compared
			s.mu.Unlock()
			select {
			case <-o.gone:
			case <-ctx.Done():
			}
			s.mu.Lock()
			continue
		}
		s.count(-s.swallow(w.p))
	}
}

// advance counts what was written.
func (w *pen) advance(b []byte, n int64) {
	s := w.g.s
	s.mu.Lock()
	defer s.mu.Unlock()
	w.p.at += n
	w.g.moved += n
	s.count(n)
	if w.proof != nil && b != nil {
		_, _ = w.proof.Write(b[:n])
	}
}

// Write implements io.Writer.
func (w *pen) Write(b []byte) (int, error) {
	done := 0
	for done < len(b) && w.err == nil {
		room, err := w.room(w.g.ctx)
		n := 0
		switch {
		case err != nil:
		case room == 0:
			n, err = w.compare(b[done:])
		default:
			q := b[done:min(done+int(room), len(b))]
			n, err = w.out.Write(q)
			w.advance(q, int64(n))
		}
		done += n
		w.err = err
	}
	return done, w.err
}

// ReadFrom implements io.ReaderFrom for a socket. At the end of the piece it
// returns: what comes then goes through Write.
func (w *pen) ReadFrom(r io.Reader) (int64, error) {
	l := io.LimitedReader{R: r, N: 1 << 62}
	if o, ok := r.(*io.LimitedReader); ok {
		l = *o
	}
	var total int64
	for total < l.N {
		room, err := w.room(w.g.ctx)
		switch {
		case errors.Is(err, errSurplus): // or nothing: reading tells
			return total, nil
		case err != nil:
			w.err = err
			return total, err
		case room == 0:
			return total, nil
		}
		part := io.LimitedReader{R: l.R, N: min(room, l.N-total)}
		want := part.N
		n, err := w.into.ReadFrom(&part)
		w.advance(nil, n)
		total += n
		if err != nil || n < want {
			return total, err
		}
	}
	return total, nil
}

// compare holds b against what the next piece begins with. Bytes that are all
// alike may be anywhere in a file: then more is compared, up to a window.
func (w *pen) compare(b []byte) (int, error) {
	s := w.g.s
	b = b[:min(int64(len(b)), w.want-w.seen)]
	there, err := s.read(w.g.ctx, w.p.end+w.seen, len(b))
	if err != nil {
		return 0, err
	}
	if !bytes.Equal(there, b) {
		return 0, errDisagree
	}
	if w.seen == 0 {
		w.first = b[0]
	}
	w.same = w.same && bytes.Count(b, []byte{w.first}) == len(b)
	w.seen += int64(len(b))
	if w.seen < w.want {
		return len(b), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.after(w.p); w.same && w.want < min(window, n.at-n.from) {
		w.want = min(window, n.at-n.from)
		return len(b), nil
	}
	s.join(w.p)
	return len(b), errEnough
}

// Close implements Sink. The file is closed by whoever opened it.
func (w *pen) Close() error { return nil }

// Abort implements Sink.
func (w *pen) Abort() error { return nil }

// read reads n bytes of the part.
func (s *segments) read(ctx context.Context, offset int64, n int) ([]byte, error) {
	f, err := s.t.disk().Open(ctx, s.path, offset)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	b := make([]byte, n)
	_, err = io.ReadFull(f, b)
	return b, err
}
