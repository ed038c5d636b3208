package queue

import (
	"context"
	"errors"
	"io"
	"iter"
)

// Queue is an [Engine] in process, with its jobs in memory.
type Queue struct{ changed chan struct{} }

var _ Engine = (*Queue)(nil)
var errLater = errors.New("not yet")

// New starts a queue. Close ends it.
func New(o Options) *Queue { return &Queue{changed: make(chan struct{}, 1)} }

// Add implements [Engine].
func (q *Queue) Add(specs []Spec) ([]ID, error) { return nil, errLater }

// Pause implements [Engine].
func (q *Queue) Pause(ids ...ID) {}

// Resume implements [Engine].
func (q *Queue) Resume(ids ...ID) {}

// Cancel implements [Engine].
func (q *Queue) Cancel(ids ...ID) {}

// Retry implements [Engine].
func (q *Queue) Retry(ids ...ID) {}

// Move implements [Engine].
func (q *Queue) Move(id ID, by int) {}

// Clear implements [Engine].
func (q *Queue) Clear() {}

// Answer implements [Engine].
func (q *Queue) Answer(id ID, a Answer) error { return errLater }

// Rows implements [Engine].
func (q *Queue) Rows(from, n int) []Row { return nil }

// Row implements [Engine].
func (q *Queue) Row(id ID) (Row, bool) { return Row{}, false }

// Updates implements [Engine].
func (q *Queue) Updates(since uint64, n int) []Row { return nil }

// Totals implements [Engine].
func (q *Queue) Totals() Totals { return Totals{} }

// Changed implements [Engine].
func (q *Queue) Changed() <-chan struct{} { return q.changed }

// Connect implements [Engine].
func (q *Queue) Connect(ctx context.Context, address string) (Info, error) { return Info{}, errLater }

// AnswerEndpoint implements [Engine].
func (q *Queue) AnswerEndpoint(address string, a Answer) error { return errLater }

// List implements [Engine].
func (q *Queue) List(ctx context.Context, at Place) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) { yield(Entry{}, errLater) }
}

// Stat implements [Engine].
func (q *Queue) Stat(ctx context.Context, at Place) (Entry, error) { return Entry{}, errLater }

// Mkdir implements [Engine].
func (q *Queue) Mkdir(ctx context.Context, at Place) error { return errLater }

// Rename implements [Engine].
func (q *Queue) Rename(ctx context.Context, at Place, to string) error { return errLater }

// Open implements [Engine].
func (q *Queue) Open(ctx context.Context, at Place, offset int64) (io.ReadCloser, error) {
	return nil, errLater
}

// Join implements [Engine].
func (q *Queue) Join(at Place, name string) (Place, error) { return at, errLater }

// Parent implements [Engine].
func (q *Queue) Parent(at Place) Place { return at }

// Log implements [Engine].
func (q *Queue) Log(after uint64, n int) []Line { return nil }

// Close implements [Engine].
func (q *Queue) Close() error { return nil }
