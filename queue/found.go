package queue

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
)

// maxParts is how many parts of other downloads a target may have beside it.
const maxParts = 20

// partTarget is the name that the nth part of a target is named after.
func partTarget(name string, n int) string {
	if n == 0 {
		return name
	}
	return fmt.Sprintf("%s~%d", name, n)
}

// partOf returns what the part is named after: the target, unless the part of
// another download has that name, or the target got its name later.
func (t *task) partOf() string {
	switch {
	case t.part != nil && t.part.name != "":
		return t.part.name
	case t.grows != "":
		return t.grows
	default:
		return t.as
	}
}

// partPath returns the path under which the target grows.
func (t *task) partPath() (string, error) {
	if t.part != nil && t.part.apart {
		return t.disk().Join(t.dstDir, apartName(t.partOf()))
	}
	return t.disk().Join(t.dstDir, PartName(t.partOf()))
}

// seek looks for a part that this job knows nothing of: an earlier process
// left it. One whose record names the source is taken for the job's own, still
// to be proved. A large one that nothing, or something else, is said of may be
// hours of somebody's downloading: it is left alone, and this download grows
// under another name. A small one is not worth a name.
func (t *task) seek(ctx context.Context) error {
	if t.part != nil || !t.to.ep.local {
		return nil
	}
	if t.free && t.first && t.entry.Size >= 0 && t.entry.Size < recordFrom {
		return nil // its directory was read: nothing was there
	}
	for n := range maxParts {
		name := partTarget(t.as, n)
		path, err := t.disk().Join(t.dstDir, PartName(name))
		if err != nil {
			return err
		}
		e, err := t.standing(ctx, path)
		if err != nil {
			return err
		}
		if e == nil || e.Type == File && e.Size < recordFrom {
			t.grows, t.recorded = name, e != nil
			return nil
		}
		r, err := t.readRecord(ctx, name)
		if err != nil {
			return err
		}
		if e.Type == File && r != nil && r.Source == sourceName(t.origin()) {
			t.part = r.part()
			t.part.name, t.recorded = name, true
			t.with(func(*list) { t.j.more().part = t.part })
			return nil
		}
	}
	return Fail(ClassJob, fmt.Sprintf("%s: %d parts of other downloads stand beside it; remove those that nobody needs", t.dst, maxParts), nil)
}

// newPart is a part of the source as it is now.
func (t *task) newPart() *part {
	return &part{size: t.entry.Size, time: t.entry.Time, prec: t.entry.Precision, name: t.partOf()}
}

// begun notes in the job, and beside the part, what the part is a part of.
func (t *task) begun(ctx context.Context) error {
	var r *record
	t.with(func(*list) {
		x := t.j.more()
		if x.part == nil {
			x.part = t.newPart()
		}
		t.part = x.part
		r = newRecord(t.origin(), x.part)
		r.Spans = t.kept()
	})
	if r.Size < recordFrom {
		return nil
	}
	t.recorded = true
	return t.writeRecord(ctx, t.partOf(), r)
}

// unrecord takes the record away once nothing is left to go on with. One that
// stays does no harm: it never stands for a part alone.
func (t *task) unrecord(ctx context.Context) {
	if t.recorded || t.part != nil && t.part.size >= recordFrom {
		_ = t.removeRecord(context.WithoutCancel(ctx), t.partOf())
	}
}

// forsake removes a part that turned out to be none of its source, where the
// next attempt would take it for one again. What another process is writing
// stays, and is the error. A part that was the target before is given back.
func (t *task) forsake(ctx context.Context) error {
	if t.part == nil {
		return nil
	}
	if !t.to.ep.local {
		t.void()
		return nil
	}
	path, err := t.partPath()
	if err != nil {
		return err
	}
	if t.part.adopted {
		err = t.disk().Rename(ctx, path, t.dst)
	} else {
		var s Sink
		if s, err = t.disk().Create(ctx, path, 0, Commit{Size: -1}); err == nil {
			_ = s.Abort() // it is empty, and goes
			err = t.disk().Remove(ctx, path)
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return at(t.to, err)
	}
	t.unrecord(ctx)
	return nil
}
