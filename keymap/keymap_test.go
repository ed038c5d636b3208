package keymap

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNoKeyMeansTwoThings(t *testing.T) {
	for _, scope := range Scopes() {
		owner := map[string]Action{}
		for _, b := range Default().Bindings(scope) {
			for _, key := range b.Keys {
				if other, taken := owner[key]; taken {
					t.Errorf("%s: %q is both %s and %s", scope, key, other, b.Action)
				}
				owner[key] = b.Action
			}
		}
		for key, action := range owner {
			for longer := range owner {
				if strings.HasPrefix(longer, key+" ") {
					t.Errorf("%s: %q is %s and the start of %q", scope, key, action, longer)
				}
			}
		}
	}
}

// The Linux console sends the letters A to E at the end of F1 to F5, and a
// split escape sequence ends in a letter, '[' or 'O'.
func TestStrayKeysHarmNothing(t *testing.T) {
	for _, b := range Default().bindings {
		for _, key := range b.Keys {
			stray := len(key) == 1 && (key[0] >= 'A' && key[0] <= 'Z' || key == "[")
			if b.Harm && stray {
				t.Errorf("%s: %s is on %q", b.Scope, b.Action, key)
			}
		}
	}
}

func TestEveryActionOfTheFooterHasADigitAndItsFKey(t *testing.T) {
	for _, b := range Default().Footer(Panes) {
		digit := b.Keys[0]
		if !isDigit(digit) {
			t.Errorf("%s shows %q, not a digit", b.Action, digit)
			continue
		}
		name := "f" + digit
		if digit == "0" {
			name = "f10"
		}
		for _, want := range []string{name, "alt+" + digit} {
			if !slices.Contains(b.Keys, want) {
				t.Errorf("%s lacks %q", b.Action, want)
			}
		}
	}
}

func TestEveryBindingIsExplained(t *testing.T) {
	for _, b := range Default().bindings {
		if b.Help == "" || b.Group == "" {
			t.Errorf("%s in %s: %+v", b.Action, b.Scope, b)
		}
		if len(b.Keys) == 0 && b.Footer+b.Hint+b.Wide > 0 {
			t.Errorf("%s in %s is in the footer without a key", b.Action, b.Scope)
		}
		if b.Footer+b.Hint+b.Wide > 0 && b.Short == "" {
			t.Errorf("%s in %s is in the footer without a word", b.Action, b.Scope)
		}
	}
}

// The list of keys has two columns from 80 cells on; nothing in it is cut.
func TestHelpFitsTheListOfKeys(t *testing.T) {
	const cells = 24
	for _, b := range Default().bindings {
		for _, words := range []string{b.Help, b.Line} {
			if n := utf8.RuneCountInString(words); n > cells {
				t.Errorf("%s: %q has %d cells, not %d", b.Action, words, n, cells)
			}
		}
	}
}

// One row of the list of keys stands for bindings that follow one another.
func TestLinesStandTogether(t *testing.T) {
	for _, scope := range Scopes() {
		last, ended := Binding{}, map[string]bool{}
		for _, b := range Default().Bindings(scope) {
			if last.Line != "" && b.Line != last.Line {
				ended[last.Line] = true
			}
			if b.Line != "" && (ended[b.Line] || b.Line == last.Line && b.Group != last.Group) {
				t.Errorf("%s: %s is apart from the others of %q", scope, b.Action, b.Line)
			}
			last = b
		}
	}
}

func TestGroupsStandTogether(t *testing.T) {
	for _, scope := range Scopes() {
		var groups []string
		for _, b := range Default().Bindings(scope) {
			groups = append(groups, b.Group)
		}
		if groups = slices.Compact(groups); !slices.Equal(groups, Default().Groups(scope)) {
			t.Errorf("%s: %v", scope, groups)
		}
	}
}

