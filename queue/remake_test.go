package queue_test

import (
	"fmt"
	"slices"
	"testing"

	"portside/queue"
)

// A power cut takes directories with it that an earlier process made and wrote
// down: wherever that was cut off, they are made again for the files that are
// to be in them. The directory that a person named is not.
func TestDirectoriesLostInAPowerCut(t *testing.T) {
	for _, up := range []bool{false, true} {
		for _, lost := range []string{"/t", "/t/sub", "/t/sub/deep", ""} {
			t.Run(fmt.Sprint("up ", up, lost), func(t *testing.T) {
				saved(t, func(r *rig, m *memStore) {
					dst, base, copies := r.here, "/home", r.get
					if up {
						dst, base, copies = r.there, "/pub", r.put
						tree(r.here, "/home")
					} else {
						tree(r.there, "/pub")
					}
					copies(queue.ExistsFail, "t")
					r.idle()
					commits := m.killed().commits
					for n := 1; n < len(commits); n++ {
						r.open(&memStore{commits: slices.Clip(commits[:n])})
						r.q.Pause()
						dst.Remove(base + lost)
						r.q.Resume()
						r.idle()
						for _, w := range r.q.Rows(0, 100) {
							if w.State != queue.Done && lost != "" {
								r.Errorf("after commit %d of %d: %s", n, len(commits), show(w))
							}
						}
						if lost == "" && slices.Contains(dst.Paths(), base+"/") {
							r.Errorf("after commit %d of %d: %s was made", n, len(commits), base)
						}
					}
				})
			})
		}
	}
}
