package ftp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Several sessions can write one file at once, each from another place on, where
// STOR behind REST neither cuts nor locks the file. Few servers do all of it:
// some refuse to begin behind the end, some cut what is there, some let the
// second upload wait until the first has ended. Which a server does is found out
// on a file of a few bytes.

const (
	scatterChunk = 4 << 10  // is written at a time
	scatterHole  = 64 << 10 // is left out at first
	// scatterWait is how long the second upload may take to begin; the distance
	// comes on top.
	scatterWait  = 2 * time.Second
	scatterTrips = 20
)

// Scatter reports whether several sessions may write one file at once, each from
// another place on, as far as that is known; why says in a few words why not.
func (c *Conn) Scatter() (known Trial, why string) {
	p := c.know.Profile()
	return p.Scatter, p.ScatterWhy
}

// TryScatter finds out what Scatter reports, with the help of another session of
// the same server, by a file at path that it makes anew. It leaves the file there. An
// error says that nothing was found out. The other session may not outlive it.
func (c *Conn) TryScatter(ctx context.Context, other *Conn, path string) error {
	why, err := c.scatter(ctx, other, path)
	if err != nil {
		return err
	}
	c.know.learn(func(p *Profile) {
		if p.Scatter = Works; why != "" {
			p.Scatter = Fails
		}
		p.ScatterWhy = why
	})
	return nil
}

// scatter is the trial. This session writes the beginning while the other one
// writes behind the end, and then in between.
func (c *Conn) scatter(ctx context.Context, other *Conn, path string) (why string, err error) {
	want := make([]byte, scatterHole+scatterChunk)
	paint := func(from int64) []byte {
		b := want[from : from+scatterChunk]
		for i := range b {
			b[i] = byte(i%251) + 1
		}
		return b
	}
	up, err := c.Stor(ctx, path, 0)
	if err != nil {
		return "", err
	}
	_, err = up.Write(paint(0))
	for _, from := range []int64{scatterHole, scatterHole / 2} {
		if err == nil && why == "" {
			why, err = other.strew(ctx, path, from, paint(from), c.Trip())
		}
	}
	if err == nil && why == "" {
		_, err = up.Write(paint(scatterChunk))
	}
	if closed := up.Close(); err == nil {
		err = closed
	}
	if err != nil || why != "" {
		return why, err
	}
	return other.readBack(ctx, path, want)
}

// strew writes data at a place of a file that another session writes. A server
// that does not let it says why; one that only waits takes one upload at a time.
func (c *Conn) strew(ctx context.Context, path string, from int64, data []byte, trip time.Duration) (why string, err error) {
	wait := min(scatterWait, c.cfg.Timeouts.Reply/2) + scatterTrips*trip
	short, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	up, err := c.StorAt(short, path, from)
	if err == nil {
		_, _ = up.Write(data) // Close says what came of it
		err = up.Close()
	}
	var refusal *ReplyError
	switch {
	case err == nil:
		return "", nil
	case ctx.Err() == nil && short.Err() != nil:
		return "the server takes one upload of a file at a time", nil
	case errors.As(err, &refusal) && refusal.Command == "REST" && !fatal(err):
		return "the server does not know REST", nil
	case errors.As(err, &refusal) && !refusal.Temporary() && !fatal(err):
		return "the server begins no upload behind the end of a file", nil
	}
	return "", err
}

// readBack reads a small file back.
func (c *Conn) readBack(ctx context.Context, path string, want []byte) (why string, err error) {
	down, err := c.Retr(ctx, path, 0)
	var refusal *ReplyError
	if errors.As(err, &refusal) && !refusal.Temporary() && !fatal(err) {
		return "the server does not show what it was sent", nil
	}
	if err != nil {
		return "", err
	}
	got, err := io.ReadAll(io.LimitReader(down, int64(len(want))+1))
	if closed := down.Close(); err == nil {
		err = closed
	}
	switch {
	case bytes.Equal(got, want):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("the trial of several uploads at once: %w", err)
	}
	return "the server spoils what others write into a file", nil
}

// StorAt writes the file at path from offset on, and leaves what is there before
// and behind that: only where Scatter says so. The session waits for the Upload
// to be closed.
func (c *Conn) StorAt(ctx context.Context, path string, offset int64) (*Upload, error) {
	t, err := c.stream(ctx, "STOR", path, offset)
	if err != nil {
		return nil, pathError("create", path, err)
	}
	u := newUpload(t, path, offset)
	u.apart = true
	return u, nil
}
