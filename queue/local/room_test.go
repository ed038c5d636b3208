package local_test

import (
	"path/filepath"
	"testing"

	"portside/queue"
	"portside/queue/local"
)

func TestRoom(t *testing.T) {
	var f queue.FS = local.New()
	disk, ok := f.(queue.Roomer)
	if !ok {
		t.Fatal("the local disk does not tell")
	}
	dir := t.TempDir()
	for _, p := range []string{dir, filepath.Join(dir, "not", "there", "yet")} {
		if n, err := disk.Room(t.Context(), p); err != nil || n <= 0 {
			t.Errorf("%s: %d bytes, %v", p, n, err)
		}
	}
}
