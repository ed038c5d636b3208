package connect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"portside/ftp"
	"portside/queue"
)

// upload is a STOR and what has to follow it: the server's verdict, the size,
// the time, and the final name.
type upload struct {
	session *session
	up      *ftp.Upload
	path    string
	commit  queue.Commit
	sent    int64 // bytes
	note    string
	sum     *ftp.Checksum // to compare; nil: none
	// finish is what Close does after the verdict; it belongs to the same
	// operation, and so to the same context, as Create.
	finish func() error
	// confirm looks for the verdict that did not come, likewise.
	confirm func(doubt error) error
}

func (s *session) Create(ctx context.Context, p string, offset int64, c queue.Commit) (queue.Sink, error) {
	u := &upload{session: s, path: p, commit: c}
	if c.SumBy != "" {
		u.Expect(c.SumBy, nil, false)
	}
	var err error
	if offset == 0 {
		u.up, err = s.conn.Put(ctx, u.landing())
	} else {
		u.up, err = s.conn.Stor(ctx, p, offset)
	}
	if err != nil {
		return nil, failure(err)
	}
	u.finish = func() error { return u.settle(ctx) }
	u.confirm = func(doubt error) error { return s.confirm(ctx, p, offset+u.sent, doubt) }
	return u, nil
}

// landing is the commit in the words of the session.
func (u *upload) landing() ftp.Landing {
	c := u.commit
	return ftp.Landing{Path: u.path, Size: c.Size, Time: c.Time, Mode: c.Mode, Final: c.Final, Replace: c.Replace, Sum: u.sum, NoMode: u.noMode}
}

func (u *upload) Write(p []byte) (int, error) {
	n, err := u.up.Write(p)
	u.sent += int64(n)
	return n, failure(err)
}

// ReadFrom keeps the stream's own, with which the kernel copies from file to
// socket.
func (u *upload) ReadFrom(r io.Reader) (int64, error) {
	n, err := u.up.ReadFrom(r)
	u.sent += n
	return n, failure(err)
}

// Resize implements queue.Resizer.
func (u *upload) Resize(size int64) { u.commit.Size = size }

func (u *upload) Abort() error { return u.up.Abort() }

func (u *upload) Close() error {
	if err := u.up.Close(); err != nil {
		if err = u.confirm(err); err != nil {
			return failure(err)
		}
		u.note = confirmed
	}
	return u.finish()
}

// Note implements queue.Noter.
func (u *upload) Note() string { return u.note }

// settle proves the size, sets the time and gives the file its final name.
func (u *upload) settle(ctx context.Context) error {
	if u.sum != nil && u.sum.Sum == nil {
		u.sum = nil // it was announced and never told
	}
	err := u.session.conn.Land(ctx, u.landing())
	var size *ftp.SizeError
	var reply *ftp.ReplyError
	u.unsummed()
	if unequal := u.unequal(err); unequal != nil {
		return unequal
	}
	switch {
	case errors.As(err, &size):
		return queue.Fail(queue.ClassAttempt, size.Error(), err)
	case errors.As(err, &reply) && (reply.Command == "RNFR" || reply.Command == "RNTO"):
		return queue.Fail(class(err), fmt.Sprintf("the upload is whole but could not be renamed; it stands as %s: the server said %d %s",
			u.path, reply.Code, words(reply)), err)
	case errors.Is(err, fs.ErrExist):
		return err
	}
	return failure(err)
}
