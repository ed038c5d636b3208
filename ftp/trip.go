package ftp

import (
	"sync/atomic"
	"time"
)

// distance is how far away the server is, by the answers that came soonest.
type distance struct{ trip atomic.Int64 }

// answered takes the time that an answer took.
func (d *distance) answered(took time.Duration) {
	if was := d.trip.Load(); was == 0 || int64(took) < was {
		d.trip.Store(max(int64(took), 1))
	}
}

// Trip returns the shortest time that an answer of the server took; 0 before
// the first.
func (c *Conn) Trip() time.Duration { return time.Duration(c.far.trip.Load()) }
