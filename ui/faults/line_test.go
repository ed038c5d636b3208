//go:build unix

package faults

import (
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// line is what all connections of a relay share: how far it is to the other
// end, how much passes, what is lost, and whether anything passes at all.
type line struct {
	delay time.Duration // one way
	rate  float64       // bytes a second, each way; 0: as fast as it goes
	loss  float64       // of packets; they come later, as after a retransmission

	mu   sync.Mutex
	rng  *rand.Rand
	up   chan struct{} // closed while bytes pass
	free [2]time.Time  // when each way has sent what it was given
}

// way is a direction.
type way int

const (
	toServer way = iota
	toClient
)

// packet is what a packet carries, and timeout how long a sender waits for the
// answer to its last one.
const (
	packet  = 1448
	timeout = 200 * time.Millisecond
)

func newLine(delay time.Duration, rate, loss float64, seed uint64) *line {
	up := make(chan struct{})
	close(up)
	return &line{delay: delay, rate: rate, loss: loss, up: up, rng: rand.New(rand.NewPCG(seed, 1))}
}

// cut stops whatever passes, silently, or lets it pass again.
func (l *line) cut(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.up:
		if on {
			l.up = make(chan struct{})
		}
	default:
		if !on {
			close(l.up)
		}
	}
}

// arrival says when n bytes that are sent now are at the other end.
func (l *line) arrival(n int) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	due := time.Now().Add(l.delay)
	for range (n + packet - 1) / packet {
		if l.rng.Float64() >= l.loss {
			continue
		}
		due = due.Add(2 * l.delay)
		if l.rng.Float64() < 0.05 { // it was the last one
			due = due.Add(timeout)
		}
	}
	return due
}

// pass waits until n bytes that are due then are at the other end; false: the
// connection is over.
func (l *line) pass(w way, n int, due time.Time, over <-chan struct{}) bool {
	if !wait(due, over) {
		return false
	}
	l.mu.Lock()
	up := l.up
	if l.rate > 0 {
		now := time.Now()
		if l.free[w].Before(now) {
			l.free[w] = now
		}
		l.free[w] = l.free[w].Add(time.Duration(float64(n) / l.rate * float64(time.Second)))
		due = l.free[w]
	}
	l.mu.Unlock()
	select {
	case <-up:
	case <-over:
		return false
	}
	return wait(due, over)
}

// wait waits until t; false: what it is for was over before.
func wait(t time.Time, over <-chan struct{}) bool {
	d := time.Until(t)
	if d < 500*time.Microsecond { // the clock is not better than that
		select {
		case <-over:
			return false
		default:
			return true
		}
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-over:
		return false
	}
}

// passage is a connection that goes through the relay.
type passage struct {
	line      *line
	near, far *net.TCPConn
	control   bool
	id        int
	began     time.Time
	over      chan struct{}
	once      sync.Once
}

// reset ends both halves as a machine does that knows nothing of them.
func (p *passage) reset() {
	p.once.Do(func() {
		close(p.over)
		for _, c := range []*net.TCPConn{p.near, p.far} {
			if c != nil {
				c.SetLinger(0)
				c.Close()
			}
		}
	})
}

// close ends both halves in order.
func (p *passage) close() {
	p.once.Do(func() {
		close(p.over)
		p.near.Close()
		p.far.Close()
	})
}

// chunk is a piece of a stream on its way; without data it is the end.
type chunk struct {
	data  []byte
	due   time.Time
	reset bool
}

// flight is how many chunks are on their way at most.
const flight = 128

// carry moves one way of the passage until its end. change, if there is one,
// sees all bytes and says what goes on in their place.
func (p *passage) carry(w way, to, from *net.TCPConn, change func([]byte) []byte) {
	air := make(chan chunk, flight)
	var landing sync.WaitGroup
	// Ends behind the last chunk or with the passage; awaited below.
	landing.Go(func() { p.land(w, to, air) })
	defer landing.Wait()
	defer close(air)
	for {
		buf := make([]byte, 32<<10)
		n, err := from.Read(buf)
		data := buf[:n]
		if change != nil && n > 0 {
			data = change(data)
		}
		if len(data) > 0 && !p.launch(air, chunk{data: data, due: p.line.arrival(len(data))}) {
			return
		}
		if err != nil {
			p.launch(air, chunk{due: p.line.arrival(0), reset: err != io.EOF})
			return
		}
	}
}

func (p *passage) launch(air chan<- chunk, c chunk) bool {
	select {
	case air <- c:
		return true
	case <-p.over:
		return false
	}
}

// land hands over what arrives.
func (p *passage) land(w way, to *net.TCPConn, air <-chan chunk) {
	for c := range air {
		if !p.line.pass(w, len(c.data), c.due, p.over) {
			return
		}
		if c.reset {
			p.reset()
			return
		}
		if c.data == nil {
			to.CloseWrite()
			return
		}
		if _, err := to.Write(c.data); err != nil {
			p.reset()
			return
		}
	}
}
