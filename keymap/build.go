package keymap

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Override gives an action the keys that a person wants for it, in the place of
// those of the preset.
type Override struct {
	Scope  Scope
	Action Action
	Keys   []string // as [Label] prints them or as Bubble Tea spells them; none takes all away
	Line   int      // of the settings that say so
}

// Clash says what an override could not do, or what it took from others.
type Clash struct {
	Line int
	Text string // one sentence, which names the other line too
	Note bool   // only tells what was taken: what had the key has another one
}

// holder is what has a key.
type holder struct {
	action Action
	line   int // 0: the preset
}

// building is a Map in the making.
type building struct {
	bindings []Binding
	held     map[Scope]map[string]holder // keys that overrides gave
	given    map[Scope]map[Action]int    // actions that have an override, by line
	clashes  []Clash
}

// Build returns the Map of a preset with overrides on top, and what of them
// could not be done. No key of it means two things: the earlier line has it.
func Build(preset string, over []Override) (*Map, []Clash) {
	bindings, ok := Preset(preset)
	b := &building{bindings: bindings, held: map[Scope]map[string]holder{}, given: map[Scope]map[Action]int{}}
	if !ok {
		b.tell(0, "there is no preset %q: there are %s", preset, strings.Join(Presets(), ", "))
	}
	over = slices.Clone(over)
	slices.SortStableFunc(over, func(x, y Override) int { return x.Line - y.Line })
	for _, o := range over {
		b.apply(o)
	}
	return New(b.bindings), b.clashes
}

func (b *building) tell(line int, format string, args ...any) {
	b.clashes = append(b.clashes, Clash{Line: line, Text: fmt.Sprintf(format, args...)})
}

func (b *building) index(scope Scope, a Action) int {
	return slices.IndexFunc(b.bindings, func(x Binding) bool { return x.Scope == scope && x.Action == a })
}

func (b *building) apply(o Override) {
	i := b.index(o.Scope, o.Action)
	switch {
	case !slices.Contains(Scopes(), o.Scope):
		b.tell(o.Line, "there is no screen %q for keys: there are %s", o.Scope, join(Scopes()))
		return
	case i < 0:
		b.tell(o.Line, "there is no action %q in %s%s", o.Action, o.Scope, b.meant(o))
		return
	case b.given[o.Scope][o.Action] > 0:
		b.tell(o.Line, "line %d has given keys to %s in %s; line %d is left out", b.given[o.Scope][o.Action], o.Action, o.Scope, o.Line)
		return
	case o.Action == ActInterrupt:
		b.tell(o.Line, "Ctrl-C stays what it is: it ends what goes on")
		return
	case len(o.Keys) == 0 && vital(o.Action):
		b.tell(o.Line, "%s needs a key, and keeps %s", o.Action, Label(b.bindings[i].Keys[0]))
		return
	}
	if b.held[o.Scope] == nil {
		b.held[o.Scope], b.given[o.Scope] = map[string]holder{}, map[Action]int{}
	}
	keys := b.allowed(o)
	if len(keys) == 0 && len(o.Keys) > 0 {
		return // said; the preset's keys stay
	}
	b.given[o.Scope][o.Action] = o.Line
	for _, key := range keys {
		b.held[o.Scope][key] = holder{o.Action, o.Line}
	}
	b.bindings[i].Keys = keys
	b.show(i)
}

// allowed returns the keys of o that it may have, and takes them from others.
func (b *building) allowed(o Override) []string {
	var keys []string
	for _, typed := range o.Keys {
		key, ok := Parse(typed)
		if ok && (o.Action == ActBookmarkSet || o.Action == ActBookmarkGo) && !strings.HasSuffix(key, AnyChar) {
			key += " " + AnyChar
		}
		named := o.Action == ActBookmarkSet || o.Action == ActBookmarkGo
		switch {
		case !ok || strings.Contains(key, AnyChar) && !named:
			b.tell(o.Line, "no key is called %q", typed)
		case slices.ContainsFunc(keys, func(other string) bool { return meet(other, key) }):
			if !slices.Contains(keys, key) {
				b.tell(o.Line, "%q begins like another key of %s", typed, o.Action)
			}
		case b.free(o, key):
			b.take(o, key) // at once: the next one may be the last of what must have one
			keys = append(keys, key)
		}
	}
	return keys
}

// free reports whether o may have key, and says why not.
func (b *building) free(o Override, key string) bool {
	if key == "ctrl+c" || strings.HasPrefix(key, "ctrl+c ") {
		b.tell(o.Line, "Ctrl-C stays what it is: it ends what goes on")
		return false
	}
	for _, other := range b.sorted(o.Scope) {
		h := b.held[o.Scope][other]
		if !meet(other, key) {
			continue
		}
		what := fmt.Sprintf("both give %q in %s", Label(key), o.Scope)
		if other != key {
			what = fmt.Sprintf("give %q and %q in %s, of which one begins the other", Label(other), Label(key), o.Scope)
		}
		b.tell(o.Line, "lines %d and %d %s: %s and %s; line %d has it", h.line, o.Line, what, h.action, o.Action, h.line)
		return false
	}
	for _, x := range b.bindings {
		if x.Scope == o.Scope && x.Action != o.Action && vital(x.Action) && len(x.Keys) > 0 && allMeet(x.Keys, key) {
			b.tell(o.Line, "%q is the last key of %s, and stays", Label(key), x.Action)
			return false
		}
	}
	if i := b.index(o.Scope, o.Action); b.bindings[i].Harm && stray(key) {
		b.tell(o.Line, "%q can arrive by accident, as the rest of another key, and %s is not for that", Label(key), o.Action)
		return false
	}
	return true
}

