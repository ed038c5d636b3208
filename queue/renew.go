package queue

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"strconv"
	"strings"
)

// An upload that breaks off may not be over at the server. Its last bytes, and
// even its STOR, may be on their way still when the next attempt begins: a
// process that was killed leaves them with its kernel, and a link that was cut
// delivers them when it is back. Under one name for all attempts they would
// empty the file that has begun to grow anew, or give it another time. So an
// upload that begins once more has a name of its own, which is on disk before the
// server hears of it. Behind a part that is gone on with the same bytes come late
// at worst: its STOR is over, or there would be no part.

// attempts is how many names there are for the attempts of one upload.
const attempts = 36 * 36 * 36 * 36

// attemptName is what the part of another attempt is named after.
func attemptName(name string) string {
	tag := strconv.FormatInt(attempts+rand.Int64N(attempts), 36)
	return name + "." + tag[1:]
}

// attemptIn returns the path of another attempt that a text begins with, where its
// first one grew at part; "" where it does not.
func attemptIn(text, part string) string {
	const after = ".portside"
	front := strings.TrimSuffix(part, after) + "."
	if end := len(front) + 4; strings.HasPrefix(text, front) && len(text) > end && strings.HasPrefix(text[end:], after) {
		return text[:end+len(after)]
	}
	return ""
}

// renew lets an upload begin once more, under another name. What an earlier
// attempt has left is removed; where the server does not allow that, it is
// written over.
func (t *task) renew(ctx context.Context) error {
	path, err := t.partPath()
	if err != nil {
		return err
	}
	if err := t.disk().Remove(ctx, path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		if FailureOf(err).Class == ClassJob {
			return nil
		}
		return at(t.to, err)
	}
	t.grows = attemptName(t.as)
	t.with(func(*list) {
		t.part = t.newPart()
		t.j.more().part = t.part
	})
	t.q.written() // if we are killed behind the STOR, the next process knows whose file that is
	return nil
}

// again reports whether an earlier attempt may have begun the upload.
func (t *task) again() bool { return !t.to.ep.local && (t.part != nil || !t.first) }

// void notes that nothing goes on from the part of an upload. The session may be
// over, so the next attempt removes it.
func (t *task) void() {
	t.with(func(*list) {
		if x := t.j.more(); x.part != nil && !x.part.apart {
			p := *x.part
			p.void = true
			x.part = &p
		}
	})
}

// vanished reports whether err is that the part of an upload is gone, which was
// looked at just now: a late rename has given it its name.
func (t *task) vanished(err error) bool {
	var side *sideError
	return errors.Is(err, fs.ErrNotExist) && errors.As(err, &side) && side.s == t.to && !t.to.ep.local
}

// sweep removes the part of an upload whose target an earlier process has made, at
// last. One that cannot be removed is no reason to fail: the target is whole.
func (t *task) sweep(ctx context.Context) {
	if t.part == nil || t.to.ep.local || !t.restored {
		return
	}
	if path, err := t.partPath(); err == nil {
		_ = t.disk().Remove(ctx, path)
	}
}

// brief reports whether the proof of a part would fetch as much as the whole
// upload sends.
func (t *task) brief() bool {
	return !t.to.ep.local && t.entry.Size >= 0 && t.entry.Size <= window && !t.part.adopted
}
