package queue

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"time"
)

// copy copies or moves what the job names.
func (t *task) copy(ctx context.Context) error {
	err := t.look(ctx)
	if err != nil && !t.restored {
		return err
	}
	if aimed := t.aim(); aimed != nil {
		return errors.Join(err, aimed)
	}
	if err != nil {
		return t.moved(ctx, err)
	}
	if t.same() {
		return Fail(ClassJob, "source and target are the same", nil)
	}
	here := t.kind == Move && t.from.ep == t.to.ep
	switch {
	case t.dir && t.inside():
		return Fail(ClassJob, "a directory cannot go into itself", nil)
	case t.dir && here:
		return t.moveDir(ctx)
	case t.dir:
		return t.scan(ctx)
	case here:
		return t.moveFile(ctx)
	}
	if err := t.copyFile(ctx); err != nil || t.kind == Copy {
		return err
	}
	t.q.written() // a source that is gone is then no loss
	return t.removeSource(ctx)
}

// moved deals with a source that could not be looked at: an earlier process may
// have moved it, and been killed before that was written down.
func (t *task) moved(ctx context.Context, err error) error {
	if t.kind != Move || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	dst, failed := t.standing(ctx, t.dst)
	switch {
	case failed != nil:
		return failed
	case dst == nil || dst.Type != t.entry.Type:
		return err
	case dst.Type == File && (dst.Size != t.entry.Size && !t.text || !sameTime(*dst, t.entry)):
		return err
	}
	return end(vDone, "was moved already")
}

// look makes sure that the source is known, and is something to copy. On the
// local disk that costs nothing, so what a pane saw a while ago is not trusted.
func (t *task) look(ctx context.Context) error {
	if t.kind == Move && t.from.ep == t.to.ep {
		if link, err := t.lookHere(ctx); link || err != nil {
			return err
		}
	}
	wasLink := t.fresh && t.entry.Type == Link
	known := t.fresh && t.first && (t.entry.Type == Dir || t.entry.Type == File && !t.from.ep.local)
	if !known {
		e, err := t.from.fs.Stat(ctx, t.src)
		if err != nil {
			return at(t.from, err)
		}
		t.entry = e
	}
	switch {
	case t.entry.Type == Other:
		return leave("a device, a pipe or a socket")
	case t.entry.Type == Link:
		return leave("a link that leads nowhere known")
	case t.entry.Type == Dir && wasLink:
		return leave("a link to a directory is not followed")
	}
	t.dir = t.entry.Type == Dir
	t.with(func(l *list) { l.learn(t.j, t.entry) })
	return nil
}

// lookHere finds out whether a move at one place moves a link or something
// special: that is renamed as it is, not followed.
func (t *task) lookHere(ctx context.Context) (bool, error) {
	if l, ok := t.from.fs.(Lstater); ok {
		e, err := l.Lstat(ctx, t.src)
		if err != nil {
			return false, at(t.from, err)
		}
		t.entry, t.fresh = e, true
	}
	if !t.fresh || t.entry.Type != Link && t.entry.Type != Other {
		return false, nil
	}
	t.with(func(l *list) { l.learn(t.j, t.entry) })
	return true, nil
}

// with runs f under the mutex. What it makes of the job is saved.
func (t *task) with(f func(l *list)) {
	t.q.mu.Lock()
	defer t.q.mu.Unlock()
	f(t.q.list)
	t.q.list.save(t.j)
	t.q.notify()
}

// aim makes the target's path. Local writes are held below the directory that
// was named: whatever names and links say, they do not leave it.
func (t *task) aim() error {
	if r, ok := t.to.fs.(Rooted); ok && t.under == nil {
		u, err := r.Under(t.base)
		if err != nil {
			return err
		}
		t.under = u
	}
	if t.as == "" {
		return Fail(ClassJob, t.src+": has no name to take over", nil)
	}
	var err error
	t.dst, err = t.disk().Join(t.dstDir, t.as)
	return err
}

// disk is where the target is written.
func (t *task) disk() FS {
	if t.under != nil {
		return t.under
	}
	return t.to.fs
}

// same reports whether source and target are one file.
func (t *task) same() bool {
	if t.from.ep != t.to.ep {
		return false
	}
	if s, ok := t.from.fs.(Samer); ok && s.SameFile(t.src, t.dst) {
		return true
	}
	return t.src == t.dst
}

// inside reports whether the target is below the source.
func (t *task) inside() bool {
	if t.from.ep != t.to.ep {
		return false
	}
	s, _ := t.from.fs.(Samer)
	for p := t.dst; ; {
		up := t.from.fs.Parent(p)
		if p == t.src || s != nil && s.SameFile(t.src, p) {
			return true
		}
		if up == p {
			return false
		}
		p = up
	}
}

