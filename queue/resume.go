package queue

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
)

// window is how much of the end of a part is compared with the source before
// a byte is added to it.
const window = 64 << 10

// source opens the source behind what a proven part holds, or at its start.
func (t *task) source(ctx context.Context) (io.ReadCloser, int64, error) {
	if t.ahead != nil {
		src := t.ahead
		t.ahead = nil
		return src, t.aheadAt, nil
	}
	if err := t.seek(ctx); err != nil {
		return nil, 0, err
	}
	again := t.again()
	if t.part != nil {
		src, size, err := t.resume(ctx)
		if err != nil || src != nil {
			return src, size, err
		}
		t.grows, t.part = t.partOf(), nil
		t.with(func(*list) { t.j.more().part = nil })
	}
	if again {
		if err := t.renew(ctx); err != nil {
			return nil, 0, err
		}
	}
	t.announce()
	src, err := t.open(ctx)
	return src, 0, at(t.from, err)
}

// resume opens the source behind the part of an earlier attempt. Without a
// part it returns nil; one that does not belong to the source ends the task.
func (t *task) resume(ctx context.Context) (io.ReadCloser, int64, error) {
	path, err := t.partPath()
	if err != nil || t.part.void || t.brief() {
		return nil, 0, err
	}
	p, err := t.standing(ctx, path)
	switch {
	case err != nil:
		return nil, 0, err
	case p == nil || p.Size <= 0 || p.Type != File:
		return nil, 0, nil
	case t.text:
		return nil, 0, end(vAnew, "started anew: "+notInText)
	case t.part.size != t.entry.Size || !t.part.when(t.entry):
		return nil, 0, end(vAnew, "started anew: the source changed")
	case t.entry.Size >= 0 && p.Size > t.entry.Size:
		return nil, 0, end(vAnew, "started anew: the part was longer than the source")
	}
	t.sharpen()
	if err := t.scattered(ctx, p.Size); err != nil {
		return nil, 0, err
	}
	src, size, err := t.behind(ctx, path, p.Size)
	switch {
	case err == nil && src == nil:
		err = end(vAnew, "started anew: the part did not match the source")
	case t.vanished(err):
		err = Fail(ClassAttempt, path+" was there a moment ago", err)
	case err != nil && neverMidway(err):
		err = end(vAnew, "started anew: "+FailureOf(err).Text)
	}
	return src, size, err
}

// behind opens the source behind what is in place of a part, which has to agree
// with it; nil where it does not.
func (t *task) behind(ctx context.Context, path string, size int64) (io.ReadCloser, int64, error) {
	if t.spans != nil {
		return t.goOn(ctx, path)
	}
	if err := t.catchUp(ctx, path, size); err != nil {
		return nil, 0, err
	}
	src, err := t.prove(ctx, path, size)
	return src, size, err
}

// when reports whether e, the source now, has the time that the part's source
// had. A listing may have told that by the minute, and MDTM tells it by the second.
func (p *part) when(e Entry) bool {
	prec := max(p.prec, e.Precision)
	switch {
	case prec == Second || p.time.IsZero() || e.Time.IsZero():
		return p.time.Equal(e.Time)
	case e.Precision != Day && p.prec == Day:
		return onDay(e.Time, p.time)
	case e.Precision == Day && p.prec != Day:
		return onDay(p.time, e.Time)
	}
	step := prec.step()
	return p.time.Truncate(step).Equal(e.Time.Truncate(step))
}

// neverMidway reports whether a file that is there could not be opened behind
// its start: one of the ends cannot begin in the middle.
func neverMidway(err error) bool {
	f := FailureOf(err)
	return f.Class == ClassJob && f.Ask == AskNothing && !errors.Is(err, fs.ErrNotExist)
}

// prove compares the last bytes before size of a file at the target with the
// source, and returns the source opened at size; nil when they differ.
func (t *task) prove(ctx context.Context, path string, size int64) (io.ReadCloser, error) {
	n := min(size, window)
	if src, err := t.matchSum(ctx, path, size, n); src != nil || err != nil {
		return src, err
	}
	tail, err := t.tail(ctx, path, size-n, n)
	if err != nil || tail == nil {
		return nil, err
	}
	return t.match(ctx, tail, size-n)
}

