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
	// finish is what Close does after the verdict; it belongs to the same
	// operation, and so to the same context, as Create.
	finish func() error
	// confirm looks for the verdict that did not come, likewise.
	confirm func(doubt error) error
}

func (s *session) Create(ctx context.Context, p string, offset int64, c queue.Commit) (queue.Sink, error) {
	up, err := s.conn.Stor(ctx, p, offset)
	if err != nil {
		return nil, failure(err)
	}
	u := &upload{session: s, up: up, path: p, commit: c}
	u.finish = func() error { return u.settle(ctx) }
	u.confirm = func(doubt error) error { return s.confirm(ctx, p, offset+u.sent, doubt) }
	return u, nil
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
	if err := u.checkSize(ctx); err != nil {
		return failure(err)
	}
	u.setTime(ctx)
	if u.commit.Final == "" || u.commit.Final == u.path {
		return nil
	}
	return u.rename(ctx)
}

func (u *upload) checkSize(ctx context.Context) error {
	if u.commit.Size < 0 || u.session.noSize {
		return nil
	}
	size, err := u.session.conn.Size(ctx, u.path)
	var reply *ftp.ReplyError
	if errors.As(err, &reply) && !reply.Temporary() {
		u.session.noSize = true // the 226 has to do
		return nil
	}
	if err != nil {
		return err
	}
	if size != u.commit.Size {
		return queue.Fail(queue.ClassAttempt,
			fmt.Sprintf("%s: the server has %d of %d bytes, although it said that all is well", u.path, size, u.commit.Size), nil)
	}
	return nil
}

// setTime is a courtesy: a server that cannot is not asked again.
func (u *upload) setTime(ctx context.Context) {
	if u.commit.Time.IsZero() || u.session.noTimes {
		return
	}
	var reply *ftp.ReplyError
	if err := u.session.conn.SetModTime(ctx, u.path, u.commit.Time); errors.As(err, &reply) && !reply.Temporary() {
		u.session.noTimes = true
	}
}

// taken reports whether a file has the final name, in one round trip where the
// server knows SIZE; nothing can be renamed onto a directory.
func (u *upload) taken(ctx context.Context) bool {
	if u.session.noSize {
		_, err := u.session.conn.Stat(ctx, u.commit.Final)
		return err == nil
	}
	_, err := u.session.conn.Size(ctx, u.commit.Final)
	return err == nil
}

// rename gives the whole file its final name. Most servers replace silently,
// so whether something is there is looked at just before.
func (u *upload) rename(ctx context.Context) error {
	conn, final := u.session.conn, u.commit.Final
	if !u.commit.Replace && u.taken(ctx) {
		return &fs.PathError{Op: "rename", Path: final, Err: fs.ErrExist}
	}
	err := conn.Rename(ctx, u.path, final)
	var reply *ftp.ReplyError
	if u.commit.Replace && errors.As(err, &reply) && !reply.Temporary() {
		// Some servers do not rename over a file: the new one is whole, so the
		// old one may go first.
		if conn.Delete(ctx, final) == nil {
			err = conn.Rename(ctx, u.path, final)
		}
	}
	if err != nil {
		if errors.As(err, &reply) {
			return queue.Fail(class(err), fmt.Sprintf("the upload is whole but could not be renamed; it stands as %s: the server said %d %s",
				u.path, reply.Code, words(reply)), err)
		}
		return failure(err)
	}
	return nil
}
