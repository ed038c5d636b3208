package queuetest_test

import (
	"testing"

	"portside/queue"
	"portside/queue/queuetest"
)

func TestDiskConforms(t *testing.T) {
	queuetest.Conformance(t, func(t *testing.T) (queue.FS, string) {
		d := queuetest.NewDisk()
		d.Sturdy, d.Sums.By = true, "SHA-256"
		d.Mkdir("/work")
		t.Cleanup(func() {
			if w := d.Wrong(); len(w) > 0 {
				t.Error(w)
			}
		})
		return d.FS("fake"), "/work"
	})
}