// match opens the source at offset and compares it with what is there. It
// returns the stream behind that; nil when they differ.
func (t *task) match(ctx context.Context, tail []byte, offset int64) (io.ReadCloser, error) {
	src, err := t.from.fs.Open(ctx, t.src, offset)
	if err != nil {
		return nil, at(t.from, err)
	}
	got := make([]byte, len(tail))
	_, err = io.ReadFull(src, got)
	short := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err == nil && bytes.Equal(tail, got) {
		return src, nil
	}
	t.abandon(src)
	if err != nil && !short {
		return nil, at(t.from, err)
	}
	return nil, nil
}

// tail reads the last n bytes of a file at the target, from offset on; nil
// when there are not so many.
func (t *task) tail(ctx context.Context, path string, offset, n int64) ([]byte, error) {
	f, err := t.disk().Open(ctx, path, offset)
	if err != nil {
		return nil, at(t.to, err)
	}
	tail := make([]byte, n+1)
	got, err := io.ReadFull(f, tail)
	switch {
	case err == nil:
		t.abandon(f) // longer than it was a moment ago
		return nil, nil
	case !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF):
		t.abandon(f)
		return nil, at(t.to, err)
	}
	if err := f.Close(); err != nil {
		return nil, at(t.to, err)
	}
	if int64(got) != n {
		return nil, nil
	}
	return tail[:n], nil
}

// adopt goes on behind a target that is a beginning of the source: it becomes
// the part. One that is not is a question, never a loss.
func (t *task) adopt(ctx context.Context, dst Entry) (replace bool, err error) {
	if dst.Size == 0 {
		return true, nil // nothing to lose
	}
	if dst.Size < t.entry.Size {
		if err := t.catchUp(ctx, t.dst, dst.Size); err != nil {
			return false, err
		}
	}
	src, err := t.prove(ctx, t.dst, dst.Size)
	if err != nil {
		if neverMidway(err) {
			return false, t.ask(dst, "cannot be resumed: "+FailureOf(err).Text)
		}
		return false, err
	}
	if src == nil {
		return false, t.ask(dst, "cannot be resumed: it is not the beginning of the source")
	}
	if dst.Size == t.entry.Size {
		t.abandon(src)
		return false, end(vSkipped, "is there already, whole")
	}
	if err := t.takeOver(ctx); err != nil {
		t.abandon(src)
		return false, err
	}
	t.ahead, t.aheadAt = src, dst.Size
	return false, nil
}

// takeOver makes the target the part.
func (t *task) takeOver(ctx context.Context) error {
	if err := t.dropApart(ctx, ""); err != nil {
		return err
	}
	if err := t.seek(ctx); err != nil {
		return err
	}
	path, err := t.partPath()
	if err != nil {
		return err
	}
	if err := t.disk().Remove(ctx, path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return at(t.to, err)
	}
	t.part = &part{size: t.entry.Size, time: t.entry.Time, prec: t.entry.Precision, name: t.partOf(), adopted: true}
	t.with(func(*list) { t.j.more().part = t.part })
	t.q.written() // whoever goes on after us has to give it back its name
	if t.part.size >= recordFrom {
		t.recorded = true
		if err := t.writeRecord(ctx, t.partOf(), newRecord(t.origin(), t.part)); err != nil {
			return err
		}
	}
	if err := t.disk().Rename(ctx, t.dst, path); err != nil {
		t.part = nil
		t.with(func(*list) { t.j.more().part = nil })
		return at(t.to, err)
	}
	return nil
}

// tidy removes the part of a cancelled copy. A part that was the target
// before is given back.
func (t *task) tidy(ctx context.Context) error {
	if t.part == nil {
		return nil
	}
	if err := t.aim(); err != nil {
		return err
	}
	path, err := t.partPath()
	if err != nil {
		return err
	}
	defer t.unrecord(ctx)
	if t.part.adopted {
		return at(t.to, t.disk().Rename(ctx, path, t.dst))
	}
	if err := t.disk().Remove(ctx, path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return at(t.to, err)
	}
	return nil
}
