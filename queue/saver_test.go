package queue_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"portside/queue"
)

// memStore is a Store in memory.
type memStore struct {
	mu      sync.Mutex
	commits [][]byte
	synced  int // commits that outlast a power cut
	err     error
	closed  bool
	writes  int
	snaps   int
}

// Load hands commits out in parts, as a long one would be.
func (m *memStore) Load(each func([]byte, bool) error) error {
	for _, c := range m.commits {
		for part := range slices.Chunk(c, 7) {
			if err := each(part, len(c) > 7); err != nil {
				return err
			}
			c = c[len(part):]
		}
	}
	return nil
}

func (m *memStore) Append(c []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	m.commits, m.writes = append(m.commits, bytes.Clone(c)), m.writes+1
	return nil
}

func (m *memStore) Sync() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.synced = len(m.commits)
	return m.err
}

func (m *memStore) Rewrite(all iter.Seq[[]byte]) error {
	var commits [][]byte
	for c := range all {
		commits = append(commits, bytes.Clone(c))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	m.commits, m.synced, m.snaps = commits, len(commits), m.snaps+1
	return nil
}

func (m *memStore) Size() (n int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.commits {
		n += int64(len(c))
	}
	return n
}

func (m *memStore) Close() error {
	m.closed = true
	return nil
}

func (m *memStore) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err = err
}

// killed is what a process that is killed now leaves behind.
func (m *memStore) killed() *memStore {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &memStore{commits: append([][]byte(nil), m.commits...)}
}

// saved runs f with a queue on a store, which f may kill and open again.
func saved(t *testing.T, f func(r *rig, m *memStore)) {
	run(t, queue.Options{}, func(r *rig) {
		m := &memStore{}
		r.open(m)
		f(r, m)
		if err := r.q.Close(); err != nil && m.err == nil {
			r.Error(err)
		}
	})
}

// open puts a queue with the jobs of a store in the place of the rig's.
func (r *rig) open(m *memStore) {
	r.Helper()
	if err := r.q.Close(); err != nil {
		r.Fatal(err)
	}
	q, words, err := queue.Open(queue.Options{
		Local: r.here.FS(queue.Local), Remote: r.dialer, Retries: 3,
		Backoff: func(n int) time.Duration { return time.Duration(n) * time.Second },
	}, m)
	if err != nil || words != "" {
		r.Fatal(err, words)
	}
	r.q = q
}

func TestAddIsOnDisk(t *testing.T) {
	saved(t, func(r *rig, m *memStore) {
		r.there.WriteFile("/pub/a", data(100, 1), now)
		r.q.Pause()
		ids := r.get("", "a", "gone")
		if m.synced != len(m.commits) || m.writes == 0 {
			r.Errorf("%d of %d commits are synced", m.synced, len(m.commits))
		}
		r.open(m.killed())
		rows := r.q.Rows(0, 10)
		if len(rows) != 2 || rows[0].ID != ids[0] || rows[1].ID != ids[1] || rows[0].State != queue.Paused {
			r.Error(len(rows))
		}
		r.q.Resume()
		r.idle()
		r.state(ids[0], queue.Done)
		r.state(ids[1], queue.Failed)
		r.holds(r.here, "/home/a", data(100, 1))
	})
}

func TestAddFailsLoudly(t *testing.T) {
	saved(t, func(r *rig, m *memStore) {
		r.there.WriteFile("/pub/a", data(100, 1), now)
		r.there.WriteFile("/pub/b", data(100, 1), now)
		first := r.get("", "a")[0]
		r.idle()
		m.fail(syscall.ENOSPC)
		ids, err := r.q.Add([]queue.Spec{{Kind: queue.Copy, Src: at(server, "/pub/b"), Dst: at(queue.Local, "/home")}})
		if !errors.Is(err, syscall.ENOSPC) || len(ids) != 0 || !strings.Contains(err.Error(), "cannot be saved") {
			r.Error(ids, err)
		}
		if rows := r.q.Rows(0, 10); len(rows) != 1 || rows[0].ID != first {
			r.Error(len(rows))
		}
		if tot := r.q.Totals(); tot.Unsaved == "" || tot.Files != 1 {
			r.Errorf("%+v", tot)
		}
		m.fail(nil)
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if tot := r.q.Totals(); tot.Unsaved != "" || m.snaps == 0 {
			r.Errorf("%+v, %d snapshots", tot, m.snaps)
		}
		r.get("", "b")
		r.idle()
		r.open(m.killed())
		if rows := r.q.Rows(0, 10); len(rows) != 2 || rows[0].State != queue.Done || rows[1].State != queue.Done {
			r.Error(len(rows))
		}
	})
}

// A file that was not synced once is suspect: a new one is written at once, and
// the Add is on disk all the same.
func TestSyncFailsOnce(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		m := &memStore{}
		q, _, err := queue.Open(queue.Options{Local: r.here.FS(queue.Local), Remote: r.dialer}, &flaky{memStore: m})
		if err != nil {
			r.Fatal(err)
		}
		q.Pause()
		if _, err := q.Add([]queue.Spec{{Kind: queue.Copy, Src: at(server, "/pub/b"), Dst: at(queue.Local, "/home")}}); err != nil {
			r.Error(err)
		}
		if m.snaps != 1 || m.synced != len(m.commits) || q.Totals().Unsaved != "" {
			r.Errorf("%d snapshots, %d of %d synced, %q", m.snaps, m.synced, len(m.commits), q.Totals().Unsaved)
		}
		left := m.killed()
		if err := q.Close(); err != nil {
			r.Error(err)
		}
		if r.open(left); len(r.q.Rows(0, 10)) != 1 {
			r.Error("the job is lost")
		}
	})
}

