package ftp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"portside/ftp/ftptest"
)

// copies are the ways in which a file of one size is moved between a server and
// the disk, by name.
type copies struct {
	c    *Conn
	file *os.File
}

// newCopies returns a session beside a file on disk and on the server of size
// bytes.
func newCopies(tb testing.TB, size int64, security Security, afar bool) *copies {
	tb.Helper()
	config, roots, err := ftptest.NewTLS()
	if err != nil {
		tb.Fatal(err)
	}
	tr := ftptest.NewTree()
	tr.AddGenerated("/f", size, 1, time.Unix(1e9, 0))
	s, err := ftptest.Start(ftptest.Config{Tree: tr, TLS: config})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	cfg := configOf(s)
	cfg.Security, cfg.afar = security, afar
	withRoots(roots)(&cfg)
	c, err := Dial(context.Background(), cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close() })
	file, err := os.Create(filepath.Join(tb.TempDir(), "f"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = file.Close() })
	w := &copies{c: c, file: file}
	if err := w.down(); err != nil {
		tb.Fatal(err)
	}
	return w
}

// down downloads the file.
func (w *copies) down() error {
	if _, err := w.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	d, err := w.c.Retr(context.Background(), "/f", 0)
	if err != nil {
		return err
	}
	_, err = d.WriteTo(w.file)
	return errors.Join(err, d.Close())
}

// up uploads the file.
func (w *copies) up() error {
	if _, err := w.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	u, err := w.c.Stor(context.Background(), "/up", 0)
	if err != nil {
		return err
	}
	_, err = u.ReadFrom(w.file)
	return errors.Join(err, u.Close())
}

// eachCopy runs f for each way to move a file.
func eachCopy(f func(name string, security Security, afar bool, move func(*copies) error)) {
	for i, transport := range []string{"plain", "plain, afar", "TLS"} {
		security := []Security{Plain, Plain, Explicit}[i]
		f("down, "+transport, security, i == 1, (*copies).down)
		f("up, "+transport, security, i == 1, (*copies).up)
	}
}

// A long copy allocates no more than a short one: nothing for each chunk.
func TestCopiesAllocateNothing(t *testing.T) {
	const short, long = 1 << 20, 33 << 20
	mallocs := func(w *copies, move func(*copies) error) uint64 {
		least := ^uint64(0)
		for range 3 { // what else runs allocates too, sometimes
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if err := move(w); err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			least = min(least, after.Mallocs-before.Mallocs)
		}
		return least
	}
	eachCopy(func(name string, security Security, afar bool, move func(*copies) error) {
		t.Run(name, func(t *testing.T) {
			few := mallocs(newCopies(t, short, security, afar), move)
			many := mallocs(newCopies(t, long, security, afar), move)
			// 128 chunks of 256 KiB, with the test server's share. Package tls
			// allocates for the records, at both ends.
			allowed := few + 64
			if security != Plain {
				allowed += 2 * (long - short) / (16 << 10)
			}
			if many > allowed {
				t.Errorf("%d allocations for %d MiB, %d for %d", few, short>>20, many, long>>20)
			}
		})
	})
}

func BenchmarkCopy(b *testing.B) {
	const size = 64 << 20
	eachCopy(func(name string, security Security, afar bool, move func(*copies) error) {
		b.Run(fmt.Sprint(name), func(b *testing.B) {
			w := newCopies(b, size, security, afar)
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				if err := move(w); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}
