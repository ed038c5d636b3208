package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// SaveNew writes data to a file that only its owner can read. It never touches
// one that is there: with a name that is taken a number stands before the
// extension. It returns the name of the file.
func SaveNew(name string, data []byte) (written string, err error) {
	ext := filepath.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for i := range 1000 {
		written = name
		if i > 0 {
			written = fmt.Sprintf("%s-%d%s", stem, i, ext)
		}
		f, err := os.OpenFile(written, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = f.Write(data)
		if err = errors.Join(err, f.Close()); err != nil {
			return "", errors.Join(err, os.Remove(written))
		}
		return written, nil
	}
	return "", &fs.PathError{Op: "create", Path: name, Err: fs.ErrExist}
}
