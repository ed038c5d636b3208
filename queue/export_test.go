package queue

import "time"

// SetWall replaces the clock on the wall.
func (q *Queue) SetWall(wall func() time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.wall = wall
}
