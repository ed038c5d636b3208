package ui

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"portside/keymap"
)

func TestPalette(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("9")
		d.sees("Menu", "copy to the other pane", ": _")
		d.typed("compare")
		d.sees(": compare_", "> compare the panes")
		d.press("enter")
		d.sees(" compare ")
		// What was run stands on top; what cannot run says why.
		d.press("C", ":")
		d.sees("> compare the panes")
		d.typed("differs")
		d.sees("C compares the panes first")
		d.press("enter")
		d.sees("C compares the panes first")
		// A command that takes a character waits for it.
		d.press("9")
		d.typed("bookmark")
		d.press("esc")
		d.press("9")
		d.m.paste(tea.PasteMsg{Content: "zzz\x1b[31m\nq"})
		d.sees("nothing is called that")
		d.press("backspace", "backspace", "backspace", "backspace", "backspace", "backspace", "backspace", "backspace")
		d.press("esc")
		d.seesNot("─ Menu")
	})
}

// The menu and the list of keys run the very command of the key.
func TestMenuHoldsWhatHelpShows(t *testing.T) {
	at24(t, acme, func(d *drive) {
		d.press("9")
		in := map[string]bool{}
		p := d.m.layer.(*palette)
		for range 200 {
			in[p.Row().Action] = true
			d.press("down")
		}
		d.press("esc", "?")
		h := d.m.layer.(*helping)
		for range 200 {
			if a := h.Action(); !in[a] && a != string(keymap.ActPalette) {
				t.Errorf("%s is in the list of keys alone", a)
			}
			d.press("down")
		}
	})
}

func TestPaletteScreens(t *testing.T) {
	shots(t, []shot{
		{name: "menu", engine: acme, do: func(d *drive) { d.press("9") }},
		{name: "found", engine: acme, do: func(d *drive) { d.press("9"); d.typed("sor") }},
		{name: "queue", engine: busy, do: func(d *drive) { d.press("w", "9") }},
	})
}
