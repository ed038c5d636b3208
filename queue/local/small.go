package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"portside/queue"
)

var _ queue.Recorder = (*FS)(nil)

// ReadSmall implements [queue.Recorder].
func (f *FS) ReadSmall(ctx context.Context, path string, limit int) ([]byte, error) {
	file, err := f.Open(ctx, path, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, int64(limit)+1))
	if err == nil && len(data) > limit {
		err = fmt.Errorf("is longer than %d bytes", limit)
	}
	if err != nil {
		return nil, explain("read", path, err)
	}
	return data, nil
}

// WriteSmall implements [queue.Recorder]. It never writes through a link, nor
// over anything but a plain file.
func (f *FS) WriteSmall(_ context.Context, path string, data []byte) error {
	name, err := f.name("write", path)
	if err != nil {
		return err
	}
	if st, err := f.disk.Lstat(name); err == nil {
		if err := regular(st, nil); err != nil {
			return explain("write", path, err)
		}
	}
	aside := name + "~"
	if err := f.disk.Remove(aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return explain("write", path, err)
	}
	err = f.writeAside(aside, data)
	if err == nil {
		err = f.disk.Rename(aside, name)
	}
	if err != nil {
		_ = f.disk.Remove(aside) // the error before matters
	}
	return explain("write", path, err)
}

// writeAside makes a file and brings it to the disk.
func (f *FS) writeAside(name string, data []byte) error {
	file, err := f.disk.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL|noFollow, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if cerr := file.Close(); err == nil {
		err = cerr
	}
	return err
}
