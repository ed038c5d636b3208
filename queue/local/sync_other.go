//go:build !linux && !darwin

package local

import (
	"errors"
	"os"
	"runtime"
	"time"
)

// startWriting: the system has no call that only begins.
func startWriting(*os.File, int64, int64) {}

// syncData brings a file's bytes to the disk.
func syncData(f *os.File) error { return f.Sync() }

// syncDir brings the names in a directory to the disk. Windows has no such
// call: its file systems keep names by themselves.
func syncDir(d *os.File) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	return d.Sync()
}

// setTime sets the time of a file that is open; false: it has to be closed
// before. Windows sets another one when a file that was written is closed.
func setTime(*os.File, time.Time) bool { return false }

// allocate: nothing is gained by it here.
func allocate(*os.File, int64, int64) error { return errors.ErrUnsupported }
