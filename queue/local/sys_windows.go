package local

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

const (
	noFollow = 0
	noBlock  = 0
)

// lockFile: Windows keeps others from replacing a file that is open.
func lockFile(*os.File) error { return nil }

func full(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

// owners: files of Windows have owners that no pane shows.
type owners struct{}

func newOwners() *owners { return &owners{} }

func (o *owners) of(fs.FileInfo) (string, string) { return "", "" }
