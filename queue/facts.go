package queue

import (
	"context"
	"time"
)

// Try is an attempt that failed.
type Try struct {
	At      time.Time `json:"at"`
	Command string    `json:"command,omitempty"` // that the server refused, "" none
	Text    string    `json:"text"`              // why, for people
}

// Sum implements [Engine].
func (q *Queue) Sum(ctx context.Context, at Place) (by string, sum []byte, err error) {
	err = q.browse(ctx, at.Address, true, func(ctx context.Context, f FS) error {
		h, ok := f.(Hasher)
		if ok {
			by = h.SumBy()
		}
		if by == "" {
			return Fail(ClassJob, "no checksums are computed there", nil)
		}
		e, err := f.Stat(ctx, at.Path)
		if err != nil {
			return err
		}
		sum, err = h.Sum(ctx, at.Path, by, e.Size)
		return err
	})
	return by, sum, err
}

// Room implements [Engine].
func (q *Queue) Room(ctx context.Context, at Place) (free int64, err error) {
	free = -1
	err = q.browse(ctx, at.Address, true, func(ctx context.Context, f FS) error {
		r, ok := f.(Roomer)
		if !ok {
			return nil
		}
		n, err := r.Room(ctx, at.Path)
		if err == nil {
			free = n
		}
		return err
	})
	return free, err
}
