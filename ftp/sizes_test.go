package ftp

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// Files of the sizes at which numbers of 16, 31 and 32 bits end. The big ones
// are asked for near their ends.
func TestSizesE31(t *testing.T) {
	for _, size := range []int64{0, 1, 1<<16 - 1, 1 << 16, 1<<16 + 1, 1<<31 - 1, 1 << 31, 1<<31 + 1, 1<<32 - 1, 1 << 32, 1<<32 + 1} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			tr, ctx := ftptest.NewTree(), t.Context()
			tr.AddGenerated("/f", size, 7, time.Unix(1e9, 0))
			s := serve(t, ftptest.Config{Tree: tr})
			c := dial(t, s)
			if got, err := c.Size(ctx, "/f"); err != nil || got != size {
				t.Errorf("SIZE: %d, %v", got, err)
			}
			for e, err := range c.List(ctx, "/") {
				if err != nil || e.Size != size {
					t.Errorf("listed with %d, %v", e.Size, err)
				}
			}
			from := max(0, size-70_000)
			want := make([]byte, size-from)
			_, _ = ftptest.Generated(size, 7).ReadAt(want, from)
			if got, err := get(ctx, c, "/f", from); err != nil || got != string(want) {
				t.Errorf("from %d on: %d bytes, %v", from, len(got), err)
			}
			if got, err := get(ctx, c, "/f", size); err != nil || got != "" {
				t.Errorf("at the end: %q, %v", got, err)
			}
			if err := put(ctx, c, "/f", "and more", size); err != nil {
				t.Error(err)
			}
			if got, err := get(ctx, c, "/f", from); err != nil || got != string(want)+"and more" {
				t.Errorf("with more: %d bytes, %v", len(got), err)
			}
			if size <= 1<<17 {
				if err := put(ctx, c, "/up", string(want), 0); err != nil {
					t.Error(err)
				}
				if got, err := get(ctx, c, "/up", 0); err != nil || got != string(want) {
					t.Errorf("whole: %d bytes, %v", len(got), err)
				}
			}
		})
	}
}

// SIZE answers with all kinds of things, and what it says is a hint.
func TestUntrueSIZEE11(t *testing.T) {
	data := strings.Repeat("x", 5000)
	for answer, want := range map[string]int64{
		"213 5000":             5000,
		"213 5000 bytes":       5000,
		"213  5000 ":           5000,
		"213 /f is big":        -1,
		"213":                  -1,
		"213 -1":               -1,
		"550 not in this mode": -1,
		"500 What?":            -1,
	} {
		tr := ftptest.NewTree()
		tr.WriteFile("/f", []byte(data), time.Unix(1e9, 0))
		s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{Refuse: map[string]string{"SIZE": answer}, Reply150: "150 here it is"}})
		c := dial(t, s)
		got, err := c.Size(t.Context(), "/f")
		if (err == nil) != (want >= 0) || got != want {
			t.Errorf("%q: %d, %v", answer, got, err)
		}
		if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
			t.Errorf("%q: %d bytes, %v", answer, len(got), err)
		}
		for _, line := range sent(s) { // a size as text would be another one
			if strings.HasPrefix(line, "SIZE") {
				t.Errorf("%q: SIZE before TYPE", answer)
			}
			if line == "TYPE I" {
				break
			}
		}
	}
}

// What goes wrong between REST and its command does not leave an offset behind.
func TestRESTLeftBehindE7(t *testing.T) {
	for name, q := range map[string]ftptest.Quirks{
		"STOR refused": {Refuse: map[string]string{"STOR": "553 no"}},
		"RETR refused": {},
	} {
		tr, data := tree(1000)
		s := serve(t, ftptest.Config{Tree: tr, Quirks: q})
		c := dial(t, s)
		var err error
		if name == "STOR refused" {
			err = put(t.Context(), c, "/f", "more", 1000)
		} else {
			_, err = get(t.Context(), c, "/none", 1000)
		}
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		if got, err := get(t.Context(), c, "/f", 0); err != nil || got != data {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}
