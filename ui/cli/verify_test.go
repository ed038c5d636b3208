package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

func TestVerify(t *testing.T) {
	s := serve(t, ftptest.Config{Quirks: ftptest.Quirks{Sums: ftptest.Sums{Offers: []string{"HASH SHA-256*"}}}})
	poor := serve(t, ftptest.Config{})
	for _, tt := range []struct {
		args   []string
		status int
		says   string // on one of the outputs
	}{
		{[]string{"--verify", "twice", at(s, "big.bin")}, 2, "--verify is auto, size, hash or off"},
		{[]string{"--verify", "", at(s, "big.bin")}, 2, "--verify is auto, size, hash or off"},
		{[]string{"--json", at(s, "big.bin")}, 0, `"verified":true`},
		{[]string{"--json", "--verify", "hash", at(s, "a.txt")}, 0, `"verified":true`},
		{[]string{"--verify", "hash", at(poor, "a.txt")}, 1, "computes no checksums; --verify size"},
	} {
		w, dir := newWorld(t), t.TempDir()
		r := w.run(append(append([]string{"get"}, tt.args...), dir)...)
		if r.status != tt.status || !strings.Contains(r.out+r.errors, tt.says) {
			t.Errorf("%q: %d %s%s", tt.args, r.status, r.out, r.errors)
		}
	}
	for _, way := range []string{"size", "off"} {
		w, dir := newWorld(t), t.TempDir()
		r := w.run("get", "--json", "--verify", way, at(s, "big.bin"), dir)
		if r.status != 0 || strings.Contains(r.out, "verified") || len(read(t, filepath.Join(dir, "big.bin"))) != 3<<20 {
			t.Errorf("%s: %d %s%s", way, r.status, r.out, r.errors)
		}
	}
	w := newWorld(t)
	if r := w.run("get", "--verify", "hash", at(s, "a.txt"), "-"); r.status != 2 {
		t.Errorf("%d %s", r.status, r.errors)
	}
}
