package connect

import (
	"context"
	"errors"
	"io"

	"portside/ftp"
	"portside/queue"
)

var _ queue.Patcher = (*session)(nil)

// Patches implements queue.Patcher. What is compressed on its way cannot be
// begun in the middle for certain.
func (s *session) Patches() (known bool, why string) {
	switch known, why := s.conn.Scatter(); {
	case s.packs:
		return true, "what is compressed on its way is not sent in pieces"
	case known == ftp.Fails:
		return true, why
	default:
		return known == ftp.Works, ""
	}
}

// TryPatches implements queue.Patcher.
func (s *session) TryPatches(ctx context.Context, other queue.FS, path string) error {
	o, ok := other.(*session)
	if !ok {
		return errors.ErrUnsupported
	}
	return failure(s.conn.TryScatter(ctx, o.conn, path))
}

// patch is a STOR of a part of a file.
type patch struct{ up *ftp.Upload }

// Patch implements queue.Patcher.
func (s *session) Patch(ctx context.Context, path string, offset int64) (queue.Sink, error) {
	up, err := s.conn.StorAt(ctx, path, offset)
	if err != nil {
		return nil, failure(err)
	}
	return &patch{up: up}, nil
}

// Write implements io.Writer.
func (p *patch) Write(b []byte) (int, error) {
	n, err := p.up.Write(b)
	return n, failure(err)
}

// ReadFrom keeps the stream's own, with which the kernel copies from file to
// socket.
func (p *patch) ReadFrom(r io.Reader) (int64, error) {
	n, err := p.up.ReadFrom(r)
	return n, failure(err)
}

// Abort implements queue.Sink.
func (p *patch) Abort() error { return p.up.Abort() }

// Close implements queue.Sink. A verdict that does not come is not looked for:
// the size of the file says nothing about a part of it.
func (p *patch) Close() error { return failure(p.up.Close()) }

// Finish implements queue.Patcher.
func (s *session) Finish(ctx context.Context, path string, c queue.Commit) (queue.Sink, error) {
	u := &upload{session: s, path: path, commit: c}
	if c.SumBy != "" {
		u.Expect(c.SumBy, nil, false)
	}
	u.finish = func() error { return u.settle(ctx) }
	return &finished{u}, nil
}

// finished is an upload whose bytes are there.
type finished struct{ *upload }

// Write implements io.Writer.
func (f *finished) Write([]byte) (int, error) { return 0, errors.ErrUnsupported }

// ReadFrom implements io.ReaderFrom.
func (f *finished) ReadFrom(io.Reader) (int64, error) { return 0, errors.ErrUnsupported }

// Abort implements queue.Sink.
func (f *finished) Abort() error { return nil }

// Close implements queue.Sink.
func (f *finished) Close() error { return f.finish() }
