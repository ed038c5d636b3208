package connect

import (
	"context"
	"errors"

	"portside/ftp"
)

// A control connection has nothing to say while a long transfer runs, and some
// networks forget it meanwhile: then all bytes arrive and the server's verdict
// does not. Such a transfer is not sent again if a new session finds that the
// file has the right size.

// confirmed is what the row of a job says of it.
const confirmed = "confirmed by size: the server's reply never came"

// confirm returns nil if the transfer that ended with doubt is whole after all:
// the file at path has size bytes, which says nothing of text. The session goes on with the connection
// that it asked on.
func (s *session) confirm(ctx context.Context, path string, size int64, doubt error) error {
	if !errors.Is(doubt, ftp.ErrNoVerdict) || s.redial == nil || s.text || ctx.Err() != nil {
		return doubt
	}
	conn, err := s.redial(ctx)
	if err != nil {
		return doubt
	}
	_ = s.conn.Close() // it is over
	s.conn = conn
	switch got, err := conn.Size(ctx, path); {
	case err != nil:
		s.tell("the server's reply to the transfer never came, and a new session cannot tell its size: %v", err)
		return doubt
	case got != size:
		s.tell("the server's reply to the transfer never came; the file has %d bytes, and %d were moved", got, size)
		return doubt
	}
	s.tell("the server's reply to the transfer never came, but the file has all of its %d bytes", size)
	return nil
}

// tell writes to the log beside what the connection itself says.
func (s *session) tell(format string, args ...any) {
	if s.note != nil {
		s.note(format, args...)
	}
}
