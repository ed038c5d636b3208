package ui

import (
	"context"
	"errors"
	"testing"

	"portside/queue"
)

// roomy is an engine that knows what is free.
type roomy struct {
	*fake
	free  int64
	asked []queue.Place
}

func (r *roomy) Room(_ context.Context, at queue.Place) (int64, error) {
	r.asked = append(r.asked, at)
	if r.free < 0 {
		return 0, errors.New("no")
	}
	return r.free, nil
}

func TestAWidePaneSaysWhatIsFree(t *testing.T) {
	start(t, acme, Options{}, 140, 40, func(d *drive) {
		r := &roomy{fake: d.f, free: 238 << 30}
		d.m.engine = r
		d.seesNot("free ")
		d.press("home", "enter")
		d.sees("free 238.0G")
		r.free = 5 << 20
		d.press("ctrl+r")
		d.sees("free 238.0G") // not asked again so soon
		d.sleep(roomEvery)
		d.press("ctrl+r")
		d.sees("free 5.0M")
		d.press("tab", "ctrl+r")
		if len(r.asked) != 2 {
			t.Errorf("asked for %v", r.asked)
		}
		r.free = -1
		d.press("tab", "down", "down", "enter")
		d.seesNot("free ")
		d.m.resize(80, 24)
		r.free = 1
		d.press("backspace")
		d.seesNot("free ")
	})
}
