package ui

import (
	"context"

	"portside/queue"
)

func (f *fake) Raw(_ context.Context, address, line string) ([]string, error) {
	f.call("raw " + address + " " + line)
	return []string{"200 fine"}, nil
}

func (f *fake) Sum(context.Context, queue.Place) (by string, sum []byte, err error) {
	return "SHA-256", make([]byte, 32), nil
}

func (f *fake) Room(context.Context, queue.Place) (free int64, err error) { return -1, nil }

func (f *fake) Trash(queue.Place) bool { return false }
