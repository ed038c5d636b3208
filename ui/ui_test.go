package ui

import (
	"errors"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

var errRefused = errors.New("cannot reach files.example.com: connection refused; is a server there?")

// fits checks that the content is exactly the screen: h rows, none wider than
// w, so that nothing shifts.
func fits(t *testing.T, m *Model, w, h int) {
	t.Helper()
	rows := strings.Split(m.View().Content, "\n")
	if len(rows) != h {
		t.Errorf("%d rows, want %d", len(rows), h)
	}
	for i, r := range rows {
		if n := ansi.StringWidthWc(r); n != w {
			t.Errorf("row %d is %d cells wide, want %d: %q", i, n, w, r)
		}
	}
}
