package connect

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"io/fs"
	"iter"
	"path"
	"strings"
	"time"

	"portside/ftp"
	"portside/ftp/listing"
	"portside/queue"
)

// session is one login at a server as a file system. It serves one operation
// at a time and belongs to whoever dialled it.
type session struct {
	conn *ftp.Conn
	info queue.Info
	// redial opens another connection in the place of conn, and note writes a
	// line to the log; both may be nil.
	redial func(ctx context.Context) (*ftp.Conn, error)
	note   func(format string, args ...any)
	packs  bool // MODE Z was asked for
	text   bool // files go as text
	// saidMode is that a row tells that permissions are not set.
	saidMode bool
}

var _ queue.Batch = (*session)(nil)

func newSession(address, label string, conn *ftp.Conn) *session {
	info := queue.Info{Address: address, Name: label, Home: conn.Home(), Security: "PLAIN"}
	if state, ok := conn.TLS(); ok {
		info.Security = tls.VersionName(state.Version)
	}
	return &session{conn: conn, info: info}
}

func (s *session) Info() queue.Info { return s.info }

func (s *session) Alive() bool { return s.conn.Alive() }

func (s *session) Close() error { return s.conn.Close() }

// KeepAlive implements queue.Keeper.
func (s *session) KeepAlive(ctx context.Context) error { return failure(s.conn.KeepAlive(ctx)) }

func (s *session) List(ctx context.Context, dir string) iter.Seq2[queue.Entry, error] {
	return func(yield func(queue.Entry, error) bool) {
		for e, err := range s.conn.List(ctx, dir) {
			if err != nil {
				yield(queue.Entry{}, failure(err))
				return
			}
			if !yield(entry(e), nil) {
				return
			}
		}
	}
}

func (s *session) Stat(ctx context.Context, p string) (queue.Entry, error) {
	e, err := s.conn.Stat(ctx, p)
	return entry(e), failure(err)
}

func (s *session) Open(ctx context.Context, p string, offset int64) (io.ReadCloser, error) {
	d, err := s.conn.Retr(ctx, p, offset)
	return s.opened(ctx, p, offset, d, err)
}

// OpenDated implements queue.Dating.
func (s *session) OpenDated(ctx context.Context, p string) (io.ReadCloser, error) {
	d, err := s.conn.RetrDated(ctx, p)
	return s.opened(ctx, p, 0, d, err)
}

// opened returns the stream of a download that was begun, or could not be.
func (s *session) opened(ctx context.Context, p string, offset int64, d *ftp.Download, err error) (io.ReadCloser, error) {
	if err != nil {
		return nil, failure(err)
	}
	down := &download{d: d}
	down.confirm = func(doubt error) error { return s.confirm(ctx, p, offset+down.got, doubt) }
	return down, nil
}

// Divisible implements queue.Divisible. What is compressed on its way cannot be
// begun in the middle for certain, and text not at all.
func (s *session) Divisible() (time.Duration, bool) {
	return s.conn.Trip(), !s.packs && !s.text && s.conn.Features().Has("REST")
}

// Translates implements queue.Translator.
func (s *session) Translates() bool { return s.text }

// Announce says which file is likely to be opened next.
func (s *session) Announce(p string) { s.conn.Announce(p) }

func (s *session) Mkdir(ctx context.Context, p string) error {
	err := s.conn.MakeDir(ctx, p)
	if unexplained(err) {
		if _, statErr := s.conn.Stat(ctx, p); statErr == nil {
			return &fs.PathError{Op: "mkdir", Path: p, Err: fs.ErrExist}
		}
	}
	return failure(err)
}

func (s *session) Remove(ctx context.Context, p string) error {
	return s.notRemoved(ctx, p, s.conn.Delete(ctx, p))
}

// notRemoved finds out what the refusal to remove a file means. Few servers
// say; whether something is there tells.
func (s *session) notRemoved(ctx context.Context, p string, err error) error {
	if unexplained(err) {
		if _, statErr := s.conn.Stat(ctx, p); errors.Is(statErr, fs.ErrNotExist) {
			return &fs.PathError{Op: "remove", Path: p, Err: fs.ErrNotExist}
		}
	}
	return failure(err)
}

