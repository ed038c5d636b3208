package local

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
)

// Room implements queue.Roomer: where path is not there yet, it is the
// directory above that has the room.
func (f *FS) Room(_ context.Context, path string) (int64, error) {
	for {
		n, _, err := roomIn(path)
		up := filepath.Dir(path)
		if !errors.Is(err, fs.ErrNotExist) || up == path {
			return n, err
		}
		path = up
	}
}
