package queue

import (
	"testing"
	"time"
)

// How long a stream has to go is judged by its speed of late, not by its slow
// beginning; and what splitting cost the last time is what it costs.
func TestPulseForgetsTheBeginning(t *testing.T) {
	now := time.Unix(1000, 0)
	var p pulse
	if p.begin(now); p.speed(now) != 0 {
		t.Error("a speed before the first byte")
	}
	p.moved = 1000
	if got := p.speed(now.Add(time.Second / 4)); got != 4000 {
		t.Errorf("%v in the beginning", got)
	}
	p.look(now.Add(time.Second / 4)) // too soon
	p.look(now.Add(time.Second))
	p.moved = 11_000
	p.look(now.Add(2 * time.Second))
	if got := p.speed(now.Add(9 * time.Second)); got != 10_000 {
		t.Errorf("%v of late", got)
	}
	p.look(now.Add(3 * time.Second))
	if got := p.speed(now.Add(3 * time.Second)); got != 11_000.0/3 {
		t.Errorf("%v on a link that is cut", got)
	}
	s := &segments{trip: 100 * time.Millisecond}
	if first, again := s.cost(false), s.cost(true); first != 0.8 || again != 1.2 {
		t.Errorf("a stream costs %v, and one behind another %v", first, again)
	}
	if s.slow = time.Second; s.cost(true) != 2 {
		t.Errorf("it took a second, and costs %v", s.cost(true))
	}
}