// take takes key from what has it in the preset.
func (b *building) take(o Override, key string) {
	for i := range b.bindings {
		x := &b.bindings[i]
		if x.Scope != o.Scope || x.Action == o.Action {
			continue
		}
		left := slices.DeleteFunc(slices.Clone(x.Keys), func(other string) bool { return meet(other, key) })
		if len(left) == len(x.Keys) {
			continue
		}
		lost := slices.DeleteFunc(slices.Clone(x.Keys), func(other string) bool { return slices.Contains(left, other) })
		x.Keys = left
		now := "which has no key now: 9 lists it"
		shown := x.Shown()
		if len(shown) > 0 {
			now = "which still has " + shown[0]
		}
		b.tell(o.Line, "line %d takes %q from %s, %s", o.Line, Label(lost[0]), x.Action, now)
		b.clashes[len(b.clashes)-1].Note = len(shown) > 0
		b.show(i)
	}
}

// show takes what has no key out of the footer.
func (b *building) show(i int) {
	if x := &b.bindings[i]; len(x.Keys) == 0 {
		x.Footer, x.Hint, x.Wide = 0, 0, 0
	}
}

func (b *building) sorted(scope Scope) []string {
	var keys []string
	for key := range b.held[scope] {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// meant says in which screens the action is, or which one is called nearly so.
func (b *building) meant(o Override) string {
	var scopes []string
	var near Action
	for _, x := range b.bindings {
		switch {
		case x.Action == o.Action:
			scopes = append(scopes, string(x.Scope))
		case x.Scope == o.Scope && near == "" && (strings.Contains(string(x.Action), string(o.Action)) || oneOff(string(x.Action), string(o.Action))):
			near = x.Action
		}
	}
	switch {
	case len(scopes) > 0:
		return "; it is in " + strings.Join(scopes, ", ")
	case near != "":
		return fmt.Sprintf(": %q is meant?", near)
	}
	return ""
}

// oneOff reports whether two words differ in one letter.
func oneOff(a, b string) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1
}

// vital reports whether a screen cannot be used without a key for a.
func vital(a Action) bool {
	return a == ActQuit || a == ActPalette || a == ActClose || a == ActInterrupt
}

// stray reports whether key may be what is left of another: the Linux console
// sends the letters A to E at the end of F1 to F5, and a split escape sequence
// ends in a letter, '[' or 'O'.
func stray(key string) bool {
	return len(key) == 1 && (key[0] >= 'A' && key[0] <= 'Z' || key[0] == '[')
}

// meet reports whether two sequences cannot both have a meaning: they are the
// same, or one begins the other.
func meet(a, b string) bool {
	x, y := strings.Split(a, " "), strings.Split(b, " ")
	for i := range min(len(x), len(y)) {
		one := func(s string) bool { return len([]rune(s)) == 1 }
		if x[i] != y[i] && (x[i] != AnyChar || !one(y[i])) && (y[i] != AnyChar || !one(x[i])) {
			return false
		}
	}
	return true
}

func allMeet(keys []string, key string) bool {
	return !slices.ContainsFunc(keys, func(other string) bool { return !meet(other, key) })
}

func join(scopes []Scope) string {
	words := make([]string, len(scopes))
	for i, s := range scopes {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}

// Parse reads a key, or several that are typed one after the other, as [Label]
// prints them or as Bubble Tea spells them, and returns the latter.
func Parse(typed string) (string, bool) {
	parts := strings.Fields(typed)
	for i, part := range parts {
		key, ok := parseOne(part)
		if !ok || key == AnyChar && (i == 0 || i < len(parts)-1) {
			return "", false
		}
		parts[i] = key
	}
	return strings.Join(parts, " "), len(parts) > 0 && len(parts) <= 4
}

func parseOne(typed string) (string, bool) {
	if arrow, ok := names()[typed]; ok {
		return arrow, true
	}
	if len([]rune(typed)) == 1 || typed == AnyChar {
		return typed, typed > " "
	}
	rest, mods := strings.ToLower(typed), map[string]bool{}
	for again := true; again; {
		again = false
		for _, mod := range []string{"ctrl", "alt", "shift"} {
			if after, ok := strings.CutPrefix(rest, mod); ok && len(after) > 1 && (after[0] == '+' || after[0] == '-') {
				rest, mods[mod], again = after[1:], true, true
			}
		}
	}
	if long, ok := names()[rest]; ok {
		rest = long
	} else if len([]rune(rest)) != 1 && !isF(rest) {
		return "", false
	}
	if r := []rune(rest); mods["shift"] && len(mods) == 1 && len(r) == 1 {
		return strings.ToUpper(rest), r[0] >= 'a' && r[0] <= 'z'
	}
	key := ""
	for _, mod := range []string{"ctrl", "alt", "shift"} {
		if mods[mod] {
			key += mod + "+"
		}
	}
	return key + rest, true
}

// names are the keys that have a name, by all that they are called.
func names() map[string]string {
	return map[string]string{
		"up": "up", "down": "down", "left": "left", "right": "right", "↑": "up", "↓": "down", "←": "left", "→": "right",
		"pgup": "pgup", "pageup": "pgup", "pgdown": "pgdown", "pgdn": "pgdown", "pagedown": "pgdown",
		"home": "home", "end": "end", "ins": "insert", "insert": "insert", "del": "delete", "delete": "delete",
		"backspace": "backspace", "tab": "tab", "enter": "enter", "return": "enter", "esc": "esc", "escape": "esc",
		"space": "space", "plus": "plus", "minus": "minus", "mul": "mul", "div": "div", "equal": "equal",
	}
}

func isF(key string) bool {
	digits, ok := strings.CutPrefix(key, "f")
	n, err := strconv.Atoi(digits)
	return ok && err == nil && n >= 1 && n <= 24 && strconv.Itoa(n) == digits
}
