package queue

import "time"

const (
	paceStep  = 300 * time.Millisecond // between new sessions at one server, in the long run
	paceBurst = 8                      // sessions that may be opened without waiting
)

// pace spreads logins: servers shut out whoever comes too often.
type pace struct{ free time.Time } // when all that was opened is forgiven

// wait returns how long the next session has to wait.
func (p *pace) wait(now time.Time) time.Duration {
	return max(0, p.free.Add(-(paceBurst-1)*paceStep).Sub(now))
}

// take counts a session that is opened now.
func (p *pace) take(now time.Time) {
	if p.free.Before(now) {
		p.free = now
	}
	p.free = p.free.Add(paceStep)
}
