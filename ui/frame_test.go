package ui

import (
	"strings"
	"testing"
)

func TestHelpSharesLinesAndSearchTakesThemApart(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		d.press("?")
		d.sees("g p h / l    path, home, root, local")
		d.press("t", "o", " ", "t", "h", "e", " ", "r", "o", "o", "t")
		d.sees("g /          go to the root")
		d.seesNot("path, home, root, local")
	})
}

func TestAKeyThatCompletesNothingSaysSo(t *testing.T) {
	start(t, acme, Options{}, 80, 24, func(d *drive) {
		d.press("g", "x")
		d.sees("No command begins with g x")
		d.press("g", "esc")
		if strings.Contains(d.screen(), "esc") {
			t.Error("Esc is no missing command")
		}
	})
}
