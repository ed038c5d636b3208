package queue

import (
	"context"
	"io"
	"time"
)

// Dating is an FS whose listings may tell less of a time than it knows.
type Dating interface {
	// OpenDated is Open from the start. Where that costs no more, the stream is a
	// [Dated] one that knows.
	OpenDated(ctx context.Context, path string) (io.ReadCloser, error)
}

// Dated is a stream of a [Dating].
type Dated interface {
	// ModTime returns when the file was last changed, to the second, or zero.
	ModTime() time.Time
}

// open opens the source at its start. Where its time is known to the day alone,
// it may come along with the bytes. A minute is near enough: one more answer for
// each file would be a fifth of the work that small files of a near server are.
func (t *task) open(ctx context.Context) (io.ReadCloser, error) {
	d, ok := t.from.fs.(Dating)
	if !ok || t.entry.Precision != Day {
		return t.from.fs.Open(ctx, t.src, 0)
	}
	src, err := d.OpenDated(ctx, t.src)
	if s, ok := src.(Dated); ok && err == nil && !s.ModTime().IsZero() {
		t.entry.Time, t.entry.Precision = s.ModTime(), Second
		t.with(func(l *list) { l.learn(t.j, t.entry) })
	}
	return src, err
}

// sharpen takes the source's time from its part, which is proved to be the
// source's next, where it tells that more exactly.
func (t *task) sharpen() {
	if t.part.prec < t.entry.Precision && !t.part.time.IsZero() {
		t.entry.Time, t.entry.Precision = t.part.time, t.part.prec
	}
}

// onDay reports whether a time may be on a day as some server on Earth counts it.
func onDay(when, day time.Time) bool {
	const ahead, behind = 14 * time.Hour, 12 * time.Hour // of UTC
	since := when.Sub(day.Truncate(Day.step()))
	return since >= -ahead && since < Day.step()+behind
}

// exact asks for the time of a source that a listing told by the day, where it
// decides whether the target is replaced: the day is the server's own, and the
// target may have the second.
func (t *task) exact(ctx context.Context, dst Entry) error {
	near := t.entry.Time.Sub(dst.Time).Abs() <= 2*Day.step()
	if t.policy != ExistsNewer || t.entry.Precision != Day || t.from.ep.local || t.entry.Time.IsZero() || !near {
		return nil
	}
	e, err := t.from.fs.Stat(ctx, t.src)
	if err != nil {
		return at(t.from, err)
	}
	if e.Type == File && !e.Time.IsZero() {
		t.entry.Time, t.entry.Precision = e.Time, e.Precision
	}
	return nil
}
