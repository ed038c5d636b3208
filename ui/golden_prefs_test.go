package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"portside/ui/config"
)

// wishes are settings that cannot all be followed.
func wishes() config.Prefs {
	return config.ParsePrefs([]byte(`preset = "vim"
hidden = true
sort = "size"
"\u001b]0;x" = 1

[keys.panes]
copy = ["5", "x"]
swap = ["x", "ctrl+u"]
rename = ["i"]
`))
}

func TestPlainScreens(t *testing.T) {
	o := Options{Prefs: config.Prefs{Plain: true}}
	tests := []struct {
		name   string
		engine func() *fake
		do     func(*drive)
	}{
		{"main", busy, func(*drive) {}},
		{"other", busy, func(d *drive) { d.press("tab", "down") }},
		{"queue", busy, func(d *drive) { d.press("w"); d.sleep(5 * time.Second) }},
		{"copy", acme, func(d *drive) { d.press("down", "down", "5") }},
		{"sites", acme, func(d *drive) { visited(d); d.press("2") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start(t, tt.engine, o, 80, 24, func(d *drive) {
				tt.do(d)
				fits(d.t, d.m, 80, 24)
				if i := strings.IndexAny(d.screen(), "│─┌┐└┘├┤█░▁▂▃▄▅▆▇"); i >= 0 {
					d.t.Errorf("a glyph: %q", d.screen()[i:i+20])
				}
				golden.RequireEqual(d.t, d.screen())
			})
		})
	}
}

func TestSettingsCount(t *testing.T) {
	start(t, acme, Options{Prefs: wishes()}, 80, 24, func(d *drive) {
		if s := d.m.active().pane.SortLabel(); s != "size v" || !d.m.active().pane.Hidden() {
			d.t.Errorf("sorted by %s, hidden %v", s, d.m.active().pane.Hidden())
		}
		before := d.m.active().pane.SortLabel()
		d.press("j", "x")
		d.sees("Copy ")
		d.press("esc")
		d.m.openSettings()
		golden.RequireEqual(d.t, d.screen())
		d.press("esc")
		if d.m.layer != nil || d.m.active().pane.SortLabel() != before {
			d.t.Error("the box stays")
		}
	})
}

func TestProblemsOfTheSettingsAreSaidFirst(t *testing.T) {
	start(t, acme, Options{Prefs: wishes(), Notice: "Welcome"}, 100, 24, func(d *drive) {
		d.sees(`4 problems (9, settings): config.toml line 4: there is no setting "\x1b]0;x"`)
	})
	keys := config.ParsePrefs([]byte("[keys.panes]\ncopy = [\"x\"]\nswap = [\"x\"]\n"))
	start(t, acme, Options{Prefs: keys}, 100, 24, func(d *drive) {
		d.sees(`config.toml: lines 2 and 3 both give "x" in panes: copy and swap; line 2 has it`)
		d.press("down")
	})
	start(t, acme, Options{Notice: "Welcome"}, 80, 24, func(d *drive) {
		d.sees("Welcome")
		if why := d.m.why("panes", "settings"); why == "" {
			d.t.Error("there are problems")
		}
	})
}
