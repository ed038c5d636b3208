package queue_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"portside/queue"
)

// holed is a store that lost one commit of another.
type holed struct{ *memStore }

func (holed) Holes() bool { return true }

// without leaves commit n out.
func (m *memStore) without(n int) holed {
	return holed{&memStore{commits: slices.Concat(m.commits[:n:n], m.commits[n+1:])}}
}

// Whichever commit of a store is lost, all that belongs to the rest is copied:
// jobs whose place was in it stand somewhere, and directories are read again.
func TestACommitIsLost(t *testing.T) {
	var all *memStore
	saved(t, func(r *rig, m *memStore) {
		tree(r.there, "/pub")
		r.get(queue.ExistsFail, "t")
		r.idle()
		all = m.killed()
	})
	for end := 3; end <= len(all.commits); end++ {
		left := &memStore{commits: slices.Clip(all.commits[:end])}
		for lost := 1; lost < end-1; lost++ {
			saved(t, func(r *rig, _ *memStore) {
				tree(r.there, "/pub")
				for _, dir := range []string{"", "/sub", "/sub/deep", "/void"} {
					r.here.Mkdir("/home/t" + dir)
				}
				if err := r.q.Close(); err != nil {
					r.Fatal(err)
				}
				q, words, err := queue.Open(queue.Options{Local: r.here.FS(queue.Local), Remote: r.dialer}, left.without(lost))
				if err != nil {
					r.Fatal(err)
				}
				r.q = q
				over := r.row(1).State == queue.Done // what is lost had ended
				r.idle()
				rows := q.Rows(0, 100)
				for _, w := range rows {
					if w.State != queue.Done {
						r.Errorf("commit %d of %d lost (%s): %s", lost, end, words, show(w))
					}
				}
				if len(rows) != 8 && !over {
					r.Errorf("commit %d of %d lost (%s): %d rows", lost, end, words, len(rows))
				}
			})
		}
	}
}

// A job that is known and whose place is not stands behind the one that was
// added before it, and the words count it.
func TestAPlaceIsLost(t *testing.T) {
	saved(t, func(r *rig, m *memStore) {
		r.q.Pause()
		ids := r.get("", "a", "b", "c")
		more := r.get("", "d")
		r.q.Pause(ids[0])
		if err := r.q.Close(); err != nil {
			r.Fatal(err)
		}
		place := []byte{'p', byte(more[0]), 1, byte(ids[2])}
		for i, c := range m.commits {
			if at := bytes.Index(c, place); at >= 0 {
				m.commits[i] = bytes.Clone(c)
				m.commits[i][at] = '?' // a kind that nobody knows
			}
		}
		q, words, err := queue.Open(queue.Options{Local: r.here.FS(queue.Local), Remote: r.dialer}, m)
		if err != nil {
			r.Fatal(err)
		}
		r.q = q
		got := ""
		for _, w := range q.Rows(0, 10) {
			got += w.Name
		}
		if got != "abcd" || !strings.Contains(words, "1 of 4 jobs had lost their places") {
			r.Error(got, words, fmt.Sprint(ids, more))
		}
	})
}
