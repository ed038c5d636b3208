package local_test

import (
	"testing"

	"portside/queue"
	"portside/queue/local"
	"portside/queue/queuetest"
)

func TestLocalConforms(t *testing.T) {
	queuetest.Conformance(t, func(t *testing.T) (queue.FS, string) {
		return local.New(), t.TempDir()
	})
}

func TestUnderConforms(t *testing.T) {
	queuetest.Conformance(t, func(t *testing.T) (queue.FS, string) {
		dir := t.TempDir()
		f, err := local.New().Under(dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f, dir
	})
}
