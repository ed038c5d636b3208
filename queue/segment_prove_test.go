package queue_test

import (
	"strings"
	"testing"
	"time"
)

// A killed upload goes on with the ranges that the journal names, if the server
// shows that they are the source's.
func TestUploadSegmentsGoOn(t *testing.T) {
	for name, tt := range map[string]struct {
		harm func(part []byte) []byte
		note string
	}{
		"as it was":     {func(p []byte) []byte { return p }, "resumed at "},
		"lost":          {func(p []byte) []byte { return make([]byte, len(p)) }, "started anew: the beginning of its part is not there"},
		"cut":           {func(p []byte) []byte { return p[:1<<20] }, "started anew: the beginning of its part is not there"},
		"somebody else": {func(p []byte) []byte { return data(len(p), 9) }, "started anew: the part did not match the source"},
		"too long":      {func(p []byte) []byte { return make([]byte, 97<<20) }, "started anew: the part was longer than the source"},
	} {
		t.Run(name, func(t *testing.T) {
			saved(t, func(r *rig, _ *memStore) {
				want := away(r, 96<<20)
				m := &memStore{}
				reopen(r, m, 2)
				id := r.put("", "big")[0]
				time.Sleep(14 * time.Second)
				const part = "/pub/.big.portside.apart"
				left, there := r.there.ReadFile(part)
				killed := m.killed()
				if err := r.q.Close(); err != nil || !there {
					r.Fatal(err, there)
				}
				r.there.WriteFile(part, tt.harm(left), now)
				reopen(r, killed, 2)
				watch(r, id)
				sentWhole(r, id, want)
				if w := r.row(id); !strings.HasPrefix(w.Note, tt.note) {
					r.Error(show(w))
				}
			})
		})
	}
}
