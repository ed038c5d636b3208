//go:build unix

package local

import "golang.org/x/sys/unix"

// roomIn returns the bytes that this user may still write on the disk of dir,
// and how many it has in all.
func roomIn(dir string) (free, total int64, err error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, 0, err
	}
	return times(st.Bavail, st.Bsize), times(st.Blocks, st.Bsize), nil
}

// times multiplies numbers whose types differ from system to system.
func times[A, B ~int32 | ~uint32 | ~int64 | ~uint64](a A, b B) int64 { return int64(a) * int64(b) }
