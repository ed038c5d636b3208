package queue

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// removeSource ends a move: the copy is whole, the source goes.
func (t *task) removeSource(ctx context.Context) error {
	f := t.from.fs
	if !t.dir {
		err := f.Remove(ctx, t.src)
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if g := FailureOf(err); g.Class == ClassJob {
			return Fail(ClassJob, "copied, but the source stays: "+g.Text, err)
		}
		return at(t.from, err)
	}
	err := f.RemoveDir(ctx, t.src)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if g := FailureOf(err); g.Class == ClassJob {
		return end(vDone, "the source directory stays: "+g.Text)
	}
	return at(t.from, err)
}

// moveFile renames a file at its own place.
func (t *task) moveFile(ctx context.Context) error {
	if t.policy == ExistsResume {
		t.policy = ExistsAsk // there is nothing to resume in a rename
	}
	replace, err := t.settle(ctx)
	if err != nil {
		return err
	}
	t.q.written() // who goes on after us knows what was to be moved
	if !replace {
		err = t.to.fs.Rename(ctx, t.src, t.dst)
	} else {
		err = t.swap(ctx)
	}
	switch {
	case err == nil:
		t.arrived()
		return nil
	case errors.Is(err, syscall.EXDEV) && t.entry.Type != File:
		return leave("a link or a special file does not move to another disk")
	case errors.Is(err, syscall.EXDEV):
		if err := t.copyFile(ctx); err != nil {
			return err
		}
		return t.removeSource(ctx)
	case errors.Is(err, fs.ErrExist) && t.first:
		return end(vAgain, "")
	}
	return at(t.to, err)
}

// arrived counts a file that came without its bytes being copied.
func (t *task) arrived() {
	if t.entry.Size > 0 {
		t.run.meter.bytes.Store(t.entry.Size)
	}
}

// swap renames the source over the target, which stays until that is done.
func (t *task) swap(ctx context.Context) error {
	f := t.to.fs
	aside, err := f.Join(t.dstDir, PartName("old."+t.as))
	if err != nil {
		return err
	}
	if err := f.Rename(ctx, t.dst, aside); err != nil {
		return err
	}
	if err := f.Rename(ctx, t.src, t.dst); err != nil {
		if back := f.Rename(ctx, aside, t.dst); back != nil {
			return Fail(ClassJob, "the old "+t.dst+" is now "+aside+": "+err.Error(), err)
		}
		return err
	}
	return f.Remove(ctx, aside)
}

// moveDir renames a directory at its own place, or moves its files one by one
// where there is one of that name already.
func (t *task) moveDir(ctx context.Context) error {
	dst, err := t.standing(ctx, t.dst)
	switch {
	case err != nil:
		return err
	case dst != nil && dst.Type == Dir:
		return t.scan(ctx)
	case dst != nil:
		return Fail(ClassJob, t.dst+" exists and is not a directory", &ExistsError{Path: t.dst})
	}
	t.q.written() // who goes on after us knows that it was a directory
	err = t.to.fs.Rename(ctx, t.src, t.dst)
	if errors.Is(err, syscall.EXDEV) || errors.Is(err, fs.ErrExist) {
		return t.scan(ctx)
	}
	return at(t.to, err)
}

// tally counts what a deletion did.
type tally struct {
	removed, failed int
	first           error
}

// delete removes what the job names and all below it, and nothing else: links
// are removed, not followed.
func (t *task) delete(ctx context.Context) error {
	f := t.from.fs
	up := f.Parent(t.src)
	if up == t.src {
		return Fail(ClassJob, "the whole of "+t.src+" is never deleted", nil)
	}
	if r, ok := f.(Rooted); ok {
		u, err := r.Under(up)
		if err != nil {
			return err
		}
		t.under, f = u, u
	}
	kind, err := t.typeOf(ctx, f, up)
	if t.restored && errors.Is(err, fs.ErrNotExist) {
		return end(vDone, "is gone already")
	}
	if err != nil {
		return err
	}
	if kind != Dir {
		if err := f.Remove(ctx, t.src); err != nil {
			return at(t.from, err)
		}
		return end(vDone, "")
	}
	n := &tally{}
	if err := t.removeTree(ctx, f, t.src, n, 0); err != nil {
		return at(t.from, err)
	}
	if n.failed > 0 {
		return Fail(ClassJob, fmt.Sprintf("%s: %v", plural(n.failed, n.failed+n.removed, "not removed"), n.first), n.first)
	}
	return end(vDone, fmt.Sprintf("%d removed", n.removed))
}

