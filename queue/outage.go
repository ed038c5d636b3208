package queue

import "time"

// Outage is a server that everything there waits for.
type Outage struct {
	Server string    // its name, "" before it was ever reached
	Why    string    // what happened last; may hold text from a server
	Until  time.Time // the next try
}

// outage returns what e's server is waited for, if nothing goes on there.
func (e *endpoint) outage(now time.Time) (Outage, bool) {
	if e.local || !e.ailing() || e.slots > 0 || !now.Before(e.until) {
		return Outage{}, false
	}
	return Outage{Server: e.info.Name, Why: e.last, Until: e.until}, true
}

// outage returns the server of the queue that is tried again last. The caller
// holds the mutex.
func (q *Queue) outage(now time.Time) (last Outage) {
	for _, e := range q.ends {
		if o, ok := e.outage(now); ok && (o.Until.After(last.Until) || o.Until.Equal(last.Until) && o.Server > last.Server) {
			last = o
		}
	}
	return last
}
