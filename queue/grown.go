package queue

import (
	"context"
	"fmt"
	"io"
)

// unchanged compares what came with what was promised. A source that changed
// while it was sent is sent once again, and then given up.
func (t *task) unchanged(ctx context.Context, sink Sink) error {
	got, want := t.run.meter.bytes.Load(), t.entry.Size
	changed := false
	if t.from.ep.local {
		now, err := t.from.fs.Stat(ctx, t.src)
		if err != nil {
			return at(t.from, err)
		}
		changed = now.Size != want || !now.Time.Equal(t.entry.Time)
	}
	switch {
	case !changed && translates(t.from.fs):
		t.arrived() // as many as it has there, whatever it has here
		return nil
	case !changed && (want < 0 || got == want):
		return nil
	case !changed && got > want:
		if done, err := t.outgrown(ctx, sink, got); done || err != nil {
			return err
		}
	case !changed && got < want:
		return at(t.from, Fail(ClassAttempt, fmt.Sprintf("the source ended after %d of %d bytes", got, want), io.ErrUnexpectedEOF))
	}
	return t.changed()
}

// changed sends a source once again that is not what it was, and gives up the
// second time.
func (t *task) changed() error {
	if t.anew > 0 {
		return Fail(ClassJob, "the source keeps changing while it is copied", nil)
	}
	t.with(func(*list) { t.j.more().anew++ })
	return end(vAnew, "started anew: the source changed while it was copied")
}

// outgrown deals with a server that sent more than its file had when it was
// looked at. What a file that grew meanwhile has more by now is fetched, once:
// then it is whole as far as it came, and it is not for us to wait until it ends.
func (t *task) outgrown(ctx context.Context, sink Sink, got int64) (done bool, err error) {
	now, err := t.from.fs.Stat(ctx, t.src)
	if err != nil {
		return false, at(t.from, err)
	}
	longer, ok := sink.(Resizer)
	switch {
	case now.Size == t.entry.Size:
		return false, Fail(ClassJob, fmt.Sprintf("the server sent %d bytes of a file of %d: it may translate line ends", got, now.Size), nil)
	case now.Size < got || !ok:
		return false, nil
	case now.Size > got && t.to.ep.local:
		if got, now, err = t.rest(ctx, sink, got, now); err != nil {
			return false, err
		}
		if now.Size < got { // cut meanwhile: what came is no beginning of it
			return false, nil
		}
	}
	if now.Size > got {
		t.note("grew while it was copied, and grows still")
	} else {
		t.note("grew while it was copied")
	}
	longer.Resize(got)
	return true, nil
}

// rest fetches what a source has behind got bytes, if it continues what came. It
// returns how many there are then, and the source as it is then.
func (t *task) rest(ctx context.Context, sink Sink, got int64, now Entry) (int64, Entry, error) {
	path, err := t.partPath()
	if err != nil {
		return got, now, err
	}
	src, err := t.prove(ctx, path, got)
	switch {
	case err != nil && neverMidway(err), err == nil && src == nil:
		return got, now, nil // the server begins at the start alone, or it is another file by now
	case err != nil:
		return got, now, err
	}
	if err = t.stream(ctx, sink, src); err != nil {
		t.abandon(src)
		return got, now, err
	}
	if err = src.Close(); err != nil {
		return got, now, at(t.from, err)
	}
	now, err = t.from.fs.Stat(ctx, t.src)
	return t.run.meter.bytes.Load(), now, at(t.from, err)
}
