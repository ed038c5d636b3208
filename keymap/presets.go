package keymap

import (
	"slices"
	"strings"
)

// Presets returns the names of the presets, the one that portside starts with
// first.
func Presets() []string { return []string{"default", "vim", "commander"} }

// Preset returns the bindings of a preset; "" is the default. An unknown name
// gives the default too, and ok is false.
func Preset(name string) (bindings []Binding, ok bool) {
	bindings = slices.Clone(Default().bindings)
	for i := range bindings {
		bindings[i].Keys = slices.Clone(bindings[i].Keys)
	}
	switch name {
	case "", "default":
	case "vim":
		vim(bindings)
	case "commander":
		commander(bindings)
	default:
		return bindings, false
	}
	return bindings, true
}

// give adds keys to an action, behind those it has, and takes them from others.
func give(bindings []Binding, scope Scope, a Action, keys ...string) {
	for i := range bindings {
		b := &bindings[i]
		if b.Scope != scope {
			continue
		}
		b.Keys = slices.DeleteFunc(b.Keys, func(k string) bool { return slices.Contains(keys, k) })
		if b.Action == a {
			b.Keys = append(b.Keys, keys...)
		}
	}
}

// vim adds the movements that the hands of many know.
func vim(bindings []Binding) {
	for _, scope := range Scopes() {
		give(bindings, scope, ActUp, "k")
		give(bindings, scope, ActDown, "j")
	}
	give(bindings, Panes, ActParent, "h")
	give(bindings, Panes, ActOpen, "l")
	give(bindings, Panes, ActHalfUp, "ctrl+u")
	give(bindings, Panes, ActHalfDown, "ctrl+d")
}

// commander adds the keys of the two-pane programs.
func commander(bindings []Binding) {
	give(bindings, Panes, ActBookmarks, `ctrl+\`)
	give(bindings, Panes, ActSiteLeft, "alt+f1")
	give(bindings, Panes, ActSiteRight, "alt+f2")
}

// Differences returns the README's tables of what the other presets have
// otherwise than the default.
func Differences() string {
	var md strings.Builder
	for _, name := range Presets()[1:] {
		md.WriteString("**Preset `" + name + "`**, where it differs\n\n| keys | what they do |\n|---|---|\n")
		bindings, _ := Preset(name)
		for i, was := range Default().bindings {
			b := bindings[i]
			if slices.Equal(b.Keys, was.Keys) {
				continue
			}
			keys := markdownKeys(b.Shown())
			if len(b.Keys) == 0 {
				keys = "none"
			}
			help := b.Help
			if b.Scope != Panes {
				help += " (" + string(b.Scope) + ")"
			}
			md.WriteString("| " + keys + " | " + help + " |\n")
		}
		md.WriteString("\n")
	}
	return strings.TrimSuffix(md.String(), "\n")
}
