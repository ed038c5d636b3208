package queue

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// ExistsError says that a target exists.
type ExistsError struct{ Path string }

// Error implements error.
func (e *ExistsError) Error() string { return e.Path + " exists" }

// Is makes it an fs.ErrExist.
func (e *ExistsError) Is(target error) bool { return target == fs.ErrExist }

// action is what to do about a target that exists.
type action uint8

const (
	actAsk action = iota
	actSkip
	actReplace
	actResume // go on behind what is there, if it proves to be the source's
	actRename
	actFail
)

// decide says what a policy means for a source and a target.
func decide(p Policy, src, dst Entry) (action, string) {
	switch p {
	case ExistsSkip:
		return actSkip, "exists"
	case ExistsOverwrite:
		return actReplace, ""
	case ExistsRename:
		return actRename, ""
	case ExistsFail:
		return actFail, ""
	case ExistsResume:
		if src.Size >= 0 && dst.Size >= 0 && dst.Size <= src.Size {
			return actResume, ""
		}
		return actAsk, "cannot be resumed: it is longer than the source"
	case ExistsNewer:
		switch newer, known := later(src, dst); {
		case !known:
			return actSkip, "exists; which is newer is not known"
		case newer:
			return actReplace, ""
		default:
			return actSkip, "exists and is not older"
		}
	case ExistsSize:
		switch {
		case src.Size < 0 || dst.Size < 0:
			return actSkip, "exists; its size is not known"
		case src.Size != dst.Size:
			return actReplace, ""
		default:
			return actSkip, "exists with the same size"
		}
	default:
		return actAsk, ""
	}
}

// later reports whether a is later than b, as exactly as the less exact of
// the two times tells.
func later(a, b Entry) (newer, known bool) {
	if a.Time.IsZero() || b.Time.IsZero() {
		return false, false
	}
	return a.Later(b) > 0, true
}

// Later returns how much later e is than o, as exactly as the less exact of
// the two times tells; 0 when one of them is not known.
func (e Entry) Later(o Entry) time.Duration {
	if e.Time.IsZero() || o.Time.IsZero() {
		return 0
	}
	step := max(e.Precision, o.Precision).step()
	return e.Time.Truncate(step).Sub(o.Time.Truncate(step))
}

// step is how far apart two times are that p can tell from each other.
func (p Precision) step() time.Duration {
	switch p {
	case Minute:
		return time.Minute
	case Day:
		return 24 * time.Hour
	default:
		return time.Second
	}
}

// question is what to ask about a target.
func question(src, dst Entry) *Question {
	q := &Question{Ask: AskExists, Source: src, Target: dst}
	if src.Size >= 0 && dst.Size >= 0 && dst.Size <= src.Size {
		q.Choices = append(q.Choices, ExistsResume)
	}
	q.Choices = append(q.Choices, ExistsOverwrite, ExistsNewer, ExistsSize, ExistsRename, ExistsSkip)
	return q
}

// settle decides about the target: it returns whether it may be replaced, or
// ends the task.
func (t *task) settle(ctx context.Context) (replace bool, err error) {
	if err := t.lock(); err != nil {
		return false, err
	}
	if t.free && t.first {
		return false, nil // and the commit replaces nothing
	}
	dst, err := t.standing(ctx, t.dst)
	if err != nil || dst == nil {
		return false, err
	}
	switch landed, err := t.landed(ctx, *dst); {
	case err != nil:
		return false, err
	case landed:
		return false, errLanded
	}
	if why := unfit(dst.Type); why != "" {
		return false, Fail(ClassJob, t.dst+why, nil)
	}
	if err := t.exact(ctx, *dst); err != nil {
		return false, err
	}
	act, note := t.decide(*dst)
	if t.asked != nil && (dst.Size != t.asked.Size || !dst.Time.Equal(t.asked.Time)) {
		act, note = actAsk, "" // not the target that was answered for
	}
	switch act {
	case actSkip:
		return false, end(vSkipped, note)
	case actFail:
		f := Fail(ClassJob, t.dst+" exists", &ExistsError{Path: t.dst})
		f.Ask = AskExists
		return false, f
	case actReplace:
		return true, nil
	case actRename:
		return false, t.rename(ctx)
	case actResume:
		return t.adopt(ctx, *dst)
	default:
		return false, t.ask(*dst, note)
	}
}

