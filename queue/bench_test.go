package queue_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"portside/queue"
	"portside/queue/queuetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const server = "ftp://demo@example.com"

// rig is a queue between two disks in memory.
type rig struct {
	*testing.T
	here, there *queuetest.Disk
	dialer      *queuetest.Dialer
	q           *queue.Queue
}

// run gives f a rig in a bubble of fake time, and checks in the end that
// every session is closed and none was misused.
func run(t *testing.T, o queue.Options, f func(r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{T: t, here: queuetest.NewDisk(), there: queuetest.NewDisk()}
		r.dialer = &queuetest.Dialer{Disks: map[string]*queuetest.Disk{server: r.there}}
		r.here.Mkdir("/home")
		r.there.Mkdir("/pub")
		o.Local, o.Remote = r.here.FS(queue.Local), r.dialer
		if o.Backoff == nil {
			o.Backoff = func(n int) time.Duration { return time.Duration(n) * time.Second }
		}
		r.q = queue.New(o)
		defer func() {
			if err := r.q.Close(); err != nil {
				t.Error(err)
			}
			if n, _ := r.dialer.Live(server); n != 0 {
				t.Errorf("%d sessions left open", n)
			}
			for _, w := range append(r.here.Wrong(), r.there.Wrong()...) {
				t.Error(w)
			}
		}()
		f(r)
	})
}

func at(address, path string) queue.Place { return queue.Place{Address: address, Path: path} }

func (r *rig) add(specs ...queue.Spec) []queue.ID {
	r.Helper()
	ids, err := r.q.Add(specs)
	if err != nil {
		r.Fatal(err)
	}
	return ids
}

// get downloads paths below /pub to /home.
func (r *rig) get(p queue.Policy, names ...string) []queue.ID {
	r.Helper()
	var specs []queue.Spec
	for _, n := range names {
		specs = append(specs, queue.Spec{Kind: queue.Copy, Src: at(server, "/pub/"+n), Dst: at(queue.Local, "/home"), Exists: p})
	}
	return r.add(specs...)
}

// put uploads paths below /home to /pub.
func (r *rig) put(p queue.Policy, names ...string) []queue.ID {
	r.Helper()
	var specs []queue.Spec
	for _, n := range names {
		specs = append(specs, queue.Spec{Kind: queue.Copy, Src: at(queue.Local, "/home/"+n), Dst: at(server, "/pub"), Exists: p})
	}
	return r.add(specs...)
}

// idle lets time pass until nothing waits or runs.
func (r *rig) idle() {
	r.Helper()
	for range 10_000 {
		synctest.Wait()
		if !r.q.Totals().Active() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	for _, row := range r.q.Rows(0, 20) {
		r.Log(show(row))
	}
	r.Fatal("the queue does not come to rest")
}

func show(w queue.Row) string {
	s := fmt.Sprintf("%d %s %s %q attempt %d", w.ID, w.State, w.Name, w.Note, w.Attempt)
	if w.Failure != nil {
		s += fmt.Sprintf(" %s/%s: %s", w.Failure.Class, w.Failure.Ask, w.Failure.Text)
	}
	return s
}

func (r *rig) row(id queue.ID) queue.Row {
	r.Helper()
	w, ok := r.q.Row(id)
	if !ok {
		r.Fatalf("no job %d", id)
	}
	return w
}

func (r *rig) state(id queue.ID, want queue.State) queue.Row {
	r.Helper()
	w := r.row(id)
	if w.State != want {
		r.Fatalf("want %s: %s", want, show(w))
	}
	return w
}

func (r *rig) holds(d *queuetest.Disk, path string, want []byte) {
	r.Helper()
	got, ok := d.ReadFile(path)
	if !ok {
		r.Errorf("%s is missing; there are %q", path, d.Paths())
	} else if !bytes.Equal(got, want) {
		r.Errorf("%s differs: %d bytes, want %d", path, len(got), len(want))
	}
}

// paths checks what stands on a disk.
func (r *rig) paths(d *queuetest.Disk, want ...string) {
	r.Helper()
	if got := d.Paths(); !slices.Equal(got, want) {
		r.Errorf("there is %q, want %q", got, want)
	}
}

// data makes n bytes that repeat nowhere near.
func data(n int, seed uint32) []byte {
	b := make([]byte, n)
	x := seed*2654435761 + 1
	for i := range b {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		b[i] = byte(x)
	}
	return b
}

// broken is an error that ends a session.
func broken() error {
	return queue.Fail(queue.ClassAttempt, "the connection broke", nil)
}

// once fails the first call of op at path behind n others.
func once(op, path string, n int, err error) func(queuetest.Call) error {
	return func(c queuetest.Call) error {
		if c.Op != op || path != "" && c.Path != path {
			return nil
		}
		if n--; n == -1 {
			return err
		}
		return nil
	}
}

func parts(d *queuetest.Disk) (out []string) {
	for _, p := range d.Paths() {
		if strings.HasSuffix(p, ".portside") {
			out = append(out, p)
		}
	}
	return out
}
