package queue

import (
	"context"
	"errors"
	"io/fs"
)

// copyApart sends a big file by several streams where that was asked for and
// the server lets several write one file. done is that the copy is made. Where
// one stream has to do, the job says why.
func (t *task) copyApart(ctx context.Context, replace bool) (done bool, err error) {
	if !t.separable() {
		return false, t.dropApart(ctx, "started anew: by one stream")
	}
	why, err := t.patches(ctx)
	if err != nil {
		return false, err
	}
	if why != "" {
		t.single = "one stream: " + why
		return false, t.dropApart(ctx, "")
	}
	spans, err := t.inPlaceApart(ctx)
	if err != nil {
		return false, err
	}
	if err := t.beginApart(ctx, spans); err != nil {
		return false, err
	}
	path, err := t.partPath()
	if err != nil {
		return false, err
	}
	if err := t.newSending(path, spans).send(ctx); err != nil {
		return false, err
	}
	return true, t.finishApart(ctx, path, replace)
}

// separable reports whether the file may be sent by several streams, as far as
// that depends on us. A part that one stream made goes on by one.
func (t *task) separable() bool {
	if t.q.opt.Segments < 2 || t.text || !t.from.ep.local || t.to.ep.local || t.ahead != nil || t.entry.Size < 2*leastPiece {
		return false
	}
	if _, ok := t.to.fs.(Patcher); !ok {
		return false
	}
	return t.part != nil && t.part.apart || t.part == nil && !t.q.contested(t.to.ep)
}

// patches says in a few words why the server cannot have the file by several
// streams; "" where it can. What nobody knows yet is tried.
func (t *task) patches(ctx context.Context) (why string, err error) {
	known, why := t.to.fs.(Patcher).Patches()
	if known {
		return why, nil
	}
	ep := t.to.ep
	const alone = "no second connection is to be had"
	if !t.q.extra(ep) {
		return alone, nil
	}
	other, err := t.q.open(ctx, ep, true)
	if err != nil {
		t.q.give(&session{ep: ep})
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return alone, nil
	}
	err = t.tryPatches(ctx, other)
	t.q.give(other)
	if err != nil {
		return "", err
	}
	if known, why = t.to.fs.(Patcher).Patches(); !known {
		why = "whether the server takes several is not known"
	}
	return why, nil
}

// tryPatches finds out whether the server lets several write one file. An error
// of the trial is none of the copy's, as long as the session lives.
func (t *task) tryPatches(ctx context.Context, other *session) error {
	path, err := t.disk().Join(t.dstDir, trialName(t.as))
	if err != nil {
		return err
	}
	if err = t.to.fs.(Patcher).TryPatches(ctx, other.fs, path); err != nil {
		other.broken = true
	}
	if err == nil || t.to.fs.Alive() {
		err = t.to.fs.Remove(ctx, path)
	}
	if err != nil && (ctx.Err() != nil || !t.to.fs.Alive()) {
		return at(t.to, err)
	}
	return nil
}

// beginApart takes down what the part is, before a byte of it is sent: what was
// known of an earlier one holds no more.
func (t *task) beginApart(ctx context.Context, spans [][2]int64) error {
	there := int64(0)
	for _, s := range spans {
		there += s[1] - s[0]
	}
	t.part = &part{size: t.entry.Size, time: t.entry.Time, prec: t.entry.Precision, name: t.partOf(), apart: true, spans: spans}
	t.with(func(*list) { t.j.more().part = t.part })
	t.q.written() // a span of which a later process knows is never sent again in another order
	t.begins(there)
	return ctx.Err()
}

// keepApart takes down which ranges of the part should be there.
func (t *task) keepApart(spans [][2]int64) {
	p := *t.part
	p.spans = spans
	t.part = &p
	t.with(func(*list) { t.j.more().part = t.part })
}

// dropApart removes a part that several streams wrote, if there is one: nothing
// else can go on with it.
func (t *task) dropApart(ctx context.Context, why string) error {
	if t.part == nil || !t.part.apart {
		return nil
	}
	path, err := t.partPath()
	if err != nil {
		return err
	}
	if err := t.disk().Remove(ctx, path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return at(t.to, err)
	}
	t.part = nil
	t.with(func(*list) {
		t.j.more().part = nil
		if why != "" {
			t.j.more().note = why
		}
	})
	return nil
}

// finishApart gives the part, which is there in all its length, its name.
func (t *task) finishApart(ctx context.Context, path string, replace bool) error {
	if err := t.revive(ctx); err != nil {
		return err
	}
	t.with(func(l *list) {
		t.run.meter.bytes.Store(t.entry.Size)
		l.finishing(t.j)
	})
	if err := t.catchUp(ctx, path, t.entry.Size); err != nil {
		return err
	}
	p, ok := t.to.fs.(Patcher)
	if !ok {
		return end(vAgain, "")
	}
	sink, err := p.Finish(ctx, path, t.commit(replace, t.entry.Size))
	if err != nil {
		return at(t.to, err)
	}
	t.writing = sink
	err = t.conclude(ctx, sink)
	t.writing = nil
	return err
}