// errLanded says that the target is the one that was copied.
var errLanded = errors.New("the target is there already")

// landed reports whether an earlier attempt has given the target its name, and
// did not hear of it: the part is gone, and what has the name is as long. What
// an earlier process did last may have been lost with it, on a power cut: there
// a copy of the source's size and time is the one that was made.
func (t *task) landed(ctx context.Context, dst Entry) (bool, error) {
	if t.restored && t.kind == Copy && dst.Type == File && dst.Size == t.entry.Size && t.stamped(dst) {
		return true, nil
	}
	p := t.part
	if p == nil || !p.sent || p.size != t.entry.Size || !p.when(t.entry) || dst.Type != File || dst.Size != p.size && !(t.text && t.stamped(dst)) {
		return false, nil
	}
	path, err := t.partPath()
	if err != nil {
		return false, err
	}
	left, err := t.standing(ctx, path)
	return err == nil && left == nil, err
}

// stamped reports whether a target has the source's time: as it is told now, or
// as a listing told it that the earlier process went by.
func (t *task) stamped(dst Entry) bool {
	has := func(e Entry) bool { return !dst.Time.IsZero() && sameTime(dst, e) }
	return has(t.entry) || t.told.Size == t.entry.Size && sameTime(t.told, t.entry) && has(t.told)
}

// unfit says why a target of a type is never written over.
func unfit(y Type) string {
	switch y {
	case Dir:
		return " is a directory"
	case Other:
		return " is a device, a pipe or a socket"
	default:
		return ""
	}
}

// standing returns what is at path on the target's side, nil if nothing.
func (t *task) standing(ctx context.Context, path string) (*Entry, error) {
	e, err := t.disk().Stat(ctx, path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, at(t.to, err)
	}
	return &e, nil
}

// ask ends the task with the question what to do about the target, and why a
// policy does not answer it.
func (t *task) ask(dst Entry, why string) error {
	text := t.dst + " exists"
	if why != "" {
		text += " and " + why
	}
	f := Fail(ClassJob, text, &ExistsError{Path: t.dst})
	f.Ask = AskExists
	q := question(t.entry, dst)
	q.Why = why
	if t.text {
		q.Choices = slices.DeleteFunc(q.Choices, func(p Policy) bool { return p == ExistsResume || p == ExistsSize })
	}
	if t.kind == Move && t.from.ep == t.to.ep || why != "" { // what was tried is not offered again
		q.Choices = slices.DeleteFunc(q.Choices, func(p Policy) bool { return p == ExistsResume })
	}
	return &verdictError{result{verdict: vFailed, failure: f, question: q, bytes: -1}}
}

// rename finds a free name for the target.
func (t *task) rename(ctx context.Context) error {
	name := t.as
	for i := 1; i < 1000; i++ {
		t.as = numbered(name, i)
		if err := t.aim(); err != nil {
			return err
		}
		dst, err := t.standing(ctx, t.dst)
		if err != nil {
			return err
		}
		if dst == nil {
			if err = t.lock(); err == nil {
				t.with(func(l *list) { l.named(t.j, t.as) })
			}
			return err
		}
	}
	return Fail(ClassJob, t.dst+": no free name found", nil)
}

// numbered puts a number before a name's extension.
func numbered(name string, i int) string {
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		return fmt.Sprintf("%s-%d%s", name[:dot], i, name[dot:])
	}
	return fmt.Sprintf("%s-%d", name, i)
}

// foldLocal makes one key of names that one file answers to, where the usual
// local disks do not tell upper from lower case, or one way to write an accent
// from another.
func foldLocal(key string) string {
	switch runtime.GOOS {
	case "windows":
		return strings.ToLower(key)
	case "darwin":
		return strings.ToLower(norm.NFC.String(key))
	}
	return key
}

// bytesText is a number of bytes for a note.
func bytesText(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d bytes", n)
	}
	f, unit := float64(n), 0
	for f >= 999.5 && unit < 4 {
		f /= 1024
		unit++
	}
	return fmt.Sprintf("%.1f%c", f, " KMGT"[unit])
}
