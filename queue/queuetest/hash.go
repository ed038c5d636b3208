package queuetest

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"

	"portside/queue"
)

// Sums are the checksums that the sessions of a [Disk] compute. The zero value
// is none.
type Sums struct {
	By      string // "SHA-256", "SHA-1", "MD5" or "CRC32"
	Lie     bool   // tells wrong ones
	Refusal error  // tells none
}

// SumBy implements queue.Hasher.
func (f *FS) SumBy() string { return f.disk.Sums.By }

// Sum implements queue.Hasher. The call is "sum".
func (f *FS) Sum(ctx context.Context, p, by string, _ int64) ([]byte, error) {
	done := f.begin("sum")
	err := f.disk.call(ctx, "sum", p)
	var sum []byte
	if err == nil {
		sum, err = f.disk.sum(p, by)
	}
	done(err)
	return sum, err
}

func (d *Disk) sum(p, by string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.nodes[p]
	switch {
	case d.Sums.Refusal != nil:
		return nil, d.Sums.Refusal
	case n == nil:
		return nil, bad("sum", p, fs.ErrNotExist)
	case by != d.Sums.By:
		return nil, bad("sum", p, errors.ErrUnsupported)
	}
	sum := Sum(by, n.data)
	if d.Sums.Lie {
		sum[0] ^= 1
	}
	return sum, nil
}

// Sum returns the checksum of data by an algorithm of queue.Hasher.
func Sum(by string, data []byte) []byte {
	switch by {
	case "SHA-256":
		sum := sha256.Sum256(data)
		return sum[:]
	case "SHA-1":
		sum := sha1.Sum(data)
		return sum[:]
	case "MD5":
		sum := md5.Sum(data)
		return sum[:]
	default:
		return binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(data))
	}
}

// expected is what a sink is to compare.
type expected struct {
	by       string
	sum      []byte
	required bool
	equal    bool
}

// Expect implements queue.Summed.
func (s *sink) Expect(by string, sum []byte, required bool) {
	s.expect = &expected{by: by, sum: sum, required: required}
}

// Verified implements queue.Summed.
func (s *sink) Verified() bool { return s.expect != nil && s.expect.equal }

// compare compares what has arrived with what was expected.
func (s *sink) compare() error {
	e := s.expect
	if e == nil {
		return nil
	}
	if err := s.call("sum", s.path); err != nil {
		return err
	}
	there, err := s.fs.disk.sum(s.path, e.by)
	switch {
	case err != nil && e.required:
		return err
	case err != nil:
		return nil
	case !bytes.Equal(there, e.sum):
		return queue.Fail(queue.ClassJob, "not what was sent", &queue.SumError{Algorithm: e.by, There: there, Moved: e.sum})
	}
	e.equal = true
	return nil
}
