package keymap

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// twoMeanings returns the first key of m that means two things, "" none does.
func twoMeanings(m *Map) string {
	for _, scope := range Scopes() {
		type held struct {
			key    string
			action Action
		}
		var all []held
		for _, b := range m.Bindings(scope) {
			for _, key := range b.Keys {
				for _, h := range all {
					if meet(h.key, key) {
						return fmt.Sprintf("%s: %q is %s and %q is %s", scope, h.key, h.action, key, b.Action)
					}
				}
				all = append(all, held{key, b.Action})
			}
		}
	}
	return ""
}

func TestPresets(t *testing.T) {
	for _, name := range Presets() {
		m, clashes := Build(name, nil)
		if what := twoMeanings(m); what != "" || len(clashes) > 0 {
			t.Errorf("%s: %s %v", name, what, clashes)
		}
		for _, b := range m.bindings {
			for _, key := range b.Keys {
				if b.Harm && stray(key) {
					t.Errorf("%s: %s is on %q", name, b.Action, key)
				}
			}
		}
	}
	tests := []struct {
		preset string
		scope  Scope
		key    string
		want   Action
	}{
		{"vim", Panes, "j", ActDown}, {"vim", Panes, "k", ActUp}, {"vim", Panes, "h", ActParent}, {"vim", Panes, "l", ActOpen},
		{"vim", Panes, "ctrl+u", ActHalfUp}, {"vim", Panes, "ctrl+d", ActHalfDown}, {"vim", Queue, "j", ActDown},
		{"vim", View, "h", ActHex}, {"vim", Queue, "K", ActJobUp},
		{"commander", Panes, "alt+f1", ActSiteLeft}, {"commander", Panes, "r", ActRename},
		{"commander", Panes, "ctrl+u", ActSwap},
	}
	for _, tt := range tests {
		m, _ := Build(tt.preset, nil)
		if a, _, _, _ := m.Lookup(tt.scope, nil, tt.key); a != tt.want {
			t.Errorf("%s %s %q: %q, want %q", tt.preset, tt.scope, tt.key, a, tt.want)
		}
	}
}

func TestParseReadsWhatLabelPrints(t *testing.T) {
	for _, name := range Presets() {
		m, _ := Build(name, nil)
		for _, b := range m.bindings {
			for _, key := range b.Keys {
				if got, ok := Parse(Label(key)); !ok || got != key {
					t.Errorf("%s: %q is read as %q", Label(key), key, got)
				}
				if got, ok := Parse(key); !ok || got != key {
					t.Errorf("%q is read as %q", key, got)
				}
			}
		}
	}
	for _, bad := range []string{"", " ", "ctrl+", "F99", "f0", "banana", "hyper+x", "<char>", "<char> x", "\x1b", "a b c d e", "shift+5"} {
		if got, ok := Parse(bad); ok {
			t.Errorf("%q is read as %q", bad, got)
		}
	}
}

