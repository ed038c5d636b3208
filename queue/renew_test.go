package queue_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"portside/queue"
	"portside/queue/queuetest"
)

// late is what an upload that broke off still does to its part, once another has
// begun: it empties it, and writes what it had.
func late(r *rig, part string, bytes []byte) func(queuetest.Call) error {
	n := 0
	return func(c queuetest.Call) error {
		if c.Op == "write" && strings.HasPrefix(c.Path, "/pub/") {
			if n++; n > 2 {
				r.there.WriteFile(part, bytes, now)
			}
		}
		return nil
	}
}

// An upload that begins once more is not what a late one of the attempt before
// writes into.
func TestALateUploadSpoilsNothing(t *testing.T) {
	for name, tt := range map[string]struct {
		size    int
		changed bool
	}{
		"small":                    {50_000, false},
		"whose source has changed": {500_000, true},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, queue.Options{}, func(r *rig) {
				whole := data(tt.size, 1)
				r.here.WriteFile("/home/f", whole, now)
				cut, spoil := once("write", "", 1, broken()), late(r, "/pub/.f.portside", whole[:20_000])
				var left bool
				r.there.Hook = func(c queuetest.Call) error {
					if err := cut(c); err != nil {
						if tt.changed {
							whole = data(tt.size, 2)
							r.here.WriteFile("/home/f", whole, now)
						}
						return err
					}
					if c.Op == "create" && c.Path != "/pub/.f.portside" {
						_, left = r.there.ReadFile("/pub/.f.portside")
					}
					return spoil(c)
				}
				id := r.put(queue.ExistsFail, "f")[0]
				r.idle()
				r.state(id, queue.Done)
				r.holds(r.there, "/pub/f", whole)
				if got := parts(r.there); len(got) != 1 || got[0] != "/pub/.f.portside" || left {
					r.Errorf("%q are left; the first was removed: %v", got, !left)
				}
			})
		})
	}
}

// A process that is killed leaves an upload to the next one, which removes what
// is there of it: whenever it was killed, and as often as it is.
func TestKilledUploadsLeaveNothing(t *testing.T) {
	saved(t, func(r *rig, m *memStore) {
		const kills = 3
		whole := data(50_000, 1)
		r.here.WriteFile("/home/f", whole, now)
		var living atomic.Pointer[memStore]
		living.Store(m)
		var names []string
		left := make(chan *memStore, kills)
		r.there.Hook = func(c queuetest.Call) error {
			switch {
			case c.Op == "create": // the server begins it, and nobody hears of that
				time.Sleep(time.Millisecond) // on its way there
				names = append(names, c.Path)
				if len(names) <= kills {
					left <- living.Load().killed()
				}
			case c.Op == "write" && len(names) <= kills:
				return broken()
			}
			return nil
		}
		id := r.put(queue.ExistsFail, "f")[0]
		for range kills {
			killed := <-left
			living.Store(killed)
			r.open(killed)
		}
		r.idle()
		r.state(id, queue.Done)
		r.holds(r.there, "/pub/f", whole)
		slices.Sort(names)
		if all := slices.Clone(names); len(all) != kills+1 || len(slices.Compact(all)) != len(names) {
			r.Errorf("one name twice: %q", names)
		}
		if got := parts(r.there); len(got) > 0 {
			r.Errorf("%q are left", got)
		}
	})
}

// A server that lets nobody remove anything gets no more than one part of a file.
func TestAnUploadBeginsOnceMoreWhereNothingIsRemoved(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		whole := data(50_000, 1)
		r.here.WriteFile("/home/f", whole, now)
		cut := once("write", "", 1, broken())
		r.there.Hook = func(c queuetest.Call) error {
			if c.Op == "remove" {
				return queue.Fail(queue.ClassJob, "nothing is removed here", nil)
			}
			return cut(c)
		}
		id := r.put(queue.ExistsFail, "f")[0]
		r.idle()
		r.state(id, queue.Done)
		r.holds(r.there, "/pub/f", whole)
		if got := parts(r.there); len(got) > 0 {
			r.Errorf("%q are left", got)
		}
	})
}

// A rename of an earlier attempt that comes late gives the part its name while
// the next one looks at it.
func TestALateRenameIsNoFailure(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		whole := data(500_000, 1)
		r.here.WriteFile("/home/f", whole, now)
		cut := once("commit", "", 0, broken())
		r.there.Hook = func(c queuetest.Call) error {
			if c.Op == "open" {
				r.there.WriteFile("/pub/f", whole, now)
				r.there.Remove("/pub/.f.portside")
			}
			return cut(c)
		}
		id := r.put(queue.ExistsFail, "f")[0]
		r.idle()
		if w := r.state(id, queue.Done); w.Attempt != 3 {
			r.Error(show(w))
		}
		r.holds(r.there, "/pub/f", whole)
		if got := parts(r.there); len(got) > 0 {
			r.Errorf("%q are left", got)
		}
	})
}

// And while the next one, of another process, sends it once more.
func TestALateRenameOfAKilledProcess(t *testing.T) {
	saved(t, func(r *rig, m *memStore) {
		whole := data(50_000, 1)
		r.here.WriteFile("/home/f", whole, now)
		left := make(chan *memStore, 1)
		r.there.Hook = func(c queuetest.Call) error {
			switch {
			case c.Op != "commit":
			case c.Path == "/pub/.f.portside":
				left <- m.killed()
				return broken()
			default:
				r.there.WriteFile("/pub/f", whole, now)
			}
			return nil
		}
		id := r.put(queue.ExistsFail, "f")[0]
		r.open(<-left)
		r.idle()
		r.state(id, queue.Done)
		r.holds(r.there, "/pub/f", whole)
		if got := parts(r.there); len(got) > 0 {
			r.Errorf("%q are left", got)
		}
	})
}
