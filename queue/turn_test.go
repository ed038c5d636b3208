package queue

import (
	"testing"
	"testing/synctest"
)

// A fault at the end of a turn, behind the choice of the next job, does not leave
// that one to nobody.
func TestAFaultBehindTheNextTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New(Options{})
		ran := 0
		q.mu.Lock()
		q.spawn(func() {
			q.mu.Lock()
			defer q.mu.Unlock()
			q.succeed(func() {
				q.employ(func() turn { ran++; return nil })
				panic("at the end of a turn")
			})
		})
		q.mu.Unlock()
		synctest.Wait()
		if ran != 1 || q.heir != nil {
			t.Errorf("the next turn ran %d times", ran)
		}
		if err := q.Close(); err != nil {
			t.Error(err)
		}
	})
}
