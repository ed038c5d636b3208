package local

import (
	"math"

	"golang.org/x/sys/windows"
)

// roomIn returns the bytes that this user may still write on the disk of dir,
// and how many it has in all.
func roomIn(dir string) (free, total int64, err error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, 0, err
	}
	var ours, all uint64
	if err := windows.GetDiskFreeSpaceEx(name, &ours, &all, nil); err != nil {
		return 0, 0, err
	}
	return int64(min(ours, math.MaxInt64)), int64(min(all, math.MaxInt64)), nil
}