func TestBuild(t *testing.T) {
	type over = Override
	tests := []struct {
		name   string
		over   []over
		key    string // of the panes
		want   Action
		clash  string // "" none
		shown  Action
		labels string // of shown
	}{
		{"a key of one's own", []over{{Panes, ActCopy, []string{"5", "x"}, 3}}, "x", ActCopy, "", ActCopy, "5 x"},
		{"a list replaces", []over{{Panes, ActCopy, []string{"x"}, 3}}, "5", "", "", ActCopy, "x"},
		{"none", []over{{Panes, ActSwap, nil, 3}}, "ctrl+u", "", "", ActSwap, ""},
		{"taken from the preset", []over{{Panes, ActSwap, []string{"r"}, 12}}, "r", ActSwap,
			`12: line 12 takes "r" from rename, which still has Shift-F6`, ActRename, "Shift-F6"},
		{"its last key", []over{{Panes, ActSwap, []string{"i"}, 12}}, "i", ActSwap,
			`12: line 12 takes "i" from info, which has no key now: 9 lists it`, ActInfo, ""},
		{"two lines", []over{{Panes, ActSwap, []string{"x"}, 17}, {Panes, ActCopy, []string{"5", "x"}, 12}}, "x", ActCopy,
			`17: lines 12 and 17 both give "x" in panes: copy and swap; line 12 has it`, ActSwap, "Ctrl-U"},
		{"a start of another", []over{{Panes, ActCopy, []string{"x"}, 4}, {Panes, ActSwap, []string{"x y"}, 5}}, "x", ActCopy,
			`5: lines 4 and 5 give "x" and "x y" in panes, of which one begins the other: copy and swap; line 4 has it`, ActSwap, "Ctrl-U"},
		{"a start of the preset's", []over{{Panes, ActCopy, []string{"y"}, 4}}, "y", ActCopy,
			`4: line 4 takes "y p" from copy-path, which has no key now: 9 lists it`, ActCopyPath, ""},
		{"ctrl+c", []over{{Panes, ActCopy, []string{"Ctrl-C"}, 4}}, "ctrl+c", ActInterrupt,
			"4: Ctrl-C stays what it is: it ends what goes on", ActCopy, "5 F5"},
		{"quit without a key", []over{{Panes, ActQuit, nil, 4}}, "q", ActQuit, "4: quit needs a key, and keeps 0", ActQuit, "0 F10 q"},
		{"a stray letter", []over{{Panes, ActDelete, []string{"X"}, 4}}, "X", "",
			`4: "X" can arrive by accident, as the rest of another key, and delete is not for that`, ActDelete, "8 F8 Del"},
		{"no such key", []over{{Panes, ActCopy, []string{"banana"}, 4}}, "5", ActCopy, `4: no key is called "banana"`, ActCopy, "5 F5"},
		{"no such action", []over{{Panes, "coppy", []string{"x"}, 4}}, "x", "", `4: there is no action "coppy" in panes: "copy" is meant?`, ActCopy, "5 F5"},
		{"another screen's", []over{{Panes, ActFollow, []string{"x"}, 4}}, "x", "", `4: there is no action "follow" in panes; it is in log`, ActCopy, "5 F5"},
		{"no such screen", []over{{"pane", ActCopy, []string{"x"}, 4}}, "x", "",
			`4: there is no screen "pane" for keys: there are panes, queue, log, view, found`, ActCopy, "5 F5"},
		{"a bookmark's key", []over{{Panes, ActBookmarkSet, []string{"M"}, 4}}, "m", "",
			`4: line 4 takes "M" from mark-differing, which has no key now: 9 lists it`, ActBookmarkSet, "M <char>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, clashes := Build("", tt.over)
			if a, _, _, _ := m.Lookup(Panes, nil, tt.key); a != tt.want {
				t.Errorf("%q is %q, want %q", tt.key, a, tt.want)
			}
			said := ""
			if len(clashes) > 0 {
				said = fmt.Sprintf("%d: %s", clashes[0].Line, clashes[0].Text)
			}
			if said != tt.clash {
				t.Errorf("said %s\nwant %s", said, tt.clash)
			}
			if b, _ := m.Binding(Panes, tt.shown); strings.Join(b.Shown(), " ") != tt.labels {
				t.Errorf("%s has %q, want %q", tt.shown, b.Shown(), tt.labels)
			}
			if what := twoMeanings(m); what != "" {
				t.Error(what)
			}
		})
	}
}

// Whatever is asked for, no key means two things, and each screen can be left.
func TestAnyOverridesGiveAMapOfOneMeaning(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	keys := []string{"a", "x", "x y", "x y z", "g", "g p", "m", "m x", "m <char>", "q", "0", "9", ":", "f9", "alt+9", "f10", "alt+0", "esc", "ctrl+c", "A", "["}
	for range 500 {
		preset := Presets()[r.IntN(3)]
		all, _ := Preset(preset)
		var over []Override
		for line := range r.IntN(12) {
			b := all[r.IntN(len(all))]
			o := Override{Scope: b.Scope, Action: b.Action, Line: line + 1}
			for range r.IntN(4) {
				o.Keys = append(o.Keys, keys[r.IntN(len(keys))])
			}
			over = append(over, o)
		}
		m, _ := Build(preset, over)
		if what := twoMeanings(m); what != "" {
			t.Fatalf("%+v: %s", over, what)
		}
		for _, b := range m.bindings {
			if vital(b.Action) && len(b.Keys) == 0 {
				t.Fatalf("%+v: %s in %s has no key", over, b.Action, b.Scope)
			}
			if len(b.Keys) == 0 && b.Footer+b.Hint+b.Wide > 0 {
				t.Fatalf("%+v: %s is shown without a key", over, b.Action)
			}
		}
		if a, _, _, _ := m.Lookup(Panes, nil, "ctrl+c"); a != ActInterrupt {
			t.Fatalf("%+v: Ctrl-C is %s", over, a)
		}
	}
	if !slices.Contains(Presets(), "vim") {
		t.Error("no vim")
	}
}
