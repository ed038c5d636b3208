package ui

import (
	"slices"
	"testing"

	"portside/queue"
)

// The keys of the queue give orders to the job under the cursor.
func TestOrdersOfTheQueueScreen(t *testing.T) {
	at24(t, limited, func(d *drive) {
		d.press("w", "end", "t", "b", "n")
		d.sees("img/launch-02.png runs next")
		d.press(">")
		d.sees("img/launch-02.png has a high priority")
		d.press("<")
		d.sees("img/launch-02.png has a normal priority")
		d.f.rows[5].Priority = queue.PriorityNormal
		d.press("up", "down", "<")
		d.sees("img/launch-02.png has a low priority")
		want := []string{"move -1073741824", "move 1073741824", "priority now", "priority high", "priority normal", "priority low"}
		if !slices.Equal(d.f.calls, want) {
			t.Errorf("%q", d.f.calls)
		}
		d.press("+", "+", "-")
		d.sees("1 connection to one server at a time")
	})
}

// What has ended takes no orders, and nothing is said to be removed. One that
// was cancelled can be tried again.
func TestOrdersToWhatHasEnded(t *testing.T) {
	at24(t, busy, func(d *drive) {
		d.press("w", "end", "x")
		d.sees("Enter shows what has ended")
		d.press("enter", "end")
		for _, key := range []string{"x", "n", ">", "t", "space", "r"} {
			d.m.say(plain, "")
			d.press(key)
			d.sees("logo.svg has ended: c forgets what has")
		}
		if len(d.f.calls) > 0 {
			t.Errorf("%q", d.f.calls)
		}
		d.f.rows[6].State = queue.Cancelled
		d.press("up", "down", "r", "x")
		if !slices.Equal(d.f.calls, []string{"retry"}) {
			t.Errorf("%q", d.f.calls)
		}
	})
}

func TestTheLimitIsTyped(t *testing.T) {
	at24(t, busy, func(d *drive) {
		d.press("w", "l")
		d.typed("2M, 9:00-10:00 fast")
		d.press("enter")
		d.sees(`"fast" is no rate`, " QUEUE   ")
		d.press("l")
		d.typed("down 2m up 500k")
		d.press("enter")
		d.sees("The limit is down 2M up 500K", " QUEUE  limit down 2M up 500K ")
		if got := d.f.limits.String(); got != "down 2M up 500K" {
			t.Error(got)
		}
		d.press("l")
		d.sees("07:00 none, 10M): down 2M up 500K")
		d.typed("14:00-19:00 none, 1M") // takes the place of what was proposed
		d.press("enter")
		d.sees(" QUEUE  no limit until 19:00 ")
		d.press("l", "esc")
		d.sees("no limit until 19:00")
		d.press("l", "backspace")
		for range 30 {
			d.press("backspace")
		}
		d.press("enter")
		d.sees("There is no limit", " QUEUE   ")
		if !d.f.limits.IsZero() {
			t.Error(d.f.limits)
		}
	})
}
