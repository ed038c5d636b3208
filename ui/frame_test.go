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

func TestTheKeysThatFollowStandOverTheFiles(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {60, 20}, {40, 10}, {140, 40}} {
		start(t, acme, Options{}, size[0], size[1], func(d *drive) {
			for _, begin := range []string{"g", "s", "y", "m", "'"} {
				d.press(begin)
				fits(t, d.m, size[0], size[1])
				d.sees(" "+begin+"  ", "Esc leaves it")
				d.press("esc")
				d.seesNot("Esc leaves it")
			}
		})
	}
}
