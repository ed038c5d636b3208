package local

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"portside/queue"
)

// E30: room that was set aside is no content, and goes back with the part.
func TestRoomIsNoContentE30(t *testing.T) {
	f, dir := New(), t.TempDir()
	part, final := filepath.Join(dir, ".f.portside"), filepath.Join(dir, "f")
	const size = 8 << 20
	c := queue.Commit{Final: final, Size: size}
	for offset := int64(0); offset < size; offset += 4 << 20 {
		s, err := f.Create(t.Context(), part, offset, c)
		if err != nil {
			t.Fatal(err)
		}
		if n := sizeOf(t, part); n != offset {
			t.Errorf("%d bytes before the first one, behind %d", n, offset)
		}
		if _, err := s.Write(make([]byte, 4<<20)); err != nil {
			t.Fatal(err)
		}
		if n := sizeOf(t, part); n != offset+4<<20 {
			t.Errorf("%d bytes behind %d", n, offset)
		}
		if offset == 0 {
			if err := s.Close(); err == nil {
				t.Error("half of it is whole")
			}
			continue
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if n := sizeOf(t, final); n != size {
		t.Errorf("%d bytes", n)
	}
	s, err := f.Create(t.Context(), part, 0, queue.Commit{Final: final, Size: size})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Write([]byte("abc")); err != nil {
		t.Fatal(err)
	}
	if err := s.Abort(); err != nil {
		t.Fatal(err)
	}
	if n := sizeOf(t, part); n != 3 {
		t.Errorf("%d bytes are left", n)
	}
	if n := used(t, part); n > 1<<20 {
		t.Errorf("%d bytes of the disk are still taken", n)
	}
}

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return st.Size()
}

// What can never fit is refused before the first byte, in words, and leaves
// nothing behind.
func TestTooLargeForTheDisk(t *testing.T) {
	f, dir := New(), t.TempDir()
	part := filepath.Join(dir, ".f.portside")
	s, err := f.Create(t.Context(), part, 0, queue.Commit{Final: filepath.Join(dir, "f"), Size: 1 << 60})
	if err == nil {
		_ = s.Abort()
		t.Fatal("it fits")
	}
	fail := queue.FailureOf(err)
	if fail.Class != queue.ClassJob || !strings.Contains(fail.Text, part) || !strings.Contains(fail.Text, "disk") {
		t.Errorf("%s: %s", fail.Class, fail.Text)
	}
	if rows, err := os.ReadDir(dir); err != nil || len(rows) > 0 {
		t.Errorf("left: %v, %v", rows, err)
	}
}

func TestNoRoom(t *testing.T) {
	for _, c := range []struct {
		n, free, total int64
		class          queue.Class
		text           string
	}{
		{5 << 30, 1 << 30, 4 << 30, queue.ClassJob, "/f: needs 5.0G, and the whole disk has 4.0G"},
		{5 << 30, 1 << 30, 500 << 30, queue.ClassQueue, "the local disk is full: /f needs 5.0G, and 1.0G is free"},
		{3 << 20, 0, 2 << 40, queue.ClassQueue, "the local disk is full: /f needs 3.0M, and 0.0M is free"},
		{3 << 20, 0, 0, queue.ClassQueue, "the local disk is full: /f needs 3.0M, and 0.0M is free"},
	} {
		err := noRoom("/f", c.n, c.free, c.total, syscall.ENOSPC)
		fail := queue.FailureOf(err)
		if fail.Class != c.class || fail.Text != c.text || !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: %s", fail.Class, fail.Text)
		}
	}
}
