package ui

import (
	"testing"

	"portside/keymap"
)

// Every key of the table, in every preset, does something.
func TestEveryKeyDoesSomething(t *testing.T) {
	at24(t, acme, func(d *drive) {
		for _, scope := range []keymap.Scope{keymap.Panes, keymap.Queue, keymap.Log, keymap.View, keymap.Found} {
			for _, b := range d.m.keys.Bindings(scope) {
				if _, there := d.m.find(scope, b.Action); !there {
					t.Errorf("%s: %s has no command", scope, b.Action)
				}
			}
		}
	})
}
