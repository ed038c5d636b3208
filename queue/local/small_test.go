package local

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestSmallFiles(t *testing.T) {
	dir := t.TempDir()
	for name, open := range map[string]bool{"whole": false, "under": true} {
		t.Run(name, func(t *testing.T) {
			f := New()
			if open {
				u, err := f.Under(dir)
				if err != nil {
					t.Fatal(err)
				}
				defer u.Close()
				f = u.(*FS)
			}
			at := filepath.Join(dir, name)
			if _, err := f.ReadSmall(t.Context(), at, 10); !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
			if err := os.WriteFile(at+"~", []byte("left by a crash"), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, s := range []string{"one", "another", ""} {
				if err := f.WriteSmall(t.Context(), at, []byte(s)); err != nil {
					t.Fatal(err)
				}
				if got, err := f.ReadSmall(t.Context(), at, 7); err != nil || !bytes.Equal(got, []byte(s)) {
					t.Errorf("%v: %q", err, got)
				}
			}
			if err := f.WriteSmall(t.Context(), at, make([]byte, 8)); err != nil {
				t.Fatal(err)
			}
			if got, err := f.ReadSmall(t.Context(), at, 7); err == nil {
				t.Errorf("%d bytes are small", len(got))
			}
			if _, err := os.Lstat(at + "~"); !errors.Is(err, fs.ErrNotExist) {
				t.Error("something is left:", err)
			}
		})
	}
}

// What a record's name leads to is written only if it is a plain file.
func TestSmallFilesGoNowhereElse(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "target")
	if err := os.WriteFile(target, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(dir, "record")
	for _, name := range []string{at, at + "~"} {
		if err := os.Symlink(target, name); err != nil {
			t.Skip("no links here:", err)
		}
		err := New().WriteSmall(t.Context(), at, []byte("record"))
		if name == at && err == nil {
			t.Error("written through a link")
		}
		if got, _ := os.ReadFile(target); string(got) != "mine" {
			t.Errorf("the target holds %q", got)
		}
		_ = os.Remove(name)
	}
	if err := os.Mkdir(at, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	_ = os.Remove(at)
	if err := os.Mkdir(at, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := New().WriteSmall(t.Context(), at, []byte("record")); err == nil {
		t.Error("a directory was replaced")
	}
	if _, err := New().ReadSmall(t.Context(), at, 10); err == nil {
		t.Error("a directory was read")
	}
}
