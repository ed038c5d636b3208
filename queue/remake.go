package queue

import (
	"context"
	"errors"
	"io/fs"
)

// remade makes the directories that were to hold the target, where they are
// missing: an earlier process made them and wrote that down, and a power cut
// took them from the disk. It reports whether that was what err is about, so
// that the job begins again. The directory that a person named is not made.
func (t *task) remade(ctx context.Context, err error) bool {
	if err == nil || !t.restored || t.srcDir == "" || t.to == nil || ctx.Err() != nil {
		return false
	}
	if errors.As(err, new(*verdictError)) || errors.As(err, new(*heldError)) || FailureOf(err).Class != ClassJob {
		return false
	}
	if side := (*sideError)(nil); errors.As(err, &side) && side.s != t.to {
		return false
	}
	if t.to.fs == nil || !t.to.fs.Alive() {
		return false
	}
	missing := t.missing(ctx)
	made := false
	for i := len(missing) - 1; i >= 0; i-- {
		if t.disk().Mkdir(ctx, missing[i]) == nil {
			made = true
		} else if there, err := t.standing(ctx, missing[i]); err != nil || there == nil {
			return false // what stopped the job says more
		}
	}
	return made || t.byAnother(err)
}

// byAnother reports whether another job may just have made what this one lacked.
// That is believed once.
func (t *task) byAnother(err error) (once bool) {
	code := FailureOf(err).Code
	if !errors.Is(err, fs.ErrNotExist) && code != 550 && code != 553 { // many servers say no more
		return false
	}
	t.with(func(*list) {
		x := t.j.more()
		once, x.remade = !x.remade, true
	})
	return once
}

// missing returns the target's directories that are not there, the deepest
// first; none where that cannot be told.
func (t *task) missing(ctx context.Context) (out []string) {
	for dir := t.dstDir; dir != t.base; {
		there, err := t.standing(ctx, dir)
		switch {
		case err != nil:
			return nil
		case there != nil:
			return out
		}
		out = append(out, dir)
		up := t.disk().Parent(dir)
		if up == dir || len(out) > maxDepth {
			return nil
		}
		dir = up
	}
	return out
}
