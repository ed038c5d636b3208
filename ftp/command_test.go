package ftp

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"portside/ftp/ftptest"
)

func TestCommandA28A7(t *testing.T) {
	for _, bad := range []string{"a\r\nDELE b", "a\nb", "a\x00b", "\r", strings.Repeat("x", maxCommand+1)} {
		if b, err := appendCommand(nil, "RETR", bad, false); !errors.Is(err, fs.ErrInvalid) || b != nil {
			t.Errorf("%.20q: got %.40q, %v", bad, b, err)
		}
	}
	for _, bad := range []string{"", "RETR\r\n", "retr", "A\x00"} {
		if _, err := appendCommand(nil, bad, "", false); err == nil {
			t.Errorf("verb %q passed", bad)
		}
	}
	if b, err := appendCommand(nil, "RETR", "/a\xffb\rc"[:4], false); err != nil || string(b) != "RETR /a\xff\xffb\r\n" {
		t.Errorf("got %q, %v", b, err)
	}
}

func FuzzCommand(f *testing.F) {
	f.Add("RETR", "/a b")
	f.Add("DELE", "/a\r\nQUIT")
	f.Add("X", "\xff\x00")
	f.Fuzz(func(t *testing.T, verb, arg string) {
		b, err := appendCommand(nil, verb, arg, false)
		if err != nil {
			if b != nil {
				t.Fatalf("bytes with an error: %q", b)
			}
			return
		}
		if bytes.Count(b, []byte("\n")) != 1 || bytes.Count(b, []byte("\r")) != 1 || !bytes.HasSuffix(b, []byte("\r\n")) || bytes.IndexByte(b, 0) >= 0 {
			t.Fatalf("more than one command: %q", b)
		}
	})
}

func TestGateA28(t *testing.T) {
	tr, _ := tree(10)
	s := serve(t, ftptest.Config{Tree: tr})
	c := dial(t, s)
	ctx, evil := t.Context(), "/x\r\nDELE /f"
	var got []error
	got = append(got, c.MakeDir(ctx, evil), c.RemoveDir(ctx, evil), c.Delete(ctx, evil), c.Rename(ctx, evil, "/y"), c.Rename(ctx, "/f", evil), c.Chmod(ctx, evil, 0o600))
	_, err := c.Retr(ctx, evil, 0)
	got = append(got, err)
	_, err = c.Stor(ctx, evil, 0)
	got = append(got, err)
	_, err = c.Stat(ctx, evil)
	got = append(got, err)
	_, err = names(ctx, c, evil)
	got = append(got, err)
	for i, err := range got {
		var path *fs.PathError
		if !errors.Is(err, fs.ErrInvalid) || !errors.As(err, &path) {
			t.Errorf("%d: got %v", i, err)
		}
	}
	for _, cmd := range sent(s) {
		if strings.HasPrefix(cmd, "DELE") || strings.Contains(cmd, "/x") {
			t.Errorf("sent %q", cmd)
		}
	}
	usable(t, c)
	if _, err := c.Retr(ctx, "relative", 0); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("a relative path: %v", err)
	}
	before := s.Sessions()
	for _, change := range []func(*Config){
		func(c *Config) { c.User = "a\r\nDELE b" },
		func(c *Config) { c.Password = "a\nb" },
	} {
		cfg := configOf(s)
		change(&cfg)
		if _, err := Dial(ctx, cfg); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("a line break in the login: %v", err)
		}
	}
	if s.Sessions() != before {
		t.Error("it connected for a login that cannot be sent")
	}
}
