package local

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"portside/queue"
)

func TestExplain(t *testing.T) {
	for errno, want := range map[syscall.Errno]struct {
		class queue.Class
		text  string
	}{
		syscall.ENOSPC:       {queue.ClassQueue, "the local disk is full: /x"},
		syscall.EDQUOT:       {queue.ClassQueue, "your quota on the local disk is used up: /x"},
		syscall.EFBIG:        {queue.ClassJob, "/x: too large for this disk (FAT holds files up to 4 GiB)"},
		syscall.EROFS:        {queue.ClassJob, "/x: the disk is read-only"},
		syscall.EACCES:       {queue.ClassJob, "/x: no permission to write here"},
		syscall.ENAMETOOLONG: {queue.ClassJob, "/x: the name is too long for this disk"},
		syscall.EMFILE:       {queue.ClassAttempt, "/x: too many files are open"},
	} {
		err := explain("write", "/x", &os.PathError{Op: "write", Path: "x", Err: errno})
		f := queue.FailureOf(err)
		if f.Class != want.class || f.Text != want.text {
			t.Errorf("%v: %s %q", errno, f.Class, f.Text)
		}
	}
}

// Where the system has no rename that refuses to replace.
func TestLinkNew(t *testing.T) {
	dir := t.TempDir()
	p := func(n string) string { return filepath.Join(dir, n) }
	os.WriteFile(p("a"), []byte("a"), 0o644)
	os.WriteFile(p("b"), []byte("b"), 0o644)
	os.Mkdir(p("d"), 0o755)
	for _, c := range []struct {
		from, to string
		ok       bool
	}{{"a", "b", false}, {"a", "c", true}, {"d", "b", false}, {"d", "e", true}, {"none", "x", false}} {
		if err := linkNew(whole{}, p(c.from), p(c.to)); (err == nil) != c.ok {
			t.Errorf("%s to %s: %v", c.from, c.to, err)
		}
	}
	rows, _ := os.ReadDir(dir)
	var got []string
	for _, r := range rows {
		got = append(got, r.Name())
	}
	if strings.Join(got, " ") != "b c e" {
		t.Error(got)
	}
}
