package queue

import (
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func modeOf(m uint16) fs.FileMode { return fs.FileMode(m) }

// separator is what paths at an address are shown with.
func separator(address string) string {
	if address == Local {
		return string(filepath.Separator)
	}
	return "/"
}

// baseName returns the last component of a path at an address.
func baseName(address, p string) string {
	if address == Local {
		if p = filepath.Base(p); p == string(filepath.Separator) {
			return ""
		}
		return p
	}
	if p = path.Base(p); p == "/" || p == "." {
		return ""
	}
	return p
}

// below shows name in dir.
func below(dir, name, sep string) string {
	if strings.HasSuffix(dir, sep) {
		return dir + name
	}
	return dir + sep + name
}

// source returns the path of j's source, as it is shown.
func (j *job) source() string {
	if j.parent == nil {
		return j.name
	}
	return below(j.parent.source(), j.name, separator(j.root.src))
}

// targetName returns the name that j's target has in its directory.
func (j *job) targetName() string {
	switch {
	case j.x != nil && j.x.as != "":
		return j.x.as
	case j.parent == nil:
		return baseName(j.root.src, j.name)
	default:
		return j.name
	}
}

// target returns the path of j's target, as it is shown.
func (j *job) target() string {
	dir := j.root.dst.Path
	if j.parent != nil {
		dir = j.parent.target()
	}
	return below(dir, j.targetName(), separator(j.root.dst.Address))
}

// title returns the path below what was added.
func (j *job) title() string {
	if j.parent == nil {
		if n := baseName(j.root.src, j.name); n != "" {
			return n
		}
		return j.name
	}
	parts := []string{j.name}
	p := j.parent
	for ; p.parent != nil; p = p.parent {
		parts = append(parts, p.name)
	}
	parts = append(parts, baseName(j.root.src, p.name))
	slices.Reverse(parts)
	return strings.TrimPrefix(strings.Join(parts, "/"), "/")
}

// row copies j for a screen.
func (l *list) row(j *job, now time.Time) Row {
	r := Row{
		ID: j.id, Batch: j.root.batch.id, Priority: j.level.priority(), Version: j.version, Kind: j.root.kind, State: j.state.state(),
		Src: Place{Address: j.root.src, Path: j.source()}, Name: j.title(), Dir: j.isDir(),
		Size: j.size, Done: j.done, Left: -1, Unfit: j.state == skipped && j.has(isUnfit),
		Verified: j.state == done && j.has(isVerified),
	}
	if j.root.kind != Delete {
		r.Dst = Place{Address: j.root.dst.Address, Path: j.target()}
	} else {
		r.Size = -1
	}
	if j.state == done {
		r.Attempt = 1
		r.Done = max(j.size, j.done)
	}
	x := j.x
	if x == nil {
		return r
	}
	r.Start, r.Attempt, r.Note, r.Failure = x.start, x.attempt, x.note, x.failure
	if x.failed != nil {
		r.Tries = triesOf(r, x.failed)
	}
	if x.question != nil {
		q := *x.question
		r.Question = &q
	}
	if x.dir != nil && j.state == scanning && r.Note == "" {
		r.Note = plural(x.dir.over, x.dir.total, "done")
	}
	r.Listed = j.resting()
	if x.run != nil && x.run.stage == stageWork && j.state.group() == gRunning {
		r.Done = x.run.meter.bytes.Load()
		if j.root.kind == Delete {
			return r // entries, not bytes
		}
		if r.Rate = x.run.meter.speed.look(r.Done, now); !x.run.meter.speed.known() {
			r.Rate = -1
		}
		r.Segments = int(x.run.segments.Load())
		if x.run.vigil.slow {
			r.Note = strings.TrimPrefix(r.Note+"; slow", "; ")
		}
		if r.Size >= 0 {
			r.Left = left(r.Size-r.Done, r.Rate)
		}
	}
	return r
}

// rows copies n jobs from place from on, in the order of the screen.
func (l *list) rows(from, n int, now time.Time) []Row {
	from = max(from, 0)
	var out []Row
	for g := range groups {
		size := l.size(g)
		if from >= size {
			from -= size
			continue
		}
		for j := l.nth(g, from); j != nil && len(out) < n; j = follow(j) {
			out = append(out, l.row(j, now))
		}
		if from = 0; len(out) >= n {
			break
		}
	}
	return out
}

// totals returns the sums.
func (l *list) totals() Totals {
	t := Totals{
		Waiting:   l.states[waiting],
		Running:   l.states[running] + l.states[scanning] + l.states[finishing],
		Asking:    l.states[asking],
		Paused:    l.states[paused],
		Failed:    l.states[failed],
		Cancelled: l.states[cancelled],
		Skipped:   l.states[skipped],
		Done:      l.states[done],
		Files:     l.sums.files, FilesDone: l.sums.filesDone,
		Bytes: l.sums.bytes, BytesDone: l.sums.bytesDone,
		Left: -1, Stopped: l.stops(), Version: l.changes.version,
	}
	for j := range l.runs {
		if j.root.kind != Delete && j.x.run.stage == stageWork && !j.isDir() {
			t.BytesDone += j.x.run.meter.bytes.Load() - j.done
		}
	}
	t.BytesDone = min(max(t.BytesDone, 0), max(t.Bytes, 0))
	return t
}