func TestLookup(t *testing.T) {
	m := Default()
	tests := []struct {
		scope   Scope
		pending []string
		key     string
		action  Action
		prefix  bool
		ok      bool
	}{
		{Panes, nil, "5", ActCopy, false, true},
		{Panes, nil, "f5", ActCopy, false, true},
		{Panes, nil, "alt+5", ActCopy, false, true},
		{Panes, nil, "f10", ActQuit, false, true},
		{Panes, nil, "g", "", true, true},
		{Panes, []string{"g"}, "h", ActGoHome, false, true},
		{Panes, []string{"s"}, "s", ActSortSize, false, true},
		{Panes, []string{"s"}, "5", "", false, false},
		{Panes, nil, "mul", ActInvert, false, true},
		{Panes, nil, "space", ActMark, false, true},
		{Panes, nil, "б", "", false, false},
		{Panes, nil, "m", "", true, true},
		{Panes, []string{"m"}, "б", ActBookmarkSet, false, true},
		{Panes, []string{"'"}, "m", ActBookmarkGo, false, true},
		{Panes, []string{"m"}, "f5", "", false, false},
		{Panes, []string{"m"}, "esc", "", false, false},
		{Queue, nil, "5", "", false, false},
		{Queue, nil, "space", ActPauseJob, false, true},
		{"elsewhere", nil, "q", "", false, false},
	}
	for _, tt := range tests {
		a, arg, prefix, ok := m.Lookup(tt.scope, tt.pending, tt.key)
		if a != tt.action || prefix != tt.prefix || ok != tt.ok {
			t.Errorf("%s %v %q: %q %v %v", tt.scope, tt.pending, tt.key, a, prefix, ok)
		}
		if named := a == ActBookmarkSet || a == ActBookmarkGo; named != (arg == tt.key) {
			t.Errorf("%s %v %q: the character is %q", tt.scope, tt.pending, tt.key, arg)
		}
	}
}

func TestFooterHintsAndPopup(t *testing.T) {
	m := Default()
	join := func(bs []Binding, label func(Binding) string) string {
		var words []string
		for _, b := range bs {
			words = append(words, label(b))
		}
		return strings.Join(words, " ")
	}
	tests := []struct{ got, want string }{
		{join(m.Footer(Panes), Binding.FooterLabel), "1Help 2Sites 3View 5Copy 6Move 7Mkdir 8Del 9Menu 0Quit"},
		{join(m.Hints(Panes), Binding.HintLabel), "w queue ? keys"},
		{join(m.WideHints(Panes), Binding.HintLabel), "/ filter Space mark C compare Y sync w queue @ log ? keys"},
		{join(m.WideHints(Queue), Binding.HintLabel), "w panes ? keys"},
		{join(m.Hints(Queue), Binding.HintLabel), "w panes ? keys"},
		{join(m.Hints(Log), Binding.HintLabel), "@ panes ? keys"},
		{join(m.Following(Panes, []string{"s"}), func(b Binding) string { return string(b.Action) }),
			"sort-name sort-extension sort-time sort-size sort-reverse"},
		{m.Footer(Queue)[0].FooterLabel(), "Space pause"},
		{strings.Join(m.Groups(Panes), " "), "MOVE FILE MARK TRANSFER SITE PROGRAM"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got  %s\nwant %s", tt.got, tt.want)
		}
	}
}

func TestLabel(t *testing.T) {
	for key, want := range map[string]string{
		"5": "5", "f10": "F10", "ctrl+r": "Ctrl-R", "alt+shift+x": "Alt-Shift-X", "+": "+", "alt++": "Alt-+",
		"pgdown": "PgDn", "shift+up": "Shift-↑", "g p": "g p", "space": "Space",
	} {
		if got := Label(key); got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
}

func TestMarkdownHoldsEveryAction(t *testing.T) {
	md := Default().Markdown()
	for _, b := range Default().bindings {
		if len(b.Keys) > 0 && !strings.Contains(md, b.Help) {
			t.Errorf("%q is missing", b.Help)
		}
	}
	if strings.Contains(md, "Alt-5") || strings.Contains(md, "Mul") {
		t.Error("other names of the same key are listed")
	}
}

func TestBindingFindsOneAction(t *testing.T) {
	if b, ok := Default().Binding(Panes, ActDelete); !ok || b.Keys[0] != "8" {
		t.Errorf("%+v %v", b, ok)
	}
	if _, ok := Default().Binding(Log, ActDelete); ok {
		t.Error("delete in a prompt")
	}
}
