package queue

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"time"
)

// Verify says how a copy shows that both ends hold the same bytes.
type Verify string

// The ways to verify. The server's verdict and the number of bytes that were
// sent or came count in all of them.
const (
	// VerifyAuto compares the server's checksum with that of the stream, where
	// the server announced one and the file is not small, and the size.
	VerifyAuto Verify = "auto"
	VerifySize Verify = "size" // asks the server for the size of what it holds
	VerifyHash Verify = "hash" // fails where the server tells no checksum
	VerifyOff  Verify = "off"  // asks for nothing more
)

// Valid reports whether v is one of the ways, or "" for the usual one.
func (v Verify) Valid() bool {
	switch v {
	case "", VerifyAuto, VerifySize, VerifyHash, VerifyOff:
		return true
	}
	return false
}

const (
	// sumFrom is the size from which on VerifyAuto asks for a checksum. It costs
	// a round trip, which would be much of the time that a small file takes.
	sumFrom = announced
	// rereadBelow is how much of the local end VerifyAuto reads once more to make
	// the checksum of a file that was resumed.
	rereadBelow = 256 << 20
	// aliveEvery is how often a session that waits for the local disk shows
	// that it lives.
	aliveEvery = 45 * time.Second
)

// SumError says that two ends do not hold the same bytes.
type SumError struct {
	Algorithm    string
	There, Moved []byte // the checksums of the server's file and of what was sent or came
}

// Error returns both sums.
func (e *SumError) Error() string {
	return fmt.Sprintf("the %s of the server's file is %x, and that of what was copied %x", e.Algorithm, e.There, e.Moved)
}

// proof is the checksums of a stream, one for each end that computes its own.
type proof struct {
	required bool
	from, to *sum // nil: that end is not asked
}

// sum is a checksum that grows with a stream.
type sum struct {
	hash.Hash
	by string
}

// newSum returns the checksum by an algorithm as a [Hasher] names it; nil for
// one that is not known.
func newSum(by string) *sum {
	switch by {
	case "SHA-512":
		return &sum{sha512.New(), by}
	case "SHA-256":
		return &sum{sha256.New(), by}
	case "SHA-1":
		return &sum{sha1.New(), by}
	case "MD5":
		return &sum{md5.New(), by}
	case "CRC32":
		return &sum{crc32.NewIEEE(), by}
	}
	return nil
}

// Write implements io.Writer; it never fails.
func (p *proof) Write(b []byte) (int, error) {
	if p.from != nil {
		_, _ = p.from.Write(b)
	}
	if p.to != nil && p.to != p.from {
		_, _ = p.to.Write(b)
	}
	return len(b), nil
}

// plan decides which checksums are to be compared. Where one is wanted that is
// not to be had, the job fails before anything is sent.
func (t *task) plan() error {
	t.proof = nil
	if t.verify == VerifySize || t.verify == VerifyOff || t.from.ep.local && t.to.ep.local {
		return nil
	}
	p := &proof{required: t.verify == VerifyHash}
	if t.text {
		if p.required {
			return Fail(ClassJob, "cannot be verified: the line ends of a text change on the way; --verify auto goes by the server's word", nil)
		}
		return nil
	}
	if !p.required && t.entry.Size < sumFrom {
		return nil
	}
	for _, s := range []*session{t.from, t.to} {
		if s.ep.local {
			continue
		}
		by := newSum(sumBy(s.fs))
		switch {
		case by == nil && p.required:
			return Fail(ClassJob, "cannot be verified: the server computes no checksums; --verify size compares sizes", nil)
		case by == nil:
			return nil // half a proof is none
		case s == t.from:
			p.from = by
		case p.from != nil && p.from.by == by.by:
			p.to = p.from
		default:
			p.to = by
		}
	}
	if p.to != nil && t.mute && !p.required {
		return nil
	}
	t.proof = p
	return nil
}

// sumBy returns the algorithm of a file system's checksums, "" without one.
func sumBy(f FS) string {
	if h, ok := f.(Hasher); ok {
		return h.SumBy()
	}
	return ""
}

// catchUp takes the bytes into the checksums that are in place already: they are
// read once more from the local end. No stream is open yet.
func (t *task) catchUp(ctx context.Context, part string, size int64) error {
	if t.proof == nil || size == 0 {
		return nil
	}
	disk, path, other := t.from.fs, t.src, t.to
	if t.to.ep.local {
		disk, path, other = t.disk(), part, t.from
	}
	switch {
	case t.proof.required && !t.from.ep.local && !t.to.ep.local:
		return Fail(ClassJob, "cannot be verified: what is there already is on another server; --verify size compares sizes", nil)
	case !t.proof.required && (size > rereadBelow || !t.from.ep.local && !t.to.ep.local):
		t.proof = nil
		return nil
	}
	f, err := disk.Open(ctx, path, 0)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	buf := t.q.buffers.Get().(*[bufferSize]byte)
	defer t.q.buffers.Put(buf)
	shown := time.Now()
	for size > 0 && err == nil {
		var n int
		n, err = io.ReadFull(f, buf[:min(size, bufferSize)])
		_, _ = t.proof.Write(buf[:n])
		size -= int64(n)
		if err == nil && ctx.Err() != nil {
			err = ctx.Err()
		}
		if k, ok := other.fs.(Keeper); ok && err == nil && time.Since(shown) > aliveEvery {
			err, shown = at(other, k.KeepAlive(ctx)), time.Now()
		}
	}
	return err
}

