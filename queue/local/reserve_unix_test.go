//go:build unix

package local

import (
	"os"
	"syscall"
	"testing"
)

// used is how many bytes of the disk a file takes.
func used(t *testing.T, path string) int64 {
	t.Helper()
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return st.Sys().(*syscall.Stat_t).Blocks * 512
}