// copyFile copies one file.
func (t *task) copyFile(ctx context.Context) error {
	if err := t.plan(); err != nil {
		return err
	}
	replace, err := t.settle(ctx)
	if errors.Is(err, errLanded) {
		t.landedBefore(ctx)
		return nil
	}
	if err != nil {
		return err
	}
	if done, err := t.copyApart(ctx, replace); done || err != nil {
		return err
	}
	open, cut := context.WithCancel(ctx)
	defer cut()
	if t.ahead == nil {
		t.cut = cut
	}
	t.muster(ctx)
	defer t.crew.disband(t.q)
	src, offset, err := t.source(open)
	if err != nil {
		return err
	}
	t.reading = src
	grows, err := t.partPath()
	if err != nil {
		t.abandon(src)
		return err
	}
	t.begins(t.inPlace(offset))
	c := t.commit(replace, offset)
	sink, err := t.disk().Create(ctx, grows, t.length(offset), c)
	if err != nil {
		t.abandon(src)
		if !t.to.ep.local && FailureOf(err).Class != ClassJob {
			_ = t.begun(ctx) // the server may have begun it
		}
		if t.length(offset) > 0 && FailureOf(err).Class == ClassJob {
			return end(vAnew, "started anew: the target cannot be continued")
		}
		return at(t.to, err)
	}
	t.writing = sink
	if err = t.begun(ctx); err != nil {
		_ = sink.Abort() // the first error matters
		t.abandon(src)
	} else {
		err = t.pour(ctx, src, sink, offset)
	}
	t.reading, t.writing = nil, nil
	return err
}

// landedBefore ends a copy that an earlier attempt had made.
func (t *task) landedBefore(ctx context.Context) {
	t.note("the connection ended when all was done")
	t.unrecord(ctx)
	t.sweep(ctx)
	t.with(func(l *list) {
		t.run.meter.start(t.entry.Size, time.Now())
		l.copied(t.j)
	})
}

// begins takes down that bytes begin to move, behind those that are there.
func (t *task) begins(there int64) {
	t.with(func(*list) {
		t.run.meter.start(there, time.Now())
		t.run.pouring = true
		if there > 0 {
			t.j.more().note = "resumed at " + bytesText(there)
		}
	})
	if t.single != "" {
		t.note(t.single)
	}
}

// commit says what makes the target whole.
func (t *task) commit(replace bool, offset int64) Commit {
	c := Commit{Final: t.dst, Replace: replace, Size: t.entry.Size, Time: t.entry.Time}
	if (t.modes || t.from.ep.local && t.to.ep.local) && t.entry.HasMode {
		c.Mode = t.entry.Mode.Perm() // and nothing that makes a program run as somebody else
	}
	if t.proof != nil && t.proof.to != nil {
		c.SumBy = t.proof.to.by
	}
	if t.text || t.verify == VerifyOff && !t.to.ep.local && offset == 0 {
		c.Size = -1
	}
	return c
}

// pour moves the bytes and gathers the verdicts: the source's end, its good
// close, the size, and last the sink's, which makes the file whole.
func (t *task) pour(ctx context.Context, src io.ReadCloser, sink Sink, offset int64) error {
	first, err := src, error(nil)
	if s := t.segments(sink, offset); s != nil {
		src, err = s.fetch(ctx, first)
	} else {
		err = t.stream(ctx, sink, src)
	}
	if err != nil {
		_ = sink.Abort() // the first error matters
		t.abandon(first)
		return err
	}
	t.with(func(l *list) { l.finishing(t.j) })
	if err := src.Close(); err != nil {
		_ = sink.Abort() // the first error matters
		return at(t.from, err)
	}
	t.remark(src)
	return t.conclude(ctx, sink)
}

// conclude makes a target whole whose bytes are there, if they are the source's.
func (t *task) conclude(ctx context.Context, sink Sink) error {
	err := t.unchanged(ctx, sink)
	if err == nil {
		err = t.proveSource(ctx, sink)
	}
	if err != nil {
		_ = sink.Abort() // the first error matters
		return t.unequal(ctx, err)
	}
	t.with(func(*list) { t.j.more().part.sent = true })
	t.q.written() // if we are killed behind the rename, the next process knows whose file that is
	t.ashore()
	err = sink.Close()
	if errors.Is(err, fs.ErrExist) {
		return t.raced(err)
	}
	t.unheard(err)
	if err != nil {
		return at(t.to, err)
	}
	t.remark(sink)
	t.verified(sink)
	t.unrecord(ctx)
	t.with(func(l *list) { l.copied(t.j) })
	return nil
}

// remark takes over what a stream has to say about its end.
func (t *task) remark(stream any) {
	if n, ok := stream.(Noter); ok && n.Note() != "" {
		t.note(n.Note())
	}
}

// note adds a few words to the job's row.
func (t *task) note(words string) {
	t.with(func(*list) {
		x := t.j.more()
		if x.note != "" {
			x.note += "; "
		}
		x.note += words
	})
}

// abandon closes a source before its end. What that does to the session its
// FS knows.
func (t *task) abandon(src io.Closer) { _ = src.Close() }

// raced deals with a target that appeared while its file was copied: the next
// turn sees it and asks. A target that is never seen is a failure.
func (t *task) raced(err error) error {
	if t.first {
		return end(vAgain, "")
	}
	if t.restored && !t.to.ep.local {
		return Fail(ClassAttempt, t.dst+" has appeared", err) // it may be what an earlier process sent
	}
	return at(t.to, err)
}

// lock takes the target for this job alone. Where it is taken the job waits.
func (t *task) lock() error {
	key := t.to.ep.address + "\x00" + t.dst
	if f, ok := t.to.fs.(Folder); ok {
		key = f.Fold(key)
	}
	t.q.mu.Lock()
	defer t.q.mu.Unlock()
	if t.run.key != "" && t.run.key != key {
		t.q.list.free(t.j, t.run.key)
		t.run.key = ""
	}
	if !t.q.list.take(t.j, key) {
		return end(vParked, "")
	}
	t.run.key = key
	return nil
}
