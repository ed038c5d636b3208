package config

import (
	"os"
	"path/filepath"
	"testing"
)

// What is there is never written over.
func TestSaveNewTouchesNothing(t *testing.T) {
	dir := t.TempDir()
	for i, want := range []string{"log.txt", "log-1.txt", "log-2.txt"} {
		got, err := SaveNew(filepath.Join(dir, "log.txt"), []byte{byte('a' + i)})
		if err != nil || got != filepath.Join(dir, want) {
			t.Errorf("%q, %v", got, err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, "log.txt")); err != nil || string(data) != "a" {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := SaveNew(filepath.Join(dir, "none", "log.txt"), nil); err == nil {
		t.Error("a directory was made")
	}
}
