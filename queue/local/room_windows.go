package local

import (
	"math"

	"golang.org/x/sys/windows"
)

// roomIn returns the bytes that this user may still write on the disk of dir.
func roomIn(dir string) (int64, error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, err
	}
	return int64(min(free, math.MaxInt64)), nil
}
