package ftp

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

// Paths of two thousand bytes, at servers that take commands of 512.
func TestLongPathsA29(t *testing.T) {
	for name, q := range map[string]ftptest.Quirks{
		"MLSD":  {MaxCommand: 512, Sums: ftptest.Sums{Offers: []string{"HASH SHA-1;SHA-256"}}},
		"LIST":  {MaxCommand: 512, NoMLSD: true, Sums: ftptest.Sums{Offers: []string{"XCRC"}}},
		"roomy": {},
	} {
		t.Run(name, func(t *testing.T) {
			tr, data := tree(5000)
			s := serve(t, ftptest.Config{Tree: tr, Quirks: q})
			c := dial(t, s)
			ctx, dir := t.Context(), "/dir"
			for i := range 10 {
				dir += "/" + strings.Repeat(string(rune('a'+i)), 200)
				if err := c.MakeDir(ctx, dir); err != nil {
					t.Fatalf("%d bytes: %v", len(dir), err)
				}
			}
			if err := errors.Join(put(ctx, c, dir+"/f", data[:3000], 0), put(ctx, c, dir+"/f", data[3000:], 3000)); err != nil {
				t.Fatal(err)
			}
			if got, err := get(ctx, c, dir+"/f", 10); err != nil || got != data[10:] {
				t.Errorf("got %d bytes, %v", len(got), err)
			}
			if got, err := names(ctx, c, dir); err != nil || strings.Join(got, " ") != "f" {
				t.Errorf("listed %q, %v", got, err)
			}
			if e, err := c.Stat(ctx, dir+"/f"); err != nil || e.Size != 5000 || e.Name != "f" {
				t.Errorf("got %+v, %v", e, err)
			}
			if by := c.SumBy(); by != "" {
				if got, err := c.Sum(ctx, dir+"/f", by, 5000); err != nil || string(got) != string(sumOf(by, []byte(data))) {
					t.Errorf("%s is %x, %v", by, got, err)
				}
				sum := &Checksum{Digest: Digest{Algorithm: by, Sum: sumOf(by, []byte(data))}}
				if err := c.Land(ctx, Landing{Path: dir + "/f", Size: 5000, Sum: sum}); err != nil || !sum.Equal {
					t.Errorf("landed with %v, equal %t, refused %v", err, sum.Equal, sum.Refused)
				}
			}
			if _, err := c.Stat(ctx, dir+"/none"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("got %v", err)
			}
			if err := errors.Join(c.Rename(ctx, dir+"/f", dir+"/g"), c.Delete(ctx, dir+"/g"), c.RemoveDir(ctx, dir)); err != nil {
				t.Error(err)
			}
			if got, err := names(ctx, c, dir[:strings.LastIndexByte(dir, '/')]); err != nil || len(got) != 0 {
				t.Errorf("listed %q, %v", got, err)
			}
			all(t, c, data)
			tooLong := 0
			for _, line := range sent(s) {
				if len(line) > 512 {
					tooLong++
				}
			}
			if tooLong > 0 {
				t.Errorf("%d commands were too long", tooLong)
			}
		})
	}
}
