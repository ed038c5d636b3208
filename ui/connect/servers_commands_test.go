//go:build servers

package connect_test

import (
	"bytes"
	"context"
	"crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"portside/ftp"
)

// TestCommands gives servers the commands that no copy needs. What a server
// cannot do it has to refuse in a way that is understood, and the session goes on.
func TestCommands(t *testing.T) {
	l := theLab(t)
	for _, s := range l.servers {
		if s.is("noticket") {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := &rig{variant: variant{server: s}, disk: filepath.Join(l.data, s.name+"-commands")}
			r.claim(t, l)
			c := r.login(t, l)
			base := c.Home()
			if base != "/" {
				base += "/"
			}
			base += s.name + "-commands/"
			t.Run("batch", func(t *testing.T) { testBatch(t, r, c, base) })
			t.Run("facts", func(t *testing.T) { testFacts(t, r, c, base) })
			t.Run("times", func(t *testing.T) { testTimes(t, r, c, base) })
			t.Run("hash", func(t *testing.T) { testHash(t, r, c, base) })
			t.Run("link", func(t *testing.T) { testLink(t, r, c, base) })
			if !s.is("one") {
				t.Run("abort", func(t *testing.T) { testAbort(t, r, l, base) })
				t.Run("compress", func(t *testing.T) { testCompress(t, r, l, base) })
			}
			if err := c.Noop(t.Context()); err != nil || !c.Alive() {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// claim makes the rig's directory on the disk.
func (r *rig) claim(t *testing.T, l lab) {
	t.Helper()
	r.theOwner(t, l)
	if err := errors.Join(os.RemoveAll(r.disk), os.Mkdir(r.disk, 0o755), os.Chown(r.disk, int(r.owner.Uid), int(r.owner.Gid))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(r.disk) })
}

// login opens a session without a queue.
func (r *rig) login(t *testing.T, l lab, change ...func(*ftp.Config)) *ftp.Conn {
	t.Helper()
	pem, err := os.ReadFile(l.ca)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	port, err := strconv.Atoi(r.port)
	if err != nil {
		t.Fatal(err)
	}
	security := map[string]ftp.Security{"plain": ftp.Plain, "optional": ftp.Optional, "tls": ftp.Explicit, "implicit": ftp.Implicit}[r.kind]
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cfg := ftp.Config{Host: r.host, Port: port, User: l.user, Password: l.password, Security: security,
		TLS: &tls.Config{RootCAs: roots}, Mode: ftp.Passive}
	for _, f := range change {
		f(&cfg)
	}
	c, err := ftp.Dial(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// testBatch makes and removes many directories, one of which is there already.
func testBatch(t *testing.T, r *rig, c *ftp.Conn, base string) {
	if err := os.Mkdir(filepath.Join(r.disk, "d07"), 0o755); err != nil {
		t.Fatal(err)
	}
	r.own(t, "d07")
	for _, op := range []ftp.Op{ftp.OpMakeDir, ftp.OpRemoveDir} {
		var changes []ftp.Change
		for i := range 60 {
			changes = append(changes, ftp.Change{Op: op, Path: fmt.Sprintf("%sd%02d", base, i)})
		}
		answered := 0
		err := c.Batch(t.Context(), changes, func(i int, err error) {
			answered++
			if (err != nil) != (op == ftp.OpMakeDir && i == 7) {
				t.Errorf("%v %s: %v", op, changes[i].Path, err)
			}
		})
		if err != nil || answered != len(changes) {
			t.Fatalf("%d answers, %v", answered, err)
		}
		left, err := os.ReadDir(r.disk)
		if want := map[ftp.Op]int{ftp.OpMakeDir: 60, ftp.OpRemoveDir: 0}[op]; err != nil || len(left) != want {
			t.Errorf("%d directories, want %d; %v", len(left), want, err)
		}
	}
}

// testFacts sets time and permissions.
func testFacts(t *testing.T, r *rig, c *ftp.Conn, base string) {
	r.seed(t, "facts", []byte("x"))
	then := time.Date(2011, 10, 9, 8, 7, 6, 0, time.UTC)
	err := c.SetFacts(t.Context(), base+"facts", ftp.Facts{Time: then, Mode: 0o640, HasMode: true})
	if err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(filepath.Join(r.disk, "facts"))
	if err != nil || !st.ModTime().Equal(then) || st.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v, %v", st.ModTime(), st.Mode(), err)
	}
}

// testTimes asks when files were changed, of which one is missing.
func testTimes(t *testing.T, r *rig, c *ftp.Conn, base string) {
	var paths []string
	for i := range 30 {
		name := fmt.Sprintf("t%02d", i)
		r.seed(t, name, nil)
		paths = append(paths, base+name)
	}
	paths[11] = base + "none"
	n := 0
	err := c.ModTimes(t.Context(), paths, func(i int, at time.Time, err error) {
		n++
		switch age := time.Since(at); {
		case i == 11 || r.is("norest"):
			if err == nil {
				t.Errorf("%s is of %v", paths[i], at)
			}
		case err != nil || age < -time.Minute || age > 10*time.Minute:
			t.Errorf("%s is of %v: %v", paths[i], at, err)
		}
	})
	if err != nil || n != len(paths) {
		t.Errorf("%d of %d, %v", n, len(paths), err)
	}
}

// testHash compares the checksum of a file, and of a part of it.
func testHash(t *testing.T, r *rig, c *ftp.Conn, base string) {
	data := noise(3<<20+5, 11)
	r.seed(t, "a hash", data)
	for _, part := range []ftp.HashRange{{}, {Offset: 1 << 20, Length: 1<<20 + 3}} {
		d, err := c.Hash(t.Context(), base+"a hash", part)
		if !r.is("full") {
			if !errors.Is(err, errors.ErrUnsupported) {
				t.Errorf("%+v: %v, %v", part, d, err)
			}
			continue
		}
		of := data
		if part.Length > 0 {
			of = data[part.Offset : part.Offset+part.Length]
		}
		want := sha512.Sum512(of)
		if err != nil || d.Algorithm != "SHA-512" || !bytes.Equal(d.Sum, want[:]) {
			t.Errorf("%+v: %s %x, %v", part, d.Algorithm, d.Sum, err)
		}
	}
}

// testLink makes a symbolic link.
func testLink(t *testing.T, r *rig, c *ftp.Conn, base string) {
	r.seed(t, "target", []byte("x"))
	err := c.Symlink(t.Context(), base+"target", base+"link")
	if !r.is("full") {
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("got %v", err)
		}
		return
	}
	if got, readErr := os.Readlink(filepath.Join(r.disk, "link")); err != nil || readErr != nil || filepath.Base(got) != "target" {
		t.Errorf("%v; %q, %v", err, got, readErr)
	}
}
