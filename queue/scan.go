package queue

import (
	"context"
	"errors"
	"io/fs"
	"time"
)

const (
	maxDepth  = 64
	scanBatch = 512
	scanPause = 250 * time.Millisecond // rows read are shown after this at the latest
	maxNames  = 1 << 20                // rows of a target that are remembered
)

// scan makes the target directory and a job for every row of the source.
func (t *task) scan(ctx context.Context) error {
	made, err := t.mkdir(ctx)
	if err != nil {
		return err
	}
	there := present{}
	if !made {
		if there, err = t.names(ctx); err != nil {
			return err
		}
	}
	seen := map[string]bool{}
	var late []child // whose targets stand there in other bytes
	twins := newTwins(t.disk())
	twins.meet(there)
	t.with(func(*list) {
		d := t.j.dir()
		d.src, d.dst = t.src, t.dst
		for c := t.j.child; c != nil; c = c.sibling {
			seen[c.name] = true // an earlier scan got this far
			twins.take("", c.targetName())
		}
	})
	var rows []child
	flushed := time.Now()
	for e, err := range t.from.fs.List(ctx, t.src) {
		if err != nil {
			return at(t.from, err)
		}
		c := t.child(e, seen, there)
		if c == nil {
			continue
		}
		if as := twins.row(c); as != "" {
			c.as, c.free = as, t.clear(as, there)
		} else if c.as != "" {
			late = append(late, *c)
			continue
		}
		rows = append(rows, *c)
		if len(rows) >= scanBatch || time.Since(flushed) > scanPause {
			if err := t.addRows(rows); err != nil {
				return err
			}
			rows, flushed = rows[:0], time.Now()
		}
	}
	if err := t.addRows(append(rows, settleNames(late, seen)...)); err != nil {
		return err
	}
	return end(vScanned, "")
}

// child makes a row of a listing the job of a child, or says why it is not
// copied. Rows of an earlier scan are nil.
func (t *task) child(e Entry, seen map[string]bool, there present) *child {
	c := &child{entry: e}
	switch {
	case e.Name == "":
		c.entry.Name = cut(e.Raw, 200)
		c.skip = "cannot be read: " + e.Reason
	case e.Reason != "":
		c.skip = e.Reason
	case e.Type == Other:
		c.skip = "a device, a pipe or a socket"
	case e.Type == Dir && t.depth+1 >= maxDepth:
		c.skip = "more than 64 levels deep"
	default:
		c.skip = t.refusal(e.Name)
	}
	if c.entry.Name == "" || seen[c.entry.Name] {
		return nil
	}
	seen[c.entry.Name] = true
	// Where the target was too long to remember, each file looks for itself.
	taken := false
	if c.as, taken = there.find(c.entry.Name); c.skip != "" {
		c.as = ""
	}
	c.free = !taken && t.clear(c.entry.Name, there)
	return c
}

// clear reports that no part stands where a target would grow.
func (t *task) clear(name string, there present) bool {
	if len(there) >= maxNames {
		return false
	}
	if !t.to.ep.local {
		return true
	}
	_, part := there[formKey(PartName(name))]
	return !part
}

// refusal says why a name cannot be used at one end or the other, or "".
func (t *task) refusal(name string) string {
	_, err := t.from.fs.Join(t.src, name)
	if err == nil {
		_, err = t.disk().Join(t.dst, name)
	}
	if err == nil {
		return ""
	}
	return FailureOf(err).Text
}

// addRows puts jobs behind this one.
func (t *task) addRows(rows []child) error {
	if len(rows) == 0 {
		return nil
	}
	t.q.mu.Lock()
	defer t.q.mu.Unlock()
	if !t.q.list.addChildren(t.j, rows) {
		return end(vReleased, "")
	}
	t.q.schedule()
	return nil
}

// mkdir makes the target directory; made is false when there is one.
func (t *task) mkdir(ctx context.Context) (made bool, err error) {
	merr := t.disk().Mkdir(ctx, t.dst)
	if merr == nil {
		return true, nil
	}
	if c := FailureOf(merr).Class; c != ClassJob || ctx.Err() != nil {
		return false, at(t.to, merr)
	}
	// Servers say in many ways that it exists; look.
	e, err := t.standing(ctx, t.dst)
	switch {
	case err != nil:
		return false, err
	case e == nil:
		return false, at(t.to, merr)
	case e.Type != Dir:
		return false, Fail(ClassJob, t.dst+" exists and is not a directory", &ExistsError{Path: t.dst})
	}
	return false, nil
}

// names returns what stands in the target directory.
func (t *task) names(ctx context.Context) (present, error) {
	there := present{}
	for e, err := range t.disk().List(ctx, t.dst) {
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err != nil {
			return nil, at(t.to, err)
		}
		there.add(e.Name)
	}
	return there, nil
}

func cut(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}
