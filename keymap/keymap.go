package keymap

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Scope is the screen on which a key counts. Questions and prompts, where typing
// answers, read their few keys themselves and show them.
type Scope string

// The scopes.
const (
	Panes Scope = "panes" // the two panes
	Queue Scope = "queue" // the list of transfers
	Log   Scope = "log"   // the connection log
	View  Scope = "view"  // a file that is looked at
	Found Scope = "found" // what a search has found
)

// Scopes returns all scopes in the order in which they are explained.
func Scopes() []Scope { return []Scope{Panes, Queue, Log, View, Found} }

// AnyChar stands in a sequence of keys for any one character that is typed.
const AnyChar = "<char>"

// Binding says which keys do an action in a scope.
type Binding struct {
	Action Action
	Scope  Scope
	// Keys are names as Bubble Tea spells them; several names in a row with
	// spaces between ("g p") are typed one after the other, and [AnyChar] in the
	// last place takes any character. The first is the one that is shown. What
	// has no keys is reached by its name alone.
	Keys      []string
	Short     string // the word for the footer: "Copy"
	Help      string // what it does, in a few words
	Line      string // what it does together with its neighbours that have the same Line: one row in the list of keys
	Group     string // the heading in the list of keys
	Footer    int    // place in the footer, 0 not there
	Hint      int    // place among the hints at the footer's right end, 0 not there
	Wide      int    // place among the hints of a wide screen, which shows those of Hint too
	HintShort string // the word for the hint, "" is Short
	Harm      bool   // it removes, replaces or stops something, after a question
}

// Map holds the bindings of one preset.
type Map struct {
	bindings []Binding
	exact    map[Scope]map[string]Action
	prefixes map[Scope]map[string]bool
}

// New returns a Map of bindings. Where two bindings of a scope share a key the
// first one has it.
func New(bindings []Binding) *Map {
	m := &Map{
		bindings: slices.Clone(bindings),
		exact:    map[Scope]map[string]Action{},
		prefixes: map[Scope]map[string]bool{},
	}
	for _, b := range m.bindings {
		if m.exact[b.Scope] == nil {
			m.exact[b.Scope] = map[string]Action{}
			m.prefixes[b.Scope] = map[string]bool{}
		}
		for _, key := range b.Keys {
			if _, taken := m.exact[b.Scope][key]; !taken {
				m.exact[b.Scope][key] = b.Action
			}
			for i, r := range key {
				if r == ' ' {
					m.prefixes[b.Scope][key[:i]] = true
				}
			}
		}
	}
	return m
}

// Lookup finds what key means in scope after the keys in pending; arg is the
// character that stood for [AnyChar], if one did. With prefix set more keys have
// to follow; without ok the keys mean nothing there.
func (m *Map) Lookup(scope Scope, pending []string, key string) (a Action, arg string, prefix, ok bool) {
	begun := ""
	if len(pending) > 0 {
		begun = strings.Join(pending, " ") + " "
	}
	if a, ok = m.exact[scope][begun+key]; ok {
		return a, "", false, true
	}
	if m.prefixes[scope][begun+key] {
		return "", "", true, true
	}
	if r, n := utf8.DecodeRuneInString(key); n == len(key) && unicode.IsGraphic(r) {
		if a, ok = m.exact[scope][begun+AnyChar]; ok {
			return a, key, false, true
		}
	}
	return "", "", false, false
}

// Bindings returns the bindings of scope in the order of the table.
func (m *Map) Bindings(scope Scope) []Binding {
	return m.filter(func(b Binding) bool { return b.Scope == scope })
}

// Binding returns the binding of action a in scope.
func (m *Map) Binding(scope Scope, a Action) (Binding, bool) {
	i := slices.IndexFunc(m.bindings, func(b Binding) bool { return b.Scope == scope && b.Action == a })
	if i < 0 {
		return Binding{}, false
	}
	return m.bindings[i], true
}

// Footer returns what the footer of scope shows, in its order.
func (m *Map) Footer(scope Scope) []Binding {
	return m.ordered(scope, func(b Binding) int { return b.Footer })
}

// Hints returns what stands at the right end of the footer of scope, in its
// order: where room is short the first is left out first.
func (m *Map) Hints(scope Scope) []Binding {
	return m.ordered(scope, func(b Binding) int { return b.Hint })
}

// WideHints returns what stands there on a wide screen.
func (m *Map) WideHints(scope Scope) []Binding {
	return m.ordered(scope, func(b Binding) int { return max(b.Wide, b.Hint) })
}

// Following returns the bindings that pending can still become.
func (m *Map) Following(scope Scope, pending []string) []Binding {
	seq := strings.Join(pending, " ") + " "
	return m.filter(func(b Binding) bool {
		return b.Scope == scope && slices.ContainsFunc(b.Keys, func(k string) bool { return strings.HasPrefix(k, seq) })
	})
}

// Groups returns the headings of scope in the order of the table.
func (m *Map) Groups(scope Scope) []string {
	var groups []string
	for _, b := range m.Bindings(scope) {
		if !slices.Contains(groups, b.Group) {
			groups = append(groups, b.Group)
		}
	}
	return groups
}

func (m *Map) filter(keep func(Binding) bool) []Binding {
	var found []Binding
	for _, b := range m.bindings {
		if keep(b) {
			found = append(found, b)
		}
	}
	return found
}

func (m *Map) ordered(scope Scope, place func(Binding) int) []Binding {
	found := m.filter(func(b Binding) bool { return b.Scope == scope && place(b) > 0 })
	slices.SortStableFunc(found, func(a, b Binding) int { return place(a) - place(b) })
	return found
}