// proveSource compares what came with what the source's server computes.
func (t *task) proveSource(ctx context.Context, sink Sink) error {
	p := t.proof
	if p == nil {
		return nil
	}
	size := t.run.meter.bytes.Load()
	if t.entry.Size >= 0 && size != t.entry.Size { // it grew, and has perhaps more by now
		if p.required {
			return Fail(ClassJob, "cannot be verified: the source grew while it was copied", nil)
		}
		t.proof = nil
		return nil
	}
	if p.to != nil {
		s, ok := sink.(Summed)
		if !ok {
			return Fail(ClassJob, "cannot be verified: the target compares no checksums", nil)
		}
		s.Expect(p.to.by, p.to.Sum(nil), p.required)
	}
	if p.from == nil {
		return nil
	}
	there, err := t.from.fs.(Hasher).Sum(ctx, t.src, p.from.by, size)
	moved := p.from.Sum(nil)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return t.untold(err)
	case string(there) != string(moved):
		return &SumError{Algorithm: p.from.by, There: there, Moved: moved}
	}
	return nil
}

// untold goes on without the checksum that a server did not tell, if it may.
func (t *task) untold(err error) error {
	f := FailureOf(err)
	if lost := f.Class == ClassAttempt || f.Class == ClassServer; lost && !t.proof.required {
		t.from.broken = true
	} else if t.proof.required {
		if lost {
			return at(t.from, err)
		}
		return Fail(ClassJob, "cannot be verified: "+f.Text+"; --verify size compares sizes", err)
	}
	t.proof = nil
	t.note(Unverified(f.Text))
	return nil
}

// Unverified is the note on a file whose checksum was not told, and why.
func Unverified(why string) string { return "compared by size: no checksum (" + why + ")" }

// unequal deals with a download that is not what the server has, if that is
// what failed says. One whose source changed meanwhile is sent once again. What
// came is kept aside, under a name that nothing goes on from.
func (t *task) unequal(ctx context.Context, failed error) error {
	var e *SumError
	if !errors.As(failed, &e) {
		return failed
	}
	now, err := t.from.fs.Stat(ctx, t.src)
	if err != nil {
		return at(t.from, err)
	}
	if now.Size != t.entry.Size || !sameTime(now, t.entry) {
		return t.changed()
	}
	kept, err := t.partPath()
	if err == nil && t.to.ep.local {
		kept, err = t.setAside(ctx, kept)
	}
	if err != nil {
		return err
	}
	t.unrecord(ctx)
	t.disown()
	return Fail(ClassJob, e.Error()+"; what came is kept as "+kept, e)
}

// sameTime compares the times of a source as exactly as both are told.
func sameTime(a, b Entry) bool {
	p := part{time: a.Time, prec: a.Precision}
	return p.when(b)
}

// unheard learns from what an upload ended with. One that the server has
// otherwise is not gone on from. Where the connection ended over a checksum that
// nobody insists on, it may have been the checksum that took too long.
func (t *task) unheard(err error) {
	switch p := t.proof; {
	case errors.As(err, new(*SumError)):
		t.disown()
	case err == nil || p == nil || p.to == nil || p.required:
	case FailureOf(err).Class == ClassAttempt && FailureOf(err).Code == 0: // else it said that it was something else
		t.with(func(*list) { t.j.more().mute = true })
	}
}

// disown forgets the part: nothing is resumed from it.
func (t *task) disown() {
	t.with(func(*list) { t.j.more().part = nil })
}

// setAside gives a part a name that says that it is bad.
func (t *task) setAside(ctx context.Context, part string) (string, error) {
	for i := range 100 {
		after := ".portside.bad"
		if i > 0 {
			after = fmt.Sprintf("%s-%d", after, i)
		}
		path, err := t.disk().Join(t.dstDir, aside(t.as, after, maxName))
		if err != nil {
			return "", err
		}
		if err = t.disk().Rename(ctx, part, path); err == nil || !errors.Is(err, fs.ErrExist) {
			return path, at(t.to, err)
		}
	}
	return "", Fail(ClassJob, part+" is not what the server has, and cannot be set aside: there are too many of its kind", nil)
}

// verified notes on the job that both ends hold the same, as their checksums
// say.
func (t *task) verified(sink Sink) {
	if t.text {
		t.note("as text: sizes do not compare")
		return
	}
	if t.proof == nil {
		if t.mute {
			t.note(Unverified("the connection ended where it was asked for"))
		}
		return
	}
	if s, ok := sink.(Summed); ok && t.proof.to != nil && !s.Verified() {
		return
	}
	t.with(func(l *list) { t.j.set(isVerified, true) })
}

// Remark says how a job came about: its note, and whether its checksum was
// compared.
func (r Row) Remark() string {
	switch {
	case !r.Verified:
		return r.Note
	case r.Note == "":
		return "verified"
	default:
		return r.Note + "; verified"
	}
}