// flaky is a store whose first Sync fails.
type flaky struct {
	*memStore
	failed bool
}

func (f *flaky) Sync() error {
	if !f.failed {
		f.failed = true
		return syscall.EIO
	}
	return f.memStore.Sync()
}

// What was killed anywhere goes on to the same end, and what had ended is not
// begun again.
func TestKilledAfterEveryCommit(t *testing.T) {
	var ends []*memStore
	setUp := func(r *rig) {
		tree(r.there, "/pub")
		for i := range 5 {
			r.there.WriteFile(fmt.Sprintf("/pub/f%d", i), data(3_000_000, uint32(i)), now)
		}
	}
	want := map[string]string{}
	saved(t, func(r *rig, m *memStore) {
		setUp(r)
		r.there.Delay = time.Millisecond
		r.get(queue.ExistsFail, "t", "f0", "f1", "f2", "f3", "f4")
		r.idle()
		for _, row := range r.q.Rows(0, 100) {
			want[row.Name] = string(row.State)
		}
		for n := range m.commits {
			ends = append(ends, &memStore{commits: slices.Clip(m.commits[:n+1])})
		}
	})
	if len(ends) < 10 || len(want) < 10 {
		t.Fatalf("%d commits, %v", len(ends), want)
	}
	for n, m := range ends {
		if n == 0 {
			continue // the Add itself was not whole
		}
		saved(t, func(r *rig, _ *memStore) {
			setUp(r)
			for _, dir := range []string{"", "/sub", "/sub/deep", "/void"} {
				r.here.Mkdir("/home/t" + dir) // as far as it came, it may have been made
			}
			r.open(m)
			r.idle()
			got := map[string]string{}
			for _, row := range r.q.Rows(0, 100) {
				got[row.Name] = string(row.State)
			}
			if fmt.Sprint(got) != fmt.Sprint(want) && len(got) > 0 {
				r.Errorf("killed after commit %d: %v instead of %v", n, got, want)
			}
		})
	}
}

var _ queue.Store = (*memStore)(nil)

// Wherever a process was killed, the disk may be ahead of what was written
// down. What was done is not done again, and none of it is a failure.
func TestTheDiskIsAheadOfTheStore(t *testing.T) {
	saved(t, func(r *rig, m *memStore) {
		tree(r.there, "/pub")
		r.there.WriteFile("/pub/moved", data(1000, 4), now)
		r.there.WriteFile("/pub/old", data(1000, 8), now)
		r.there.WriteFile("/pub/away", data(1000, 5), now)
		r.here.WriteFile("/home/x/here", data(1000, 6), now)
		r.here.WriteFile("/home/dir/f", data(1000, 7), now)
		r.here.Mkdir("/home/to")
		home := at(queue.Local, "/home")
		known := func(name string, y queue.Type, size int64) *queue.Entry {
			return &queue.Entry{Name: name, Type: y, Size: size, Time: now}
		}
		r.add(
			queue.Spec{Kind: queue.Copy, Src: at(server, "/pub/t"), Dst: home, Exists: queue.ExistsFail},
			queue.Spec{Kind: queue.Copy, Src: at(server, "/pub/old"), Dst: home, Exists: queue.ExistsFail, Known: &queue.Entry{
				Name: "old", Type: queue.File, Size: 1000, Time: now.Truncate(24 * time.Hour), Precision: queue.Day, // as a listing tells it
			}},
			queue.Spec{Kind: queue.Move, Src: at(server, "/pub/moved"), Dst: home, Known: known("moved", queue.File, 1000)},
			queue.Spec{Kind: queue.Delete, Src: at(server, "/pub/away")},
			queue.Spec{Kind: queue.Move, Src: at(queue.Local, "/home/x/here"), Dst: at(queue.Local, "/home/to"), Known: known("here", queue.File, 1000)},
			queue.Spec{Kind: queue.Move, Src: at(queue.Local, "/home/dir"), Dst: at(queue.Local, "/home/to"), Known: known("dir", queue.Dir, -1)},
		)
		r.idle()
		rows := len(r.q.Rows(0, 100))
		here, there := r.here.Paths(), r.there.Paths()
		commits := m.killed().commits
		for n := 1; n < len(commits); n++ {
			r.open(&memStore{commits: slices.Clip(commits[:n])})
			r.idle()
			for _, row := range r.q.Rows(0, 100) {
				if row.State != queue.Done {
					r.Errorf("killed before commit %d of %d: %s", n, len(commits), show(row))
				}
			}
			if got := len(r.q.Rows(0, 100)); n == len(commits)-1 && got != rows {
				r.Errorf("%d rows instead of %d", got, rows)
			}
			if a, b := r.here.Paths(), r.there.Paths(); fmt.Sprint(a, b) != fmt.Sprint(here, there) {
				r.Fatalf("killed before commit %d of %d: %q %q", n, len(commits), a, b)
			}
		}
	})
}
