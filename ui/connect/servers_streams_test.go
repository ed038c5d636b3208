//go:build servers

package connect_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"portside/ftp"
)

// testAbort closes downloads before their end. Pure-FTPd answers ABOR once or
// not at all, and ProFTPD may give up over TLS; others go on.
func testAbort(t *testing.T, r *rig, l lab, base string) {
	data := noise(20<<20, 12)
	r.seed(t, "long", data)
	c := r.login(t, l)
	for range 5 {
		d, err := c.Retr(t.Context(), base+"long", 0)
		if err != nil {
			t.Fatal(err)
		}
		head := make([]byte, 100_000)
		if _, err := io.ReadFull(d, head); err != nil || !bytes.Equal(head, data[:len(head)]) {
			t.Errorf("the beginning: %v", err)
		}
		err = d.Close()
		lives := !errors.Is(err, ftp.ErrBroken)
		if err == nil || lives != c.Alive() {
			t.Fatalf("closed early: %v; alive: %v", err, c.Alive())
		}
		if !lives {
			if strings.HasPrefix(r.name, "vsftpd") || strings.HasPrefix(r.name, "pyftpd") {
				t.Errorf("the session is over: %v", err)
			}
			return
		}
		if err := c.Noop(t.Context()); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	}
}

// testCompress sends and takes what gets smaller, and what does not.
func testCompress(t *testing.T, r *rig, l lab, base string) {
	c := r.login(t, l, func(cfg *ftp.Config) { cfg.Compress = true })
	for name, data := range map[string][]byte{
		"some.txt": bytes.Repeat([]byte("to be, or not to be\n"), 50_000), "noise.txt": noise(1<<20, 13), "some.zip": noise(1<<20, 14), "empty.txt": nil,
	} {
		u, err := c.Stor(t.Context(), base+name, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = u.Write(data)
		if err = errors.Join(err, u.Close()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got, err := os.ReadFile(filepath.Join(r.disk, name)); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: %d bytes arrived, %v", name, len(got), err)
		}
		d, err := c.Retr(t.Context(), base+name, 0)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(d)
		if err = errors.Join(err, d.Close()); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: %d bytes came, %v", name, len(got), err)
		}
	}
	rows := 0
	for _, err := range c.List(t.Context(), filepath.Clean(base)) {
		if rows++; err != nil {
			t.Error(err)
		}
	}
	if rows < 4 {
		t.Errorf("%d rows", rows)
	}
}
