package ui

import (
	"fmt"
	"testing"

	"portside/keymap"
	"portside/queue"
)

// jobs returns a Model that shows the queue of n jobs.
func jobs(b *testing.B, n int) *Model {
	b.Helper()
	q := queue.New(queue.Options{})
	b.Cleanup(func() {
		if err := q.Close(); err != nil {
			b.Error(err)
		}
	})
	q.Pause()
	specs := make([]queue.Spec, n)
	for i := range specs {
		specs[i] = queue.Spec{
			Kind: queue.Copy, Src: queue.Place{Address: remote, Path: fmt.Sprintf("/photos/%04d/img_%07d.jpg", i/1000, i)},
			Dst: queue.Place{Address: queue.Local, Path: "/home/me/photos"},
		}
	}
	if _, err := q.Add(specs); err != nil {
		b.Fatal(err)
	}
	m := newModel(b.Context(), Options{
		Engine: q, Left: queue.Place{Address: queue.Local, Path: "/home/me"}, Right: queue.Place{Address: remote, Path: "/"},
	})
	m.clock = now
	m.resize(80, 24)
	m.show(keymap.Queue)
	return m
}

// BenchmarkQueue is the view of the queue with few jobs, with a full screen of
// them, and with a million: a frame for which all is read again, and keys with
// the frame that follows. A million may cost no more.
func BenchmarkQueue(b *testing.B) {
	for _, n := range []int{10, 100, 1_000_000} {
		b.Run(fmt.Sprint(n, "/frame"), func(b *testing.B) {
			m := jobs(b, n)
			for b.Loop() {
				m.refresh()
				_ = m.View()
			}
		})
		for _, keys := range [][]string{{"down", "up"}, {"pgdown", "pgup"}, {"end", "home"}, {"<", ">"}} {
			b.Run(fmt.Sprint(n, "/", keys[0], ",", keys[1]), func(b *testing.B) {
				m, i := jobs(b, n), 0
				for b.Loop() {
					m.Update(press(keys[i%2]))
					_ = m.View()
					i++
				}
			})
		}
	}
}