// typeOf tells a directory from a link to one.
func (t *task) typeOf(ctx context.Context, f FS, up string) (Type, error) {
	if l, ok := f.(Lstater); ok {
		e, err := l.Lstat(ctx, t.src)
		return e.Type, at(t.from, err)
	}
	if t.fresh && t.first {
		return t.entry.Type, nil
	}
	name := baseName(t.from.ep.address, t.src)
	found := (*Entry)(nil)
	for e, err := range f.List(ctx, up) {
		if err != nil {
			return 0, at(t.from, err)
		}
		if e.Name == name && found == nil {
			found = &e
		}
	}
	if found == nil {
		return 0, at(t.from, &fs.PathError{Op: "remove", Path: t.src, Err: fs.ErrNotExist})
	}
	return found.Type, nil
}

// removeTree removes a directory from the bottom up. What cannot be removed is
// counted; an error of the session ends it.
func (t *task) removeTree(ctx context.Context, f FS, dir string, n *tally, depth int) error {
	rows, err := t.rows(ctx, f, dir)
	if err != nil || depth > maxDepth {
		if err == nil {
			err = Fail(ClassJob, dir+": more than 64 levels deep", nil)
		}
		return t.count(ctx, n, err)
	}
	var files []Removal
	for _, e := range rows {
		path, err := "", error(nil)
		if e.Name == "" || e.Reason != "" {
			err = Fail(ClassJob, dir+": a row that cannot be read: "+e.Reason, nil)
		} else {
			path, err = f.Join(dir, e.Name)
		}
		switch {
		case err != nil:
			err = t.count(ctx, n, err)
		case e.Type == Dir:
			err = t.removeTree(ctx, f, path, n, depth+1)
		default:
			files = append(files, Removal{Path: path})
		}
		if err != nil {
			return err
		}
	}
	return t.removeAll(ctx, f, append(files, Removal{Path: dir, Dir: true}), n)
}

// removeAll carries out removals, at once where the file system can.
func (t *task) removeAll(ctx context.Context, f FS, removals []Removal, n *tally) error {
	if b, ok := f.(Batch); ok {
		var ends error
		err := b.RemoveAll(ctx, removals, func(_ int, err error) {
			if err = t.count(ctx, n, err); err != nil && ends == nil {
				ends = err
			}
		})
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case ends != nil:
			return ends
		}
		return err
	}
	for _, r := range removals {
		remove := f.Remove
		if r.Dir {
			remove = f.RemoveDir
		}
		if err := t.count(ctx, n, remove(ctx, r.Path)); err != nil {
			return err
		}
	}
	return nil
}

// rows reads a directory whole: a session does one thing at a time.
func (t *task) rows(ctx context.Context, f FS, dir string) ([]Entry, error) {
	var rows []Entry
	for e, err := range f.List(ctx, dir) {
		if err != nil {
			return nil, err
		}
		rows = append(rows, Entry{Name: e.Name, Type: e.Type, Reason: e.Reason})
	}
	return rows, nil
}

// count counts one removal, and passes on what is not its fault.
func (t *task) count(ctx context.Context, n *tally, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		n.removed++
		t.run.meter.bytes.Add(1)
	case errors.Is(err, fs.ErrNotExist):
	case FailureOf(err).Class != ClassJob:
		return err
	default:
		if n.failed++; n.first == nil {
			n.first = err
		}
	}
	return nil
}
