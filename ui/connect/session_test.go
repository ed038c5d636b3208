package connect

import (
	"errors"
	"io/fs"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/queue"
)

// open starts a server and opens a session at it.
func open(t *testing.T, cfg ftptest.Config) (*ftptest.Server, queue.FS) {
	t.Helper()
	srv, err := ftptest.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Close)
	target, err := Parse("ftp://demo@"+srv.Addr(), Settings{})
	if err != nil {
		t.Fatal(err)
	}
	d := New(nil)
	d.SetPassword(target.Address, "demo")
	s, err := d.Dial(t.Context(), target.Address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return srv, s
}

// Servers refuse with 550 for any reason, and few name it.
func TestRefusalsGetAReason(t *testing.T) {
	tree := ftptest.NewTree()
	tree.WriteFile("/here.txt", []byte("x"), time.Unix(1e9, 0))
	_, s := open(t, ftptest.Config{Tree: tree, Quirks: ftptest.Quirks{Refuse: map[string]string{
		"DELE": "550 Delete operation failed.", "MKD": "550 Create directory operation failed.",
	}}})
	if err := s.Remove(t.Context(), "/gone.txt"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("removing what is not there: %v", err)
	}
	if err := s.Remove(t.Context(), "/here.txt"); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("removing what is there: %v", err)
	}
	if err := s.Mkdir(t.Context(), "/here.txt"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("making what is there: %v", err)
	}
	if err := s.Mkdir(t.Context(), "/new"); err == nil || errors.Is(err, fs.ErrExist) {
		t.Errorf("making what may not be made: %v", err)
	}
}

func TestJoin(t *testing.T) {
	for _, name := range []string{"", ".", "..", "a/b", "a\r\nDELE b", "a\x00"} {
		if p, err := join("/d", name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: %q, %v", name, p, err)
		}
	}
	for dir, want := range map[string]string{"/": "/-x y", "/d": "/d/-x y"} {
		if p, err := join(dir, "-x y"); err != nil || p != want {
			t.Errorf("%q: %q, %v", dir, p, err)
		}
	}
}
