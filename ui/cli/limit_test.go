package cli

import (
	"path/filepath"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

func TestLimit(t *testing.T) {
	s := serve(t, ftptest.Config{})
	w, dir := newWorld(t), t.TempDir()
	for _, c := range []struct {
		do   []string
		long bool
	}{
		{[]string{"get", "--limit", "down 3M up 1G", at(s, "big.bin"), dir}, true},
		{[]string{"get", "--limit", "up 3M", "--exists", "overwrite", at(s, "big.bin"), dir}, false},
		{[]string{"put", "--limit", "00:00-24:00 3M", filepath.Join(dir, "big.bin"), at(s, "dir")}, true},
		{[]string{"get", "--limit", "3M", at(s, "big.bin"), "-"}, true},
	} {
		began := time.Now()
		if r := w.run(c.do...); r.status != 0 {
			t.Errorf("%q: %d %s", c.do, r.status, r.errors)
		}
		if took := time.Since(began); (took > 850*time.Millisecond) != c.long {
			t.Errorf("%q took %v", c.do, took)
		}
	}
	w.run("get", "--limit", "fast", at(s, "big.bin"), dir).want(t, 2, `--limit: "fast" is no rate`)
}
