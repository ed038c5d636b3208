package connect

import (
	"context"
	"errors"
	"fmt"

	"portside/ftp"
	"portside/queue"
)

var (
	_ queue.Hasher     = (*session)(nil)
	_ queue.Summed     = (*upload)(nil)
	_ queue.PartHasher = (*session)(nil)
)

// SumBy implements queue.Hasher.
func (s *session) SumBy() string {
	if s.text {
		return "" // of other bytes than those that are sent
	}
	return s.conn.SumBy()
}

// Sum implements queue.Hasher.
func (s *session) Sum(ctx context.Context, p, by string, size int64) ([]byte, error) {
	sum, err := s.conn.Sum(ctx, p, by, size)
	return sum, failure(err)
}

// SumPart implements queue.PartHasher.
func (s *session) SumPart(ctx context.Context, p string, offset, n, size int64) (by string, sum []byte, err error) {
	d, err := s.conn.HashPart(ctx, p, ftp.HashRange{Offset: offset, Length: n}, size)
	return d.Algorithm, d.Sum, failure(err)
}

// Expect implements queue.Summed.
func (u *upload) Expect(by string, sum []byte, required bool) {
	u.sum = &ftp.Checksum{Digest: ftp.Digest{Algorithm: by, Sum: sum}, Required: required}
}

// Verified implements queue.Summed.
func (u *upload) Verified() bool { return u.sum != nil && u.sum.Equal }

// unsummed says on the row why the server told no checksum.
func (u *upload) unsummed() {
	if u.sum == nil || u.sum.Refused == nil {
		return
	}
	u.remark(queue.Unverified(queue.FailureOf(failure(u.sum.Refused)).Text))
}

// unequal makes a failure of a checksum that is another.
func (u *upload) unequal(err error) error {
	var e *ftp.SumError
	if !errors.As(err, &e) {
		return nil
	}
	why := &queue.SumError{Algorithm: e.Algorithm, There: e.Got, Moved: e.Want}
	return queue.Fail(queue.ClassJob, fmt.Sprintf("%v; what arrived stands as %s", why, u.path), why)
}

// noMode says on a row, once in a session, why permissions are not set.
func (u *upload) noMode(refused error) {
	if u.session.saidMode {
		return
	}
	u.session.saidMode = true
	u.remark("permissions are not set (" + queue.FailureOf(failure(refused)).Text + ")")
}

// remark adds a few words to what the row will say.
func (u *upload) remark(words string) {
	if u.note != "" {
		u.note += "; "
	}
	u.note += words
}
