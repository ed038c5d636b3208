package ftp

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

func TestBatch(t *testing.T) {
	when := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	for _, q := range []ftptest.Quirks{{}, {NoMFF: true, NoMFMT: true}, {NoFEAT: true}} {
		tr, _ := tree(10)
		s := serve(t, ftptest.Config{Tree: tr, Quirks: q})
		c := dial(t, s)
		facts := Facts{Time: when, Mode: 0o640, HasMode: true}
		changes := []Change{
			{Op: OpMakeDir, Path: "/new"}, {Op: OpMakeDir, Path: "/dir"}, {Op: OpSetFacts, Path: "/f", Facts: facts},
			{Op: OpDelete, Path: "/nothing"}, {Op: OpDelete, Path: "/empty"}, {Op: OpRemoveDir, Path: "/dir/sub"}, {Op: OpRemoveDir, Path: "/"},
			{Op: OpSetFacts, Path: "/gone", Facts: facts},
		}
		want := []error{nil, fs.ErrExist, nil, fs.ErrNotExist, nil, nil, errAny, fs.ErrNotExist}
		got, heard := make([]error, len(changes)), 0
		err := c.Batch(t.Context(), changes, func(i int, err error) { heard++; got[i] = err })
		if err != nil || heard != len(changes) {
			t.Errorf("%d of %d, %v", heard, len(changes), err)
		}
		for i := range changes {
			var path *fs.PathError
			switch {
			case got[i] == nil && want[i] == nil:
			case !errors.As(got[i], &path) || path.Path != changes[i].Path, want[i] != errAny && !errors.Is(got[i], want[i]):
				t.Errorf("%+v: %+v: %v", q, changes[i], got[i])
			}
		}
		e, err := c.Stat(t.Context(), "/f")
		if err != nil || !e.Time.Equal(when) || e.HasMode && e.Mode != 0o640 {
			t.Errorf("got %+v, %v", e, err)
		}
		if !tr.Exists("/new") || tr.Exists("/empty") || tr.Exists("/dir/sub") {
			t.Error("not done")
		}
		usable(t, c)
	}
}

// errAny is for refusals that no error of package fs names.
var errAny = errors.New("any")

func TestBatchRefusesPaths(t *testing.T) {
	s := serve(t, ftptest.Config{})
	c := dial(t, s)
	before := len(sent(s))
	for _, path := range []string{"/a\r\nDELE /b", "relative"} {
		err := c.Batch(t.Context(), []Change{{Path: path}, {Path: "/a"}}, func(i int, err error) {
			if want := []error{fs.ErrInvalid, fs.ErrNotExist}[i]; !errors.Is(err, want) {
				t.Errorf("%q: %d: %v", path, i, err)
			}
		})
		if err != nil {
			t.Errorf("%q: %v", path, err)
		}
		if cmds := sent(s); len(cmds) != before+1 || cmds[before] != "DELE /a" {
			t.Errorf("%q: sent %q", path, cmds[before:])
		}
		before++
		if err := c.ModTimes(t.Context(), []string{path}, nil); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: %v", path, err)
		}
	}
	usable(t, c)
}

// The server's working directory is left before it is removed, as by RemoveDir.
func TestBatchLeavesDirectory(t *testing.T) {
	tr, _ := tree(1)
	s := serve(t, ftptest.Config{Tree: tr, Quirks: ftptest.Quirks{NoMLSD: true}})
	c := dial(t, s)
	if _, err := names(t.Context(), c, "/dir/sub"); err != nil {
		t.Fatal(err)
	}
	err := c.Batch(t.Context(), []Change{{Op: OpRemoveDir, Path: "/dir/sub"}, {Op: OpRemoveDir, Path: "/dir"}}, func(_ int, err error) {
		if err != nil {
			t.Error(err)
		}
	})
	cmds := sent(s)
	if err != nil || !slices.Equal(cmds[len(cmds)-3:], []string{"CWD /", "RMD /dir/sub", "RMD /dir"}) {
		t.Errorf("%v, sent %q", err, cmds)
	}
}

func TestModTimes(t *testing.T) {
	tr, _ := tree(1)
	var paths []string
	for i := range 120 {
		paths = append(paths, fmt.Sprintf("/d/%d", i))
		tr.WriteFile(paths[i], nil, time.Unix(1e9+int64(i), 0))
	}
	paths = append(paths, "/nothing")
	c := dial(t, serve(t, ftptest.Config{Tree: tr}))
	heard := 0
	err := c.ModTimes(t.Context(), paths, func(i int, got time.Time, err error) {
		heard++
		if i < 120 && (err != nil || got.Unix() != 1e9+int64(i)) || i == 120 && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%d: %v, %v", i, got, err)
		}
	})
	if err != nil || heard != len(paths) {
		t.Errorf("%d, %v", heard, err)
	}
	bad := script(t, ftptest.Login(), ftptest.Exchange("MDTM /a", "213 yesterday\r\n"))
	err = dial(t, bad).ModTimes(t.Context(), []string{"/a"}, func(_ int, _ time.Time, err error) {
		if err == nil || !strings.Contains(err.Error(), "yesterday") {
			t.Errorf("got %v", err)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

// A session that ends in a burst says of none of it that it is done.
func TestBatchBrokenA13(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]ftptest.Step{"421": ftptest.Send("421 too long\r\n"), "closed": ftptest.Hangup(), "silent": ftptest.Do(func() {})} {
		s := script(t, ftptest.Login(), ftptest.Exchange("DELE /a", "250 ok\r\n"), ftptest.Expect("DELE /b"), step)
		c := dial(t, s, withShort)
		err := c.Batch(t.Context(), []Change{{Path: "/a"}, {Path: "/b"}}, func(int, error) { t.Error(name + ": done") })
		broken(t, c, err)
	}
}
