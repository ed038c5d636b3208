package ui

import "testing"

func TestPaneScreens(t *testing.T) {
	shots(t, []shot{
		{"range", acme, func(d *drive) { d.press("down", "v", "down", "down", "down") }},
		{"jump", acme, func(d *drive) { d.press("ctrl+s"); d.typed("in") }},
		{"jumpnone", acme, func(d *drive) { d.press("ctrl+s"); d.typed("inx") }},
		{"sync", twins, func(d *drive) { d.press("Y", "C", "home", "down", "enter") }},
		{"paused", twins, func(d *drive) { d.press("Y", "end", "enter") }},
	})
}