// RemoveAll implements queue.Batch.
func (s *session) RemoveAll(ctx context.Context, removals []queue.Removal, each func(i int, err error)) error {
	changes := make([]ftp.Change, len(removals))
	for i, r := range removals {
		changes[i] = ftp.Change{Op: ftp.OpDelete, Path: r.Path}
		if r.Dir {
			changes[i].Op = ftp.OpRemoveDir
		}
	}
	var unsure []int
	refused := make([]error, len(removals))
	err := s.conn.Batch(ctx, changes, func(i int, err error) {
		if !removals[i].Dir && unexplained(err) {
			unsure, refused[i] = append(unsure, i), err
			return
		}
		each(i, failure(err))
	})
	for _, i := range unsure {
		each(i, s.notRemoved(ctx, removals[i].Path, refused[i]))
	}
	return failure(err)
}

// unexplained reports whether a server refused without a reason that we
// understand.
func unexplained(err error) bool {
	var reply *ftp.ReplyError
	return errors.As(err, &reply) && reply.Code == 550 && !errors.Is(err, ftp.ErrBroken) &&
		!errors.Is(err, fs.ErrExist) && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission)
}

func (s *session) RemoveDir(ctx context.Context, p string) error {
	return failure(s.conn.RemoveDir(ctx, p))
}

func (s *session) Rename(ctx context.Context, from, to string) error {
	if _, err := s.conn.Stat(ctx, to); err == nil {
		return &fs.PathError{Op: "rename", Path: to, Err: fs.ErrExist}
	}
	return failure(s.conn.Rename(ctx, from, to))
}

func (s *session) Join(dir, name string) (string, error) { return join(dir, name) }

func (s *session) Parent(p string) string { return path.Dir(path.Clean("/" + p)) }

// join is Join of every server: a name is one component, and nothing in it
// may end a command line.
func join(dir, name string) (string, error) {
	reason := ""
	switch {
	case name == "" || name == "." || name == "..":
		reason = "a server cannot be told the name: it is empty or means a directory"
	case strings.ContainsAny(name, "\r\n\x00"):
		reason = "a server cannot be told the name: it holds a line end or a zero byte"
	case strings.Contains(name, "/"):
		reason = "a server cannot be told the name: it holds a slash"
	}
	if reason != "" {
		return "", queue.Fail(queue.ClassJob, reason, &fs.PathError{Op: "join", Path: name, Err: fs.ErrInvalid})
	}
	if strings.HasSuffix(dir, "/") {
		return dir + name, nil
	}
	return dir + "/" + name, nil
}

func entry(e listing.Entry) queue.Entry {
	return queue.Entry{
		Name: e.Name, Type: queue.Type(e.Type), Size: e.Size, Time: e.Time, Precision: queue.Precision(e.Precision),
		Mode: e.Mode, HasMode: e.HasMode, Owner: e.Owner, Group: e.Group, Target: e.Target, Raw: e.Raw, Reason: e.Reason,
	}
}

// download is a RETR whose errors say who owns them. It keeps the WriteTo of
// the stream, with which the kernel copies from socket to file.
type download struct {
	d   *ftp.Download
	got int64 // bytes
	// confirm looks for the verdict that did not come; it belongs to the same
	// operation, and so to the same context, as Open.
	confirm func(doubt error) error
	note    string
	closed  bool
	verdict error // of Close
}

func (d *download) Read(p []byte) (int, error) {
	n, err := d.d.Read(p)
	d.got += int64(n)
	if err != nil && err != io.EOF {
		err = failure(err)
	}
	return n, err
}

func (d *download) WriteTo(w io.Writer) (int64, error) {
	n, err := d.d.WriteTo(w)
	d.got += n
	return n, failure(err)
}

func (d *download) Close() error {
	if d.closed {
		return d.verdict
	}
	d.closed = true
	err := d.d.Close()
	if err != nil {
		if err = d.confirm(err); err == nil {
			d.note = confirmed
		}
	}
	d.verdict = failure(err)
	return d.verdict
}

// ModTime implements queue.Dated.
func (d *download) ModTime() time.Time { return d.d.ModTime() }

// Note implements queue.Noter.
func (d *download) Note() string { return d.note }
