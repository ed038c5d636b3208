package queue_test

import (
	"slices"
	"testing"

	"portside/queue"
)

// Two ways to write an accent.
const (
	composed = "caf\u00e9"
	apart    = "cafe\u0301"
)

// D9: a name that stands in the target in another form is the same file: it is
// asked about, and written over as it stands there. Both forms in the source
// stay two files.
func TestFormsOfANameD9(t *testing.T) {
	for name, c := range map[string]struct {
		source, target, want []string
		policy               queue.Policy
		skipped              int
	}{
		"skipped":            {[]string{apart}, []string{composed}, []string{composed}, queue.ExistsSkip, 1},
		"written over":       {[]string{composed}, []string{apart}, []string{apart}, queue.ExistsOverwrite, 0},
		"both in source":     {[]string{apart, composed}, []string{composed}, []string{apart, composed}, queue.ExistsOverwrite, 0},
		"both in both":       {[]string{apart, composed}, []string{apart, composed}, []string{apart, composed}, queue.ExistsOverwrite, 0},
		"both in an empty":   {[]string{apart, composed}, nil, []string{apart, composed}, queue.ExistsFail, 0},
		"both in the target": {[]string{composed}, []string{apart, composed}, []string{apart, composed}, queue.ExistsOverwrite, 0},
	} {
		run(t, queue.Options{}, func(r *rig) {
			for _, n := range c.source {
				r.there.WriteFile("/pub/d/"+n, data(100, 1), now)
			}
			r.here.WriteFile("/home/d/other", data(1, 1), now)
			for _, n := range c.target {
				r.here.WriteFile("/home/d/"+n, data(50, 2), now)
			}
			r.get(c.policy, "d")
			r.idle()
			want := []string{"/home/", "/home/d/", "/home/d/other"}
			for _, n := range c.want {
				want = append(want, "/home/d/"+n)
			}
			slices.Sort(want)
			r.paths(r.here, want...)
			if tot := r.q.Totals(); tot.Skipped != c.skipped || tot.Failed+tot.Asking > 0 {
				r.Errorf("%s: %+v", name, tot)
			}
			if c.policy == queue.ExistsOverwrite && len(c.source) == 1 && len(c.target) == 1 {
				r.holds(r.here, "/home/d/"+c.want[0], data(100, 1))
			}
		})
	}
}

// D1, D2: names that one end cannot have are skipped with a reason, and the
// others arrive.
func TestNamesThatCannotBeUsedD1D2(t *testing.T) {
	run(t, queue.Options{}, func(r *rig) {
		r.here.WriteFile("/home/d/fine", data(10, 1), now)
		r.here.WriteFile("/home/d/a\r\nDELE b", data(10, 1), now)
		id := r.put("", "d")[0]
		r.idle()
		r.paths(r.there, "/pub/", "/pub/d/", "/pub/d/fine")
		if w := r.state(id, queue.Done); w.Note != "1 of 2 left out" {
			r.Error(show(w))
		}
		w := r.row(id + 1)
		if w.State != queue.Skipped {
			w = r.row(id + 2)
		}
		if w.State != queue.Skipped || !w.Unfit || w.Note == "" {
			r.Error(show(w))
		}
	})
}
