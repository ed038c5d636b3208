package connect

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"portside/ftp/ftptest"
	"portside/queue"
)

func limits(t *testing.T, s string) queue.Limits {
	t.Helper()
	l, err := queue.ParseLimits(s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A limit of ours moves bytes often enough for a server that gives up what
// rests: four seconds' worth, where the server has not one second of patience.
func TestOurLimitE28(t *testing.T) {
	for name, up := range map[string]bool{"down": false, "up": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := text(4000)
			b := newBench(t, ftptest.Config{Quirks: ftptest.Quirks{Patience: 700 * time.Millisecond}})
			b.q.Limit(limits(t, "1K"))
			b.srv.Tree().WriteFile("/f", []byte(data), time.Unix(1e9, 0))
			if up {
				b.srv.Tree().Remove("/f")
				if err := os.WriteFile(filepath.Join(b.dir, "f"), []byte(data), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			began := time.Now()
			w := b.copy(t, up, "f", queue.ExistsFail)
			if w.State != queue.Done || w.Attempt != 1 {
				t.Errorf("%s after %d attempts: %v", w.State, w.Attempt, w.Failure)
			}
			if took := time.Since(began); took < 3300*time.Millisecond {
				t.Errorf("took %v", took)
			}
		})
	}
}

// What the kernel copies stops for a limit that is set meanwhile, and goes on
// by the kernel's way when it is lifted. No byte is lost on the way.
func TestALimitInTheMiddle(t *testing.T) {
	for name, up := range map[string]bool{"down": false, "up": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := text(24 << 20)
			b := newBench(t, ftptest.Config{})
			b.srv.SetRate(20 << 20)
			if up {
				if err := os.WriteFile(filepath.Join(b.dir, "f"), []byte(data), 0o644); err != nil {
					t.Fatal(err)
				}
			} else {
				b.srv.Tree().WriteFile("/f", []byte(data), time.Unix(1e9, 0))
			}
			more := int64(8 << 20) // the kernel tells late of five that it has copied
			if up {
				more = 2 << 20
			}
			slow := make(chan time.Duration)
			// Ends with the transfer; awaited below.
			go func() {
				b.reach(t, 4<<20)
				began := time.Now()
				b.q.Limit(limits(t, "1M"))
				w, _ := b.q.Row(1)
				b.reach(t, w.Done+more)
				b.q.Limit(queue.Limits{})
				slow <- time.Since(began)
			}()
			w := b.copy(t, up, "f", queue.ExistsFail)
			if took := <-slow; took < 400*time.Millisecond {
				t.Errorf("it was not slowed down: %v", took)
			}
			if w.State != queue.Done || w.Attempt != 1 {
				t.Errorf("%s after %d attempts: %v", w.State, w.Attempt, w.Failure)
			}
			var got []byte
			if up {
				got, _ = b.srv.Tree().ReadFile("/f")
			} else {
				got, _ = os.ReadFile(filepath.Join(b.dir, "f"))
			}
			if string(got) != data {
				t.Errorf("%d bytes came, or others", len(got))
			}
		})
	}
}

// reach waits until the first job has moved n bytes, or has ended.
func (b *bench) reach(t *testing.T, n int64) {
	for range time.Tick(5 * time.Millisecond) {
		w, ok := b.q.Row(1)
		if t.Context().Err() != nil || ok && (w.Done >= n || w.State == queue.Failed) {
			return
		}
	}
}
